"""What several drafts have in common. Pure, so that thousands can be gone through on a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeVar

from cardforge_desktop.batches.model import ItemView, SourceView
from cardforge_desktop.ui.batch import state

T = TypeVar("T")
#: Folders that are checked of a selection with different ones.
SOME_FOLDERS = 12


class Various(Enum):
    """Stands where the drafts differ."""

    VARIOUS = "various"


VARIOUS: Final = Various.VARIOUS


@dataclass(frozen=True, slots=True)
class Sum:
    """What the drafts will take.

    Attributes:
        tokens: of those that are estimated, as `state.total_tokens`.
        cost_low, cost: US dollars of those with a known price.
        waiting: not estimated yet.
        unproven: estimated, but only the most they may take is known: they have no part in `cost_low`.
        unpriced: estimated, but their price is not known.
        local: free of charge.
        exact: all were counted with the model's own tokenizer.
    """

    tokens: int = 0
    cost_low: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    waiting: int = 0
    unproven: int = 0
    unpriced: int = 0
    local: int = 0
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Common:
    """One value for each setting, or `VARIOUS`.

    Attributes:
        formats: each format that any of them has → whether all have it.
        outputs: the different folders, at most `SOME_FOLDERS`.
        targets: how many update a card.
        sources, warnings: of a single draft.
        source_count: files of all of them.
    """

    ids: tuple[str, ...]
    title: str
    profile: str | Various
    engine: str | Various
    include_book: bool | Various
    shared_book: str | Various
    book_tokens: int | Various
    character_name: str | Various
    output: Path | Various
    pattern: str | Various
    overwrite: bool | Various
    target: str | Various
    fields: tuple[str, ...] | Various
    formats: Mapping[str, bool]
    profiles: frozenset[str]
    outputs: tuple[Path, ...]
    targets: int
    sources: tuple[SourceView, ...]
    source_count: int
    warnings: tuple[str, ...]
    sum: Sum


def shared(values: Iterable[T]) -> T | Various:
    """The one value, or `VARIOUS`."""
    remaining = iter(values)
    first = next(remaining)
    return first if all(value == first for value in remaining) else VARIOUS


def common_of(items: Sequence[ItemView]) -> Common:
    """What one or more drafts have in common."""
    one = items[0] if len(items) == 1 else None
    return Common(
        ids=tuple(item.id for item in items),
        title=one.source if one else "",
        profile=shared(item.profile for item in items),
        engine=shared(item.engine for item in items),
        include_book=shared(item.include_book for item in items),
        shared_book=shared(item.shared_book for item in items),
        book_tokens=shared(item.book_tokens for item in items),
        character_name=shared(item.character_name for item in items),
        output=shared(item.output for item in items),
        pattern=shared(item.pattern for item in items),
        overwrite=shared(item.overwrite for item in items),
        target=shared(item.target for item in items),
        fields=shared(item.fields for item in items),
        formats=_formats(items),
        profiles=frozenset(item.profile for item in items),
        outputs=_folders(items),
        targets=sum(bool(item.target) for item in items),
        sources=one.sources if one else (),
        source_count=sum(len(item.sources) for item in items),
        warnings=one.warnings if one else (),
        sum=_sum(items),
    )


def _formats(items: Sequence[ItemView]) -> dict[str, bool]:
    kinds = {item.formats for item in items}
    return {name: all(name in kind for kind in kinds) for name in dict.fromkeys(sum(kinds, ()))}


def _folders(items: Sequence[ItemView]) -> tuple[Path, ...]:
    texts = dict.fromkeys(str(item.output) for item in items)
    return tuple(Path(text) for text in list(texts)[:SOME_FOLDERS])


def _sum(items: Sequence[ItemView]) -> Sum:
    estimated = [item for item in items if item.estimate_input is not None]
    paid = [item for item in estimated if not item.local]
    return Sum(
        tokens=sum(state.total_tokens(item)[0] or 0 for item in estimated),
        cost_low=sum((item.estimate_cost_low or Decimal(0) for item in paid), Decimal(0)),
        cost=sum((item.estimate_cost for item in paid if item.estimate_cost is not None), Decimal(0)),
        waiting=len(items) - len(estimated),
        unproven=sum(item.estimate_output_low is None for item in estimated),
        unpriced=sum(item.estimate_cost is None for item in paid),
        local=sum(item.local for item in items),
        exact=all(item.estimate_exact for item in estimated),
    )


def grouped(items: Sequence[ItemView], value_of: Callable[[ItemView], T]) -> dict[T, list[str]]:
    """Ids of the drafts by the value each of them gets."""
    parts: dict[T, list[str]] = {}
    for item in items:
        parts.setdefault(value_of(item), []).append(item.id)
    return parts


def formats_with(
    items: Sequence[ItemView],
    name: str,
    *,
    wanted: bool,
    formats_of: Callable[[ItemView], tuple[str, ...]] = lambda item: item.formats,
) -> dict[tuple[str, ...], list[str]]:
    """Ids of the drafts by the formats they get when one is ticked, or taken off; the others stay."""

    def after(item: ItemView) -> tuple[str, ...]:
        others = tuple(each for each in formats_of(item) if each != name)
        return (*others, name) if wanted else others

    return grouped(items, after)


def laid_over(item: ItemView, ahead: Mapping[str, Any]) -> ItemView:
    """A draft with what was wished of it but is not read back yet."""
    return replace(item, **ahead) if ahead else item
