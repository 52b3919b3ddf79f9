"""What is written gets into the library, whoever else saves, and nothing of it is lost."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from cardforge_desktop.cards.model import Card
from cardforge_desktop.ui.edit_status import Status
from cardforge_desktop.ui.library.editor.session import AUTOSAVE_MS
from tests.ui.library.editor.conftest import CARD


def theirs(bench, **changes: object) -> Card:
    """Somebody else saves the card."""
    stored = bench.stored
    card = stored.card.model_copy(update=changes)
    bench.desktop.workspace.library.save(bench.card_id, replace(stored.package, card=card), stored.version)
    return card


def texts_of_history(bench, field: str) -> list[str]:
    """What a field was in each revision, the newest first."""
    library = bench.desktop.workspace.library
    return [
        getattr(library.revision(bench.card_id, each.number).card, field)
        for each in library.revisions(bench.card_id)
    ]


def test_what_is_typed_is_a_revision_after_a_pause(bench):
    bench.type("description", " She waits.")
    assert bench.editor.session.status is Status.UNSAVED
    assert bench.stored.card.description == CARD.description
    bench.until(lambda: bench.stored.card == bench.card)
    assert bench.stored.card.description == CARD.description + " She waits."
    assert bench.reasons == ["edited", "generated"]
    bench.until(lambda: bench.editor.session.status is Status.SAVED)


def test_who_never_pauses_is_saved_too(bench):
    def typed_until_saved() -> bool:
        bench.qtbot.keyClick(bench.field("description"), Qt.Key.Key_X)
        return bench.stored.card.description != CARD.description

    bench.until(typed_until_saved)


def test_what_one_did_not_touch_is_as_it_was(bench):
    before = bench.stored
    bench.type("name", "!")
    bench.saved()
    after = bench.stored
    assert after.card == before.card.model_copy(update={"name": "Mirela Voss!"})
    assert after.card.model_extra == CARD.model_extra
    assert after.avatar == before.avatar
    assert after.files == before.files


def test_leaving_saves_at_once(bench):
    bench.type("scenario", " It rains.")
    bench.editor.leave()
    assert not bench.editor.session.is_open
    bench.until(lambda: bench.stored.card.scenario == "A lamp shop at night. It rains.")


def test_a_card_opened_again_at_once_is_as_it_was_left(bench):
    replaced: list[bool] = []
    bench.editor.session.replaced_elsewhere.connect(lambda: replaced.append(True))
    bench.type("scenario", " It rains.")
    bench.editor.leave()
    bench.editor.open(bench.card_id)
    bench.until(lambda: bench.editor.session.is_open)
    assert bench.field("scenario").text == "A lamp shop at night. It rains."
    bench.until(lambda: bench.editor.examination is not None)
    assert bench.editor.session.status is Status.SAVED
    assert not replaced


def test_escape_leaves_and_saves(bench):
    bench.type("scenario", " It rains.")
    with bench.qtbot.waitSignal(bench.editor.closed):
        bench.qtbot.keyClick(bench.field("scenario"), Qt.Key.Key_Escape)
    bench.until(lambda: bench.stored.card.scenario.endswith("It rains."))


def test_closing_the_app_right_after_typing_keeps_the_text(run_window):
    running = run_window()
    from cardforge_desktop.cards.package import CardPackage
    from tests.cards.library import ORIGIN, PICTURE

    workspace = running.workspace
    with workspace._store.write() as session:
        card_id = workspace.library.add(session, CardPackage(CARD, PICTURE), ORIGIN).summary.id
    running.library.edit(card_id)
    editor = running.library.editor
    assert editor is not None
    running.until(lambda: editor.session.is_open)
    editor.session.set("name", "Written in the last moment", typed=True)
    assert editor.session._timer.remainingTime() > AUTOSAVE_MS / 2
    running.close()
    again = run_window()
    assert again.workspace.library.card(card_id).card.name == "Written in the last moment"


def test_a_change_by_others_is_shown_while_nothing_is_unsaved(bench):
    theirs(bench, scenario="Theirs.")
    bench.until(lambda: bench.card.scenario == "Theirs.")
    assert bench.field("scenario").text == "Theirs."
    assert bench.editor.session.status is Status.SAVED
    bench.action("edit.undo")
    assert bench.card.scenario == CARD.scenario
    bench.saved()


def test_a_book_changed_in_its_panel_and_what_is_typed_here_are_no_conflict(bench):
    """Not when one looks again either; of the book itself it is asked."""
    for name, is_looked_at in (("Of the panel", False), ("Of it again", True)):
        bench.type("scenario", " Mine.")
        book = bench.stored.card.character_book.model_copy(update={"name": name})
        theirs(bench, character_book=book)
        if is_looked_at:
            bench.until(lambda book=book: bench.card.character_book == book)
        bench.saved()
        assert (bench.stored.card.character_book, bench.card.character_book) == (book, book)
        assert bench.stored.card.scenario.endswith(" Mine.")
    assert bench.stored.card.scenario == CARD.scenario + " Mine. Mine."
    bench.action("edit.undo")
    assert bench.card.scenario == bench.stored.card.scenario, "what the panel did is a step of its own"
    bench.action("edit.redo")
    bench.editor.session.set("character_book.name", "Mine")
    theirs(bench, character_book=book.model_copy(update={"name": "Theirs"}))
    bench.editor.session.save()
    bench.until(lambda: bench.editor.session.status is Status.CONFLICT)


def conflict(bench) -> None:
    bench.type("scenario", " Mine.")
    theirs(bench, description="Theirs.")
    bench.editor.session.save()
    bench.until(lambda: bench.editor.session.status is Status.CONFLICT)
    assert "changed elsewhere" in bench.editor.notices.bar.text
    assert bench.stored.card.description == "Theirs."


def test_in_a_conflict_mine_can_be_kept_and_theirs_stays_in_the_history(bench):
    conflict(bench)
    bench.editor.session.keep_mine()
    bench.until(lambda: bench.editor.session.status is Status.SAVED)
    assert bench.stored.card == bench.card
    assert bench.card.scenario.endswith("Mine.")
    assert "Theirs." in texts_of_history(bench, "description")
    assert not bench.editor.notices.isVisible()


def test_in_a_conflict_theirs_can_be_loaded_and_mine_stays_in_the_history(bench):
    conflict(bench)
    bench.editor.session.load_theirs()
    bench.until(lambda: bench.editor.session.status is Status.SAVED)
    assert bench.card.description == bench.stored.card.description == "Theirs."
    assert bench.card.scenario == CARD.scenario
    assert CARD.scenario + " Mine." in texts_of_history(bench, "scenario")
    bench.action("edit.undo")
    assert bench.card.scenario.endswith("Mine.")


def test_who_closes_the_question_is_asked_again_when_they_write_on(bench):
    conflict(bench)
    bench.editor.notices.bar.dismiss()
    bench.type("personality", " More.")
    assert "changed elsewhere" in bench.editor.notices.bar.text


def test_a_card_that_cannot_be_saved_stays_open_until_it_can(bench):
    store = bench.desktop.workspace._store
    with store.write() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON card BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    bench.type("scenario", " Mine.")
    bench.editor.session.save()
    bench.until(lambda: bench.editor.session.status is Status.FAILED)
    assert "could not be saved" in bench.editor.notices.bar.text
    assert bench.stored.card == CARD
    with store.write() as session:
        session.connection().exec_driver_sql("DROP TRIGGER full")
    link = next(
        each for each in bench.editor.notices.bar.findChildren(QPushButton) if each.text() == "Try again"
    )
    link.click()
    bench.until(lambda: bench.editor.session.status is Status.SAVED)
    assert bench.stored.card.scenario.endswith("Mine.")
    assert not bench.editor.notices.isVisible()


def test_leaving_in_a_conflict_loses_neither(bench):
    conflict(bench)
    bench.editor.leave()
    bench.until(lambda: bench.stored.card.scenario.endswith("Mine."))
    assert "Theirs." in texts_of_history(bench, "description")


def test_what_is_typed_during_a_conflict_is_saved_with_mine(bench):
    conflict(bench)
    bench.type("personality", " Still writing.")
    bench.editor.session.keep_mine()
    bench.until(lambda: bench.stored.card.personality == "Patient. Still writing.")
    bench.until(lambda: bench.editor.session.status is Status.SAVED)


def test_a_deleted_card_is_told_and_can_be_brought_back(bench):
    bench.type("scenario", " Mine.")
    bench.desktop.workspace.library.delete([bench.card_id])
    bench.until(lambda: bench.editor.session.status is Status.DELETED)
    assert "deleted" in bench.editor.notices.bar.text
    bench.editor.session.bring_back()
    bench.until(lambda: bench.editor.session.status is Status.SAVED)
    assert bench.stored.card.scenario.endswith("Mine.")


def test_a_deleted_card_can_be_saved_as_a_new_one(bench):
    bench.type("scenario", " Mine.")
    bench.desktop.workspace.library.delete([bench.card_id])
    bench.until(lambda: bench.editor.session.status is Status.DELETED)
    bench.editor.session.save_as_new()
    bench.until(lambda: bench.editor.session.is_open and bench.editor.card_id != bench.card_id)
    new = bench.desktop.workspace.library.card(bench.editor.card_id)
    assert new.card.scenario.endswith("Mine.")
    assert new.card.model_extra == CARD.model_extra
    assert [each.id for each in bench.desktop.workspace.library.cards()] == [bench.editor.card_id]


def test_leaving_a_deleted_card_keeps_what_was_written_for_when_it_comes_back(bench):
    bench.type("scenario", " Mine.")
    library = bench.desktop.workspace.library
    library.delete([bench.card_id])
    bench.until(lambda: bench.editor.session.status is Status.DELETED)
    bench.editor.leave()
    bench.until(lambda: not bench.desktop.background._last)
    assert library.cards() == ()
    library.undelete([bench.card_id])
    assert bench.stored.card.scenario.endswith("Mine.")


def test_another_card_is_opened_and_the_first_one_saved(bench, make_bench):
    second = make_bench(CARD.model_copy(update={"name": "Tam"}))
    bench.type("scenario", " Mine.")
    bench.editor.open(second.card_id)
    bench.until(lambda: bench.editor.session.is_open)
    assert bench.field("name").text == "Tam"
    bench.until(lambda: bench.stored.card.scenario.endswith("Mine."))
    assert not bench.editor.session.can_undo


def test_a_card_that_is_gone_is_said_to_be(bench):
    bench.editor.open("card_nowhere")
    bench.until(lambda: bench.editor.session.status is Status.MISSING)
    assert bench.editor._missing.isVisible()


def test_restoring_an_earlier_version_is_a_step_and_a_revision(bench):
    bench.type("scenario", " Mine.")
    bench.saved()
    bench.editor.tasks.restore(1)
    bench.until(lambda: bench.card.scenario == CARD.scenario)
    bench.until(lambda: bench.reasons[0] == "restored")
    assert CARD.scenario + " Mine." in texts_of_history(bench, "scenario")
    bench.action("edit.undo")
    assert bench.card.scenario.endswith("Mine.")
    bench.saved()


def test_files_are_out_of_date_after_an_edit_until_they_are_written_anew(bench, tmp_path):
    files = bench.desktop.workspace.card_files
    files.export([bench.card_id], ["json", "v2"], tmp_path, "{character_name}")
    ours, changed = (state.path for state in sorted(files.state(bench.card_id), key=lambda one: one.format))
    changed.write_text("Somebody's own.", "utf-8")
    bench.type("name", " II")
    bench.saved()
    bench.until(bench.editor.head.re_export.isVisible)
    notices: list[str] = []
    bench.desktop.services.desk.notice.connect(lambda notice: notices.append(notice.text))
    bench.action("editor.re_export")
    bench.until(lambda: notices)
    assert "Mirela Voss II" in ours.read_text("utf-8")
    assert changed.read_text("utf-8") == "Somebody's own."
    assert changed.name in notices[0]
