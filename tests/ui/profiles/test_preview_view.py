"""The text of a prompt: what is shown of it, and that only what differs is written anew."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from cardforge_desktop.batches.prompt_pieces import Piece, ShownMessage
from cardforge_desktop.batches.trials import ShownCall
from cardforge_desktop.engines.base import Message, Prompt, Sampling
from cardforge_desktop.ui.profiles.preview.prompt_view import PromptView
from cardforge_desktop.ui.theme import Theme


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


def call(*messages: ShownMessage) -> ShownCall:
    prompt = Prompt(tuple(Message(each.role, each.text) for each in messages), 100)
    return ShownCall("card", prompt, messages, sum(each.tokens for each in messages), certain=True)


def message(*pieces: Piece, tokens: int = 7, role="user") -> ShownMessage:
    return ShownMessage(role, pieces, tokens)


def show(view: PromptView, shown: ShownCall | None, *, estimate: bool = False) -> None:
    """Show a call, and let all of it be written."""
    view.show_call(shown, estimate=estimate)
    while not view.is_whole:
        QApplication.processEvents()


def grounds(view: PromptView) -> list[tuple[str, str, str]]:
    """Every run of characters that look the same: text, ground and colour."""
    found = []
    block = view.document().begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            fragment = at.fragment()
            form = fragment.charFormat()
            found.append(
                (fragment.text(), form.background().color().name(), form.foreground().color().name())
            )
            at += 1
        found.append(("¶", str(block.blockFormat().topMargin()), str(block.blockFormat().lineHeight())))
        block = block.next()
    return found


TEXT = st.text(alphabet=st.sampled_from("ab \n𝒳é\r"), max_size=8)
PIECE = st.builds(Piece, TEXT, st.sampled_from(("template", "filled", "added")))
CALL = st.lists(st.lists(PIECE, max_size=4), min_size=1, max_size=3)


def made(lists: Sequence[Sequence[Piece]]) -> ShownCall:
    return call(*(message(*pieces, tokens=len(pieces)) for pieces in lists))


@given(calls=st.lists(CALL, min_size=2, max_size=5))
def test_whatever_was_shown_before_a_prompt_looks_the_same(theme: Theme, calls):
    view, fresh = PromptView(theme), PromptView(theme)
    for each in calls:
        show(view, made(each))
    show(fresh, made(calls[-1]))
    assert view.toPlainText() == fresh.toPlainText()
    assert grounds(view) == grounds(fresh)


def test_what_is_filled_in_stands_on_another_ground_and_says_for_what(theme: Theme):
    view = PromptView(theme)
    pieces = (Piece("Read ", "template"), Piece("the letter", "filled", "source"), Piece("!", "added"))
    show(view, call(message(*pieces)), estimate=True)
    looks = {text: (ground, colour) for text, ground, colour in grounds(view)}
    assert looks["the letter"][0] != looks["Read "][0]
    assert looks["!"][1] != looks["Read "][1]
    cursor = view.document().find("letter")
    assert cursor.charFormat().toolTip() == "Filled in for {source}"
    assert "User   ≈ 7 tokens" in view.toPlainText()


def test_what_is_sent_besides_the_messages_is_shown(theme: Theme):
    view = PromptView(theme)
    prompt = Prompt(
        (Message("user", "Hi"),), 300, schema={"type": "object"}, sampling=Sampling(temperature=0.7)
    )
    show(view, ShownCall("card", prompt, (message(Piece("Hi", "template")),), 7, certain=True))
    behind = view.toPlainText().partition("Sent besides\n")[2]
    assert behind.startswith("max_tokens: 300\ntemperature: 0.7\nschema: {")
    assert '"type": "object"' in behind
    assert "top_p" not in behind


def test_of_a_long_text_beginning_and_end_are_shown_and_how_much_is_not(theme: Theme):
    view = PromptView(theme)
    text = "a" * 5_000 + "b" * 2_000_000 + "the end"
    show(view, call(message(Piece(text, "filled", "source"))))
    shown = view.toPlainText()
    assert len(shown) < 6_000
    left = len(text) - 4_600
    assert f"… {left} characters more …" in shown.replace(",", "")
    assert "the end\n" in shown


def test_what_is_read_stays_where_it_is_while_something_else_is_written(theme: Theme):
    view = PromptView(theme)
    view.resize(300, 200)
    below = Piece("\n".join(f"line {at}" for at in range(300)), "template")
    show(view, call(message(Piece("short", "template"), tokens=1), message(below)))
    view.grab()  # lays it out
    view.verticalScrollBar().setValue(900)
    show(view, call(message(Piece("shorts", "template"), tokens=2), message(below)))
    assert view.verticalScrollBar().value() == 900
    assert "shorts" in view.toPlainText()
    show(view, None)
    assert not view.toPlainText()
