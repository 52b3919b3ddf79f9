from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cardforge_desktop.ui.edit_history import EditHistory


def test_typing_in_one_field_is_one_step_until_a_pause_or_another_field():
    history = EditHistory("")
    for number, name in enumerate(["A", "Ad", "Ada"]):
        history.push(name, "name", number / 2, typed=True)
    history.push("Ada.", "name", 9.0, typed=True)
    history.push("Ada!", "description", 9.1, typed=True)
    names = []
    while (state := history.undo()) is not None:
        names.append((state.value, state.field))
    assert names == [("Ada.", "description"), ("Ada", "name"), ("", "name")]


def test_undo_takes_no_more_than_ten_seconds_of_typing_without_a_pause():
    history = EditHistory("")
    for number in range(1, 51):
        history.push("x" * number, "name", number / 2, typed=True)
    lengths = [50]
    while (state := history.undo()) is not None:
        lengths.append(len(state.value))
    assert lengths == [50, 40, 20, 0]


def test_typing_after_an_undo_begins_a_new_step():
    history = EditHistory("")
    history.push("A", "name", 0.0, typed=True)
    history.push("B", "", 0.1)
    history.undo()
    history.push("AB", "name", 0.2, typed=True)
    assert history.undo().value == "A"


class Steps(RuleBasedStateMachine):
    """Undo and redo against a plain list of states."""

    def __init__(self) -> None:
        super().__init__()
        self.history = EditHistory("start")
        self.past, self.future = ["start"], []

    @rule(name=st.text(max_size=3))
    def change(self, name: str) -> None:
        self.history.push(name, "name", 0.0)
        self.past.append(name)
        self.future.clear()

    @precondition(lambda self: len(self.past) > 1)
    @rule()
    def undo(self) -> None:
        self.history.undo()
        self.future.append(self.past.pop())

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.history.redo()
        self.past.append(self.future.pop())

    @invariant()
    def same(self) -> None:
        assert self.history.value == self.past[-1]
        assert self.history.can_undo == (len(self.past) > 1)
        assert self.history.can_redo == bool(self.future)


TestSteps = Steps.TestCase
