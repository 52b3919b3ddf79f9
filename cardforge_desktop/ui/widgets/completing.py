"""Words that are offered while one types into a line."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit


def complete(line: QLineEdit, words: Iterable[str]) -> None:
    """Offer the words that hold what is typed, whatever the case of letters."""
    completer = QCompleter(list(words), line)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    popup = completer.popup()
    if popup is not None:
        popup.setProperty(
            "role", "completion"
        )  # lists are see-through, and a window of its own would be black
    line.setCompleter(completer)
