"""What is said of sources that were found: those that are in the queue already are asked about."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui.batch.builder.reading import Found
from cardforge_desktop.ui.services import Link, Notice

translate = QCoreApplication.translate
_NAMED = 2


def found_notice(
    found: Found, add: Callable[[], object], skip: Callable[[], object] | None = None
) -> Notice | None:
    """None = nothing is to be said.

    Args:
        add: adds the known ones in spite of it.
        skip: takes the message away; None where it can be closed only.
    """
    notes = "\n".join(found.notes)
    if found.known:
        text = translate(
            "FoundSources",
            "%n source(s) are in the queue or in this list already: %1",
            None,
            len(found.known),
        )
        names = ", ".join(source.name for source in found.known[:_NAMED])
        text = text.replace("%1", names + ("…" if len(found.known) > _NAMED else ""), 1)
        links = [Link(translate("FoundSources", "Add anyway"), add)]
        if skip is not None:
            links.append(Link(translate("FoundSources", "Skip"), skip))
        return Notice(text, "warn", links=tuple(links), details=notes)
    if notes:
        count = len(found.notes)
        text = translate("FoundSources", "Passed over %n file(s) that did not hold a card.", None, count)
        return Notice(text, details=notes)
    if not found.new:
        return Notice(translate("FoundSources", "No source was found there."), "warn", lasting=False)
    return None
