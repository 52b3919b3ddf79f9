"""A field written anew over a real server: live text, taking by hunk, tries, stopping, errors, costs."""

import json
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cardforge_desktop.costs.limits import Limit
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.ui.costs.action_list import COST_SPECS
from cardforge_desktop.ui.library.preview.rewrite_dialog import RewriteDialog
from tests.support.app import ENGINE
from tests.support.scripted_server import ScriptedServer, Step
from tests.ui.library.preview.conftest import Desktop
from tests.ui.library.preview.material import CARD, add_card

OLD = "Tessa keeps the lamp. She owes the chandler for oil."
NEW = "Tessa guards the lamp. She owes the baker for oil."


def answer(text: str, **more) -> Step:
    return Step("answer", text=json.dumps({"text": text}), **more)


class Bench:
    """An open dialog, and what it gave."""

    def __init__(self, desktop: Desktop, server: ScriptedServer, *steps: Step) -> None:
        server.add(*steps)
        self.server = server
        self.desktop, self.workspace = desktop, desktop.workspace
        self.card_id = add_card(self.workspace)
        self.taken: list[tuple[str, str]] = []
        self.finished = False
        self.dialog = RewriteDialog(
            desktop.services,
            self.card_id,
            CARD.model_copy(update={"description": OLD}),
            "description",
            "Description",
            OLD,
            desktop.window,
        )
        self.dialog.taken.connect(lambda *values: self.taken.append(values))
        self.dialog.finished.connect(self._note_end)
        self.dialog.open()
        desktop.until(lambda: self.dialog.engine.current)

    def _note_end(self, _result: int) -> None:
        self.finished = True

    def write(self) -> None:
        self.dialog.generate()
        self.desktop.until(lambda: not self.dialog.writing)


@pytest.fixture
def bench(open_desktop, scripted_server: ScriptedServer):
    made: list[Bench] = []

    def build(*steps: Step) -> Bench:
        made.append(Bench(open_desktop(scripted_server.url), scripted_server, *steps))
        return made[-1]

    yield build
    for each in made:
        if not each.finished:
            each.dialog.reject()


def test_the_new_text_stands_beside_the_old_and_is_taken_by_hunk(bench, qtbot: QtBot):
    it = bench(answer(NEW))
    dialog = it.dialog
    assert dialog.engine.current == ENGINE
    assert dialog.live.toPlainText() == OLD
    assert not dialog.taking.isEnabled()
    qtbot.keyClicks(dialog.hint, "a baker")
    qtbot.keyClick(dialog.hint, Qt.Key.Key_Return)
    it.desktop.until(lambda: dialog.tries == 1)
    assert "a baker" in it.server.calls[0].body["messages"][-1]["content"]
    assert dialog.pages.currentWidget() is dialog.diff
    assert dialog.diff.result == NEW
    first, second = dialog.diff.changes
    dialog.diff.toggle(second)
    assert dialog.diff.result == "Tessa guards the lamp. She owes the chandler for oil."
    dialog.diff.toggle(first)
    assert not dialog.taking.isEnabled()  # it is the old text again
    dialog.diff.toggle(first)
    dialog.taking.click()
    assert it.taken == [("description", "Tessa guards the lamp. She owes the chandler for oil.")]
    assert it.finished


def test_the_text_is_seen_as_it_grows_and_stopping_keeps_what_was_there(bench):
    it = bench(Step("stall", after=8, text=json.dumps({"text": NEW})))
    dialog = it.dialog
    dialog.generate()
    it.desktop.until(
        lambda: NEW.startswith(dialog.live.toPlainText()) and "guards" in dialog.live.toPlainText()
    )
    assert dialog.go.text() == "Stop"
    assert not dialog.taking.isEnabled()
    dialog.go.click()
    it.desktop.until(lambda: not dialog.writing)
    assert dialog.live.toPlainText() == OLD
    assert dialog.tries == 0
    assert "Stopped" in dialog.notice.text


def test_earlier_tries_are_kept_with_what_was_accepted_of_them(bench):
    it = bench(answer(NEW), answer("Tessa sings. She owes the chandler for oil."))
    dialog = it.dialog
    it.write()
    dialog.diff.toggle(dialog.diff.changes[0])
    chosen = dialog.diff.accepted
    assert dialog.go.text() == "Try again"
    it.write()
    assert dialog.tries == 2
    assert dialog.place.text() == "Try 2 of 2"
    assert "sings" in dialog.diff.result
    dialog.stepper.before.click()
    assert dialog.place.text() == "Try 1 of 2"
    assert dialog.diff.accepted == chosen
    assert not dialog.stepper.before.isEnabled()
    dialog.take()
    assert it.taken == [("description", "Tessa keeps the lamp. She owes the baker for oil.")]


def test_an_error_is_told_in_the_dialog_with_the_way_out_and_earlier_tries_stay(bench):
    it = bench(answer(NEW), Step("status", status=401, times=0))
    dialog = it.dialog
    it.write()
    it.write()
    assert "key" in dialog.notice.text.lower()
    assert dialog.tries == 1
    assert dialog.diff.result == NEW
    assert dialog.taking.isEnabled()


def test_without_a_try_an_engines_failure_leads_to_the_engines(bench):
    it = bench(Step("status", status=401, times=0))
    it.write()
    assert it.dialog.live.toPlainText() == OLD
    went: list[str] = []
    it.desktop.services.desk.open_panel.connect(went.append)
    links = [it.dialog.notice._links.itemAt(at).widget() for at in range(it.dialog.notice._links.count())]
    next(link for link in links if link.text() == "Set up engines").click()
    assert went == ["settings"]
    assert it.finished


def test_what_a_limit_refuses_leads_to_the_limits_and_to_the_prices(bench):
    it = bench(answer(NEW))
    dialog, actions = it.dialog, it.desktop.services.actions
    went: list[str] = []
    for spec in COST_SPECS:
        actions.add(spec).triggered.connect(lambda _checked=False, key=spec.key: went.append(key))
    it.write()
    far = Connection("Far", "openai", "https://llm.example.org/v1", "some-model")
    it.workspace.engines.add(far, None)
    dialog.engine.show_choice("Far")
    for limit, link in ((Limit(tokens=10), "Limits…"), (Limit(cost=Decimal(5)), "Prices…")):
        it.workspace.limits.set("day", limit)
        it.write()
        shown = dialog.notice._links.itemAt(0).widget()
        assert shown.text() == link
        shown.click()
    assert went == ["costs.limits", "costs.prices"]
    assert dialog.tries == 1
    assert not it.finished, "what was written before is not lost"


def test_an_answer_that_cannot_be_used_is_told(bench):
    it = bench(answer("", times=0))
    it.write()
    assert "can't be used" in it.dialog.notice.text
    assert it.dialog.tries == 0


def test_what_it_took_is_told_and_retries_are_counted_in(bench):
    usage = {"prompt_tokens": 300, "completion_tokens": 40, "total_tokens": 340}
    it = bench(answer(OLD, usage=usage), answer(NEW, usage=usage))  # the first is the same text: asked again
    it.write()
    assert it.dialog.tries == 1
    assert it.dialog.used.accessibleName() == "600 tokens read, 80 written, free"


def test_closing_stops_the_call(bench):
    it = bench(Step("stall", after=2))
    it.dialog.generate()
    it.desktop.until(lambda: it.server.calls)
    it.dialog.reject()
    it.server.wait_until(lambda calls: calls[0].outcome == "disconnected")
    assert it.taken == []


def test_the_apps_end_stops_the_call(bench):
    it = bench(Step("stall", after=2))
    it.dialog.generate()
    it.desktop.until(lambda: it.server.calls)
    it.finished = True  # it goes with the window
    it.desktop.close()
    it.server.wait_until(lambda calls: calls[0].outcome == "disconnected")


def test_another_engine_and_profile_can_be_chosen(bench):
    it = bench(answer(NEW))
    it.workspace.engines.add(Connection("Other", "openai", it.server.url, "other-model"), None)
    it.dialog.engine.show_choice("Other")
    it.write()
    assert it.server.calls[0].body["model"] == "other-model"


def test_every_control_can_be_named(bench):
    dialog = bench().dialog
    for each in (
        dialog.hint,
        dialog.engine,
        dialog.profile,
        dialog.go,
        dialog.live,
        dialog.taking,
        dialog.cancel,
    ):
        assert each.accessibleName()
    assert dialog.focusWidget() is dialog.hint
