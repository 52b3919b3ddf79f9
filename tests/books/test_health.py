"""What is said of the health of a book, and that each fix mends what it is for."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge_desktop.books.health import (
    RULES,
    Finding,
    Health,
    Subject,
    examine,
    examine_unless,
    fix_all,
    fix_one,
)
from cardforge_desktop.books.health.never import never_matches
from cardforge_desktop.books.model import Book, BookSummary, Entry, Put, Remove, SetHead
from cardforge_desktop.cards.book_fields import category_of, with_category
from cardforge_desktop.cards.js_regex import as_regex, problem
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.books.shelves import Shelf
from tests.support.app import ROOT

NOW = datetime.now(UTC)
_PAGE = (ROOT / "docs" / "book-health.md").read_text("utf-8")


def entry(key: str | Sequence[str] = (), content: str = "", **fields: Any) -> BookEntry:
    keys = [key] if isinstance(key, str) else list(key)
    return BookEntry.model_validate(
        {"keys": keys, "content": content or f"Text on {keys}.", "name": f"Of {keys}", **fields}
    )


def subject_of(*entries: BookEntry, **head: Any) -> Subject:
    """A book of these, numbered and in an order."""
    made = tuple(
        Entry(f"e{at}", "book", at, 1, each, len(each.content) // 4, NOW, NOW)
        for at, each in enumerate(entries)
    )
    tokens = sum(each.tokens for each in made)
    summary = BookSummary("book", "Tarn", "", "", (), 1, len(made), tokens, NOW, NOW)
    return Subject(Book(summary, CharacterBook(name="Tarn", **head)), made)


def found(rule: str, subject: Subject) -> list[Finding]:
    return [each for each in examine(subject).findings if each.rule == rule]


def mended(subject: Subject, steps: Iterable[Any]) -> Subject:
    """The book after these steps."""
    now = {each.id: each.entry for each in subject.entries}
    head = subject.book.head
    for step in steps:
        match step:
            case Put(entries=states):
                now.update((state.id, state.entry) for state in states)
            case Remove(ids=ids):
                for entry_id in ids:
                    del now[entry_id]
            case SetHead(head=other):
                head = other
    return subject_of(*now.values(), **head.model_dump(exclude={"name", "entries"}))


#: For each rule a book in which it finds something, and of how many entries.
SICK: dict[str, tuple[list[BookEntry], dict[str, Any]]] = {
    "key-blank": ([entry(["", "oar"])], {}),
    "key-spaces": ([entry(" oar ")], {}),
    "key-comma": ([entry("oar, paddle")], {}),
    "key-regex": ([entry(["/(oar/", "oar"])], {}),
    "key-never": ([entry(["/oar[]/", "boat"])], {}),
    "key-macro": ([entry(["{{ferry}}", "boat"])], {}),
    "key-too-long": ([entry(["so " * 40, "oar"])], {}),
    "key-punctuation": ([entry(["!!", "oar"])], {}),
    "key-part": ([entry("-san")], {}),
    "key-matches-all": ([entry(["the", "oar"])], {}),
    "key-common": ([entry("mirela"), *(entry(f"k{at}", f"Mirela has {at}.") for at in range(9))], {}),
    "key-twice": ([entry(["oar", "Oar"])], {}),
    "key-shared": ([entry(["oar", "wood"], "Long. " * 9), entry(["Oar", "tree"])], {}),
    "entry-unreachable": ([entry()], {}),
    "entry-never-drawn": ([entry("oar", extensions={"probability": 0})], {}),
    "entry-muted": ([entry("oar", "@@dont_activate\n@@depth 4\nAn oar.")], {}),
    "entry-secondary": (
        [entry("old oar", selective=True, secondary_keys=["oar"], extensions={"selectiveLogic": 2})],
        {},
    ),
    "entry-selective": ([entry("oar", selective=True)], {}),
    "entry-delayed": ([entry("oar", extensions={"delay_until_recursion": True})], {}),
    "entry-disabled": ([entry("oar", enabled=False)], {}),
    "entry-empty": ([entry("oar", " ")], {}),
    "entry-name": ([entry("oar", name=None)], {}),
    "entry-same": ([entry("oar", "An oar, of wood."), entry("paddle", "an OAR of wood")], {}),
    "entry-id": ([entry("oar", id=3), entry("boat", id="3"), entry("net", id=4)], {}),
    "order-equal": ([entry("oar"), entry("boat"), entry("net")], {}),
    "category-untidy": ([with_category(entry("oar"), "Things ")], {}),
    "category-orphan": (
        [with_category(entry(f"k{at}"), "Places" if at else "Place") for at in range(4)],
        {},
    ),
    "budget-constant": (
        [entry("", "So it is. " * 90, constant=True), entry("", "And so it is. " * 90, constant=True)],
        {"token_budget": 300},
    ),
    "budget-entry": ([entry("oar", "Wood. " * 90)], {"token_budget": 100}),
    "budget-chain": (
        [
            entry("oar", "An oar in a boat. " * 9),
            entry("boat", "A boat with a net. " * 9),
            entry("net", "Net. " * 40),
        ],
        {"token_budget": 100},
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_finds_what_it_is_for_and_its_fixes_mend_it(rule: str) -> None:
    entries, head = SICK[rule]
    subject = subject_of(*entries, **head)
    findings = found(rule, subject)
    assert findings, "it finds nothing"
    assert all(each.message.endswith((".", "?")) for each in findings)
    one = next(each for each in findings if each.fix is not None)
    assert one.fix is not None
    wanted = [each for each in subject.entries if each.id in one.fix.ids]
    steps = fix_one(one.fix, subject.book, wanted).steps
    after = mended(subject, steps)
    assert len(found(rule, after)) < len(findings), "the fix of one mends it"
    assert found(rule, mended(subject, fix_all(rule, subject).steps)) == [], "the fix of all mends all"
    again = {each.id: each for each in after.entries}
    if set(one.fix.ids) <= again.keys() and one.fix.head is None:
        assert not fix_one(one.fix, after.book, [again[each] for each in one.fix.ids]).steps, (
            "done twice is done"
        )


def test_a_healthy_book_has_no_finding() -> None:
    entries = [
        with_category(entry(["oar", "/paddles?/i"], "An oar.", id=1, insertion_order=10), "Things"),
        with_category(entry("boat", "A boat for three.", id=2, insertion_order=20, comment="Boat"), "Things"),
        with_category(entry("", "It is late.", id=3, insertion_order=30, constant=True, keys=[]), "Time"),
        entry(["name", "{{char}}"], "Who it is.", id=4, insertion_order=40),
    ]
    assert examine(subject_of(*entries)) == Health((), {}, {}, {}, {})
    assert examine(subject_of()) == Health((), {}, {}, {}, {})


def test_expressions_that_match_nothing_are_told_from_those_that_do() -> None:
    never = ("a^b", "a$b", "[]", "x[]y", "(?!)", "a[]|b[]", "^Mirela", r"^\bMirela", "foo$bar|a^")
    ever = (
        "a",
        "^",
        "a^?b",
        "a*^b",
        "a$",
        "[]?a",
        "[^]",
        r"a\^b",
        r"a\$b",
        "[a^]b",
        "a[]|b",
        "(^|x)a",
        "^.a",
        "$",
        r"^\W",
        "",
    )
    for pattern in never:
        assert never_matches(as_regex(f"/{pattern}/") or pytest.fail(pattern)), pattern
    for pattern in ever:
        written = as_regex(f"/{pattern}/")
        assert written is None or not never_matches(written), pattern
    assert not never_matches(as_regex("/a\\n^b/m") or pytest.fail("no key")), "with m a line begins there"


@given(st.text("ab^$|()[]?!*.\\", max_size=14), st.text("ab \n", max_size=12))
@settings(max_examples=300)
def test_no_expression_that_matches_is_said_never_to(pattern: str, text: str) -> None:
    written = as_regex(f"/{pattern}/")
    if written is None or problem(written) or not never_matches(written):
        return
    from cardforge_desktop.cards.js_expressions import Expressions, GivenUpError

    try:
        assert Expressions().search(written, f"\x01{text}") is None
    except GivenUpError:
        return


def test_a_delayed_entry_is_woken_by_those_that_wake_themselves() -> None:
    late = {"delay_until_recursion": True}
    cases: tuple[tuple[list[BookEntry], int, str], ...] = (
        ([entry("oar", extensions=late), entry("boat", "It has an oar.")], 0, ""),
        (
            [entry("oar", extensions=late), entry("boat", "It has oars.")],
            0,
            "",
        ),  # perhaps: never a false alarm
        ([entry("oar", extensions=late), entry("boat", "It has an oar.", enabled=False)], 1, "asleep"),
        ([entry("oar", "boat", extensions=late), entry("boat", "oar", extensions=late)], 2, "asleep"),
        (
            [
                entry("oar", "boat", extensions=late),
                entry("boat", "x", extensions=late),
                entry("tree", "oar"),
            ],
            0,
            "",
        ),
        ([entry("oar", extensions=late), entry("b", "oar", extensions={"prevent_recursion": True})], 1, ""),
        ([entry("oar", extensions={**late, "exclude_recursion": True}), entry("b", "oar")], 1, "kept out"),
        ([entry("/o.r/", extensions=late), entry("boat", "It has an oar.")], 0, ""),
        ([entry("鏡", extensions=late), entry("boat", "古い鏡がある。")], 0, ""),
        ([entry("old oar", extensions=late), entry("boat", "An OLD oar.")], 0, ""),
    )
    for entries, number, told in cases:
        findings = found("entry-delayed", subject_of(*entries))
        assert len(findings) == number, [each.keys for each in entries]
        assert all(told in each.message or told == "asleep" for each in findings)
    off = subject_of(entry("oar", extensions=late), entry("b", "oar"), recursive_scanning=False)
    assert "switched off" in found("entry-delayed", off)[0].message


def test_secondary_keys_are_told_only_where_they_can_never_be_met() -> None:
    cases: tuple[tuple[str | list[str], list[str], object, bool], ...] = (
        ("old oar", ["oar"], 2, True),
        (["old oar", "boat"], ["oar"], 2, False),
        ("old oar", ["oar", "boat"], 1, False),
        ("old oar", ["oar", "old"], 1, True),
        ("oar", ["", ""], 0, True),
        ("oar", ["", "boat"], 0, False),
        ("oar", ["", "boat"], 3, True),
        ("oar", ["boat"], 7, True),
        ("oars", ["oar"], 2, False),
        ("/oar/", ["oar"], 2, False),
    )
    for keys, second, logic, is_told in cases:
        sick = entry(keys, selective=True, secondary_keys=second, extensions={"selectiveLogic": logic})
        assert bool(found("entry-secondary", subject_of(sick))) == is_told, (keys, second, logic)
        awake = sick.model_copy(update={"selective": False})
        assert not found("entry-secondary", subject_of(awake))


def test_near_categories_are_found_and_others_left_alone() -> None:
    def told(*names: str) -> list[tuple[str, ...]]:
        subject = subject_of(*(with_category(entry(f"k{at}"), name) for at, name in enumerate(names)))
        return [each.ids for each in found("category-orphan", subject)]

    assert told("Places", "Places", "Place") == [("e2",)]
    assert told("factions", "factions", "Factions ") == [("e2",)]
    assert told("Facilities", "Facilities", "facility") == [("e2",)]
    assert told("Objekte", "Objekte", "Objeckte") == [("e2",)]
    assert told("Café", "Café", "cafe") == [("e2",)]
    for others in (
        ("Act 1", "Act 1", "Act 12"),
        ("Places", "Places", "People"),
        ("Lake", "Lake", "Bake"),
        ("", "", "Places"),
        ("人物", "人物", "地点"),
    ):
        assert told(*others) == [], others


def test_the_fix_for_a_category_moves_what_is_still_in_it() -> None:
    subject = subject_of(*(with_category(entry(f"k{at}"), "Places" if at else "Place") for at in range(3)))
    (finding,) = found("category-orphan", subject)
    assert finding.fix is not None
    (step,) = fix_one(finding.fix, subject.book, subject.entries).steps
    assert isinstance(step, Put)
    assert [(state.id, category_of(state.entry)) for state in step.entries] == [("e0", "Places")]
    elsewhere = subject_of(with_category(entry("k0"), "People"))
    assert fix_one(finding.fix, elsewhere.book, elsewhere.entries).steps == ()


def test_a_shared_key_stays_where_it_weighs_most_and_nobody_loses_the_last() -> None:
    short = entry("oar", "Short.")
    several = entry(["OAR", "paddle"], "Middle. " * 3)
    weighty = entry(["oar", "wood"], "Little.", priority=9)
    subject = subject_of(short, several, weighty)
    (finding,) = found("key-shared", subject)
    assert finding.ids == ("e2", "e1", "e0")
    after = mended(subject, fix_all("key-shared", subject).steps)
    assert [each.entry.keys for each in after.entries] == [["oar"], ["paddle"], ["oar", "wood"]]


def test_merging_what_says_the_same_keeps_every_key_and_one_text() -> None:
    subject = subject_of(
        entry("oar", "An oar, of wood."), entry("paddle", "an oar of WOOD"), entry("net", "Net.")
    )
    after = mended(subject, fix_all("entry-same", subject).steps)
    assert [(each.entry.keys, each.entry.content) for each in after.entries] == [
        (["oar", "paddle"], "An oar, of wood."),
        (["net"], "Net."),
    ]


def test_numbers_are_given_that_nobody_has() -> None:
    subject = subject_of(*(entry(f"k{at}", id=held) for at, held in enumerate((1, "1", 1, None, 2, 7))))
    assert [each.severity for each in found("entry-id", subject)] == ["warning", "hint"]
    ids = [each.entry.id for each in mended(subject, fix_all("entry-id", subject).steps).entries]
    assert (ids[0], ids[4:]) == (1, [2, 7])
    assert len({str(each) for each in ids}) == 6
    assert all(isinstance(each, int) for each in ids)


def test_hostile_expressions_end_and_are_no_false_alarm() -> None:
    slow = [entry(["/(a+)+$/", "/(a|aa)+b/", f"k{at}"], "a" * 3000 + "!") for at in range(30)]
    told = {each.rule for each in examine(subject_of(*slow)).findings}
    assert told <= {"key-shared", "entry-same", "order-equal", "budget-constant", "key-common"}
    for key in ("/" + "(" * 3000 + ")" * 3000 + "/", "/a{1000000}/", "{{" * 500, "\ud800", "/\\/", "\x00"):
        examine(subject_of(entry(key), entry("oar", key)))


def test_a_common_key_is_common_as_a_whole() -> None:
    """Its words stand nearly everywhere, but in few texts together; some of many are looked at first."""
    apart = [
        entry(f"k{at}", f"The gate is of iron {at}." + " Of the guild." * (at % 4 == 0)) for at in range(200)
    ]
    together = [entry(f"k{at}", f"Of The guild {at}, the mark of it.") for at in range(200)]
    for others, times in ((apart, 0), (together, 202)):
        health = examine(subject_of(entry("of the"), entry("OF THE", case_sensitive=True), *others))
        told = [each.message for each in health.findings if each.rule == "key-common"]
        assert len(told) == (2 if times else 0)
        assert all(f"stands in {times} of the 202" in message for message in told)


def test_many_findings_are_counted_and_some_of_them_told() -> None:
    health = examine(subject_of(*(entry("") for _ in range(700))))
    assert health.counts["key-blank"] == health.fixable["key-blank"] == 700
    assert len([each for each in health.findings if each.rule == "key-blank"]) == 500
    assert health.worst["key-blank"] == "warning"
    assert sum(health.severities.values()) == sum(health.counts.values())
    assert health.severities["warning"] >= 700


def test_a_fix_goes_by_the_versions_it_saw(shelf: Shelf) -> None:
    made = shelf.books.create(CharacterBook(name="Tarn", entries=[entry(" oar "), entry("boat")]))
    subject = Subject(shelf.books.book(made.id), shelf.books.entries(made.id))
    mending = fix_all("key-spaces", subject)
    shelf.books.change(mending.steps, mending.expected)
    assert [each.entry.keys for each in shelf.books.entries(made.id)] == [["oar"], ["boat"]]
    assert mending.expected == {subject.entries[0].id: 1}


def test_a_look_that_is_cancelled_brings_nothing() -> None:
    cancelled = threading.Event()
    found_of = examine_unless(subject_of(entry(" a ")), cancelled)
    assert found_of is not None
    assert found_of.counts == examine(subject_of(entry(" a "))).counts
    cancelled.set()
    assert examine_unless(subject_of(entry(" a ")), cancelled) is None


def test_the_page_tells_of_every_rule() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+?) \| (.+?) \|$", _PAGE, re.M)
    assert [(rule, title) for rule, title, _, _ in rows] == [(rule.id, rule.title) for rule in RULES.values()]
    assert all(reason == RULES[rule].reason for rule, _, reason, _ in rows)
