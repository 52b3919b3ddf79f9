"""A profile: which fields a card gets, how long, in which words they are asked for."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

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


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldPlan(_Value):
    """How one field is written.

    Attributes:
        write: False leaves the field empty.
        instruction: what the model is told to write; may hold ``{{char}}`` and ``{{user}}`` literally.
        max_tokens: upper bound of the field.
        min_words: shorter answers are asked for again (0 = may be empty).
    """

    write: bool = True
    instruction: str = ""
    max_tokens: int = Field(default=300, ge=1, le=8_000)
    min_words: int = Field(default=0, ge=0)


class BookPlan(_Value):
    """The character book: whether, how many entries, how long each."""

    include: bool = True
    max_entries: int = Field(default=8, ge=0, le=200)
    instruction: str = ""
    max_tokens: int = Field(default=120, ge=1, le=2_000)


class ProfileConfig(_Value):
    """The settings of a profile. `fields` has one plan for each field named in it."""

    fields: dict[FieldName, FieldPlan]
    book: BookPlan = BookPlan()
    greetings: int = Field(default=2, ge=0, le=20, description="alternate greetings")
    language: str = Field(default="", description="'' = the language of the source")
    temperature: float | None = Field(default=None, ge=0, le=2)
    formats: tuple[str, ...] = ("json", "v2", "tavernai")
    naming_pattern: str = "default"


class ProfilePrompts(_Value):
    """The words a model is given. Placeholders: ``{source}``, ``{name}``, ``{fields}``."""

    system: str
    task: str


class Profile(BaseModel):
    """A stored profile at one version."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    version: int
    config: ProfileConfig
    prompts: ProfilePrompts
    created_at: datetime
    updated_at: datetime
