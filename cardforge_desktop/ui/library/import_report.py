"""An import's report as the rows and counts people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from cardforge_desktop.ui.library.report_dialog import ReportLine
from cardforge_desktop.ui.theme import Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.cards.importing import ImportItem, ImportReport

#: Status → word, icon, tone; what needs a look comes first.
_STATUSES: dict[str, tuple[str, str, Tone]] = {
    "failed": (QT_TRANSLATE_NOOP("ImportReport", "Not read"), "circle-x", Tone.ERROR),
    "picture": (QT_TRANSLATE_NOOP("ImportReport", "Picture only"), "image", Tone.WARN),
    "added": (QT_TRANSLATE_NOOP("ImportReport", "Added"), "circle-check", Tone.OK),
    "duplicate": (QT_TRANSLATE_NOOP("ImportReport", "Already there"), "copy", Tone.INFO),
}
_WARNED = (QT_TRANSLATE_NOOP("ImportReport", "Added, mended"), "triangle-alert", Tone.WARN)

translate = QCoreApplication.translate


def report_lines(report: ImportReport) -> list[ReportLine]:
    """A row for each file, and one more for each further remark; what needs a look first.

    Lorebooks are left out: they were handed on to the books, whose report tells of them.
    """
    order = list(_STATUSES)
    cards = [item for item in report.items if item.status != "book"]
    items = sorted(cards, key=lambda item: (order.index(item.status), not item.warnings))
    return [line for item in items for line in _lines(item)]


def _lines(item: ImportItem) -> Iterator[ReportLine]:
    is_mended = item.status == "added" and item.warnings
    word, icon, tone = _WARNED if is_mended else _STATUSES[item.status]
    remarks = [text for text in (item.message, *item.warnings) if text] or [""]
    for text in remarks:
        yield ReportLine(translate("ImportReport", word), icon, tone, item.name, text, item.card_id)


class ImportCounts(QObject):
    """What came in, counted. An object, since only those find the plural of their words."""

    def chips(self, report: ImportReport) -> list[tuple[str, str]]:
        """Each count with its tone; kinds of which there is none are left out."""
        counts = Counter(item.status for item in report.items)
        mended = sum(1 for item in report.items if item.warnings and item.status == "added")
        chips = [
            (self.tr("%n card(s) added", None, counts["added"]), counts["added"], "ok"),
            (self.tr("%n with warnings", None, mended), mended, "warn"),
            (self.tr("%n already there", None, counts["duplicate"]), counts["duplicate"], "info"),
            (self.tr("%n picture(s) only", None, counts["picture"]), counts["picture"], "warn"),
            (self.tr("%n not read", None, counts["failed"]), counts["failed"], "error"),
        ]
        return [(text, tone) for text, count, tone in chips if count]
