"""What is done to entries of a book: pure functions from entries to steps.

`edits` change one entry, `changing` many; `splitting`, `joining` and `replacing` are one deed each.
"""

from cardforge_desktop.books.editing.changing import (
    Steps,
    changed,
    duplicate,
    fresh,
    inserted,
    number_order,
    removed,
    rename_category,
    set_category,
    set_enabled,
    toggle_enabled,
)
from cardforge_desktop.books.editing.joining import merge
from cardforge_desktop.books.editing.replacing import replace_text
from cardforge_desktop.books.editing.splitting import (
    pieces_at,
    pieces_by_heading,
    pieces_by_paragraph,
    split,
)

__all__ = [
    "Steps",
    "changed",
    "duplicate",
    "fresh",
    "inserted",
    "merge",
    "number_order",
    "pieces_at",
    "pieces_by_heading",
    "pieces_by_paragraph",
    "removed",
    "rename_category",
    "replace_text",
    "set_category",
    "set_enabled",
    "split",
    "toggle_enabled",
]
