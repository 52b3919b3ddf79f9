"""A profile: how cards are made, and in which words a model is asked for them.

Types only. What makes sense (ranges, lengths, names of engines) is told by `profiles.rules`, so that a form
can hold what is not right yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

#: The card fields a profile can ask a model for, in the order they are written.
FieldName = Literal[
    "name",
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "alternate_greetings",
    "system_prompt",
    "post_history_instructions",
    "tags",
    "creator_notes",
]
FIELD_NAMES: tuple[FieldName, ...] = (
    "name",
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "alternate_greetings",
    "system_prompt",
    "post_history_instructions",
    "tags",
    "creator_notes",
)
#: Fields that are written where a profile says nothing of them: no card of a person may come without.
REQUIRED: tuple[FieldName, ...] = FIELD_NAMES[:6]

#: What is made: a person; a place and a story told by a narrator; several people in one card; a book alone.
ProfileType = Literal["character", "scenario", "group", "lorebook"]
PointOfView = Literal["", "first", "second", "third"]
Tense = Literal["", "past", "present"]
#: "" = as the source is.
ContentRating = Literal["", "everyone", "teen", "mature"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldPlan(_Value):
    """How long one field is.

    Attributes:
        write: False leaves the field empty.
        words: about so many are asked for; 0 = as the instruction says.
        min_words: shorter answers are asked for again; 0 = may be empty.
        max_tokens: upper bound of the field (of each greeting).
    """

    write: bool = True
    words: int = 0
    min_words: int = 0
    max_tokens: int = 300


class BookPlan(_Value):
    """The character book: whether, how many entries at most, how long each."""

    include: bool = True
    max_entries: int = 8
    max_tokens: int = 120


class Sampling(_Value):
    """How the model chooses its words; None leaves it to the server. Small models have their own."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    repeat_penalty: float | None = None
    seed: int | None = None


class ProfileConfig(_Value):
    """The settings of a profile. `fields` has a plan for every field, in writing order.

    Attributes:
        engine: name of the connection that cards of this profile are made with where the person chooses none;
            "" = the one that is chosen in the app.
        model: asked for at that engine instead of the connection's own; "" = that one.
        language: "" = the language of the source.
        style: in free words, "terse, wry".
        greetings: alternate greetings.
        naming_pattern: a name or a template of `naming`.
    """

    engine: str = ""
    model: str = ""
    sampling: Sampling = Sampling()
    fields: dict[FieldName, FieldPlan] = Field(default_factory=dict, validate_default=True)
    greetings: int = 2
    language: str = ""
    point_of_view: PointOfView = ""
    tense: Tense = ""
    style: str = ""
    content_rating: ContentRating = ""
    book: BookPlan = BookPlan()
    formats: tuple[str, ...] = ("json", "v2", "tavernai")
    naming_pattern: str = "default"

    def model_at(self, engine: str) -> str:
        """The model that is asked for at this connection: the profile's own at its own engine, else ""."""
        own = self.engine.strip().casefold()
        return self.model.strip() if own and own == engine.strip().casefold() else ""

    @field_validator("fields", mode="after")
    @classmethod
    def _every_field(cls, given: dict[FieldName, FieldPlan]) -> dict[FieldName, FieldPlan]:
        return {name: given.get(name) or FieldPlan(write=name in REQUIRED) for name in FIELD_NAMES}


class ProfilePrompts(_Value):
    """The words a model is given, as templates (`profiles.templates`).

    Attributes:
        system: who the model is and what always holds.
        task: what it is to do; ``{source}`` and ``{fields}`` stand in it.
        fields: for each field what belongs in it, in writing order; "" = the field's name says it all.
        book: what the entries of the book are about.
        examples: texts that show how it is meant; "" = none.
    """

    system: str = ""
    task: str = ""
    fields: dict[FieldName, str] = Field(default_factory=dict, validate_default=True)
    book: str = ""
    examples: str = ""

    @field_validator("fields", mode="after")
    @classmethod
    def _every_field(cls, given: dict[FieldName, str]) -> dict[FieldName, str]:
        return {name: given.get(name, "") for name in FIELD_NAMES}


class ProfileContent(_Value):
    """What a person writes: all that a version consists of.

    Attributes:
        description: what the profile is for, for the one who chooses.
    """

    name: str
    description: str = ""
    type: ProfileType = "character"
    config: ProfileConfig = ProfileConfig()
    prompts: ProfilePrompts = ProfilePrompts()


class Profile(ProfileContent):
    """A stored profile at one version (specification, section 2.1).

    Attributes:
        version: from 1.
        created_by, updated_by: the user of the system and the face, ``ana, command line``.
    """

    id: str
    version: int
    created_at: datetime
    updated_at: datetime
    created_by: str = ""
    updated_by: str = ""

    @property
    def content(self) -> ProfileContent:
        """The profile without what the store knows of it."""
        return ProfileContent(**{name: getattr(self, name) for name in ProfileContent.model_fields})


def content_of(stored: Mapping[str, Any]) -> ProfileContent:
    """A content from plain JSON values; `content.model_dump(mode="json")` gives them.

    Raises:
        pydantic.ValidationError: a value has a wrong type, or is none that is known.
    """
    return ProfileContent.model_validate(stored)
