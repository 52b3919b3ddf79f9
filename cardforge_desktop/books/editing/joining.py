"""Several entries into one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cardforge_desktop.books.editing.changing import Steps, removed
from cardforge_desktop.books.editing.edits import united_keys
from cardforge_desktop.books.entry_fields import FIELDS
from cardforge_desktop.books.model import Entry, EntryState, Put
from cardforge_desktop.cards.book_fields import OURS, category_of, title_of
from cardforge_desktop.cards.book_waking import decorators
from cardforge_desktop.cards.model import BookEntry

#: United, looked at on their own, or of no weight: any two entries differ in them.
_UNITED = frozenset({"keys", "content", "id", "name", "comment", "extensions", "secondary_keys"})


@dataclass(frozen=True, slots=True)
class Joined:
    """What merging entries would do.

    Attributes:
        steps: do it.
        entry: the one that stays, as it would be.
        lost: names of fields in which the others differ from the first, whose value is kept; those of
            `extensions` as ``extensions.depth``, decorators at the head of a content as ``decorators``.
    """

    steps: Steps
    entry: BookEntry
    lost: tuple[str, ...]


def merge(entries: Sequence[Entry]) -> Joined:
    """One entry of several, in this order: the first, with the contents and keys of all.

    Secondary keys are united where both have the same logic; else the first's are kept.

    Args:
        entries: two or more, of one book.
    """
    first, *others = (each.entry for each in entries)
    head, body = _parted(first)
    contents = list(
        dict.fromkeys(text for text in (body, *(_parted(each)[1] for each in others)) if text.strip())
    )
    exact = bool(FIELDS["case_sensitive"].read(first))
    keys = united_keys(first.keys, *(each.keys for each in others), case_sensitive=exact)
    made = first.model_copy(update={"content": head + "\n\n".join(contents), "keys": keys})
    united = [each for each in others if _logic(each) == _logic(first)]
    if first.secondary_keys and any(each.secondary_keys for each in united):
        lists = (each.secondary_keys or () for each in (first, *united))
        made = FIELDS["secondary_keys"].write(made, united_keys(*lists, case_sensitive=exact))
    lost = sorted({name for each in others for name in _differing(first, each)})
    put = Put(entries[0].book_id, (EntryState(entries[0].id, made),))
    return Joined((put, *removed(entries[1:])), made, tuple(lost))


def _differing(first: BookEntry, other: BookEntry) -> list[str]:
    """Names of what of `other` would not be kept."""
    names = (
        type(first).model_fields.keys() | (first.model_extra or {}).keys() | (other.model_extra or {}).keys()
    )
    lost = [
        name
        for name in names - _UNITED
        if (value := getattr(other, name, None)) not in (None, "") and value != getattr(first, name, None)
    ]
    lost += [
        f"extensions.{name}"
        for name, value in other.extensions.items()
        if name != OURS and value is not None and first.extensions.get(name) != value
    ]
    if category_of(other) not in ("", category_of(first)):
        lost.append("category")
    if other.comment and other.comment not in (first.comment, title_of(other)):
        lost.append("comment")
    if other.secondary_keys and (_logic(other) != _logic(first) or not first.secondary_keys):
        lost.append("secondary_keys")
    if _parted(other)[0] not in ("", _parted(first)[0]):
        lost.append("decorators")
    return lost


def _parted(entry: BookEntry) -> tuple[str, str]:
    """Decorators with a line end behind them, and the text."""
    told, body = decorators(entry.content)
    if told and body == entry.content:  # nothing but decorators
        return entry.content, ""
    return ("\n".join(told) + "\n" if told else ""), body


def _logic(entry: BookEntry) -> tuple[bool, object]:
    """Whether the secondary keys count, and how."""
    return bool(entry.selective), entry.extensions.get("selectiveLogic") or 0
