"""The message at the top of a window or an editor."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.notice_bar import NoticeBar
from cardforge_desktop.ui.widgets.notice_queue import NoticeQueue

TEXT = "root (command line) saved version 2 just now. Your changes are not saved yet."


@pytest.fixture
def bar(qapp: QApplication, qtbot: QtBot) -> NoticeBar:
    made = NoticeBar(Icons(Theme(qapp, "light")))
    qtbot.addWidget(made)
    return made


def test_links_stand_beside_the_text_and_below_it_where_it_is_narrow(bar: NoticeBar, qtbot: QtBot):
    bar.resize(900, 60)
    bar.say(
        Notice(
            TEXT, links=(Link("Restore them", lambda: None), Link("Leave them in the history", lambda: None))
        )
    )
    text = next(each for each in bar.findChildren(QLabel) if each.text() == TEXT)
    links = [each for each in bar.findChildren(QPushButton) if each.text()]

    def are_below() -> bool:
        return all(each.mapTo(bar, each.rect().topLeft()).y() >= text.geometry().bottom() for each in links)

    qtbot.waitUntil(lambda: not are_below())
    for width, below in ((300, True), (900, False), (220, True)):
        bar.resize(width, bar.heightForWidth(width))
        qtbot.waitUntil(lambda below=below: are_below() is below)
        assert all(each.width() >= each.sizeHint().width() for each in links)
        assert text.height() >= text.heightForWidth(text.width())


def test_closing_tells(bar: NoticeBar):
    told: list[str] = []
    bar.gone.connect(lambda: told.append(bar.text))
    bar.say(Notice("Done."))
    bar.dismiss()
    assert told == [""]


def test_a_passing_message_does_not_take_the_place_of_a_warning_for_good(bar: NoticeBar, qtbot: QtBot):
    queue = NoticeQueue(bar)
    bar._timer.setInterval(1)
    queue.say(Notice("Stopped.", "warn", about="batch"))
    queue.say(Notice("Copied.", "ok", lasting=False))
    assert bar.text == "Copied."
    qtbot.waitUntil(lambda: bar.text == "Stopped.")
    queue.say(Notice("Wrong.", "error"))
    queue.say(Notice("Wrong.", "error"))
    queue.say(Notice("Deleted.", links=(Link("Undo", lambda: None),)))
    seen = [bar.text]
    while bar.text:
        bar.dismiss()
        seen.append(bar.text)
    assert seen == ["Deleted.", "Wrong.", "Stopped.", ""]

    queue.say(Notice("Stopped.", "warn", about="batch"))
    queue.say(Notice("It goes on.", lasting=False, about="batch"))
    qtbot.waitUntil(lambda: not bar.text)
    for at in range(7):
        queue.say(Notice(f"{at}.", "warn", about=str(at)))
    queue.take_back("5")
    assert bar.text == "6."
    queue.take_back("6")
    seen = [bar.text]
    while bar.text:
        bar.dismiss()
        seen.append(bar.text)
    assert seen == ["4.", "3.", "2.", ""]
