"""Each rule of SillyTavern's world info, told by what a chat does to a small book.

Upstream: SillyTavern 1.18.0, commit 982dfec022723f61d838b120cb88f07502d38ea9, public/scripts/world-info.js;
each test names the function. docs/lorebook-activation.md tells how that code itself was run beside this one.
"""

from collections.abc import Sequence

import pytest

from cardforge_desktop.books.activation import (
    Activation,
    Asleep,
    Fired,
    ScanSettings,
    activate,
    chat_of,
    prompt_pieces,
    settings_of_card,
)
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook

_CHAT = "User: The gate of Old Tarn is shut.\n\nMira: I have the key, and two lamps."


def entry(keys: str = "", content: str = "x", **fields: object) -> BookEntry:
    """An entry; what is no field of V2 goes to its extensions."""
    known = {name: value for name, value in fields.items() if name in BookEntry.model_fields}
    extensions = {name: value for name, value in fields.items() if name not in known}
    names = keys.split("|") if keys else []
    return BookEntry.model_validate({"keys": names, "content": content, "extensions": extensions, **known})


def run(entries: Sequence[BookEntry], chat: str = _CHAT, **settings: object) -> Activation:
    """The test, with one token a character."""
    book = CharacterBook(entries=list(entries))
    return activate(book, chat_of(chat), ScanSettings(char="Mira", **settings), len)  # type: ignore[arg-type]


def fired(found: Activation) -> set[int]:
    """Indices of what fires."""
    return {each.index for each in found.fired}


def hit(found: Activation, index: int = 0) -> Fired:
    """One that fires."""
    return next(each for each in found.fired if each.index == index)


def why(found: Activation, index: int = 0) -> Asleep:
    """Why one does not."""
    return next(each for each in found.asleep if each.index == index)


def test_a_key_in_a_message_wakes_its_entry_and_is_told_with_its_place():
    """`checkWorldInfo`, PRIMARY KEYWORDS: the first key that is found."""
    found = run([entry("lamp|key")])
    place = hit(found).place
    assert place is not None
    assert (place.key, place.message, place.depth, place.start, place.end) == ("key", 1, 1, 11, 14)
    assert [(mark.message, mark.start, mark.end) for mark in found.marks] == [(1, 11, 14)]
    assert (found.messages, found.scanned, found.steps) == (2, 2, 2)


def test_names_of_speakers_are_searched_unless_that_is_off():
    """`Generate` in public/script.js: `${x.name}: ${x.mes}` where world_info_include_names."""
    place = hit(run([entry("Mira")])).place
    assert place is not None
    assert (place.in_name, place.start, place.end) == (True, 0, 4)
    assert why(run([entry("Mira")], include_names=False)).reason == "not_found"


def test_only_so_many_of_the_newest_messages_are_searched():
    """`WorldInfoBuffer.get`: entry.scanDepth ?? getDepth(); a depth of 0 searches nothing."""
    asleep = why(run([entry("gate")], scan_depth=1))
    assert (asleep.reason, asleep.number) == ("too_deep", 1)
    assert asleep.place is not None
    assert asleep.place.depth == 2
    assert fired(run([entry("gate", scan_depth=2)], scan_depth=1)) == {0}
    assert why(run([entry("gate", scan_depth=0)])).reason == "no_depth"


def test_case_and_whole_words_are_settings_that_an_entry_may_overrule():
    """`WorldInfoBuffer.matchKeys`, `#transformString`."""
    assert fired(run([entry("TARN")])) == {0}
    assert why(run([entry("TARN")], case_sensitive=True)).reason == "case"
    assert why(run([entry("TARN", case_sensitive=True)])).reason == "case"
    assert fired(run([entry("TARN", case_sensitive=False)], case_sensitive=True)) == {0}
    asleep = why(run([entry("lamp")]))
    assert asleep.reason == "part_of_word"
    assert asleep.place is not None
    assert asleep.place.start == 24
    assert fired(run([entry("lamp")], match_whole_words=False)) == {0}
    assert fired(run([entry("lamp", match_whole_words=False)])) == {0}
    assert fired(run([entry("two lamp")])) == {0}, "several words are looked for as they stand"


def test_a_key_between_slashes_is_an_expression_by_its_own_flags():
    """`parseRegexFromString`, `matchKeys`; what does not compile is plain text."""
    assert fired(run([entry("/old\\s+tarn/i", case_sensitive=True)])) == {0}
    assert why(run([entry("/old tarn/")])).reason == "not_found"
    assert why(run([entry("/(gate/")])) == Asleep(0, "expression_broken", key="/(gate/")
    assert fired(run([entry("/\\x01Mira: I/")])) == {0}, "each message has a mark before it"
    slow = run([entry("/(a+)+$/")], "Mira: " + "a" * 5_000 + "!")
    assert why(slow) == Asleep(0, "expression_slow", key="/(a+)+$/")


def test_macros_in_keys_and_contents_are_replaced():
    """`checkWorldInfo`: substituteParams of keys, and of the content before it is counted."""
    found = run([entry("{{char}}", "{{user}} fears {{char}}.")])
    assert hit(found).content == "User fears Mira."


@pytest.mark.parametrize(
    ("logic", "keys", "reason"),
    [
        (0, "gate|moon", ""),
        (0, "moon|sun", "secondary_missing"),
        (1, "gate|moon", ""),
        (1, "gate|key", "secondary_present"),
        (2, "moon|sun", ""),
        (2, "moon|gate", "secondary_present"),
        (3, "gate|key", ""),
        (3, "gate|moon", "secondary_missing"),
        (7, "gate", "logic_unknown"),
    ],
)
def test_secondary_keys(logic, keys, reason):
    """`checkWorldInfo`, matchSecondaryKeys: AND ANY, NOT ALL, NOT ANY, AND ALL."""
    found = run([entry("Tarn", selective=True, secondary_keys=keys.split("|"), selectiveLogic=logic)])
    assert (why(found).reason if found.asleep else "") == reason


def test_secondary_keys_count_only_for_selective_entries():
    """`checkWorldInfo`, hasSecondaryKeywords."""
    found = run([entry("Tarn", selective=False, secondary_keys=["moon"])])
    assert fired(found) == {0}
    told = why(run([entry("Tarn", selective=True, secondary_keys=["key", "moon"], selectiveLogic=3)]))
    assert (told.key, told.place.key if told.place else "") == ("moon", "Tarn")


def test_constant_off_and_decorators():
    """`checkWorldInfo`, the checks before the keys; `parseDecorators`."""
    found = run(
        [
            entry(constant=True),
            entry("Tarn", constant=True, enabled=False),
            entry(content="@@activate\nText"),
            entry("Tarn", "@@dont_activate\nText"),
            entry(),
        ]
    )
    assert {each.index: each.cause for each in found.fired} == {0: "constant", 2: "decorator"}
    assert hit(found, 2).content == "Text"
    assert [each.reason for each in found.asleep] == ["off", "dont_activate", "no_keys"]


def test_probability_is_told_and_not_rolled():
    """`checkWorldInfo`, verifyProbability; what it wakes is as likely as itself."""
    found = run(
        [
            entry("gate", "A raven.", probability=40),
            entry("raven", "A nest.", probability=50),
            entry("gate", probability=0),
            entry("gate", probability=10, useProbability=False),
        ]
    )
    assert {each.index: round(each.chance, 6) for each in found.fired} == {0: 0.4, 1: 0.2, 3: 1.0}
    assert [each.index for each in found.fired if each.certain] == [3]
    assert why(found, 2).reason == "never_drawn"


def test_of_several_that_may_wake_an_entry_the_likeliest_counts():
    """Not SillyTavern's, which rolls: here a chance is at least what is told."""
    found = run(
        [entry("gate", "raven", probability=40), entry("key", "raven", probability=90), entry("raven")]
    )
    place = hit(found, 2).place
    assert place is not None
    assert (place.entry, round(hit(found, 2).chance, 6)) == (1, 0.9)


def test_entries_wake_entries_step_by_step():
    """`checkWorldInfo`, scan_state.RECURSION."""
    entries = [entry("gate", "raven"), entry("raven", "nest"), entry("nest")]
    found = run(entries)
    assert {each.index: each.step for each in found.fired} == {0: 1, 1: 2, 2: 3}
    assert why(run(entries, recursive=False), 1) == Asleep(
        1, "not_woken_by_entry", why(run(entries, recursive=False), 1).place, "raven", others=(0,)
    )
    assert fired(run(entries, max_recursion_steps=2)) == {0, 1}


def test_recursion_may_be_prevented_refused_and_waited_for():
    """`checkWorldInfo`: preventRecursion, excludeRecursion, delayUntilRecursion and its levels."""
    found = run([entry("gate", "raven", prevent_recursion=True), entry("raven")])
    assert why(found, 1).reason == "not_woken_by_entry"
    found = run([entry("gate", "raven"), entry("raven", exclude_recursion=True)])
    assert (why(found, 1).reason, why(found, 1).others) == ("excluded_from_recursion", (0,))
    later = [
        entry("gate", delay_until_recursion=2),
        entry("gate", delay_until_recursion=True),
        entry("moon", delay_until_recursion=True),
    ]
    assert [each.reason for each in run(later, max_recursion_steps=1).asleep] == [
        "delayed_until_recursion"
    ] * 3
    found = run([*later, entry("key")])
    assert {each.index: each.step for each in found.fired} == {0: 4, 1: 2, 3: 1}
    assert why(found, 2).reason == "not_found"


def test_minimum_activations_look_further_back():
    """`checkWorldInfo`, MIN ACTIVATIONS CHECK: one message at a time, without what recursion added."""
    chat = "\n\n".join(f"User: {word}" for word in ("moon", "gate", "lamp", "key"))
    entries = [entry("moon"), entry("gate"), entry("key")]
    assert fired(run(entries, chat)) == {2}
    assert fired(run(entries, chat, min_activations=2)) == {1, 2}
    assert run(entries, chat, min_activations=2).scanned == 3
    assert fired(run(entries, chat, min_activations=3, min_activations_depth=2)) == {1, 2}
    assert fired(run(entries, chat, min_activations=9)) == {0, 1, 2}


def test_the_budget_cuts_by_order_and_stops_everything():
    """`checkWorldInfo`, BUDGET OVERFLOW CHECK: reached is over; what ignores it comes in all the same."""
    entries = [
        entry("gate", "a" * 9, insertion_order=300),
        entry("gate", "b" * 9 + " raven", insertion_order=200),
        entry("gate", "c", insertion_order=100),
        entry("gate", "d" * 50, insertion_order=50, ignore_budget=True),
        entry("raven"),
    ]
    found = run(entries, context=100, budget_percent=20)
    assert (found.budget, fired(found), [each.index for each in found.cut]) == (20, {0, 3}, [1, 2])
    assert why(found, 4).reason == "not_woken_by_entry", "after an overflow nothing is searched for"
    assert found.used == 61
    assert fired(run([entry("gate", "a" * 18)], context=100, budget_percent=20)) == {0}
    assert fired(run([entry("gate", "a" * 19)], context=100, budget_percent=20)) == set()
    assert run([], context=8192, budget_percent=25).budget == 2048
    assert run([], context=8192, budget_cap=500).budget == 500


def test_what_recursion_searches_counts_in_the_next_step():
    """`checkWorldInfo`: textToScanTokens is of allActivatedText, which lacks what prevents recursion."""
    entries = [entry("gate", "raven" + "." * 9), entry("raven", "b" * 8)]
    assert fired(run(entries, context=100, budget_percent=20)) == {0}
    hidden = [
        entry("gate", "." * 14, prevent_recursion=True),
        entry("gate", "raven"),
        entry("raven", "b" * 8),
    ]
    assert fired(run(hidden, context=100, budget_percent=22)) == {0, 1, 2}


def test_inclusion_groups_are_shown_with_chances_and_not_drawn():
    """`filterByInclusionGroups`: a draw by weight."""
    found = run([entry("gate", group="g"), entry("gate", group="g", group_weight=300), entry("key")])
    (rivalry,) = hit(found, 0).rivalries
    assert (rivalry.group, set(rivalry.rivals), rivalry.chance) == ("g", {0, 1}, 0.25)
    assert (hit(found, 1).chance, hit(found, 2).chance) == (0.75, 1)


def test_inclusion_groups_know_priority_scores_and_earlier_winners():
    """`filterByInclusionGroups`, `filterGroupsByScoring`, `getScore`."""
    first = entry("gate", group="g", group_override=True, insertion_order=50)
    found = run([first, entry("gate", group="g")])
    assert (fired(found), why(found, 1).reason, why(found, 1).others) == ({0}, "group_priority", (0,))
    scored = [entry("gate|Tarn", group="g"), entry("gate|moon", group="g")]
    found = run(scored, use_group_scoring=True)
    assert (fired(found), why(found, 1).reason) == ({0}, "group_score")
    assert fired(run(scored)) == {0, 1}
    own = [entry("gate|Tarn", group="g"), entry("gate", group="g", use_group_scoring=True)]
    assert fired(run(own)) == {0}
    found = run([entry("gate", "raven", group="g"), entry("raven", group="g")])
    assert (why(found, 1).reason, why(found, 1).others) == ("group_taken", (0,))
    found = run([entry("gate", group="g"), entry("gate", group="g", group_weight=0)])
    assert why(found, 1).reason == "group_weight"


def test_of_a_group_only_the_longest_counts_for_the_budget():
    """Not SillyTavern's, which has drawn by then: the worst case is told."""
    group = [entry("gate", "a" * 11, group="g"), entry("gate", "b" * 5, group="g"), entry("key", "c" * 5)]
    found = run(group, context=100, budget_percent=20)
    assert (fired(found), found.used) == ({0, 1, 2}, 18)


def test_delay_character_and_trigger_hold_an_entry_back():
    """`checkWorldInfo`: triggers, characterFilter; `#checkDelayEffect`."""
    only = {"characterFilter": {"isExclude": False, "names": ["Bob"], "tags": []}}
    never = {"characterFilter": {"isExclude": True, "names": ["Mira"], "tags": []}}
    found = run(
        [
            entry("gate", delay=3),
            entry("gate", delay=2),
            entry("gate", world_info=only),
            entry("gate", world_info=never),
            entry("gate", triggers=["quiet"]),
        ]
    )
    assert fired(found) == {1}
    assert [each.reason for each in found.asleep] == ["delay", "character", "character", "trigger"]
    assert fired(run([entry("gate", triggers=["quiet"])], trigger="quiet")) == {0}


def test_entries_stay_and_rest_by_the_turns_of_the_chat():
    """`WorldInfoTimedEffects`: each reply notes what fired, for so many messages."""
    chat = "\n\n".join(("User: the gate", "Mira: a", "User: b", "Mira: c", "User: d"))
    staying = entry("gate", scan_depth=1, sticky=5)
    assert hit(run([staying], chat)).cause == "sticky"
    assert why(run([entry("gate", scan_depth=1, sticky=4)], chat)).reason == "too_deep"
    resting = entry("gate", scan_depth=9, cooldown=3)
    asleep = why(run([resting], "\n\n".join(("User: the gate", "Mira: a", "User: gate"))))
    assert (asleep.reason, asleep.number) == ("cooldown", 1)
    unsure = entry("gate", scan_depth=1, sticky=5, probability=50)
    assert why(run([unsure], chat)).reason == "too_deep", "what may not have fired does not stay"


def test_texts_of_the_card_are_searched_for_entries_that_ask():
    """`WorldInfoBuffer.get`: matchCharacterDescription …; `globalScanData` in public/script.js."""
    card = Card(name="Mira", description="{{char}} owns a raven.", scenario="A storm.")
    entries = [
        entry("raven", match_character_description=True),
        entry("storm", match_scenario=True),
        entry("raven"),
    ]
    settings = settings_of_card(card, ScanSettings())
    found = activate(CharacterBook(entries=entries), chat_of(_CHAT), settings, len)
    assert {each.index: each.place.source for each in found.fired if each.place} == {
        0: "match_character_description",
        1: "match_scenario",
    }


def test_the_prompt_is_put_together_by_position_and_order():
    """`checkWorldInfo`, BUILDING PROMPT: lower orders first, of the same order what fired later."""
    found = run(
        [
            entry("gate", "late", insertion_order=200),
            entry("gate", "first", insertion_order=10),
            entry("gate", "one", insertion_order=100),
            entry("gate", "two", insertion_order=100),
            entry("gate", "before", position="before_char"),
            entry("gate", "three", insertion_order=100),
        ]
    )
    assert [each.content for each in found.fired] == ["before", "first", "three", "two", "one", "late"]
    placed = run(
        [
            BookEntry(keys=["gate"], content="system", extensions={"position": 4, "depth": 2}),
            BookEntry(keys=["gate"], content="user", extensions={"position": 4, "depth": 2, "role": 1}),
            BookEntry(keys=["gate"], content="deeper", extensions={"position": 4, "depth": 4}),
            BookEntry(keys=["gate"], content="outlet", extensions={"position": 7, "outlet_name": "o"}),
            BookEntry(keys=["gate"], content="lost", extensions={"position": 7}),
            BookEntry(keys=["gate"], content="nowhere", extensions={"position": 99}),
            BookEntry(keys=["gate"], content="", extensions={"position": 0}),
        ]
    )
    pieces = [
        (each.position, each.depth, each.role, each.outlet, each.text) for each in prompt_pieces(placed.fired)
    ]
    assert pieces == [
        (4, 4, 0, "", "deeper"),
        (4, 2, 1, "", "user"),
        (4, 2, 0, "", "system"),
        (7, 0, 0, "o", "outlet"),
    ]


def test_of_the_same_order_smaller_ids_are_tried_first():
    """`getSortedEntries`: the file is an object by uid, and the sort is stable."""
    first, second = entry("gate", "a" * 15, id=7), entry("gate", "b" * 15, id=3)
    found = run([first, second], context=100, budget_percent=20)
    assert ([each.index for each in found.fired], [each.index for each in found.cut]) == ([1], [0])


def test_the_book_may_be_followed_where_sillytavern_does_not():
    """V2 (character_book: scan_depth, token_budget, recursive_scanning, priority) and V3 (use_regex)."""
    entries = [
        entry("gate", "aaaa raven", priority=1, insertion_order=200),
        entry("moon", priority=9),
        entry("ga.e", "bbbb", priority=5, use_regex=True),
    ]
    book = CharacterBook(entries=entries, scan_depth=3, token_budget=12, recursive_scanning=False)
    chat = chat_of("User: moon\n\n" + _CHAT)
    found = activate(book, chat, ScanSettings(follows_book=True), len)
    assert (fired(found), [each.index for each in found.cut], found.budget) == ({1, 2}, [0], 12)
    assert fired(activate(book, chat, ScanSettings(), len)) == {0}


def test_an_empty_book_and_an_empty_chat():
    """`checkWorldInfo` returns at once without entries; constants need no chat."""
    assert run([]).fired == ()
    found = run([entry("gate"), entry(constant=True)], "")
    assert (fired(found), why(found).reason, found.messages) == ({1}, "not_found", 0)
