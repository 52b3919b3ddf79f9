"""Reads the cards that stand side by side, and where each differs from the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.text_diff import Hunk, hunks
from cardforge_desktop.ui.card_texts import card_texts

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

#: Longer texts are compared as a whole only: a minute of reading is no comparison by eye.
_LONGEST = 30_000


@dataclass(frozen=True, slots=True)
class Column:
    """One card.

    Attributes:
        texts: field → text, the name too.
        marks: field → how its text came to differ from the first card's; absent = no
            difference, or the first card.
        permanent: tokens that stay in every prompt; None = not counted yet.
        greetings, entries: how many there are.
    """

    item: ItemView
    card_id: str
    name: str
    texts: Mapping[str, str]
    permanent: int | None = None
    greetings: int = 0
    entries: int = 0
    marks: Mapping[str, tuple[Hunk, ...]] = field(default_factory=dict)


def read_columns(workspace: Workspace, item_ids: Sequence[str]) -> tuple[Column, ...]:
    """The cards of these items in their order; items whose card is gone are left out. Slow."""
    views = {item.id: item for item in workspace.batches.items(item_ids)}
    columns: list[Column] = []
    for item_id in item_ids:
        item = views.get(item_id)
        if item is None or item.card_id is None:
            continue
        stored = workspace.library.card(item.card_id)
        card = stored.card
        texts = {"name": card.name, **card_texts(card)}
        columns.append(
            Column(
                item,
                item.card_id,
                card.name,
                texts,
                stored.summary.permanent_tokens,
                len(card.alternate_greetings),
                len(card.character_book.entries) if card.character_book else 0,
                _marks(columns[0].texts, texts) if columns else {},
            )
        )
    return tuple(columns)


def _marks(first: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, tuple[Hunk, ...]]:
    """Where texts differ from those of the first card; a field that one of the two has not is no difference
    to be marked word by word."""
    marks: dict[str, tuple[Hunk, ...]] = {}
    for name, text in texts.items():
        before = first.get(name, "")
        if before and before != text and max(len(before), len(text)) <= _LONGEST:
            marks[name] = hunks(before, text)
    return marks


def field_names(columns: Sequence[Column]) -> list[str]:
    """Every field that one of the cards has, in the order of the card that has most of them."""
    names: list[str] = []
    for column in sorted(columns, key=lambda each: len(each.texts), reverse=True):
        for at, name in enumerate(column.texts):
            if name not in names:
                before = [other for other in list(column.texts)[:at] if other in names]
                names.insert(names.index(before[-1]) + 1 if before else 0, name)
    return names
