"""A profile's words as a model gets them: templates filled in, settings said in whole sentences. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cardforge_desktop.cards.book_fields import CATEGORIES
from cardforge_desktop.engines.base import Sampling
from cardforge_desktop.generation.categories import OTHER
from cardforge_desktop.profiles.model import FieldName, ProfileContent, ProfileType
from cardforge_desktop.profiles.templates import filled, placeholders_in


@dataclass(frozen=True, slots=True)
class TypeWords:
    """What a type of profile makes, in words.

    Attributes:
        character: stands for ``{character}`` where nobody is named.
        about: what is said when a name is wished for.
        noted: what is to be written, as the notes on a long source are told.
        lines: of the field list, for what file names need; "" = nothing.
        narration: what has a point of view and a tense.
    """

    character: str
    about: str
    noted: str
    lines: str
    narration: str = "Tell the narration of the messages"


_WORLD = (
    "- world: the world, setting or place-name the story belongs to, a few words; "
    '"" when the source has none.\n'
)
TYPE_WORDS: Mapping[ProfileType, TypeWords] = {
    "character": TypeWords(
        "the source's main character",
        "The card is about {name}, whoever else the source tells of, and its name is exactly “{name}”. Write "
        "every field about {name}.",
        "A character card of {name} will be written from notes. Write the notes of this part: names spelled "
        "as they are, looks, habits, history, relations, places and things, what is going on, and up to five "
        "of that character's own sentences word for word.",
        f'{_WORLD}- class: {{{{char}}}}\'s trade, role or kind in one or two words; "" when unclear.',
    ),
    "scenario": TypeWords(
        "the place or story of the source",
        "The card is about the place or story “{name}”, and its name is exactly “{name}”.",
        "A scenario card of {name}, told by a narrator, will be written from notes. Write the notes of this "
        "part: names spelled as they are, places and how they look, who is there and what they want, rules "
        "and dangers, what is going on, and up to five sentences word for word that have its tone.",
        f'{_WORLD}- class: the kind of story or place in one or two words; "" when unclear.',
    ),
    "group": TypeWords(
        "the people of the source",
        "The card is about “{name}” and all who belong to it, and its name is exactly “{name}”.",
        "A card of {name}, several people in one, will be written from notes. Write the notes of this part: "
        "names spelled as they are; of each of them looks, habits, history, how they stand to the others; "
        "what is going on; and up to two of their own sentences word for word.",
        f'{_WORLD}- class: what these people are together, in one or two words; "" when unclear.',
    ),
    "lorebook": TypeWords(
        "the world of the source",
        "The book is about {name}, and its name is exactly “{name}”.",
        "A lorebook of {name} will be written from notes. Write the notes of this part: every place, person, "
        "faction, object, custom and event with its name spelled as it is, what it is, and how it stands to "
        "the others.",
        "",
        "Write the entries",
    ),
}
_PERSONS = {"first": "first person", "second": "second person", "third": "third person"}
_TENSES = {"past": "past tense", "present": "present tense"}
_RATINGS = {"": "as the source is", "everyone": "suitable for everyone", "teen": "suitable for teenagers"}
_RATINGS |= {"mature": "for adults"}
_LIMITS = {
    "everyone": "Keep it suitable for everyone: no sex, no gore or cruelty, no swearing, no drugs. Leave out "
    "what the source has of them, or only hint at it.",
    "teen": "Keep it suitable for teenagers: nothing sexual beyond a kiss, no gore, no strong swearing. "
    "Leave out what the source has of them, or only hint at it.",
    "mature": "It is for adults: violence, sex and strong language may stand where the source has them. "
    "Nobody under eighteen is ever part of anything sexual.",
}
#: Words of a field whose profile names no number but whose instruction asks for one, for each of its tokens.
_WORDS_A_TOKEN = 0.6


def sampling_of(profile: ProfileContent) -> Sampling:
    """How a good model is to choose its words."""
    return Sampling(**profile.config.sampling.model_dump())


def values_of(profile: ProfileContent, character: str = "") -> dict[str, str]:
    """What stands for the placeholders that every template may name.

    Args:
        character: whom the card is about, "" = as the source says.
    """
    config = profile.config
    return {
        "character": character or TYPE_WORDS[profile.type].character,
        "language": config.language.strip() or "the language of the source",
        "point_of_view": _PERSONS.get(config.point_of_view, "source's own point of view"),
        "tense": _TENSES.get(config.tense, "source's own tense"),
        "style": _style(profile) or "the source's own",
        "content_rating": _RATINGS[config.content_rating],
    }


def manner(profile: ProfileContent, said: Collection[str] = ()) -> str:
    """Language, point of view, tense, style and content rating in sentences, a paragraph.

    Args:
        said: placeholders that are named where all is told of; what they stand for is not said again.
    """
    config = profile.config
    language, style = config.language.strip(), _style(profile)
    told_in = [
        name
        for placeholder, name in (
            ("point_of_view", _PERSONS.get(config.point_of_view)),
            ("tense", _TENSES.get(config.tense)),
        )
        if name and placeholder not in said
    ]
    sentences = [
        f"Write in {language or 'the language of the source'}." if "language" not in said else "",
        f"{TYPE_WORDS[profile.type].narration} in the {', '.join(told_in)}." if told_in else "",
        f"Write in this style: {style}." if style and "style" not in said else "",
        _LIMITS.get(config.content_rating, "") if "content_rating" not in said else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def named_in(*templates: str) -> frozenset[str]:
    """The placeholders that stand in any of the templates."""
    return frozenset(each.name for template in templates for each in placeholders_in(template))


def times_told(profile: ProfileContent) -> int:
    """How often the source stands in a prompt: as often as it is named; once where no template names it."""
    templates = (profile.prompts.system, profile.prompts.task)
    named = [each for template in templates for each in placeholders_in(template) if each.name == "source"]
    return max(1, len(named))


def examples_of(profile: ProfileContent, values: Mapping[str, str]) -> str:
    """The profile's examples, filled in; "" when it has none."""
    return filled(profile.prompts.examples, values).strip()


def instruction(
    profile: ProfileContent, name: FieldName, values: Mapping[str, str], room: int | None = None
) -> str:
    """What belongs in a field and how long it is, without what the profile's words say themselves.

    Args:
        room: tokens that are given instead of the profile's length, where a person wishes for another one.
    """
    plan, template = profile.config.fields[name], profile.prompts.fields[name]
    said = named_in(template)
    words = plan.words or max(10, round(plan.max_tokens * _WORDS_A_TOKEN, -1))
    longest = plan.max_tokens if room is None else room
    each = " each" if name == "alternate_greetings" and room is None else ""
    told = {"words": f"{words:.0f}", "max_tokens": str(longest), "greetings": str(profile.config.greetings)}
    says_words = plan.words and room is None and "words" not in said
    parts = [
        filled(template, {**values, **told}).strip(),
        f"About {plan.words} words{each}." if says_words else "",
        f"At most {longest} tokens{each}." if "max_tokens" not in said else "",
    ]
    return " ".join(part for part in parts if part)


def field_line(profile: ProfileContent, name: FieldName, values: Mapping[str, str]) -> str:
    """A line of the field list: the name, the shape where it is no text, and what belongs in it."""
    shape = "a list of words. " if name == "tags" else ""
    if name == "alternate_greetings":
        is_said = "greetings" in named_in(profile.prompts.fields[name])
        shape = "a list. " if is_said else f"a list of {profile.config.greetings}. "
    return f"- {name}: {shape}{instruction(profile, name, values)}"


def book_line(profile: ProfileContent, values: Mapping[str, str]) -> str:
    """The line of the field list that asks for the book."""
    plan, template = profile.config.book, profile.prompts.book
    said = named_in(template)
    most = "" if "max_entries" in said else f"up to {plan.max_entries} "
    told = {"max_entries": str(plan.max_entries), "max_tokens": str(plan.max_tokens)}
    parts = [
        f"- book: a list of {most}objects with name, category, keys and content.",
        f"category is one of {', '.join(CATEGORIES)} or {OTHER}, in English.",
        filled(template, {**values, **told}).strip(),
        "" if "max_tokens" in said else f"At most {plan.max_tokens} tokens for each content.",
    ]
    return " ".join(part for part in parts if part)


def _style(profile: ProfileContent) -> str:
    return profile.config.style.strip().rstrip(".").strip()
