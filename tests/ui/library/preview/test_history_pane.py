"""The history over a real library: what is listed, what is compared with what, restoring, bad news."""

import pytest
from PySide6.QtCore import Qt

from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.preview.history_pane import HistoryPane
from cardforge_desktop.ui.library.preview.revision_list import RevisionRole
from tests.ui.library.preview.conftest import Desktop
from tests.ui.library.preview.material import CARD, OTHER_PICTURE, PICTURE, add_card

SECOND = CARD.model_copy(update={"personality": "Dry, patient, tired."})
THIRD = SECOND.model_copy(update={"scenario": "The causeway is open."})


class Shelf:
    """A pane over a card with three versions."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.library = desktop.workspace.library
        self.card_id = add_card(desktop.workspace)
        self.library.save(self.card_id, CardPackage(SECOND, OTHER_PICTURE), 1, "edited")
        self.library.save(self.card_id, CardPackage(THIRD, OTHER_PICTURE), 2, "Sea pass")
        self.pane = desktop.mount(HistoryPane(desktop.services))
        self.show(THIRD)
        self.until(lambda: self.pane.model.rowCount() == 3 and self.pane.title.accessibleName())

    def show(self, card) -> None:
        self.pane.show_history(self.card_id, CardPackage(card, OTHER_PICTURE))

    def until(self, condition) -> None:
        self.desktop.until(condition)

    def look_at(self, number: int) -> None:
        self.pane.choose(number)
        self.until(lambda: f"Version {number}" in self.pane.title.accessibleName())

    @property
    def text(self) -> str:
        return self.pane.diff.pane.toPlainText()


@pytest.fixture
def shelf(desktop: Desktop) -> Shelf:
    return Shelf(desktop)


def test_versions_are_listed_newest_first_with_reason_and_time(shelf: Shelf, qtmodeltester):
    model = shelf.pane.model
    qtmodeltester.check(model)
    assert [model.index(row).data() for row in range(3)] == ["Sea pass", "Edited", "Generated"]
    revision = shelf.library.revisions(shelf.card_id)[0]
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == formatting.moment(revision.created_at)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Version 3, Sea pass, just now"
    assert index.data(RevisionRole.REVISION) == revision


def test_a_version_is_compared_with_the_card_as_it_stands_in_the_editor(shelf: Shelf):
    shelf.look_at(1)
    assert "Personality" in shelf.text
    assert "Scenario" in shelf.text
    # The editor undid everything, and saved nothing.
    shelf.pane.show_history(shelf.card_id, CardPackage(CARD, PICTURE))
    shelf.until(shelf.pane.diff.same.isVisible)
    assert shelf.pane.restore.isEnabled()


def test_a_version_is_compared_with_the_one_before(shelf: Shelf):
    shelf.look_at(3)
    assert shelf.pane.diff.same.isVisible()  # it is the card
    shelf.pane.with_before.click()
    shelf.until(lambda: "Scenario" in shelf.text)
    assert "Personality" not in shelf.text
    shelf.look_at(1)
    assert "first version" in shelf.pane.note.text()
    assert not shelf.pane.diff.isVisible()


def test_pictures_are_shown_where_they_differ_only(shelf: Shelf):
    shelf.look_at(1)
    shelf.until(shelf.pane.pictures[0].isVisible)
    shelf.look_at(2)
    shelf.until(lambda: not shelf.pane.pictures[0].isVisible())


def test_restoring_is_asked_for_by_number_and_the_newest_has_nothing_to_restore(shelf: Shelf):
    wanted: list[int] = []
    shelf.pane.restore_wanted.connect(wanted.append)
    shelf.look_at(3)
    shelf.until(lambda: not shelf.pane.restore.isEnabled())
    shelf.look_at(2)
    shelf.until(shelf.pane.restore.isEnabled)
    shelf.pane.restore.click()
    assert wanted == [2]


def test_a_version_that_comes_is_listed_and_what_was_looked_at_stays(shelf: Shelf):
    shelf.look_at(1)
    shelf.library.restore(shelf.card_id, 1, 3)
    shelf.until(lambda: shelf.pane.model.rowCount() == 4)
    assert shelf.pane.model.index(0).data() == "Restored"
    assert shelf.pane.chosen == 1
    assert shelf.pane.list.currentIndex().row() == 3


def test_another_cards_change_is_not_ours(shelf: Shelf):
    other = add_card(shelf.desktop.workspace)
    shelf.library.save(other, CardPackage(SECOND, PICTURE), 1, "not mine")
    shelf.library.save(shelf.card_id, CardPackage(CARD, PICTURE), 3, "mine")
    shelf.until(lambda: shelf.pane.model.rowCount() == 4)
    assert shelf.pane.model.index(0).data() == "Mine"


def test_another_card_shows_nothing_of_the_one_before(shelf: Shelf):
    other = add_card(shelf.desktop.workspace)
    shelf.look_at(1)
    shelf.pane.show_history(other, CardPackage(CARD, PICTURE))
    assert shelf.pane.model.rowCount() == 0
    assert not shelf.pane.restore.isEnabled()
    shelf.until(lambda: shelf.pane.model.rowCount() == 1 and shelf.pane.diff.same.isVisible())
    assert shelf.pane.chosen == 1


def test_a_version_that_cannot_be_read_is_told_not_shown(shelf: Shelf):
    shelf.look_at(2)
    with shelf.library._store.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("DELETE FROM card_revision WHERE revision = 1")
    assert shelf.pane.model.rowCount() == 3
    shelf.pane.choose(1)
    shelf.until(lambda: shelf.pane.chosen != 1)  # it is not listed any more
    assert shelf.pane.model.rowCount() == 2


def test_arrows_go_through_the_versions(shelf: Shelf, qtbot):
    shelf.look_at(3)
    shelf.pane.list.setFocus()
    qtbot.keyClick(shelf.pane.list, Qt.Key.Key_Down)
    shelf.until(lambda: "Version 2" in shelf.pane.title.accessibleName())
    qtbot.keyClick(shelf.pane.list, Qt.Key.Key_End)
    shelf.until(lambda: "Version 1" in shelf.pane.title.accessibleName())
