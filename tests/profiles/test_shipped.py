"""The profiles that ship: right by the rules, tried on the examples, renewed where nobody changed them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cardforge_desktop.cards.formats import FORMATS, read_file
from cardforge_desktop.cards.lint import LintContext, lint
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.engines.base import Traits
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Hub
from cardforge_desktop.generation.model import Draft, GenerationError, Order
from cardforge_desktop.generation.schema import card_schema
from cardforge_desktop.generation.sentences import read_sentences, words
from cardforge_desktop.generation.writer import write_card
from cardforge_desktop.profiles.authors import SHIPPED_BY
from cardforge_desktop.profiles.model import FIELD_NAMES, Profile, ProfileContent
from cardforge_desktop.profiles.paths import with_value
from cardforge_desktop.profiles.rows import Stamp, insert_profile
from cardforge_desktop.profiles.service import Profiles, base_of
from cardforge_desktop.profiles.shipped import Shipped, shipped_profiles
from cardforge_desktop.profiles.validation import Validation
from cardforge_desktop.resources import resource
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.sources.reader import read
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from tests.generation.conftest import SMALL
from tests.generation.orders import Script, Watched
from tests.generation.small_model import SmallModel
from tests.generation.sources import SOURCES
from tests.support.app import open_workspace

SHIPPED = {each.id.removeprefix("profile_"): each for each in shipped_profiles()}
EXAMPLES = ("mirela.md", "oskar-brandt.html", "the-long-way-over-karsk.txt")
#: What a card of each type is called.
NAMES = {
    "character": ("Mirela Voss", "Oskar Brandt", "Ilka Dravin"),
    "scenario": ("Gannet Rock", "Hallow Quay", "The Long Way Over Karsk"),
    "group": ("Mirela and Tobin", "Oskar and Ilse", "Ilka, Anselm and Bishop"),
    "lorebook": ("Gannet Rock", "Hallow Quay", "The Long Way Over Karsk"),
}
#: Names of the examples that a book can have entries for.
THINGS = (
    ("Gannet Rock", "Tobin"),
    ("Hallow Quay", "Pim", "Station Nine"),
    ("Lower Vessin", "Marta", "Ostrel"),
)

each_profile = pytest.mark.parametrize("shipped", SHIPPED.values(), ids=SHIPPED.keys())
each_example = pytest.mark.parametrize("at", range(len(EXAMPLES)), ids=EXAMPLES)


def _order(shipped: Shipped, source: SourceText, traits: Traits) -> Order:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    profile = Profile(
        id=shipped.id, version=1, created_at=moment, updated_at=moment, **_parts(shipped.content)
    )
    return Order(source, profile, traits, lambda text: len(text) // 4 + 1)


def _parts(content: ProfileContent) -> dict[str, Any]:
    return {name: getattr(content, name) for name in ProfileContent.model_fields}


def _good_answer(order: Order, at: int) -> dict[str, Any]:
    """What a good model writes: sentences of the source in every field that is asked for, in its frame."""
    told = [one.text for one in read_sentences(order.source.text) if one.narration == one.text]
    started = iter(range(0, 100, 3))

    def prose(least: int) -> str:
        start, chosen = next(started), []
        while len(words(" ".join(chosen))) < least + 5:
            chosen.append(told[(start + len(chosen)) % len(told)])
        return " ".join(chosen)

    config = order.profile.config
    answer: dict[str, Any] = {}
    for name in FIELD_NAMES:
        answer[name] = prose(config.fields[name].min_words)
    answer |= {
        "name": NAMES[order.profile.type][at],
        "mes_example": "<START>\n{{user}}: Where am I?\n{{char}}: "
        + prose(config.fields["mes_example"].min_words),
        "alternate_greetings": [
            prose(config.fields["alternate_greetings"].min_words) for _ in range(config.greetings)
        ],
        "tags": ["sea", "snow"],
        "world": "",
        "class": "",
        "book": [
            {"name": key, "category": "Places", "keys": [key], "content": f"{key} is in it."}
            for key in THINGS[at]
        ],
    }
    return {name: answer[name] for name in card_schema(order)["properties"]}


def _check(order: Order, draft: Draft, at: int, *, left_out: frozenset[str] = frozenset()) -> None:
    """A card has the fields its profile writes and no others, and comes back from each of its formats."""
    card, profile = draft.card, order.profile
    assert card.name == NAMES[profile.type][at]
    wanted = {name for name, plan in profile.config.fields.items() if plan.write} - left_out
    if not profile.config.greetings:
        wanted -= {"alternate_greetings"}
    assert {name for name in FIELD_NAMES if getattr(card, name)} - left_out == wanted
    assert (card.character_book is not None) == profile.config.book.include
    if card.character_book is not None:
        assert 0 < len(card.character_book.entries) <= profile.config.book.max_entries
    package = CardPackage(card)
    for name in profile.config.formats:
        back = read_file(FORMATS[name].write(package), f"card.{FORMATS[name].extension}").package.card
        if FORMATS[name].name in ("worldinfo", "lorebook"):
            assert _entries(back) == _entries(card)
        else:
            assert back.model_dump(include=set(FIELD_NAMES)) == card.model_dump(include=set(FIELD_NAMES))
            assert _entries(back) == _entries(card)
    context = LintContext(lambda text: len(text) // 4 + 1, 8_192)
    assert [finding for finding in lint(card, context) if finding.severity == "error"] == []


def _entries(card: Card) -> list[tuple[list[str], str]]:
    book = card.character_book
    return [] if book is None else [(entry.keys, entry.content) for entry in book.entries]


def test_the_rules_have_nothing_to_say_of_them() -> None:
    with open_workspace() as workspace:
        found = {each.id: workspace.profiles.validate(each.content, each.id) for each in SHIPPED.values()}
    assert found == dict.fromkeys(found, Validation())


def test_they_are_seven_and_each_says_what_it_is_for() -> None:
    assert list(SHIPPED) == sorted(
        ["compact", "default", "group", "lorebook", "plist_ali_chat", "rich_prose", "scenario"]
    )
    contents = [each.content for each in SHIPPED.values()]
    assert len({content.name.casefold() for content in contents}) == len(contents)
    assert all(20 < len(content.description) < 260 for content in contents)


@each_profile
def test_every_field_that_is_written_is_told_what_belongs_in_it(shipped: Shipped) -> None:
    config, prompts = shipped.content.config, shipped.content.prompts
    for name, plan in config.fields.items():
        assert prompts.fields[name] or not plan.write, name
        assert plan.max_tokens >= 1.6 * plan.words, f"{name}: no room for other languages"


@each_profile
@each_example
def test_a_good_model_writes_it_in_one_answer(shipped: Shipped, at: int) -> None:
    order = _order(shipped, read(resource("examples", EXAMPLES[at])), Traits())
    answer = _good_answer(order, at)
    Draft202012Validator(card_schema(order)).validate(answer)
    ask = Script([answer])
    draft = write_card(order, ask, Watched())
    assert [step for step, _ in ask.asked] == ["card"]
    assert draft.warnings == ()
    _check(order, draft, at)


@each_profile
@each_example
def test_a_small_model_writes_it_step_by_step(shipped: Shipped, at: int) -> None:
    order = _order(shipped, read(resource("examples", EXAMPLES[at])), SMALL)
    model = SmallModel()
    draft = write_card(order, model, Watched())
    # Where a source has no second moment or too few telling words there are none of these.
    _check(order, draft, at, left_out=frozenset({"alternate_greetings", "tags"}))
    fields = {step.partition(":")[0] for step in model.steps}
    written = {name for name, plan in order.profile.config.fields.items() if plan.write}
    assert fields <= written | ({"book"} if order.profile.config.book.include else set())
    if not order.profile.config.greetings:
        assert draft.card.alternate_greetings == []


@each_example
def test_a_compact_card_is_shorter_than_a_rich_one_and_takes_fewer_calls(at: int) -> None:
    made = {}
    for name in ("compact", "default", "rich_prose"):
        model = SmallModel()
        order = _order(SHIPPED[name], read(resource("examples", EXAMPLES[at])), SMALL)
        card = write_card(order, model, Watched()).card
        told = f"{card.description} {card.personality} {card.scenario} {card.first_mes} {card.mes_example}"
        made[name] = (len(words(told)), len(model.steps))
    assert made["compact"][0] < made["default"][0] <= made["rich_prose"][0]
    assert made["compact"][1] < made["default"][1] <= made["rich_prose"][1]


@each_example
def test_a_group_has_a_part_and_a_voice_for_each(at: int) -> None:
    order = _order(SHIPPED["group"], read(resource("examples", EXAMPLES[at])), SMALL)
    card = write_card(order, SmallModel(), Watched()).card
    shorts = card.name.replace(" and ", ", ").split(", ")
    for short in shorts:
        assert any(line.startswith(short) and ": " in line for line in card.description.splitlines()), short
    entries = {entry.name for entry in card.character_book.entries} if card.character_book else set()
    assert not {name for name in entries if name and name.split()[0] in shorts}


def test_each_of_a_group_speaks_where_the_source_lets_them() -> None:
    source = read(resource("examples", "the-long-way-over-karsk.txt"))
    card = write_card(_order(SHIPPED["group"], source, SMALL), SmallModel(), Watched()).card
    assert "Ilka: " in card.first_mes
    assert 'Anselm: "' in card.first_mes
    for short in ("Ilka", "Anselm"):
        assert f"{{{{char}}}}: {short}: " in card.mes_example, short
    assert "Bishop: " not in card.mes_example, "the mule says nothing in the source"


def test_the_people_of_a_script_speak_their_own_lines() -> None:
    card = write_card(_order(SHIPPED["group"], SOURCES["dialogue"][0], SMALL), SmallModel(), Watched()).card
    assert card.name == "Nadia and Felix"
    felix = next(line for line in card.description.splitlines() if line.startswith("Felix: "))
    assert "tram" in felix
    assert "FELIX" not in felix
    assert re.search(r"(?m)^\{\{char\}\}: Felix: .*tram", card.mes_example)


def test_a_group_of_one_is_a_person_and_says_so() -> None:
    draft = write_card(_order(SHIPPED["group"], SOURCES["smith"][0], SMALL), SmallModel(), Watched())
    assert draft.card.name == "Borin Axebeard"
    assert "Borin: " not in draft.card.first_mes
    assert any("names nobody beside Borin Axebeard" in warning for warning in draft.warnings)


def test_a_lorebook_without_an_entry_is_an_error_with_a_way_out() -> None:
    with pytest.raises(GenerationError, match="add some sentences") as caught:
        write_card(_order(SHIPPED["lorebook"], SOURCES["note"][0], SMALL), SmallModel(), Watched())
    assert caught.value.code == ErrorCode.INVALID_ANSWER


def test_a_wished_name_goes_before_what_the_source_says() -> None:
    for name in ("scenario", "group", "lorebook"):
        order = replace(
            _order(SHIPPED[name], SOURCES["ensemble"][0], SMALL), character_name="The Night Shift"
        )
        assert write_card(order, SmallModel(), Watched()).card.name == "The Night Shift"


def test_a_scenario_is_told_by_a_narrator() -> None:
    source = read(resource("examples", "oskar-brandt.html"))
    card = write_card(_order(SHIPPED["scenario"], source, SMALL), SmallModel(), Watched()).card
    assert card.description.startswith("{{char}} is the narrator")
    assert "Hallow Quay" in card.description
    assert "The Silent Ledger is the Guild's secret book" in card.description, (
        "an entry of a list is a sentence"
    )
    assert not card.first_mes.startswith("*")
    assert card.character_book is not None
    assert "Oskar Brandt" in {entry.name for entry in card.character_book.entries}


def test_a_lorebook_is_called_what_it_tells_of() -> None:
    source = read(resource("examples", "mirela.md"))
    card = write_card(_order(SHIPPED["lorebook"], source, SMALL), SmallModel(), Watched()).card
    assert card.character_book is not None
    assert card.character_book.name == "Gannet Rock"
    stored = json.loads(FORMATS["lorebook"].write(CardPackage(card)))
    assert stored["spec"] == "lorebook_v3"


# In a store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    migrate(store)
    yield store
    store.close()


def _with_older(store: Store, profile_id: str = "profile_default") -> Profiles:
    """A store as an older CardForge left it: this profile, in other words."""
    content = next(each.content for each in SHIPPED.values() if each.id == profile_id)
    older = with_value(content, "prompts.task", "Write a card of {source} with {fields}.")
    with store.write() as session:
        insert_profile(session, older, profile_id, Stamp(SHIPPED_BY, "shipped"))
    return Profiles(store, Hub(), "ana, window")


def test_a_profile_that_nobody_changed_is_renewed_as_a_new_version(store: Store) -> None:
    profiles = _with_older(store)
    profiles.add_shipped()
    renewed = profiles.get("profile_default")
    assert renewed.content == SHIPPED["default"].content
    assert (renewed.version, renewed.updated_by) == (2, SHIPPED_BY)
    newest, oldest = profiles.history("profile_default")
    assert (newest.number, newest.reason, oldest.number) == (2, "shipped", 1)
    assert profiles.at("profile_default", 1).prompts.task == "Write a card of {source} with {fields}."
    profiles.add_shipped()
    assert profiles.get("profile_default").version == 2, "nothing is renewed twice"


def test_a_profile_that_somebody_changed_stays_theirs(store: Store) -> None:
    profiles = _with_older(store)
    before = profiles.get("profile_default")
    mine = with_value(before.content, "description", "Mine.")
    profiles.save(before.id, mine, base_of(before))
    profiles.add_shipped()
    assert profiles.get("profile_default").content == mine
    assert profiles.get("profile_default").version == 2


def test_a_renamed_profile_keeps_its_name_and_is_no_longer_renewed(store: Store) -> None:
    profiles = _with_older(store)
    before = profiles.get("profile_default")
    profiles.save(before.id, with_value(before.content, "name", "The usual"), base_of(before))
    profiles.add_shipped()
    assert profiles.get("profile_default").name == "The usual"
    assert "Default" not in {profile.name for profile in profiles.profiles()}


def test_a_deleted_profile_stays_deleted(store: Store) -> None:
    profiles = _with_older(store)
    profiles.add_shipped()
    profiles.delete("profile_default")
    profiles.delete("profile_compact")
    profiles.add_shipped()
    left = {profile.id for profile in profiles.profiles()}
    assert left == {each.id for each in SHIPPED.values()} - {"profile_default", "profile_compact"}


def test_a_name_that_somebody_has_taken_is_theirs(store: Store) -> None:
    profiles = Profiles(store, Hub(), "ana, window")
    mine = profiles.create(with_value(SHIPPED["default"].content, "name", "Compact"))
    profiles.add_shipped()
    assert profiles.by_name("Compact").id == mine.id
    assert profiles.get("profile_compact").name != "Compact"
    version = profiles.get("profile_compact").version
    profiles.add_shipped()
    assert profiles.get("profile_compact").version == version
