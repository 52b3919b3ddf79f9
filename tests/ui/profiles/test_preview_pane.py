"""The exact prompt beside the form: it follows what is typed, the source and the engine."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from cardforge_desktop.engines.base import Connection
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.ui.profiles.editor.session import ProfileSession
from cardforge_desktop.ui.profiles.preview.prompt_pane import PromptPane
from cardforge_desktop.ui.profiles.preview.trial_desk import TrialDesk
from cardforge_desktop.ui.profiles.preview.try_pane import TryPane
from tests.support.app import write_sources
from tests.support.scripted_server import ScriptedServer
from tests.ui.library.preview.conftest import Desktop


class Prompting:
    """A pane over a session with the default profile open."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.workspace = desktop.workspace
        self.session = ProfileSession(desktop.background, desktop.services.events)
        self.session.open(self.workspace.profiles.by_name("Default").id)
        desktop.until(lambda: self.session.is_open)
        self.pane = PromptPane(desktop.services, self.session)
        self.trial = TrialDesk.of(desktop.services, self.session).choice
        desktop.mount(self.pane)

    @property
    def text(self) -> str:
        return self.pane.view.toPlainText()

    def shows(self, text: str) -> None:
        self.desktop.until(lambda: text in self.text)


@pytest.fixture
def prompting(open_desktop: Callable[..., Desktop], scripted_server: ScriptedServer) -> Prompting:
    made = Prompting(open_desktop(scripted_server.url))
    made.shows("Mirela Voss keeps the lighthouse")
    return made


def test_what_is_typed_is_in_the_prompt_and_the_source_too(prompting: Prompting):
    prompting.session.set("prompts.system", "You are a {unheard} poet.")
    prompting.shows("You are a {unheard} poet.")
    prompting.session.undo()
    prompting.desktop.until(lambda: "poet" not in prompting.text)
    assert "System" in prompting.text
    assert prompting.pane.context.words.text().startswith("≈ ")


def test_another_profile_has_another_prompt(prompting: Prompting):
    base = prompting.workspace.profiles.by_name("Default").content
    other = prompting.workspace.profiles.create(
        with_values(base, {"name": "Haiku", "prompts.system": "Seventeen syllables."})
    )
    prompting.session.open(other.id)
    prompting.shows("Seventeen syllables.")


def test_copy_takes_the_whole_prompt_however_much_is_shown(prompting: Prompting):
    text = "Tessa counts the ships. " * 1_200
    prompting.trial.paste(text)
    prompting.shows("characters more …")
    prompting.pane.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert text.strip() in copied
    assert copied.startswith("[system]\n")
    assert "\n\n[user]\n" in copied


def test_the_engine_decides_about_tokens_context_and_cost(prompting: Prompting):
    assert "free" in prompting.pane.costs.text()
    assert "by scripted-1 takes" in prompting.pane.costs.text()
    assert prompting.pane.choice.engine.text().startswith("Scripted (as chosen")
    paid = Connection("Paid", "openai", "https://api.openai.com/v1", "gpt-4o-mini")
    prompting.workspace.engines.add(paid, None)
    prompting.desktop.until(lambda: ("Paid", "Paid") in prompting.trial.choices.engines)
    prompting.pane.choice.engine.picked.emit("Paid")
    prompting.desktop.until(lambda: ": up to $0.00" in prompting.pane.costs.text())
    assert "≈" not in prompting.pane.context.words.text()
    prompting.trial.choose_engine("")
    prompting.session.set("config.engine", "paid")
    prompting.desktop.until(lambda: "by gpt-4o-mini takes" in prompting.pane.costs.text())
    prompting.session.set("config.model", "gpt-5")
    prompting.desktop.until(lambda: "by gpt-5 takes" in prompting.pane.costs.text())
    prompting.desktop.until(lambda: prompting.pane.choice.engine.text() == "Paid (as the profile says)")


def test_a_small_model_is_asked_in_steps_and_the_one_in_sight_stays(prompting: Prompting):
    pane = prompting.pane
    assert pane.stepper.isHidden()
    prompting.trial.choose_engine("Built-in")
    prompting.desktop.until(pane.stepper.isVisible)
    pane.stepper.behind.click()
    step = pane.call.step
    assert pane.step.whole.startswith("2 of ")
    prompting.session.set("config.greetings", 0)
    before = pane._preview
    prompting.desktop.until(lambda: pane._preview is not before)
    assert pane.call.step == step
    pane.stepper.before.click()
    assert pane.step.whole.startswith("1 of ")
    assert "small steps" in pane.unknown.text()


def test_a_file_an_example_and_a_pasted_text_can_be_chosen(prompting: Prompting, tmp_path: Path):
    (path,) = write_sources(tmp_path / "in", 1)
    prompting.trial.open_file(path)
    prompting.shows("Tessa Marrow1")
    assert prompting.pane.choice.source.text() == "source-001.md"
    prompting.pane.choice.source.picked.emit("example:oskar-brandt.html")
    prompting.shows("Oskar")
    QGuiApplication.clipboard().setText("# Brann\n\nBrann mends clocks in the harbour of Vell.")
    prompting.pane.choice.paste.trigger()
    prompting.shows("Brann mends clocks")
    assert prompting.pane.choice.source.text() == "Brann"


def test_what_can_not_be_read_is_told_and_the_source_of_before_stays(prompting: Prompting, tmp_path: Path):
    prompting.trial.open_file(tmp_path / "gone.md")
    prompting.desktop.until(prompting.pane.choice.problem.isVisible)
    assert "gone.md" in prompting.pane.choice.problem.text()
    assert "Mirela Voss" in prompting.text
    assert prompting.pane.choice.source.text() == "mirela.md (example)"
    QGuiApplication.clipboard().clear()
    prompting.pane.choice.paste.trigger()
    assert prompting.pane.choice.problem.text() == "There is no text on the clipboard."
    prompting.trial.choose("example:oskar-brandt.html")
    prompting.desktop.until(prompting.pane.choice.problem.isHidden)


def test_an_invalid_profile_shows_what_it_can(prompting: Prompting):
    prompting.session.put(
        with_values(prompting.session.content, {"name": "", "prompts.task": "{fieldz} please"})
    )
    prompting.shows("{fieldz} please")
    assert not prompting.pane.problem.text


def test_what_does_not_fit_is_shown_with_the_reason(prompting: Prompting):
    prompting.session.set("config.fields.description.max_tokens", 40_000)
    prompting.desktop.until(lambda: prompting.pane.problem.text)
    assert "does not fit" in prompting.pane.problem.text
    assert prompting.pane.context.is_over
    assert "do not fit" in prompting.pane.context.words.text()
    assert "Mirela Voss" in prompting.text
    prompting.session.undo()
    prompting.desktop.until(lambda: not prompting.pane.problem.text)
    assert not prompting.pane.context.is_over


def test_an_engine_that_is_gone_is_given_up(prompting: Prompting):
    other = Connection("Other", "openai", "http://127.0.0.1:9/v1", "m")
    prompting.workspace.engines.add(other, None)
    prompting.desktop.until(lambda: len(prompting.trial.choices.engines) == 3)
    prompting.trial.choose_engine("Other")
    prompting.desktop.until(lambda: prompting.pane._preview and prompting.pane._preview.engine == "Other")
    prompting.workspace.engines.remove("Other")
    prompting.desktop.until(lambda: prompting.trial.engine == "")
    prompting.desktop.until(lambda: prompting.pane._preview and prompting.pane._preview.engine == "Scripted")
    prompting.shows("Mirela Voss")


def test_nothing_is_worked_out_while_nobody_looks(prompting: Prompting):
    prompting.pane.hide()
    before = prompting.pane._preview
    prompting.session.set("prompts.system", "Unseen.")
    previewing = TrialDesk.of(prompting.desktop.services, prompting.session).previewing
    prompting.desktop.until(lambda: not previewing._paced._wanted and not previewing._paced._running)
    assert prompting.pane._preview is before
    prompting.pane.show()
    prompting.shows("Unseen.")


def test_what_takes_long_is_done_less_often_until_something_else_is_chosen(prompting: Prompting):
    previewing = TrialDesk.of(prompting.desktop.services, prompting.session).previewing
    timer = previewing._paced._timer
    usual = timer.interval()
    previewing._rest(0.2)
    assert timer.interval() > usual
    previewing._rest(60.0)
    assert timer.interval() <= 1_500
    prompting.trial.changed.emit()
    assert timer.interval() == usual


def test_prompt_and_try_share_source_and_engine(prompting: Prompting):
    other = TryPane(prompting.desktop.services, prompting.session)
    prompting.desktop.mount(other)
    prompting.trial.choose("example:oskar-brandt.html")
    prompting.desktop.until(lambda: other.choice.source.current == "example:oskar-brandt.html")
    prompting.trial.choose_engine("Built-in")
    assert other.choice.engine.current == "Built-in"
    again = ProfileSession(prompting.desktop.background, prompting.desktop.services.events)
    assert TrialDesk.of(prompting.desktop.services, again).choice is not prompting.trial


def test_the_example_that_was_chosen_last_is_chosen_again(prompting: Prompting):
    prompting.trial.choose("example:oskar-brandt.html")
    prompting.shows("Oskar")
    again = Prompting(prompting.desktop)
    again.shows("Oskar")
