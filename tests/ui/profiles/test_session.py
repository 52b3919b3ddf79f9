"""What is written on a profile is never lost: not to a save of somebody else, to a crash, to leaving it."""

import pytest
from pydantic import ValidationError

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.ui.edit_status import Status
from cardforge_desktop.ui.profiles.editor.keeping import Unsaved
from cardforge_desktop.workspace import Workspace
from tests.support.profiles import add_profile
from tests.ui.profiles.conftest import Editing, save_elsewhere


def test_a_change_is_unsaved_until_it_is_saved_as_the_next_version(editing: Editing):
    session = editing.session
    session.set("description", "Mine.")
    assert (session.is_dirty, session.status) == (True, Status.UNSAVED)
    session.save()
    assert session.is_saving
    editing.until(lambda: editing.heard("saved"))
    assert (session.is_dirty, session.status) == (False, Status.SAVED)
    assert editing.stored.description == "Mine."
    assert session.profile == editing.stored
    assert session.profile.version == 2


def test_nothing_is_saved_where_nothing_changed(editing: Editing):
    session = editing.session
    session.set("description", "Mine.")
    session.undo()
    session.save()
    assert not session.is_saving
    assert editing.stored.version == 1


def test_a_value_of_a_wrong_type_changes_nothing(editing: Editing):
    before = editing.session.content
    with pytest.raises(ValidationError):
        editing.session.set("config.greetings", "many")
    with pytest.raises(KeyError):
        editing.session.set("config.no_such", 1)
    assert editing.session.content is before


def test_undo_and_redo_say_which_field_they_went_to(editing: Editing):
    session = editing.session
    session.set("config.greetings", 5)
    session.set("prompts.system", "Be brief.")
    session.undo()
    session.undo()
    session.redo()
    assert editing.heard("went") == ["prompts.system", "config.greetings", "config.greetings"]
    assert session.content.config.greetings == 5


def test_blanks_around_the_name_are_gone_after_the_save(editing: Editing):
    session = editing.session
    session.set("name", "  Mine ")
    session.save()
    editing.until(lambda: editing.heard("saved"))
    assert session.content.name == "Mine"
    assert not session.is_dirty


def test_what_is_typed_during_a_save_stays_unsaved_and_is_saved_when_asked(editing: Editing):
    session = editing.session
    session.set("description", "One.")
    session.save()
    session.set("description", "Two.")
    session.save()
    editing.until(lambda: len(editing.heard("saved")) == 2)
    assert editing.stored.description == "Two."
    assert not session.is_dirty


def test_unsaved_changes_are_in_the_store_soon_and_gone_when_saved_or_undone(editing: Editing):
    session = editing.session
    session.set("description", "Mine.")
    editing.until(lambda: editing.kept() == ["Mine."])
    session.undo()
    editing.until(lambda: editing.kept() == [])
    session.redo()
    editing.until(lambda: editing.kept() == ["Mine."])
    session.save()
    editing.until(lambda: editing.kept() == [] and not session.is_saving)
    assert editing.stored.description == "Mine."


def test_who_leaves_a_profile_finds_the_changes_again_with_their_steps(editing: Editing):
    add_profile(editing.workspace, "Other")
    first, other = editing.session.profile_id, editing.workspace.profiles.by_name("Other").id
    editing.session.set("description", "Mine.")
    editing.open(other)
    assert not editing.session.is_dirty
    assert editing.session.unsaved_ids == {first}
    drafts = editing.workspace.unsaved_profiles
    editing.until(lambda: [each.content.description for each in drafts.of_profile(first)] == ["Mine."])
    editing.open(first)
    assert editing.session.content.description == "Mine."
    editing.session.undo()
    assert not editing.session.is_dirty


def test_a_version_saved_elsewhere_is_shown_where_nothing_is_unsaved(editing: Editing, neighbour: Workspace):
    editing.workspace.watch()
    theirs = save_elsewhere(neighbour, editing.session.profile_id, description="Theirs.")
    editing.until(lambda: editing.session.content.description == "Theirs.")
    assert editing.heard("saved_elsewhere") == [theirs]
    assert (editing.session.newer, editing.session.is_dirty) == (None, False)
    editing.session.undo()
    assert editing.session.is_dirty


def test_a_version_saved_elsewhere_is_told_where_something_is_unsaved(editing: Editing, neighbour: Workspace):
    editing.workspace.watch()
    editing.session.set("description", "Mine.")
    theirs = save_elsewhere(neighbour, editing.session.profile_id, description="Theirs.")
    editing.until(lambda: editing.session.newer is not None)
    assert editing.session.newer == theirs
    assert editing.session.content.description == "Mine."
    assert editing.session.status is Status.CONFLICT


def test_a_lost_save_tells_who_won_and_changes_nothing(editing: Editing, neighbour: Workspace):
    editing.session.set("description", "Mine.")
    theirs = save_elsewhere(neighbour, editing.session.profile_id, description="Theirs.")
    editing.session.save()
    editing.until(lambda: editing.heard("conflict"))
    (conflict,) = editing.heard("conflict")
    assert conflict.current == theirs
    assert editing.session.content.description == "Mine."
    assert editing.stored == theirs


def test_theirs_loaded_with_mine_in_undo_and_in_the_history(editing: Editing, neighbour: Workspace):
    session = editing.session
    session.set("description", "Mine.")
    mine = session.content
    theirs = save_elsewhere(neighbour, session.profile_id, description="Theirs.")
    session.set_aside(mine)
    session.load(theirs, undoable_from=mine)
    assert (session.content.description, session.is_dirty) == ("Theirs.", False)
    editing.until(lambda: editing.aside() == ["Mine."])
    session.undo()
    assert session.content == mine
    session.save()
    editing.until(lambda: editing.heard("saved"))
    assert editing.stored.description == "Mine."
    assert editing.stored.version == 3


def test_theirs_loaded_without_undo_has_no_steps(editing: Editing, neighbour: Workspace):
    editing.session.set("description", "Mine.")
    theirs = save_elsewhere(neighbour, editing.session.profile_id, description="Theirs.")
    editing.session.load(theirs)
    assert not editing.session.can_undo
    assert editing.session.profile == theirs


def test_saving_over_theirs_keeps_theirs_as_the_version_before(editing: Editing, neighbour: Workspace):
    session = editing.session
    session.set("description", "Mine.")
    theirs = save_elsewhere(neighbour, session.profile_id, description="Theirs.")
    merged = session.content.model_copy(update={"description": "Both."})
    mine = Unsaved(session.profile_id, 1, session.content)
    session.save_over(merged, theirs, "merged", gives_way=mine)
    editing.until(lambda: editing.heard("saved"))
    assert editing.aside() == ["Mine."], "at once, and not after the save"
    assert session.content.description == editing.stored.description == "Both."
    assert not session.is_dirty
    history = editing.workspace.profiles.history(session.profile_id)
    assert [(line.number, line.reason) for line in history] == [(3, "merged"), (2, "saved"), (1, "shipped")]
    session.undo()
    assert session.content.description == "Mine."


def test_saving_over_theirs_can_lose_too(editing: Editing, neighbour: Workspace):
    session = editing.session
    session.set("description", "Mine.")
    second = save_elsewhere(neighbour, session.profile_id, description="Theirs.")
    third = save_elsewhere(neighbour, session.profile_id, description="Theirs again.")
    session.save_over(session.content, second, "overwritten")
    editing.until(lambda: editing.heard("conflict"))
    assert editing.heard("conflict")[0].current == third
    assert session.newer == third


def test_a_copy_leaves_the_profile_alone(editing: Editing):
    editing.session.set("description", "Mine.")
    editing.session.save_copy(editing.session.content)
    editing.until(lambda: editing.heard("copied"))
    (copy,) = editing.heard("copied")
    assert (copy.name, copy.description) == ("Default 2", "Mine.")
    assert editing.stored.version == 1
    assert editing.session.is_dirty


def test_a_deleted_profile_is_brought_back_with_mine(editing: Editing, neighbour: Workspace):
    add_profile(neighbour, "Another")
    editing.workspace.watch()
    editing.session.set("description", "Mine.")
    neighbour.profiles.delete(editing.session.profile_id)
    editing.until(lambda: editing.session.is_deleted)
    editing.session.save()
    editing.until(lambda: editing.heard("failed"))
    assert editing.heard("failed")[0].code == ErrorCode.PROFILE_DELETED
    editing.session.bring_back()
    editing.until(lambda: editing.heard("saved"))
    assert editing.stored.description == "Mine."
    assert (editing.session.is_deleted, editing.session.is_dirty) == (False, False)


def test_bringing_back_is_a_conflict_where_somebody_saved_before_the_deletion(
    editing: Editing, neighbour: Workspace
):
    editing.workspace.watch()
    session = editing.session
    session.set("description", "Mine.")
    theirs = save_elsewhere(neighbour, session.profile_id, description="Theirs.")
    neighbour.profiles.delete(session.profile_id)
    editing.until(lambda: session.is_deleted)
    session.bring_back()
    editing.until(lambda: editing.heard("conflict"))
    assert editing.heard("conflict")[0].current == editing.stored == theirs
    assert (session.content.description, session.is_deleted, session.newer) == ("Mine.", False, theirs)
    neighbour.profiles.delete(session.profile_id)
    editing.until(lambda: session.is_deleted)
    session.bring_back(theirs)
    editing.until(lambda: editing.heard("saved"))
    assert (editing.stored.description, editing.stored.version) == ("Mine.", 3)


def test_bringing_back_with_nothing_unsaved_shows_what_was_saved_last(editing: Editing, neighbour: Workspace):
    session = editing.session
    theirs = save_elsewhere(neighbour, session.profile_id, description="Theirs.")
    neighbour.profiles.delete(session.profile_id)
    editing.workspace.watch()
    editing.workspace.hub.changed.emit(Changed(Kind.PROFILE, frozenset({session.profile_id})))
    editing.until(lambda: session.is_deleted)
    session.bring_back()
    editing.until(lambda: editing.heard("saved"))
    assert editing.stored == theirs
    assert (session.content.description, session.is_dirty, session.newer) == ("Theirs.", False, None)


def test_what_the_rules_refuse_is_told_and_stays(editing: Editing):
    editing.session.set("name", " ")
    editing.session.save()
    editing.until(lambda: editing.heard("failed"))
    assert editing.session.status is Status.FAILED
    assert editing.session.content.name == " "


@pytest.mark.parametrize("way", ["restored", "declined"])
def test_what_a_dead_process_left_is_offered(editing: Editing, neighbour: Workspace, way: str):
    profile_id, before = editing.session.profile_id, editing.session.profile
    theirs = before.content.model_copy(update={"description": "Lost."})
    neighbour.unsaved_profiles.keep(profile_id, 1, theirs)
    newest = save_elsewhere(editing.workspace, profile_id, description="Newest.")
    neighbour.close()
    editing.session.close()
    editing.open(profile_id)
    assert editing.session.lost is not None
    assert editing.session.content.description == "Newest."
    if way == "declined":
        editing.session.decline_lost()
        editing.until(lambda: editing.aside() == ["Lost."])
        return
    editing.session.restore_lost()
    editing.until(lambda: editing.session.content.description == "Lost.")
    assert (editing.session.profile, editing.session.newer) == (before, newest)
    assert editing.kept() == ["Lost."]
    assert editing.session.is_dirty
    editing.session.undo()
    assert editing.session.content.description == "Newest."


@pytest.mark.parametrize("way", ["saved", "aside"])
def test_what_a_dead_process_left_is_not_offered_where_the_history_has_it(
    editing: Editing, neighbour: Workspace, way: str
):
    profile = editing.session.profile
    written = profile.content.model_copy(update={"description": "Written."})
    if way == "saved":
        save_elsewhere(editing.workspace, profile.id, description="Written.")
    else:
        editing.workspace.unsaved_profiles.set_aside(profile.id, 1, written)
    save_elsewhere(editing.workspace, profile.id, description="Newest.")
    neighbour.unsaved_profiles.keep(profile.id, 1, written)
    neighbour.close()
    editing.session.close()
    editing.open(profile.id)
    assert editing.session.lost is None


def test_what_a_dead_process_left_is_restored_where_its_version_is_gone(
    editing: Editing, neighbour: Workspace
):
    """A backup was restored while it was written."""
    before = editing.session.profile
    written = before.content.model_copy(update={"description": "Lost."})
    neighbour.unsaved_profiles.keep(before.id, 7, written)
    neighbour.close()
    editing.session.close()
    editing.open(before.id)
    editing.session.restore_lost()
    editing.until(lambda: editing.session.content.description == "Lost.")
    assert (editing.session.profile, editing.session.newer) == (before, None)
    assert editing.kept() == ["Lost."]


def test_what_a_dead_process_left_is_not_offered_where_it_was_saved(editing: Editing, neighbour: Workspace):
    profile_id = editing.session.profile_id
    neighbour.unsaved_profiles.keep(profile_id, 1, editing.session.content)
    neighbour.close()
    editing.session.close()
    editing.open(profile_id)
    assert editing.session.lost is None
    assert editing.workspace.unsaved_profiles.of_profile(profile_id) == ()


def test_what_is_unsaved_is_in_the_history_where_lost_changes_take_its_place(
    editing: Editing, neighbour: Workspace
):
    profile = editing.session.profile
    lost = profile.content.model_copy(update={"description": "Lost."})
    neighbour.unsaved_profiles.keep(profile.id, 1, lost)
    neighbour.close()
    editing.session.close()
    editing.open(profile.id)
    editing.session.set("description", "Mine.")
    editing.session.restore_lost()
    editing.until(lambda: editing.session.content == lost)
    assert editing.aside() == ["Mine."]
    editing.until(lambda: editing.kept() == ["Lost."])
    editing.session.undo()
    assert editing.session.content.description == "Mine."


def test_a_profile_that_is_not_there_is_told(editing: Editing):
    editing.session.open("nowhere")
    editing.until(lambda: editing.session.error is not None)
    assert editing.session.status is Status.MISSING
