"""What became of files with books, as the rows and counts people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.library.report_dialog import ReportLine
from cardforge_desktop.ui.theme import Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.books.exchange import TakenBook

#: Status → word, icon, tone; what needs a look comes first.
_STATUSES: dict[str, tuple[str, str, Tone]] = {
    "failed": (QT_TRANSLATE_NOOP("BookReport", "Not read"), "circle-x", Tone.ERROR),
    "empty": (QT_TRANSLATE_NOOP("BookReport", "Without a book"), "info", Tone.WARN),
    "added": (QT_TRANSLATE_NOOP("BookReport", "Book added"), "circle-check", Tone.OK),
    "duplicate": (QT_TRANSLATE_NOOP("BookReport", "Already there"), "copy", Tone.INFO),
}
_WARNED = (QT_TRANSLATE_NOOP("BookReport", "Book added, mended"), "triangle-alert", Tone.WARN)


def book_lines(items: Sequence[TakenBook]) -> list[ReportLine]:
    """A row for each file, and one more for each further remark; what needs a look first."""
    order = list(_STATUSES)
    ordered = sorted(items, key=lambda item: (order.index(item.status), not item.warnings))
    return [line for item in ordered for line in _lines(item)]


def _lines(item: TakenBook) -> Iterator[ReportLine]:
    is_mended = item.status == "added" and item.warnings
    word, icon, tone = _WARNED if is_mended else _STATUSES[item.status]
    remarks = [text for text in (_told(item), *item.warnings) if text] or [""]
    for text in remarks:
        yield ReportLine(
            translate("BookReport", word),
            icon,
            tone,
            item.name,
            text,
            book_id=item.book_id,
            beside=item.beside,
        )


def _told(item: TakenBook) -> str:
    if item.message or item.status != "added":
        return item.message
    text = translate("BookReport", "“%1”, %2")
    return text.replace("%2", words.entries_text(item.entries)).replace("%1", item.book_name)


class BookCounts(QObject):
    """What came in, counted. An object, since only those find the plural of their words."""

    def chips(self, items: Sequence[TakenBook]) -> list[tuple[str, str]]:
        """Each count with its tone; kinds of which there is none are left out."""
        counts = Counter(item.status for item in items)
        mended = sum(1 for item in items if item.warnings and item.status == "added")
        chips = [
            (self.tr("%n book(s) added", None, counts["added"]), counts["added"], "ok"),
            (self.tr("%n with warnings", None, mended), mended, "warn"),
            (self.tr("%n book(s) already there", None, counts["duplicate"]), counts["duplicate"], "info"),
            (self.tr("%n card(s) without a book", None, counts["empty"]), counts["empty"], "warn"),
            (self.tr("%n not read", None, counts["failed"]), counts["failed"], "error"),
        ]
        return [(text, tone) for text, count, tone in chips if count]
