"""The card as the app holds it: Character Card V3's fields, a superset of V1's and V2's.

Field names and defaults follow the V2 and V3 specifications (chara_card_v2, chara_card_v3). Unknown fields
of an object are kept beside the known ones, so that a card read and written unchanged stays whole. None
stands for an optional field that is absent: it is never written as ``null``.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

#: JSON's number: an integer stays an integer.
Number = int | float


class _Object(BaseModel):
    """Frozen, and keeps what it does not know. NaN and infinities are no JSON: refused."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)


class BookEntry(_Object):
    """One entry of a character book; `keys` wake it, `content` enters the prompt.

    `content` may begin with V3 decorators, lines like ``@@depth 4``.
    """

    keys: list[str] = Field(default_factory=list)
    content: str = ""
    extensions: dict[str, Any] = Field(default_factory=dict)
    enabled: bool = True
    insertion_order: Number = Field(default=100, description="lower comes earlier in the prompt")
    use_regex: bool = Field(default=False, description="V3: keys are regular expressions")
    case_sensitive: bool | None = None
    constant: bool | None = Field(default=None, description="always in the prompt, whatever the keys")
    selective: bool | None = Field(default=None, description="a secondary key has to match too")
    secondary_keys: list[str] | None = None
    position: Literal["before_char", "after_char"] | None = None
    priority: Number | None = Field(default=None, description="lower is dropped first")
    id: int | str | None = None
    name: str | None = Field(default=None, description="the title, not in the prompt")
    comment: str | None = Field(default=None, description="not in the prompt; SillyTavern's title")


class CharacterBook(_Object):
    """The lorebook in a card."""

    name: str | None = None
    description: str | None = None
    scan_depth: Number | None = Field(default=None, description="messages that are searched for keys")
    token_budget: Number | None = None
    recursive_scanning: bool | None = None
    extensions: dict[str, Any] = Field(default_factory=dict)
    entries: list[BookEntry] = Field(default_factory=list)


class Asset(_Object):
    """A file that belongs to a card (V3).

    Attributes:
        type: icon, background, user_icon, emotion or ``x_…``.
        uri: ``embeded://path`` (sic), ``ccdefault:``, http(s) or data.
        name: of several icons exactly one is named ``main``.
        ext: lower case, without a dot.
    """

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
    creator_notes: str = Field(default="", description="for people, never in the prompt")
    system_prompt: str = Field(default="", description="replaces the user's; '' keeps it")
    post_history_instructions: str = ""
    alternate_greetings: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    creator: str = ""
    character_version: str = ""
    extensions: dict[str, Any] = Field(default_factory=dict)
    character_book: CharacterBook | None = None
    # V3
    group_only_greetings: list[str] = Field(default_factory=list)
    nickname: str | None = Field(default=None, description="replaces {{char}}")
    creator_notes_multilingual: dict[str, str] | None = Field(default=None, description="by ISO 639-1 code")
    source: list[str] | None = Field(default=None, description="ids or URLs; only appended to")
    creation_date: Number | None = Field(default=None, description="unix seconds, 0 = unknown")
    modification_date: Number | None = Field(default=None, description="unix seconds, 0 = unknown")
    assets: list[Asset] | None = None
    # No field of a specification: where an object has `data`, some apps write more beside it.
    beside_data: dict[str, Any] = Field(
        default_factory=dict,
        description="unknown fields that stood beside `data` (SillyTavern: create_date, chat)",
    )
