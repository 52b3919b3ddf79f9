"""Checks while typing: off the window's thread, after a pause, and only the newest answer counts."""

import threading
from collections.abc import Iterator

import pytest

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.validation import Finding, FindingCode, Validation
from cardforge_desktop.ui.profiles.editor.validating import ProfileChecker, check_with_rules
from cardforge_desktop.workspace import Workspace
from tests.support.profiles import add_profile
from tests.ui.profiles.conftest import Editing

ERROR = Finding("name", "No.", FindingCode.WEAK_NAME)
WARNING = Finding("config.engine", "Hm.", FindingCode.NO_EFFECT)


class Script:
    """Rules that say of each name what the test wants, when it wants."""

    def __init__(self) -> None:
        self.answers: dict[str, Validation] = {}
        self.gates: dict[str, threading.Event] = {}
        self.asked: list[str] = []
        self.answered: list[str] = []
        self.threads: set[str] = set()

    def hold(self, name: str) -> None:
        self.gates[name] = threading.Event()

    def __call__(self, workspace: Workspace, content: ProfileContent, profile_id: str) -> Validation:
        self.asked.append(content.name)
        self.threads.add(threading.current_thread().name)
        if content.name in self.gates:
            assert self.gates[content.name].wait(30)
        self.answered.append(content.name)
        return self.answers.get(content.name, Validation())


@pytest.fixture
def script() -> Iterator[Script]:
    made = Script()
    yield made
    for gate in made.gates.values():
        gate.set()


@pytest.fixture
def checker(editing: Editing, script: Script) -> ProfileChecker:
    made = ProfileChecker(editing.desktop.services, editing.session, editing.session, script)
    editing.until(lambda: not made.is_checking)
    return made


def heard(checker: ProfileChecker) -> list[Validation]:
    told: list[Validation] = []
    checker.checked.connect(told.append)
    return told


def test_an_answer_that_comes_late_is_dropped(editing: Editing, checker: ProfileChecker, script: Script):
    script.hold("One")
    script.answers = {"One": Validation((ERROR,)), "Two": Validation((), (WARNING,))}
    told = heard(checker)
    editing.session.set("name", "One", typed=True)
    editing.until(lambda: "One" in script.asked)
    editing.session.set("name", "Two", typed=True)
    editing.until(lambda: not checker.is_checking)
    script.gates["One"].set()
    editing.until(lambda: script.answered[-1] == "One" and not editing.desktop.background.is_busy)
    assert script.answered[-2:] == ["Two", "One"]
    assert told == [Validation((), (WARNING,))]
    assert checker.validation.warnings == (WARNING,)
    assert not checker.holds_back


def test_the_answer_on_another_profile_is_dropped(editing: Editing, checker: ProfileChecker, script: Script):
    add_profile(editing.workspace, "Other")
    script.hold("One")
    script.answers = {"One": Validation((ERROR,))}
    editing.session.set("name", "One")
    editing.until(lambda: "One" in script.asked)
    editing.open(editing.workspace.profiles.by_name("Other").id)
    editing.until(lambda: "Other" in script.answered and not checker.is_checking)
    script.gates["One"].set()
    editing.until(lambda: "One" in script.answered and not editing.desktop.background.is_busy)
    assert checker.validation == Validation()


def test_it_is_checked_once_after_a_pause_and_on_a_worker(
    editing: Editing, checker: ProfileChecker, script: Script
):
    script.asked.clear()
    states: list[bool] = []
    checker.checking.connect(lambda: states.append(checker.is_checking))
    for length in range(1, 6):
        editing.session.set("name", "Lamps"[:length], typed=True)
    assert (script.asked, states, checker.is_checking) == ([], [True], True)
    editing.until(lambda: not checker.is_checking)
    assert script.asked == ["Lamps"]
    assert all(name.startswith("window-worker") for name in script.threads)


def test_saving_is_held_back_by_errors_of_what_stands_there_and_by_nothing_else(
    editing: Editing, checker: ProfileChecker, script: Script
):
    script.answers = {"Bad": Validation((ERROR,)), "Poor": Validation((), (WARNING,))}
    editing.session.set("name", "Bad")
    editing.until(lambda: checker.holds_back)
    editing.session.set("name", "Poor")
    assert checker.is_checking
    assert not checker.holds_back
    editing.until(lambda: not checker.is_checking)
    assert not checker.holds_back


def test_what_cannot_be_read_is_an_error_until_another_profile_is_opened(
    editing: Editing, checker: ProfileChecker, script: Script
):
    told = heard(checker)
    unreadable = Finding("config.sampling.seed", "No number.", FindingCode.BAD_TYPE)
    checker.note(unreadable.field, unreadable)
    checker.note(unreadable.field, unreadable)
    assert told == [Validation((unreadable,))]
    assert checker.holds_back
    checker.note(unreadable.field, None)
    assert not checker.holds_back
    checker.note(unreadable.field, unreadable)
    add_profile(editing.workspace, "Other")
    editing.open(editing.workspace.profiles.by_name("Other").id)
    editing.until(lambda: not checker.is_checking)
    assert checker.validation == Validation()


def test_a_name_that_somebody_takes_meanwhile_is_found(editing: Editing):
    checker = ProfileChecker(editing.desktop.services, editing.session, editing.session, check_with_rules)
    editing.session.set("name", "Lamps")
    editing.until(lambda: not checker.is_checking)
    assert checker.validation.valid
    add_profile(editing.workspace, "lamps")
    editing.until(lambda: checker.holds_back)
    assert [finding.code for finding in checker.validation.errors] == [FindingCode.DUPLICATE_NAME]


def test_where_checking_fails_saving_is_left_to_the_store(editing: Editing):
    def broken(workspace: Workspace, content: ProfileContent, profile_id: str) -> Validation:
        raise OSError("the disk is gone")

    checker = ProfileChecker(editing.desktop.services, editing.session, editing.session, broken)
    editing.until(lambda: not checker.is_checking and editing.desktop.errors)
    assert not checker.holds_back
    assert isinstance(editing.desktop.errors.pop(), OSError)


def test_templates_are_counted_and_only_those_that_changed_again(editing: Editing, checker: ProfileChecker):
    before = checker.tokens
    assert before.of_paths["prompts.task"] > 10
    editing.session.set("prompts.task", "Write about {source}: {fields}.")
    editing.until(lambda: not checker.is_checking)
    assert 0 < checker.tokens.of_paths["prompts.task"] < before.of_paths["prompts.task"]
    assert checker.tokens.of_paths["prompts.system"] == before.of_paths["prompts.system"]
