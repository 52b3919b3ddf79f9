"""What deeds are called in the menu of undo, by how many entries they change. On any thread, as Qt allows."""

from __future__ import annotations

from cardforge_desktop.ui.formatting import translate


def new_entry(_count: int) -> str:
    """One new entry."""
    return translate("Books", "New entry")


def duplicate(count: int) -> str:
    """Copies within the book."""
    return translate("Books", "Duplicate %Ln entry(s)", None, count)


def delete(count: int) -> str:
    """Entries that go."""
    return translate("Books", "Delete %Ln entry(s)", None, count)


def toggle(count: int) -> str:
    """On and off."""
    return translate("Books", "Switch %Ln entry(s) on or off", None, count)


def number(count: int) -> str:
    """10, 20, 30."""
    return translate("Books", "Number the order of %Ln entry(s)", None, count)


def tidy(count: int) -> str:
    """Trimmed keys."""
    return translate("Books", "Tidy the keys of %Ln entry(s)", None, count)


def move(count: int) -> str:
    """Within the book, or to another one."""
    return translate("Books", "Move %Ln entry(s)", None, count)


def copy(count: int) -> str:
    """Into another book."""
    return translate("Books", "Copy %Ln entry(s)", None, count)


def cut(count: int) -> str:
    """Onto the clipboard."""
    return translate("Books", "Cut %Ln entry(s)", None, count)


def paste(count: int) -> str:
    """From the clipboard."""
    return translate("Books", "Paste %Ln entry(s)", None, count)


def split(count: int) -> str:
    """Into so many."""
    return translate("Books", "Split an entry into %Ln", None, count)


def merge(count: int) -> str:
    """Of so many, one is left."""
    return translate("Books", "Merge %Ln entry(s)", None, count)


def change(count: int) -> str:
    """Several fields at once."""
    return translate("Books", "Edit %Ln entry(s)", None, count)


def category(count: int) -> str:
    """One field, which people sort by."""
    return translate("Books", "Set the category of %Ln entry(s)", None, count)


def replace(count: int) -> str:
    """Find and replace."""
    return translate("Books", "Replace in %Ln entry(s)", None, count)
