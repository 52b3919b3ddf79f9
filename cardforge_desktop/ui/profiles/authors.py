"""Who saved a profile, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

_FACES = {
    "window": QT_TRANSLATE_NOOP("ProfileAuthor", "window"),
    "command line": QT_TRANSLATE_NOOP("ProfileAuthor", "command line"),
    "local API": QT_TRANSLATE_NOOP("ProfileAuthor", "local API"),
}


def author_text(author: str) -> str:
    """``ana (command line)`` of ``ana, command line``; whoever is not known by a face stays as they are."""
    user, _, face = author.rpartition(", ")
    if face not in _FACES:
        return author or QCoreApplication.translate("ProfileAuthor", "somebody")
    text = QCoreApplication.translate("ProfileAuthor", "%1 (%2)")
    return text.replace("%2", QCoreApplication.translate("ProfileAuthor", _FACES[face]), 1).replace(
        "%1", user, 1
    )
