"""Books in and out of files and cards, in the real window."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest

from cardforge_desktop.books.model import SetHead
from cardforge_desktop.cards.formats import BOOK_FORMATS, FORMATS
from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.ui.books.exchange.copies_counts import CopyCounts
from cardforge_desktop.ui.books.exchange.copies_dialog import CopiesDialog
from cardforge_desktop.ui.books.exchange.export_dialog import BookExportDialog
from cardforge_desktop.ui.books.exchange.into_dialog import IntoDialog
from cardforge_desktop.ui.books.panel import BooksPanel
from cardforge_desktop.ui.library.report_dialog import ReportDialog
from cardforge_desktop.ui.services import Notice
from tests.books.shelves import book_of, entry_of
from tests.support.window import Running
from tests.ui.books.test_panel import add_card, opened, shown

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|propagateSizeHints)", extend=True)


def _notices(running: Running) -> list[Notice]:
    """What the window says from now on."""
    said: list[Notice] = []
    running.session.services.desk.notice.connect(said.append)
    return said


def _lorebook(folder: Path, name: str, book: CharacterBook) -> Path:
    path = folder / name
    path.write_bytes(BOOK_FORMATS["worldinfo"].write(CardPackage(Card(character_book=book))))
    return path


def _dialog(running: Running, panel: BooksPanel, key: str, kind: type) -> object:
    """The dialog that an action of the panel opens."""
    running.session.services.actions[key].trigger()
    running.until(lambda: panel.findChild(kind) is not None)
    return panel.findChild(kind)


def _titles(running: Running, name: str) -> list[str]:
    (card,) = (each for each in running.workspace.library.cards() if each.name == name)
    book = running.workspace.library.card(card.id).card.character_book
    return [] if book is None else [entry.name or "" for entry in book.entries]


def _count_for_nobody(running: Running, book_id: str, cards: Iterable[str]) -> None:
    """What is counted for a dialog that was closed meanwhile."""
    parent = QObject()
    answered: list[int] = []
    running.session.background.answered.connect(lambda: answered.append(1))
    CopyCounts(running.session.services, book_id, parent).want(cards, "merge")
    shiboken6.delete(parent)
    running.until(lambda: answered and not running.session.background.is_busy)


def _merge_instead(running: Running, panel: BooksPanel, said: list[Notice], folder: Path) -> None:
    """Another book of that name goes into the one that is there, what changes shown first."""
    more = _lorebook(folder, "more.json", book_of("Bell", "Lamp"))
    running.session.frame.take([more])
    running.until(lambda: "Old Tarn 2" in shown(panel) and said[-1].links)
    said[-1].links[0].do()
    running.until(lambda: panel.findChild(IntoDialog) is not None)
    dialog = panel.findChild(IntoDialog)
    assert not dialog.yes.isEnabled(), "nothing was seen yet"
    running.until(dialog.yes.isEnabled)
    assert (dialog.told.text().startswith("1 "), any("Lamp" in hunk.new for hunk in dialog.diff.hunks)) == (
        True, True,
    )  # fmt: skip
    dialog.replace.click()
    running.until(lambda: "1 removed" in dialog.told.text())
    dialog.merge.click()
    running.until(lambda: "removed" not in dialog.told.text() and dialog.yes.isEnabled())
    dialog.yes.click()
    running.until(lambda: shown(panel) == ["Gannet", "Old Tarn"])
    running.until(lambda: panel.head.name.whole == "Old Tarn" and not panel.session.is_busy)
    titles = [entry.entry.name for entry in running.workspace.books.entries(panel.session.book_id)]
    assert titles == ["Tarn", "Bell", "Lamp"]
    panel.session.undo()
    running.until(lambda: len(running.workspace.books.entries(panel.session.book_id)) == 2)
    more.unlink()


def test_files_come_in_where_they_are_dropped(run_window: Callable[..., Running], tmp_path: Path) -> None:
    running = run_window()
    running.workspace.books.create(book_of("Sol", name="Gannet"))
    panel = opened(running)
    said = _notices(running)
    tarn = _lorebook(tmp_path, "tarn.json", book_of("Tarn", "Bell"))
    assert panel.takes_drops()
    running.session.frame.take([tarn])
    running.until(lambda: panel.head.name.whole == "Old Tarn")
    assert (said[-1].tone, "Old Tarn" in said[-1].text, shown(panel)) == ("ok", True, ["Gannet", "Old Tarn"])
    running.session.frame.take([tarn])
    running.until(lambda: len(said) == 2)
    assert (said[-1].tone, "already" in said[-1].text) == ("info", True)

    _merge_instead(running, panel, said, tmp_path)

    # Several, one of them bad: a report, from which one goes to a book.
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "voss.json").write_bytes(
        FORMATS["v3"].write(CardPackage(Card(name="Voss", character_book=book_of("Lamp", name=""))))
    )
    running.session.frame.take([tmp_path])
    running.until(lambda: panel.findChild(ReportDialog) is not None)
    report = panel.findChild(ReportDialog)
    assert [(line.word, line.name) for line in report.model.lines] == [
        ("Not read", "bad.json"), ("Book added", "voss.json"), ("Already there", "tarn.json"),
    ]  # fmt: skip
    assert not report.show_button.isEnabled()
    report.table.selectRow(1)
    report.show_button.click()
    running.until(lambda: panel.head.name.whole == "Voss's Lorebook")

    # On the library a lorebook alone goes on to the books, and the notice leads there.
    running.window.open_panel("library")
    mere = _lorebook(tmp_path, "mere.json", book_of("Mere", name="Mere"))
    running.session.frame.take([mere])
    running.until(lambda: "“Mere”" in said[-1].text)
    (link,) = said[-1].links
    link.do()
    running.until(lambda: running.window.current == "books" and panel.head.name.whole == "Mere")
    running.window.open_panel("library")
    running.session.frame.take([mere, tmp_path / "bad.json"])
    running.until(lambda: running.library.findChild(ReportDialog) is not None)
    lines = running.library.findChild(ReportDialog).model.lines
    assert [(line.word, bool(line.book_id)) for line in lines] == [
        ("Not read", False),
        ("Already there", True),
    ]
    running.library.findChild(ReportDialog).accept()

    # One whose name is taken is offered to that book from there, too.
    running.session.frame.take([_lorebook(tmp_path, "more.json", book_of("Pier", name="Mere"))])
    running.until(lambda: "another book “Mere”" in said[-1].text)
    said[-1].links[1].do()
    running.until(lambda: panel.findChild(IntoDialog) is not None)
    running.until(panel.findChild(IntoDialog).yes.isEnabled)
    assert running.window.current == "books"
    panel.findChild(IntoDialog).accept()
    running.until(lambda: panel.head.name.whole == "Mere" and "Mere 2" not in shown(panel))
    running.until(lambda: not panel.session.is_busy)
    titles = [entry.entry.name for entry in running.workspace.books.entries(panel.session.book_id)]
    assert titles == ["Mere", "Pier"]
    assert running.errors == []


def test_a_book_is_exported_with_its_losses_told(run_window: Callable[..., Running], tmp_path: Path) -> None:
    running = run_window()
    book = book_of("Sol", name="Gannet").model_copy(update={"scan_depth": 3})
    running.workspace.books.create(book)
    panel = opened(running)
    said = _notices(running)
    dialog = _dialog(running, panel, "book.export", BookExportDialog)
    assert isinstance(dialog, BookExportDialog)
    running.until(lambda: "scan_depth" in dialog.losses["worldinfo"].text())
    dialog.choices["lorebook"].click()
    running.until(lambda: "Nothing is lost" in dialog.losses["lorebook"].text())
    dialog.folder_edit.setText("")
    assert not dialog.yes.isEnabled()
    dialog.folder_edit.setText(str(tmp_path / "out"))
    dialog.yes.click()
    running.until(lambda: said)
    written = json.loads((tmp_path / "out" / "Gannet.json").read_text("utf-8"))
    assert (written["spec"], written["data"]["name"]) == ("lorebook_v3", "Gannet")
    assert (said[-1].tone, str(tmp_path / "out") in said[-1].text) == ("ok", True)


def test_a_book_is_put_into_a_card_after_a_look_and_taken_out_again(
    run_window: Callable[..., Running],
) -> None:
    running = run_window()
    books, copies = running.workspace.books, running.workspace.card_copies
    gannet = books.create(book_of("Sol", "Rhea", name="Gannet")).id
    add_card(running.workspace, "Mirela", book_of("Lamp", name="Own"))
    add_card(running.workspace, "Voss", CharacterBook())
    ids = {card.name: card.id for card in running.workspace.library.cards()}
    panel = opened(running, "Gannet")
    said = _notices(running)

    # A card is added, its difference seen, the book put in, and taken back.
    dialog = _dialog(running, panel, "book.copies", CopiesDialog)
    assert isinstance(dialog, CopiesDialog)
    assert (dialog.yes.isEnabled(), dialog.note.isHidden()) == (False, False)
    dialog.add_card(ids["Mirela"], "Mirela")
    assert not dialog.yes.isEnabled(), "nothing was counted yet"
    running.until(dialog.yes.isEnabled)
    assert (dialog.model.index(0, 2).data(), "1 removed" in dialog.told.text()) == ("+2 −1", True)
    running.until(lambda: any("Rhea" in hunk.new for hunk in dialog.diff.hunks))
    assert any("Lamp" in hunk.old for hunk in dialog.diff.hunks)
    dialog.merge.click()
    running.until(
        lambda: not any("Lamp" in hunk.old and "Lamp" not in hunk.new for hunk in dialog.diff.hunks)
    )
    dialog.replace.click()
    running.until(lambda: any("Lamp" in hunk.old and "Lamp" not in hunk.new for hunk in dialog.diff.hunks))
    dialog.yes.click()
    running.until(lambda: said)
    assert (_titles(running, "Mirela"), said[-1].tone) == (["Sol", "Rhea"], "ok")
    said[-1].links[0].do()
    running.until(lambda: len(said) == 2)
    assert (_titles(running, "Mirela"), copies.of_book(gannet)) == (["Lamp"], ())
    assert running.errors == []


def test_old_copies_are_ticked_changed_ones_taken_back_and_let_go(run_window: Callable[..., Running]) -> None:
    running = run_window()
    books, copies = running.workspace.books, running.workspace.card_copies
    gannet = books.create(book_of("Sol", "Rhea", name="Gannet")).id
    for name in ("Mirela", "Voss"):
        add_card(running.workspace, name, CharacterBook())
    ids = {card.name: card.id for card in running.workspace.library.cards()}
    panel = opened(running, "Gannet")
    versions = {card_id: running.workspace.library.card(card_id).version for card_id in ids.values()}
    copies.put(gannet, versions, "replace")
    mirela = running.workspace.library.card(ids["Mirela"])
    changed = mirela.card.character_book or CharacterBook()
    card = mirela.card.model_copy(
        update={
            "character_book": changed.model_copy(
                update={"entries": [*changed.entries, entry_of("Harbour", 9)]}
            )
        }
    )
    running.workspace.library.save(ids["Mirela"], CardPackage(card, mirela.avatar), mirela.version)
    books.change([SetHead(gannet, CharacterBook(name="Gannet", description="A ship."))])
    running.until(lambda: "2" in panel.head.used.text() and not panel.head.used.isHidden())
    dialog = _dialog(running, panel, "book.copies", CopiesDialog)
    assert isinstance(dialog, CopiesDialog)
    running.until(lambda: len(dialog.model.rows) == 2)
    assert [(row.name, row.state, row.behind, row.ticked) for row in dialog.model.rows] == [
        ("Mirela", "changed", True, True), ("Voss", "behind", True, True),
    ]  # fmt: skip
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert [row.name for row in dialog.model.chosen] == ["Voss"]
    cell = dialog.table.visualRect(dialog.model.index(0, 0))
    QTest.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=cell.topLeft() + QPoint(12, 12))
    assert len(dialog.model.chosen) == 2
    dialog.back.click()
    running.until(dialog.yes.isEnabled)
    assert any("Harbour" in hunk.new for hunk in dialog.diff.hunks)
    said: list[str] = []
    running.session.services.desk.notice.connect(lambda notice: said.append(notice.text))
    dialog.yes.click()
    running.until(lambda: said)
    assert (len(books.entries(gannet)), "Undo takes it back" in said[-1]) == (3, True)
    panel.session.undo()
    running.until(lambda: len(books.entries(gannet)) == 2)

    # A copy that is let go is the card's own.
    dialog = _dialog(running, panel, "book.copies", CopiesDialog)
    assert isinstance(dialog, CopiesDialog)
    running.until(lambda: len(dialog.model.rows) == 2 and dialog.diff.hunks)
    dialog.table.selectRow(1)
    running.until(lambda: dialog.current is not None and dialog.current.name == "Voss")
    dialog.detach.click()
    running.until(lambda: [copy.card_name for copy in copies.of_book(gannet)] == ["Mirela"])
    running.until(lambda: len(dialog.model.rows) == 1)
    dialog.reject()

    # From the library, to whatever book a card carries.
    running.library.open_card(ids["Mirela"])
    running.until(running.session.services.actions["card.book"].isEnabled)
    panel.show_book(next(book.id for book in books.books() if book.card_id == ids["Voss"]))
    running.session.services.actions["card.book"].trigger()
    running.until(lambda: running.window.current == "books" and panel.session.book_id == gannet)

    _count_for_nobody(running, gannet, ids.values())
    assert running.errors == []
