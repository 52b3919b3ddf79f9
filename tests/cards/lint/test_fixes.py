"""A fix removes its finding and touches nothing else, whatever the rule and the card."""

import re

from hypothesis import given, settings, target
from hypothesis import strategies as st

from cardforge_desktop.cards.lint import RULES, Finding, LintContext, lint, with_fixes
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from tests.cards.lint.dirty import cards
from tests.support import cards as clean

CONTEXT = LintContext()
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def _like(finding: Finding, found: tuple[Finding, ...]) -> int:
    """How many findings of the same rule say the same; in a list, where paths move, of the same list."""
    if finding.field.endswith("]"):
        above = finding.field.rpartition("[")[0]
        return sum(one.rule == finding.rule and one.field.rpartition("[")[0] == above for one in found)
    said = (finding.rule, finding.field, finding.message)
    return sum((one.rule, one.field, one.message) == said for one in found)


def _plain(card: Card) -> dict:
    return card.model_dump()


def _without(fields: dict, path: str) -> dict:
    """`fields` without what a fix at `path` may change: the text there, or the list that an item is in."""
    parts = [name or int(index) for name, index in _PART.findall(path)]
    if isinstance(parts[-1], int):
        parts.pop()
    inner = fields
    for part in parts[:-1]:
        inner = inner[part]
    inner[parts[-1]] = None
    return fields


@given(cards)
def test_a_fix_removes_its_finding_and_changes_nothing_else(card: Card) -> None:
    found = lint(card, CONTEXT)
    fixable = [finding for finding in found if finding.fix is not None]
    target(len({finding.rule for finding in fixable}))
    for finding in fixable:
        mended = finding.fix.apply(card)
        assert _without(_plain(mended), finding.field) == _without(_plain(card), finding.field), finding
        assert _like(finding, lint(mended, CONTEXT)) == _like(finding, found) - 1, finding


@given(cards)
def test_a_list_loses_or_gains_only_the_item_in_question(card: Card) -> None:
    for finding in lint(card, CONTEXT):
        path, _, index = finding.field.removesuffix("]").rpartition("[")
        if finding.fix is None or not finding.field.endswith("]"):
            continue
        at = int(index)
        old, new = (_at(each, path) for each in (card, finding.fix.apply(card)))
        assert new[:at] == old[:at], finding
        rest = len(old) - at - 1
        assert rest == 0 or new[-rest:] == old[-rest:], finding
        assert new != old, finding


def _at(card: Card, path: str):
    value = _plain(card)
    for name, index in _PART.findall(path):
        value = value[name or int(index)]
    return value


@given(cards, cards)
def test_a_fix_for_another_card_leaves_it_whole_or_mends_the_same_thing(card: Card, other: Card) -> None:
    for finding in lint(card, CONTEXT):
        if finding.fix is not None:
            mended = finding.fix.apply(other)
            assert mended is other or _without(_plain(mended), finding.field) == _without(
                _plain(other), finding.field
            )


def test_every_rule_that_has_fixes_is_reached_by_the_properties() -> None:
    seen: set[str] = set()

    @settings(max_examples=250)
    @given(st.lists(cards, min_size=3, max_size=3))
    def gather(some: list[Card]) -> None:
        found = (finding for card in some for finding in lint(card, CONTEXT))
        seen.update(finding.rule for finding in found if finding.fix is not None)

    gather()
    assert seen == {
        "empty-greeting", "literal-null", "code-fence", "same-greeting", "unclosed-mark", "example-start",
        "unknown-macro", "half-macro", "written-name", "key-blank", "key-spaces", "key-comma", "key-twice",
        "entry-selective", "entry-id",
    }  # fmt: skip


@given(cards)
def test_all_fixes_together_leave_no_fixable_error_or_warning(card: Card) -> None:
    mended, told = with_fixes(card, CONTEXT)
    left = [one for one in lint(mended, CONTEXT) if one.fix is not None and one.severity != "hint"]
    assert left == []
    assert (mended != card) is bool(told)
    assert all(finding.severity != "hint" for finding in told)


@given(clean.cards())
def test_any_card_is_read_without_a_hitch_and_spans_lie_in_their_texts(card: Card) -> None:
    for finding in lint(card, CONTEXT):
        value = _at(card, finding.field)
        if finding.start is not None:
            assert isinstance(value, str)
            assert 0 <= finding.start <= finding.end <= len(value)


def test_a_rule_that_is_off_finds_and_mends_nothing() -> None:
    card = Card(name="A", character_book=CharacterBook(entries=[BookEntry(keys=[" b"], content="c")]))
    assert "key-spaces" in {finding.rule for finding in lint(card, CONTEXT)}
    assert "key-spaces" not in {
        finding.rule for finding in lint(card, CONTEXT, ["key-spaces", "no-such-rule"])
    }
    assert with_fixes(card, CONTEXT, RULES)[0] is card
