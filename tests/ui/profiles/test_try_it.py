"""Trying a profile in the real window: the card as it grows, what it took, errors, comparing, keeping."""

from collections.abc import Callable

import pytest

from cardforge_desktop.costs.limits import Limit
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.ui.costs.limits_dialog import LimitsDialog
from cardforge_desktop.ui.profiles.panel import ProfilesPanel
from cardforge_desktop.ui.profiles.preview.prompt_pane import PromptPane
from cardforge_desktop.ui.profiles.preview.try_pane import TryPane
from tests.support.scripted_server import ScriptedServer, Step
from tests.support.window import Running


class Trying:
    """The window with the profiles open, and the pane for trying in sight."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.workspace = running.workspace
        panel = running.window.built("profiles")
        assert isinstance(panel, ProfilesPanel)
        self.panel = panel
        self.session = panel.session
        default = self.workspace.profiles.by_name("Default")
        panel.show_profile(default.id)
        self.until(lambda: self.session.is_open and self.session.profile_id == default.id)
        panel.editor.show_side("try")
        pane = panel.editor.side.pane("try")
        assert isinstance(pane, TryPane)
        self.pane = pane
        self.until(lambda: pane.go.isEnabled() and pane.costs.text())

    def until(self, condition: Callable[[], object]) -> None:
        self.running.until(condition)

    def try_it(self) -> None:
        """Try and wait for the end."""
        self.pane.go.click()
        self.until(lambda: not self.pane.trying.is_running)

    def statuses(self) -> list[str]:
        """Of all calls that the ledger has for the profile."""
        return [call.status for call in self.workspace.costs.calls_of(self.session.profile_id)]


@pytest.fixture
def trying(run_window: Callable[..., Running], scripted_server: ScriptedServer) -> Trying:
    return Trying(run_window(scripted_server.url))


def test_what_is_tried_is_what_the_prompt_shows_saved_or_not(trying: Trying, scripted_server: ScriptedServer):
    trying.session.set("prompts.system", "Write about {name} in {language}.")
    trying.panel.editor.show_side("prompt")
    prompt = trying.panel.editor.side.pane("prompt")
    assert isinstance(prompt, PromptPane)
    trying.until(lambda: "Write about mirela.md" in prompt.view.toPlainText())
    shown = [{"role": each.role, "content": each.text} for each in prompt.call.messages]
    trying.panel.editor.show_side("try")
    assert "unsaved" in trying.pane.about.text()
    trying.try_it()
    assert scripted_server.calls[0].body["messages"] == shown
    assert trying.session.is_dirty
    assert trying.workspace.profiles.get(trying.session.profile_id).version == trying.session.profile.version


def test_a_card_is_shown_with_what_it_took_and_nothing_is_stored(trying: Trying):
    trying.try_it()
    done = trying.pane.trying.last
    assert done is not None
    assert trying.pane.title.whole == done.tried.draft.card.name
    assert trying.pane.fields.texts["description"] == done.tried.draft.card.description
    taken = trying.pane.progress.taken.text()
    assert f"{done.tried.spent.output_tokens} out" in taken.replace(",", "")
    assert "free" in taken
    assert trying.statuses() == ["completed"]
    assert not trying.workspace.library.cards()
    assert not trying.workspace.batches.batches()
    assert trying.pane.go.text() == "Try again"


def test_a_card_grows_and_can_be_stopped(trying: Trying, scripted_server: ScriptedServer):
    scripted_server.add(Step("stall", after=10))
    pane = trying.pane
    pane.go.click()
    trying.until(lambda: pane.fields.texts)
    assert pane.cancel.isVisible()
    assert not pane.go.isVisible()
    assert not pane.choice.isEnabled()
    assert pane.progress.bar.fraction > 0
    pane.cancel.click()
    trying.until(pane.go.isVisible)
    assert pane.progress.taken.text().startswith("Cancelled after ")
    assert not pane.keep.isVisible()
    assert trying.statuses() == ["cancelled"]


def test_an_error_is_told_with_what_to_do_and_the_card_of_before_stays(
    trying: Trying, scripted_server: ScriptedServer
):
    trying.try_it()
    scripted_server.add(Step("status", status=401, times=0))
    trying.try_it()
    pane = trying.pane
    assert "key was refused" in pane.problem.text
    assert "try again" in pane.problem._advice.text()
    assert pane.title.whole.endswith("of the try before")
    assert pane.fields.texts["description"]
    assert trying.statuses() == ["completed", "failed"]
    assert pane.problem.way.isHidden()
    # What a limit refuses leads to the limits.
    far = Connection("Far", "openai", "https://llm.example.org/v1", "some-model")
    trying.workspace.engines.add(far, None)
    trying.workspace.limits.set("day", Limit(tokens=10))
    trying.until(lambda: any(name == "Far" for name, _ in pane._choice.choices.engines))
    pane._choice.choose_engine("Far")
    trying.until(pane.go.isEnabled)
    trying.try_it()
    assert pane.problem.way.text() == "Limits…"
    pane.problem.way.click()
    (limits,) = trying.running.window.findChildren(LimitsDialog)
    limits.reject()


def test_an_answer_that_is_no_card_can_be_read(trying: Trying, scripted_server: ScriptedServer):
    scripted_server.add(Step("garbage", times=0))
    trying.try_it()
    assert trying.pane.problem.text
    assert trying.pane.fields.texts["raw_answer"]
    assert not trying.pane.keep.isVisible()


def test_two_tries_are_compared_word_by_word(trying: Trying):
    pane = trying.pane
    trying.try_it()
    assert not pane.diff_way.isVisible()
    trying.session.set("config.fields.personality.max_tokens", 50)
    trying.try_it()
    pane.diff_way.click()
    trying.until(lambda: pane.pages.currentWidget() is pane.diff and pane.diff.changes)
    before, after = (done.tried.draft.card.personality for done in pane.trying.tries)
    assert before != after
    assert any(hunk.old in before and hunk.new in after for hunk in pane.diff.hunks if hunk.kind == "changed")
    pane.card_way.click()
    assert pane.fields.texts["personality"] == after


def test_a_kept_card_is_in_the_library_and_can_be_opened(trying: Trying):
    trying.try_it()
    pane = trying.pane
    assert not pane.open.isVisible()
    pane.keep.click()
    trying.until(pane.open.isVisible)
    assert not pane.keep.isEnabled()
    (card,) = trying.workspace.library.cards()
    assert (card.profile, card.engine, card.source) == ("Default", "Scripted", "mirela.md")
    opened: list[str] = []
    trying.running.session.services.desk.open_card.connect(opened.append)
    pane.open.click()
    assert opened == [card.id]
    trying.until(trying.running.library.isVisible)


def test_another_profile_stops_the_try_and_begins_anew(trying: Trying, scripted_server: ScriptedServer):
    trying.try_it()
    scripted_server.add(Step("stall", after=0))
    trying.pane.go.click()
    trying.until(lambda: len(scripted_server.calls) == 2)
    other = trying.workspace.profiles.copy(trying.session.profile.content)
    first = trying.session.profile_id
    trying.panel.show_profile(other.id)
    trying.until(lambda: trying.session.is_open and trying.session.profile_id == other.id)
    assert not trying.pane.trying.is_running
    assert trying.pane.trying.last is None
    assert not trying.pane.fields.texts
    trying.until(
        lambda: [call.status for call in trying.workspace.costs.calls_of(first)] == ["completed", "cancelled"]
    )
    trying.until(trying.pane.go.isEnabled)
    trying.try_it()
    assert trying.pane.trying.last is not None


def test_the_window_closes_while_a_card_is_tried(trying: Trying, scripted_server: ScriptedServer):
    scripted_server.add(Step("stall", after=0))
    trying.pane.go.click()
    trying.until(lambda: len(scripted_server.calls) == 1)
    trying.running.close()
    scripted_server.wait_until(lambda calls: calls[0].outcome != "")
