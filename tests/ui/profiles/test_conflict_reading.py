"""What the rows of a conflict show: changed words, and of long texts the changed places on all sides."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge_desktop.profiles.merging import merge
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.text_diff import hunks
from cardforge_desktop.ui.profiles.conflict.excerpts import (
    Piece,
    changed_spans,
    excerpt,
    kept_spans,
    pieces,
)
from cardforge_desktop.ui.profiles.conflict.reading import FieldTexts, read_fields

BASE = ProfileContent(name="Hero")
LINES = [f"Rule {number}: nothing of line {number} is told twice." for number in range(100)]


def fields(base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]):
    old = with_values(BASE, base)
    found = read_fields(merge(old, with_values(old, mine), with_values(old, theirs)))
    return {each.field.path: each for each in found}


def system(base: str, mine: str, theirs: str) -> FieldTexts:
    path = "prompts.system"
    return fields({path: base}, {path: mine}, {path: theirs})[path]


def marked(shown: tuple[Piece, ...], kind: str) -> list[str]:
    return [piece.text.strip() for piece in shown if piece.kind == kind]


def test_changed_words_are_marked_against_the_base():
    found = system("Write vivid heroes.", "Write vivid funny heroes.", "Write tragic heroes.")
    assert marked(found.whole.mine, "new") == ["funny"]
    assert marked(found.whole.theirs, "new") == ["tragic"]
    assert marked(found.whole.base, "gone") == ["vivid"]
    assert found.folded is None


def test_what_was_only_taken_away_can_be_seen():
    found = system("Write vivid heroes. Never speak for her.", "Write vivid heroes.", "Write vivid heroes!")
    assert marked(found.whole.mine, "gone") == ["Never speak for her."]


def test_a_number_or_a_choice_is_another_one_as_a_whole():
    found = fields({"config.greetings": 2}, {"config.greetings": 12}, {"type": "group"})
    assert found["config.greetings"].whole.mine == (Piece("new", "12"),)
    assert found["config.greetings"].whole.theirs == (Piece("same", "2"),)
    assert found["type"].whole.theirs == (Piece("new", "Group of characters"),)
    assert list(found) == ["type", "config.greetings"]


def test_of_a_hundred_lines_the_changed_places_of_both_sides_are_shown_on_all_sides():
    mine, theirs = list(LINES), list(LINES)
    mine[20] = "Rule 20: be funny."
    theirs[80] = "Rule 80: be tragic."
    found = system(*("\n".join(lines) for lines in (LINES, mine, theirs)))
    assert found.folded is not None
    assert found.lines == 100
    for side in (found.folded.base, found.folded.mine, found.folded.theirs):
        shown = "".join(piece.text for piece in side)
        assert "Rule 20:" in shown
        assert "Rule 80:" in shown
        assert "line 50 " not in shown
        assert len(shown) < 1_000
    assert [piece.lines > 10 for piece in found.folded.mine if piece.kind == "gap"] == [True] * 3


def test_of_an_endless_text_the_beginning_is_shown():
    endless = "\n".join(LINES * 20)
    found = system("", endless, "short")
    shown = "".join(piece.text for piece in found.whole.mine)
    assert endless.startswith(shown)
    assert len(shown) == 20_000
    assert found.whole.mine[-1] == Piece("gap", lines=endless.count("\n") - shown.count("\n"))


def test_a_long_text_that_is_all_new_is_whole():
    assert system("", "\n".join(LINES), "\n".join(reversed(LINES))).folded is None


words = st.lists(st.sampled_from(["lamp", "sea", "\n", "storm.", "Nobody", "knocks", " "]), max_size=300)
texts = words.map(" ".join)


@given(texts, texts)
def test_pieces_hold_the_whole_text(base, side):
    shown = pieces(hunks(base, side))
    assert "".join(piece.text for piece in shown if piece.kind != "gone") == side


@settings(max_examples=60)
@given(texts, texts, texts)
def test_an_excerpt_leaves_out_nothing_that_changed_and_counts_what_it_leaves(base, mine, theirs):
    own, other = hunks(base, mine), hunks(base, theirs)
    spans = changed_spans(own, other)
    kept = kept_spans(base, spans, max(len(mine), len(theirs)))
    if kept is None:
        return
    for side, hunked in ((mine, own), (theirs, other)):
        short, whole = excerpt(hunked, kept), pieces(hunked)
        for kind in ("new", "gone"):
            assert marked(short, kind) == marked(whole, kind)
        left = sum(piece.lines for piece in short if piece.kind == "gap")
        shown = "".join(piece.text for piece in short if piece.kind != "gone")
        assert shown.count("\n") + left == side.count("\n")
        assert not any(a.kind == b.kind == "gap" for a, b in pairwise(short))
