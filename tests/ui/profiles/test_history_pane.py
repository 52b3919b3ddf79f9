"""The history of a profile over a real store: what is listed, compared, put back, copied, shown."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import Origin
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.profiles.unsaved import UnsavedProfiles
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.history.history_pane import HistoryPane
from cardforge_desktop.ui.profiles.history.reading import read_history
from cardforge_desktop.ui.profiles.history.words import reason_text
from cardforge_desktop.workspace import Workspace
from tests.ui.profiles.conftest import Editing, save_elsewhere


class Shelf:
    """A pane over a profile with three versions; the third is in the form."""

    def __init__(self, editing: Editing, qtbot: QtBot) -> None:
        self.editing, self.qtbot, self.session = editing, qtbot, editing.session
        self.workspace = editing.workspace
        profiles = self.workspace.profiles
        first = profiles.create(
            profiles.get(editing.session.profile_id).content.model_copy(update={"name": "Hero"})
        )
        self.id = first.id
        self.save("saved", description="For short heroes.")
        self.save(
            "merged", **{"config.sampling.temperature": 0.9, "prompts.system": "You write funny heroes."}
        )
        editing.open(self.id)
        self.pane = editing.desktop.mount(HistoryPane(editing.desktop.services, self.session))
        assert isinstance(self.pane, HistoryPane)
        self.until(lambda: self.rows() == 3 and self.pane.title.whole)

    def save(self, reason: str, **values: object) -> None:
        before = self.workspace.profiles.get(self.id)
        self.workspace.profiles.save(self.id, with_values(before.content, values), base_of(before), reason)

    def made(self, version: int, cards: int) -> None:
        """Cards were made with a version."""
        origin = Origin("Hero", self.id, version, "Built-in", True, "a.md", "batch_1", "item_1")
        with self.workspace.library._store.write() as session:
            for number in range(cards):
                package = CardPackage(Card(name=f"Card {number}"), draw_placeholder("x"))
                self.workspace.library.add(session, package, origin)

    def until(self, condition: Callable[[], object]) -> None:
        self.editing.until(condition)

    def rows(self) -> int:
        return self.pane.model.rowCount()

    def listed(self) -> list[str]:
        return [self.pane.model.index(row).data() for row in range(self.rows())]

    def look_at(self, key: str, title: str) -> None:
        self.pane.choose(key)
        self.until(lambda: title in self.pane.title.whole)

    @property
    def text(self) -> str:
        return self.pane.diff.pane.toPlainText() if self.pane.diff.isVisible() else ""


@pytest.fixture
def shelf(editing: Editing, qtbot: QtBot) -> Shelf:
    return Shelf(editing, qtbot)


def test_versions_are_listed_newest_first_with_reason_author_and_time(shelf: Shelf, qtmodeltester):
    model = shelf.pane.model
    qtmodeltester.check(model)
    assert shelf.listed() == ["Version 3 · Merged", "Version 2 · Saved", "Version 1 · Created"]
    newest = shelf.workspace.profiles.history(shelf.id)[0]
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Version 3 · Merged")
    assert tip.endswith(formatting.moment(newest.saved_at))
    assert "(window), just now" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize(
    ("reason", "words"),
    [("restored 3", "Version 3 restored"), ("shipped", "Came with the app"), ("by hand", "By hand")],
)
def test_reasons_are_told_in_words(qapp, reason: str, words: str):
    assert reason_text(reason) == words


def test_a_version_is_compared_with_the_one_before_field_by_field(shelf: Shelf):
    shelf.look_at("version 3", "Version 3")
    shelf.until(lambda: "Temperature" in shelf.text)
    assert "System prompt" in shelf.text
    assert "Description" not in shelf.text
    shelf.look_at("version 1", "Version 1")
    shelf.until(lambda: "first version" in shelf.pane.note.text())
    assert not shelf.pane.diff.isVisible()
    # What is left stands together at the top.
    shelf.until(lambda: shelf.pane.note.geometry().bottom() - shelf.pane.title.geometry().top() < 200)


def test_a_version_is_compared_with_the_form_as_it_stands(shelf: Shelf):
    shelf.look_at("version 2", "Version 2")
    shelf.pane.with_form.click()
    shelf.until(lambda: "Temperature" in shelf.text)
    shelf.session.set("config.style", "terse")
    shelf.until(lambda: "terse" in shelf.text)


def test_restoring_puts_it_into_the_form_undoably_and_saving_tells_where_it_came_from(shelf: Shelf):
    newest = shelf.session.content
    shelf.look_at("version 1", "Version 1")
    shelf.until(shelf.pane.restore.isEnabled)
    shelf.pane.restore.click()
    assert shelf.session.content == shelf.workspace.profiles.at(shelf.id, 1).content
    assert shelf.session.is_dirty
    shelf.until(lambda: "stands in the form now" in shelf.pane.note.text())
    assert not shelf.pane.restore.isEnabled()
    shelf.session.undo()
    assert shelf.session.content == newest
    shelf.session.redo()
    shelf.session.save()
    shelf.until(lambda: "Version 4 · Version 1 restored" in shelf.listed())
    assert shelf.pane.chosen == "version 1"  # what was looked at stays


def test_what_was_written_on_after_restoring_is_an_ordinary_save(shelf: Shelf):
    shelf.look_at("version 1", "Version 1")
    shelf.until(shelf.pane.restore.isEnabled)
    shelf.pane.restore.click()
    shelf.session.set("config.style", "terse")
    shelf.session.save()
    shelf.until(lambda: "Version 4 · Saved" in shelf.listed())


def test_restoring_loses_nothing_against_somebody_who_saves_meanwhile(shelf: Shelf):
    shelf.look_at("version 1", "Version 1")
    shelf.until(shelf.pane.restore.isEnabled)
    shelf.pane.restore.click()
    save_elsewhere(shelf.workspace, shelf.id, description="theirs")
    shelf.session.save()
    shelf.until(lambda: shelf.editing.heard("conflict"))
    assert shelf.workspace.profiles.get(shelf.id).content.description == "theirs"


def test_what_was_set_aside_stands_between_the_versions_and_comes_back(shelf: Shelf):
    mine = with_values(shelf.session.content, {"description": "mine"})
    shelf.workspace.unsaved_profiles.set_aside(shelf.id, 2, mine)
    shelf.save("saved", description="theirs")
    shelf.until(lambda: shelf.rows() == 5)
    assert shelf.listed()[:3] == ["Version 4 · Saved", "Set aside, not saved", "Version 3 · Merged"]
    shelf.look_at(shelf.pane.model.entries[1].key, "Set aside")
    shelf.until(lambda: "mine" in shelf.text)
    assert "Temperature" in shelf.text  # against version 2, which it was made from
    assert shelf.pane.restore.text() == "Put into the form"
    shelf.pane.restore.click()
    assert shelf.session.content == mine


def test_what_a_window_that_ended_left_unsaved_is_listed_and_what_is_being_written_is_not(shelf: Shelf):
    workspace = shelf.workspace
    for owner in ("dead", "alive"):
        writer = UnsavedProfiles(workspace._store, workspace.hub, "ben, window", owner, lambda _owner: True)
        writer.keep(shelf.id, 3, with_values(shelf.session.content, {"description": owner}))
    reader = workspace.unsaved_profiles
    reader._is_alive = lambda owner: owner == "alive"
    entries = read_history(workspace, shelf.id)
    assert [entry.draft.description for entry in entries if entry.draft] == ["dead"]
    assert entries[0].reason == "lost"


def test_a_copy_is_another_profile_and_the_form_stays(shelf: Shelf):
    shelf.look_at("version 1", "Version 1")
    shelf.until(shelf.pane.copy.isVisible)
    shelf.pane.copy.click()
    shelf.until(lambda: shelf.editing.heard("copied"))
    (copied,) = shelf.editing.heard("copied")
    assert copied.content.prompts == shelf.workspace.profiles.at(shelf.id, 1).content.prompts
    assert shelf.session.profile_id == shelf.id
    assert not shelf.session.is_dirty


def test_cards_made_with_a_version_are_counted_and_shown_in_the_library(shelf: Shelf):
    shelf.made(2, 3)
    shelf.save("saved", description="news")
    shelf.look_at("version 2", "Version 2")
    shelf.until(shelf.pane.cards.isVisible)
    assert shelf.pane.cards.text().startswith("3 card")
    wanted: list[str] = []
    shelf.editing.desktop.services.desk.open_made_with.connect(wanted.append)
    shelf.pane.cards.click()
    assert wanted == ["Hero"]
    shelf.look_at("version 1", "Version 1")
    shelf.until(lambda: not shelf.pane.cards.isVisible())


def test_another_profile_shows_nothing_of_the_one_before(shelf: Shelf):
    shelf.look_at("version 1", "Version 1")
    other = shelf.workspace.profiles.by_name("Default").id
    shelf.session.open(other)
    shelf.until(lambda: shelf.session.is_open and shelf.session.profile_id == other)
    shelf.until(lambda: shelf.listed() == ["Version 1 · Came with the app"])


def test_a_pane_out_of_sight_reads_nothing_and_catches_up_when_it_is_shown(shelf: Shelf):
    shelf.pane.hide()
    shelf.save("saved", description="news")
    shelf.until(lambda: shelf.editing.heard("saved_elsewhere"))
    assert shelf.rows() == 3
    shelf.pane.show()
    shelf.until(lambda: shelf.rows() == 4)


def test_a_history_that_grows_keeps_the_place(shelf: Shelf):
    shelf.look_at("version 1", "Version 1")
    resets: list[bool] = []
    shelf.pane.model.modelReset.connect(lambda: resets.append(True))
    shelf.save("saved", description="news")
    shelf.until(lambda: shelf.rows() == 4)
    assert resets == []
    assert shelf.pane.list.currentIndex().row() == 3


def test_the_list_reads_no_content_however_many_versions_there_are(shelf: Shelf):
    profiles = shelf.workspace.profiles
    for number in range(60):
        before = profiles.get(shelf.id)
        profiles.save(
            shelf.id, before.content.model_copy(update={"description": f"{number}"}), base_of(before)
        )
    asked: list[int] = []
    at = profiles.at
    profiles.at = lambda profile_id, version: asked.append(version) or at(profile_id, version)
    entries = read_history(shelf.workspace, shelf.id)
    assert [entry.number for entry in entries] == list(range(63, 0, -1))
    assert asked == []  # no version's content is needed for the list


def test_writing_in_the_form_does_not_read_the_history_again(shelf: Shelf):
    asked: list[str] = []
    history = shelf.workspace.profiles.history
    shelf.workspace.profiles.history = lambda profile_id: asked.append(profile_id) or history(profile_id)
    shelf.look_at("version 2", "Version 2")
    shelf.pane.with_form.click()
    for word in ("t", "te", "terse"):
        shelf.session.set("config.style", word, typed=True)
    shelf.until(lambda: "terse" in shelf.text)
    assert asked == []


def test_another_workspace_saves_and_the_history_shows_it(shelf: Shelf, neighbour: Workspace):
    shelf.workspace.watch()
    save_elsewhere(neighbour, shelf.id, description="news")
    shelf.until(lambda: shelf.rows() == 4)
    assert "(command line)" in shelf.pane.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_arrows_go_through_the_entries(shelf: Shelf):
    shelf.look_at("version 3", "Version 3")
    shelf.pane.list.setFocus()
    shelf.qtbot.keyClick(shelf.pane.list, Qt.Key.Key_Down)
    shelf.until(lambda: "Version 2" in shelf.pane.title.whole)


def test_the_library_shows_the_cards_of_a_profile(run_window):
    running = run_window()
    running.until(lambda: running.workspace)
    running.session.services.desk.open_made_with.emit("Hero")
    assert running.library.browser.filters.query.profile == "Hero"
    assert running.window.panel is running.library
