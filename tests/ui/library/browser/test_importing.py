"""Card files into the library by drop, paste, Open With; the report; pictures without a card."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage

from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.ui.library.picture_question import PictureQuestion
from cardforge_desktop.ui.library.report_dialog import ReportDialog
from tests.support.app import write_sources
from tests.ui.library.browser.cards import lamp_keepers, names, png, select, write_files


def drop(window, paths: list[Path]) -> None:
    """Drop files on the middle of the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    centre = window.rect().center()
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dragEnterEvent(QDragEnterEvent(centre, *rest))
    assert "into the library" in window._overlay.text
    window.dropEvent(QDropEvent(QPointF(centre), *rest))


def report(running) -> ReportDialog:
    """The report, as soon as it is there."""
    running.until(lambda: running.window.findChild(ReportDialog) is not None)
    return running.window.findChild(ReportDialog)


def question(running) -> PictureQuestion:
    """The question, as soon as it is there."""
    running.until(lambda: running.window.findChild(PictureQuestion) is not None)
    return running.window.findChild(PictureQuestion)


def test_a_dropped_folder_is_imported_with_a_report(run_window, tmp_path):
    running = run_window()
    running.library  # noqa: B018 - opens it
    folder = tmp_path / "cards"
    folder.mkdir()
    write_files(folder, 2)
    (folder / "again.png").write_bytes(png("Figure 0"))
    (folder / "broken.png").write_bytes(png("Broken")[:300])
    drop(running.window, [folder])
    shown = report(running)
    words = {line.name: line.word for line in shown.model.lines}
    assert words["again.png"] == "Added"
    assert words["figure-0.png"] == "Already there"
    assert words["figure-1.png"] == "Added"
    assert words["mended.json"] == "Added, mended"
    assert words["broken.png"] == "Not read"
    assert shown.model.lines[0].name == "broken.png"  # what needs a look comes first
    assert shown.remark.text() == shown.model.lines[0].text != ""  # whole, however long it is
    text = shown.as_text()
    assert text.count("mended.json") >= 2
    shown.copy()
    assert QGuiApplication.clipboard().text() == text
    duplicate = [line.name for line in shown.model.lines].index("figure-0.png")
    shown.table.setCurrentIndex(shown.model.index(duplicate, 0))
    shown.show_button.click()
    running.until(lambda: [each.name for each in running.library.browser.cards()] == ["Figure 0"])
    assert sorted(names(running)) == ["Figure 0", "Figure 1", "Mended"]


def test_one_good_file_needs_no_dialog(run_window, tmp_path):
    running = run_window()
    lamp_keepers(running, 2)
    path = tmp_path / "anna.png"
    path.write_bytes(png("Anna"))
    drop(running.window, [path])
    running.until(lambda: "anna.png is in the library now" in running.window.notices.text)
    running.until(lambda: [each.name for each in running.library.browser.cards()] == ["Anna"])
    drop(running.window, [path])
    running.until(lambda: "is in the library already" in running.window.notices.text)
    assert running.window.findChild(ReportDialog) is None


def test_a_report_keeps_qts_rules(run_window, tmp_path, qtmodeltester):
    running = run_window()
    running.library  # noqa: B018 - opens it
    drop(running.window, write_files(tmp_path, 1))
    shown = report(running)
    qtmodeltester.check(shown.model)
    shown.accept()


def test_a_pasted_card_is_imported_as_text_and_as_a_picture_with_a_card(run_window):
    running = run_window()
    lamp_keepers(running, 1)
    paste = running.session.services.actions["edit.paste"].trigger
    QGuiApplication.clipboard().setText(
        '{"spec":"chara_card_v2","spec_version":"2.0","data":{"name":"Typed"}}'
    )
    paste()
    running.until(lambda: "Typed" in names(running) or running.window.findChild(ReportDialog))
    if (shown := running.window.findChild(ReportDialog)) is not None:
        shown.accept()
    running.until(lambda: "Typed" in names(running))
    data = QMimeData()
    data.setData("image/png", png("Painted"))
    running.window.take(data)
    running.until(lambda: "Painted" in names(running))
    QGuiApplication.clipboard().clear()


def test_a_picture_without_a_card_may_become_the_selected_cards(run_window, tmp_path):
    running = run_window()
    ids = lamp_keepers(running, 2)
    select(running, ids[1])
    before = running.workspace.library.card(ids[1]).avatar
    path = tmp_path / "holiday.png"
    path.write_bytes(draw_placeholder("Holiday"))
    drop(running.window, [path])
    asked = question(running)
    assert asked.use.isVisibleTo(asked)
    asked.use.click()
    running.until(lambda: "has a new picture" in running.window.notices.text)
    after = running.workspace.library.card(ids[1]).avatar
    assert QImage.fromData(after) == QImage.fromData(path.read_bytes())
    undo = [each for each in running.window.notices.findChildren(type(asked.use)) if each.text() == "Undo"]
    undo[-1].click()
    running.until(lambda: running.workspace.library.card(ids[1]).avatar == before)


def test_many_pictures_are_asked_about_once_and_may_be_ignored(run_window, tmp_path):
    running = run_window()
    lamp_keepers(running, 1)
    paths = []
    for at in range(3):
        paths.append(tmp_path / f"photo-{at}.png")
        paths[-1].write_bytes(draw_placeholder(str(at)))
    card_file = tmp_path / "anna.png"
    card_file.write_bytes(png("Anna"))
    drop(running.window, [*paths, card_file])
    asked = question(running)
    assert asked.list.count() == 3
    asked.ignore.click()
    shown = report(running)  # the others are reported after that
    assert [line.word for line in shown.model.lines].count("Picture only") == 3
    shown.accept()
    running.until(lambda: sorted(names(running)) == ["Anna", "Keeper 000"])
    assert len(running.window.findChildren(PictureQuestion)) <= 1


def test_open_with_takes_cards_into_the_library_and_sources_into_the_queue(run_window, tmp_path):
    path = tmp_path / "anna.png"
    path.write_bytes(png("Anna"))
    (source,) = write_sources(tmp_path, 1)
    running = run_window(files=[path, source])
    running.until(lambda: running.window.current == "library" and names(running) == ["Anna"])
    running.until(lambda: running.library.editor is not None)
    running.until(lambda: len(running.statuses()) == 1)


@pytest.mark.qt_log_ignore("raise\\(\\)", "propagateSizeHints", extend=True)  # of windows, offscreen
def test_a_second_start_hands_a_card_over(run_window, tmp_path):
    running = run_window()
    lamp_keepers(running, 1)
    running.window.open_panel("batch")
    path = tmp_path / "anna.json"
    path.write_text('{"spec":"chara_card_v2","spec_version":"2.0","data":{"name":"Anna"}}')
    running.session.frame.come_forward((path,))
    running.until(lambda: running.window.current == "library")
    running.until(lambda: "Anna" in names(running))


def test_a_card_dropped_on_batch_is_a_source_there(run_window, tmp_path):
    running = run_window()
    running.workspace  # noqa: B018 - wait for it
    path = tmp_path / "anna.png"
    path.write_bytes(png("Anna"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    running.batch  # noqa: B018 - opens it
    running.window.take(data)
    running.until(lambda: running.statuses() == ["draft"])
    assert running.workspace.library.cards() == ()


def test_a_long_import_can_be_cancelled(run_window, tmp_path, monkeypatch):
    import threading

    from cardforge_desktop.cards.importing import CardImport

    running = run_window()
    library, whole = running.library, CardImport._take
    go_on, seen = threading.Event(), []

    def slow(self, source):
        seen.append(source)
        if len(seen) > 1:
            go_on.wait(20)
        return whole(self, source)

    monkeypatch.setattr(CardImport, "_take", slow)
    drop(running.window, write_files(tmp_path, 4))
    running.until(lambda: library.strip.isVisible() and len(seen) > 1)
    library.strip.cancel_button.click()
    go_on.set()
    shown = report(running)
    assert shown.windowTitle() == "Import cancelled"
    assert len(shown.model.lines) == 2
    shown.accept()
    assert not library.strip.isVisible()


@pytest.mark.parametrize("panel", ["batch", "library"])
def test_dragging_says_what_a_drop_would_do(run_window, tmp_path, panel):
    running = run_window()
    running.window.open_panel(panel)
    assert (
        running.window.panel.drop_text(2)
        == {
            "batch": "Drop to add 2 sources to the queue",
            "library": "Drop to import 2 files into the library",
        }[panel]
    )
