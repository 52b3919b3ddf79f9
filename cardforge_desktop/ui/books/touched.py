"""Which entries steps touch, and how many of them are let go. No Qt here; on any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardforge_desktop.ui.books.deeds import let_go

if TYPE_CHECKING:
    from cardforge_desktop.books.model import Change, EntryState, Step


def states(step: Step) -> tuple[EntryState, ...]:
    """The entries that a step puts."""
    from cardforge_desktop.books.model import Put

    return step.entries if isinstance(step, Put) else ()


def put_ids(step: Step) -> tuple[str, ...]:
    """Ids of the entries that a step puts."""
    return tuple(state.id for state in states(step))


def changed_ids(step: Step) -> tuple[str, ...]:
    """Ids of the entries whose content a step changes."""
    from cardforge_desktop.books.model import Remove

    return step.ids if isinstance(step, Remove) else put_ids(step)


def changes_rows(change: Change) -> bool:
    """Whether entries came, went or moved, beside those whose content changed."""
    same = {entry_id for step in change.undo for entry_id in put_ids(step)}
    return len(change.revisions) > 1 or same != set(change.versions) or len(change.undo) != 1


def free(done: list[tuple[Step, ...]]) -> None:
    """Let the entries go that steps put, in parts; the list is used up. Slow."""
    held = [state for steps in done for step in steps for state in states(step)]
    done.clear()
    let_go(held)
