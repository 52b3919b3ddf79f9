"""A text that grows on another thread comes over whole, and no more once nobody waits for it."""

import threading

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.library.preview.rewriting import GrowingText


def _on_a_thread(work) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_of_texts_that_wait_the_last_comes_over(qtbot: QtBot) -> None:
    owner = QObject()
    growing, heard = GrowingText(owner), []
    growing.grown.connect(heard.append)
    _on_a_thread(lambda: [growing.put("a" * length) for length in range(1, 50)])
    assert heard == []
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["a" * 49]


def test_a_thread_that_goes_on_after_the_end_disturbs_nobody(qtbot: QtBot) -> None:
    owner = QObject()
    growing = GrowingText(owner)
    growing.close()
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    failures: list[Exception] = []

    def put() -> None:
        try:
            growing.put("late")
        except RuntimeError as error:
            failures.append(error)

    _on_a_thread(put)
    assert failures == []
