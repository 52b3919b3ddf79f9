"""An existing card as the target: the asked fields change, nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardforge_desktop.cards.book_fields import with_made
from cardforge_desktop.cards.changes import changes
from cardforge_desktop.cards.contents import card_data
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.engines.base import Traits
from cardforge_desktop.generation.card_source import card_text
from cardforge_desktop.generation.model import GenerationError, Order
from cardforge_desktop.generation.schema import BOOK
from cardforge_desktop.generation.writer import write_card
from cardforge_desktop.profiles.model import FIELD_NAMES
from cardforge_desktop.sources.plain import source_text
from tests.generation.orders import GREETING, SOURCE, Script, Watched, card, order
from tests.support.cards import WHOLE_CARD, cards

STEPWISE = Traits(stepwise=True)
#: A field of the card for each the answer has, every one unlike any a strategy makes.
ANSWER = card(
    name="Mirela Voss the Second",
    system_prompt="{{original}} Write like the sea.",
    post_history_instructions="Keep her dry and brief.",
)
PLANS = {name: {"write": True} for name in FIELD_NAMES}


def update(target: Card, *fields: str, **settings: Any) -> Order:
    """An order to update `target` from the usual source, by a profile that asks for every field."""
    return replace(order(fields=PLANS, **settings), target=target, fields=fields)


def shown_to(script: Script) -> str:
    return "\n".join(message.content for message in script.asked[0][1].messages)


@settings(max_examples=60, deadline=None)
@given(cards(), st.sets(st.sampled_from([*FIELD_NAMES, BOOK]), min_size=1))
def test_exactly_the_asked_fields_change(target: Card, fields: set[str]) -> None:
    draft = write_card(update(target, *fields), Script([ANSWER]), Watched())
    before, after = card_data(target), card_data(draft.card)
    book_before, book_after = before.pop("character_book", None), after.pop("character_book", None)
    for name in FIELD_NAMES:
        if name in fields:
            assert after.pop(name) != before.pop(name, None) or name == "name"
    assert after == before
    if BOOK not in fields:
        assert book_after == book_before
    elif book_before is not None:
        kept = len(book_before["entries"])
        assert book_after["entries"][:kept] == book_before["entries"]
        assert len(book_after["entries"]) == kept + 1
        assert {**book_after, "entries": []} == {**book_before, "entries": []}


#: The first two words of its only sentence are a sentence: an answer begun with them is no answer.
WHOLE_AT_TWO_WORDS = Card(name="00 0.", scenario="{{char}} waves at {{user}}.")


@settings(max_examples=15, deadline=None)
@given(cards(), st.sets(st.sampled_from([*FIELD_NAMES, BOOK]), min_size=1))
@example(WHOLE_AT_TWO_WORDS, {"scenario"})
@example(Card(mes_example=";A0 0."), {BOOK})
@example(Card(mes_example=";A0 0.", character_book=CharacterBook(name="Mine")), {BOOK})
def test_a_small_model_that_says_nothing_of_use_leaves_what_stands_there(
    target: Card, fields: set[str]
) -> None:
    draft = write_card(update(target, *fields, traits=STEPWISE), Script(["Sure!"]), Watched())
    for change in changes(target, draft.card):
        name = change.field.split("[")[0].split(".")[0]
        assert {"character_book": BOOK}.get(name, name) in fields
        if name != "character_book":
            assert not getattr(target, name), "only what was empty is filled with the source's own words"
    if target.character_book is not None and draft.card.character_book is not None:
        kept, book = target.character_book, draft.card.character_book
        assert book.entries[: len(kept.entries)] == kept.entries, "a book keeps its entries and gets more"
        assert book.model_copy(update={"entries": []}) == kept.model_copy(update={"entries": []})


def test_without_narrowing_all_the_profile_asks_for_changes_and_nothing_else() -> None:
    target = WHOLE_CARD
    draft = write_card(replace(order(), target=target), Script([card()]), Watched())
    changed = {change.field.split("[")[0].split(".")[0] for change in changes(target, draft.card)}
    assert changed == {
        *("name", "description", "personality", "scenario", "first_mes", "mes_example"),
        *("alternate_greetings", "tags", "creator_notes", "character_book"),
    }
    assert draft.card.extensions == target.extensions
    assert [entry.name for entry in draft.card.character_book.entries] == ["Lamp", "Gannet Rock"]


def test_the_model_sees_the_card_and_is_asked_for_the_chosen_fields_only() -> None:
    script = Script([{"description": ANSWER["description"]}])
    write_card(update(WHOLE_CARD, "description"), script, Watched())
    ((_, prompt),) = script.asked
    assert list(prompt.schema["properties"]) == ["description"]
    told = shown_to(script)
    assert SOURCE in told
    assert "- description: " in told
    assert "- personality: " not in told
    shown = json.loads(told.partition("<card>")[2].partition("</card>")[0])
    assert shown["description"] == WHOLE_CARD.description
    assert shown["personality"] == WHOLE_CARD.personality


def test_a_card_that_is_its_own_source_is_not_shown_twice() -> None:
    own = source_text("old.png", "card", card_text(WHOLE_CARD))
    script = Script([ANSWER])
    write_card(replace(update(WHOLE_CARD), source=own), script, Watched())
    told = shown_to(script)
    assert told.count("A lighthouse keeper. 漢字 🜁") == 1
    assert "Draft." in told, "what the source does not tell is shown beside it"


def test_a_card_too_long_for_its_share_of_the_context_is_shown_in_part() -> None:
    long = WHOLE_CARD.model_copy(update={"personality": "patient " * 3_000})
    script = Script([ANSWER])
    write_card(update(long, traits=Traits(context_tokens=8_192)), script, Watched())
    told = shown_to(script)
    assert WHOLE_CARD.description in told
    assert "patient patient" not in told


def test_what_the_model_leaves_empty_stays_as_it_was_and_is_told() -> None:
    draft = write_card(update(WHOLE_CARD, "tags", "description"), Script([card(tags=[])]), Watched())
    assert draft.card.tags == WHOLE_CARD.tags
    assert draft.card.description == ANSWER["description"]
    assert any(warning.startswith("tags stays as it was") for warning in draft.warnings)


def test_a_bad_answer_is_asked_for_again_without_the_rest_of_the_card() -> None:
    script = Script(["no JSON at all", {"first_mes": GREETING}])
    draft = write_card(update(WHOLE_CARD, "first_mes"), script, Watched())
    assert draft.card == WHOLE_CARD.model_copy(update={"first_mes": GREETING})
    assert [list(prompt.schema["properties"]) for _, prompt in script.asked] == [["first_mes"]] * 2


def test_examples_get_the_frame_by_the_name_of_the_card() -> None:
    answer = {"mes_example": "<START>\nuser: Who are you, and why is the lamp dark?\nMirela: The light."}
    profile = {"mes_example": {"write": True}}
    wish = replace(order(fields=profile), target=WHOLE_CARD, fields=("mes_example",))
    draft = write_card(wish, Script([answer]), Watched())
    assert "{{char}}: The light." in draft.card.mes_example


def test_an_update_the_profile_has_nothing_for_is_refused_before_any_call() -> None:
    script = Script([ANSWER])
    wish = replace(order(), target=WHOLE_CARD, fields=("system_prompt",))
    with pytest.raises(GenerationError, match="system_prompt") as caught:
        write_card(wish, script, Watched())
    assert caught.value.code == "NOTHING_TO_WRITE"
    assert not script.asked


def _gannet(**own: Any) -> CharacterBook:
    return CharacterBook(entries=[BookEntry(name="The Gannet Rock", keys=["Gannet Rock"], id="3", **own)])


def test_the_book_of_an_update_grows_where_cardforge_wrote_it_and_stays_where_a_person_did() -> None:
    made = with_made(_gannet(content="It is bare.").entries[0])
    grown = write_card(
        update(Card(character_book=CharacterBook(entries=[made])), BOOK), Script([ANSWER]), Watched()
    )
    (entry,) = grown.card.character_book.entries
    assert entry.content == "It is bare. A rock with a lighthouse."
    assert entry.id == "3"
    mine = _gannet(content="It is bare.")
    beside = write_card(update(Card(character_book=mine), BOOK), Script([ANSWER]), Watched())
    assert beside.card.character_book.entries[:1] == mine.entries
    assert [each.content for each in beside.card.character_book.entries[1:]] == ["A rock with a lighthouse."]


def test_what_the_book_told_already_is_left_out_and_said() -> None:
    known = _gannet(content="Gannet Rock is a rock, with a lighthouse on it.")
    draft = write_card(update(Card(character_book=known), BOOK), Script([ANSWER]), Watched())
    assert draft.card.character_book == known
    assert any("stays as it was" in warning for warning in draft.warnings)
    tobin = {"name": "Tobin", "category": "People", "keys": ["Tobin"], "content": "He sailed into fog."}
    answer = card(book=[*ANSWER["book"], tobin])
    draft = write_card(update(Card(character_book=known), BOOK), Script([answer]), Watched())
    assert [each.name for each in draft.card.character_book.entries] == ["The Gannet Rock", "Tobin"]
    assert any("left out: Gannet Rock" in warning for warning in draft.warnings)
