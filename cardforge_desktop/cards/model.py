"""The card as the app holds it: Character Card V3's fields, a superset of V1's and V2's.

Field names and defaults follow the V2 and V3 specifications (chara_card_v2, chara_card_v3). Unknown fields
of an object are kept beside the known ones, so that a card read and written unchanged stays whole.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Object(BaseModel):
    """Frozen, and keeps what it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow")


class BookEntry(_Object):
    """One entry of a character book; `keys` wake it, `content` enters the prompt."""

    keys: list[str] = Field(default_factory=list)
    content: str = ""
    extensions: dict[str, Any] = Field(default_factory=dict)
    enabled: bool = True
    insertion_order: int = 100
    use_regex: bool = False
    case_sensitive: bool | None = None
    constant: bool | None = None
    selective: bool | None = None
    secondary_keys: list[str] | None = None
    position: Literal["before_char", "after_char"] | None = None
    priority: int | None = None
    id: int | str | None = None
    name: str | None = None
    comment: str | None = None


class CharacterBook(_Object):
    """The lorebook in a card."""

    name: str | None = None
    description: str | None = None
    scan_depth: int | None = None
    token_budget: int | None = None
    recursive_scanning: bool | None = None
    extensions: dict[str, Any] = Field(default_factory=dict)
    entries: list[BookEntry] = Field(default_factory=list)


class Asset(_Object):
    """A file that belongs to a card (V3)."""

    type: str
    uri: str
    name: str
    ext: str


class Card(_Object):
    """A character card. Strings default to "", lists to empty, as V2 asks."""

    name: str = ""
    description: str = ""
    personality: str = ""
    scenario: str = ""
    first_mes: str = ""
    mes_example: str = ""
    creator_notes: str = ""
    system_prompt: str = ""
    post_history_instructions: str = ""
    alternate_greetings: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    creator: str = ""
    character_version: str = ""
    extensions: dict[str, Any] = Field(default_factory=dict)
    character_book: CharacterBook | None = None
    # V3
    group_only_greetings: list[str] = Field(default_factory=list)
    nickname: str | None = None
    creator_notes_multilingual: dict[str, str] | None = None
    source: list[str] | None = None
    creation_date: int | None = None
    modification_date: int | None = None
    assets: list[Asset] | None = None
