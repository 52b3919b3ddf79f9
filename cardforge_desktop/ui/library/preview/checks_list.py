"""The rows of the checks: headings for severities and fields, and the findings below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cardforge_desktop.cards.lint import RULES
from cardforge_desktop.ui.library.preview.field_names import field_name
from cardforge_desktop.ui.theme import RADIUS, SPACE_M, SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import draw_elided

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding, Severity
    from cardforge_desktop.ui.icons import Icons

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
#: Findings that are listed; nobody mends more at once, and fewer are left afterwards.
MOST_FINDINGS = 200
_MOST_LINES = 3
_ICON = 16

SEVERITIES: dict[Severity, tuple[str, Tone, str]] = {
    "error": ("circle-x", Tone.ERROR, QT_TRANSLATE_NOOP("Checks", "Errors")),
    "warning": ("triangle-alert", Tone.WARN, QT_TRANSLATE_NOOP("Checks", "Warnings")),
    "hint": ("info", Tone.INFO, QT_TRANSLATE_NOOP("Checks", "Hints")),
}
_ONE = {
    "error": QT_TRANSLATE_NOOP("Checks", "Error in %1: %2"),
    "warning": QT_TRANSLATE_NOOP("Checks", "Warning in %1: %2"),
    "hint": QT_TRANSLATE_NOOP("Checks", "Hint in %1: %2"),
}


class ChecksRole(IntEnum):
    """What a row is."""

    FINDING = Qt.ItemDataRole.UserRole + 1  # a `Finding`, None for a heading
    SEVERITY = Qt.ItemDataRole.UserRole + 2  # of a heading of a severity, else ""


class ChecksModel(QAbstractListModel):
    """Findings by severity, then by field in the order in which they came."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, Severity | None, Finding | None]] = []  # text, severity, finding
        self.left_out = 0

    def replace(self, findings: Sequence[Finding]) -> None:
        """Other findings; of more than are listed, the most severe."""
        found: dict[Severity, list[Finding]] = {severity: [] for severity in SEVERITIES}
        for finding in findings:
            found[finding.severity].append(finding)
        self.beginResetModel()
        self._rows, room = [], MOST_FINDINGS
        for severity, some in found.items():
            self._rows += _rows(severity, some[:room])
            room -= len(some[:room])
        self.left_out = max(0, len(findings) - MOST_FINDINGS)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Headings and findings."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings are passed over: a finding says itself where it is."""
        if index.isValid() and self._rows[index.row()][2] is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:  # noqa: PLR0911
        """The message or the heading; more under `ChecksRole`."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        text, severity, finding = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.AccessibleTextRole:
                return text if finding is None else _spoken(finding)
            case Qt.ItemDataRole.ToolTipRole:
                return None if finding is None else finding.message
            case ChecksRole.FINDING:
                return finding
            case ChecksRole.SEVERITY:
                return severity or ""
        return None

    def row_of(self, finding: Finding) -> int:
        """Where a finding that says the same stands, -1 = it is gone."""
        wanted = _key(finding)
        return next((row for row, (_, _, each) in enumerate(self._rows) if each and _key(each) == wanted), -1)


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.field, finding.message


def _spoken(finding: Finding) -> str:
    text = QCoreApplication.translate("Checks", _ONE[finding.severity])
    return text.replace("%1", field_name(finding.field), 1).replace("%2", finding.message, 1)


def _rows(
    severity: Severity, findings: Sequence[Finding]
) -> Iterator[tuple[str, Severity | None, Finding | None]]:
    """A heading, and the findings below the names of their fields."""
    fields: dict[str, list[Finding]] = {}
    for finding in findings:
        fields.setdefault(field_name(finding.field), []).append(finding)
    if fields:
        yield QCoreApplication.translate("Checks", SEVERITIES[severity][2]), severity, None
    for name, found in fields.items():
        yield name, None, None
        for finding in found:
            yield finding.message, None, finding


class ChecksDelegate(QStyledItemDelegate):
    """Paints the rows; the fix of a finding can be clicked.

    Signals:
        fix_clicked(object): the `Finding`.
    """

    fix_clicked = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._icons, self._view = theme, icons, view
        self._heights: dict[tuple[str, int], int] = {}
        theme.changed.connect(self._measure)
        self._measure()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """As high as the message needs, within reason."""
        finding: Finding | None = index.data(ChecksRole.FINDING)
        if finding is None:
            heading = bool(index.data(ChecksRole.SEVERITY))
            return QSize(100, self._metrics.height() + (SPACE_M + SPACE_XS if heading else SPACE_S + 2))
        width = self._view.viewport().width() - 2 * SPACE_M - _ICON - SPACE_S
        text = self._height(finding.message, max(60, width))
        small = self._small.height()
        below = small if finding.fix is None else max(small, self._fix_size(finding).height())
        return QSize(100, text + below + 2 * SPACE_S + SPACE_XS)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A heading, or a finding with its rule and its fix."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        finding: Finding | None = index.data(ChecksRole.FINDING)
        if finding is None:
            self._heading(painter, option.rect, index)
        else:
            self._finding(painter, option, finding)
        painter.restore()

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on the fix."""
        finding: Finding | None = index.data(ChecksRole.FINDING)
        if (
            finding is not None
            and finding.fix is not None
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and self.fix_place(option.rect, finding).contains(event.position().toPoint())
        ):
            self.fix_clicked.emit(finding)
            return True
        return super().editorEvent(event, model, option, index)  # type: ignore[arg-type]

    def fix_place(self, rect: QRect, finding: Finding) -> QRect:
        """Where the fix of a row that lies in `rect` can be clicked; empty without one."""
        if finding.fix is None:
            return QRect()
        size = self._fix_size(finding)
        width = min(size.width(), rect.width() - 2 * SPACE_M - _ICON)
        place = QRect(
            rect.right() - SPACE_M - width, rect.bottom() - SPACE_S - size.height(), width, size.height()
        )
        return self._mirrored(place, rect)

    def caption(self, finding: Any) -> str:
        """What stands below the message."""
        return RULES[finding.rule].title

    def _heading(self, painter: QPainter, rect: QRect, index: Index) -> None:
        severity = index.data(ChecksRole.SEVERITY)
        text = str(index.data())
        inner = rect.adjusted(SPACE_S, 0, -SPACE_S, 0)
        if not severity:
            painter.setFont(self._theme.font(0.92, bold=True))
            painter.setPen(self._theme.tokens.tone(Tone.MUTED))
            self._draw(painter, inner.adjusted(0, SPACE_XS, 0, 0), rect, text)
            return
        icon, tone, _ = SEVERITIES[severity]
        place = QRect(inner.left(), inner.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        pixmap = self._icons.pixmap(icon, tone, _ICON, self._view.devicePixelRatioF())
        painter.drawPixmap(self._mirrored(place, rect), pixmap)
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(self._theme.tokens.tone(tone))
        self._draw(painter, inner.adjusted(_ICON + SPACE_S, 0, 0, 0), rect, text)

    def _finding(self, painter: QPainter, option: QStyleOptionViewItem, finding: Finding) -> None:
        tokens, rect = self._theme.tokens, option.rect
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            focused = bool(state & QStyle.StateFlag.State_HasFocus) and selected
            painter.setPen(tokens.tone(Tone.ACCENT) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if selected else tokens.hover))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        inner = rect.adjusted(SPACE_M, SPACE_S, -SPACE_M, -SPACE_S)
        icon, tone, _ = SEVERITIES[finding.severity]
        pixmap = self._icons.pixmap(icon, tone, _ICON, self._view.devicePixelRatioF())
        place = QRect(inner.left(), inner.top() + 1, _ICON, _ICON)
        painter.drawPixmap(self._mirrored(place, rect), pixmap)
        words = inner.adjusted(_ICON + SPACE_S, 0, 0, 0)
        height = self._height(finding.message, max(60, words.width()))
        painter.setFont(self._theme.font())
        painter.setPen(tokens.tone(Tone.TEXT))
        message = QRect(words.left(), words.top(), words.width(), height)
        painter.setClipRect(rect)
        self._wrapped(painter, self._mirrored(message, rect), finding.message)
        below = QRect(
            words.left(),
            message.bottom() + 1 + SPACE_XS,
            words.width(),
            inner.bottom() - message.bottom() - SPACE_XS,
        )
        fix = self.fix_place(rect, finding)
        painter.setFont(self._theme.font(0.92))
        painter.setPen(tokens.tone(Tone.MUTED))
        room = below.adjusted(0, 0, -fix.width() - (SPACE_S if fix.width() else 0), 0)
        self._draw(painter, room, rect, self.caption(finding))
        if finding.fix is not None:
            self._fix(painter, fix, finding.fix.label)

    def _fix(self, painter: QPainter, place: QRect, text: str) -> None:
        tokens = self._theme.tokens
        over = place.contains(self._view.viewport().mapFromGlobal(self._view.cursor().pos()))
        painter.setPen(QColor(tokens.border))
        painter.setBrush(QColor(tokens.hover if over else tokens.raised))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setFont(self._theme.font(0.92, bold=True))
        painter.setPen(tokens.tone(Tone.ACCENT))
        inner = place.adjusted(SPACE_S, 0, -SPACE_S, 0)
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignCenter), short)

    def _fix_size(self, finding: Finding) -> QSize:
        metrics = self._bold
        text = "" if finding.fix is None else finding.fix.label
        return QSize(metrics.horizontalAdvance(text) + 2 * SPACE_S + 2, metrics.height() + 2 * SPACE_XS)

    @Slot()
    def _measure(self) -> None:
        self._heights.clear()
        self._metrics = QFontMetrics(self._theme.font())
        self._small = QFontMetrics(self._theme.font(0.92))
        self._bold = QFontMetrics(self._theme.font(0.92, bold=True))

    def _height(self, text: str, width: int) -> int:
        height = self._heights.get((text, width))
        if height is None:
            if len(self._heights) > 4 * MOST_FINDINGS:
                self._heights.clear()
            metrics = self._metrics
            whole = metrics.boundingRect(
                QRect(0, 0, width, 10_000), _WRAP, text[: _most_characters(metrics, width)]
            )
            # not a multiple of the line's height: that is rounded, and a pixel less hides a whole line
            most = metrics.boundingRect(QRect(0, 0, width, 10_000), _WRAP, "\n".join("x" * _MOST_LINES))
            height = min(whole.height(), most.height())
            self._heights[text, width] = height
        return height

    def _wrapped(self, painter: QPainter, place: QRect, text: str) -> None:
        """The first lines of a text; the last of them says that it goes on."""
        metrics = painter.fontMetrics()
        text = text[: _most_characters(metrics, place.width())]
        while (
            text
            and metrics.boundingRect(QRect(0, 0, place.width(), 10_000), _WRAP, text).height()
            > place.height()
        ):
            text = text.rstrip("…")[: -max(4, len(text) // 20)].rstrip() + "…"
        painter.drawText(place, _WRAP | int(Qt.AlignmentFlag.AlignTop), text)

    def _draw(self, painter: QPainter, place: QRect, rect: QRect, text: str) -> None:
        place = self._mirrored(place, rect)
        if self._is_mirrored:
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), short)
        else:
            draw_elided(painter, place, text)

    @property
    def _is_mirrored(self) -> bool:
        return self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _mirrored(self, place: QRect, rect: QRect) -> QRect:
        if not self._is_mirrored:
            return place
        left = rect.left() + rect.right() - place.right()
        return QRect(QPoint(left, place.top()), place.size())


_WRAP = int(Qt.TextFlag.TextWordWrap)


def _most_characters(metrics: QFontMetrics, width: int) -> int:
    """More than fit in the lines that are shown."""
    return _MOST_LINES * 3 * max(10, width // max(1, metrics.averageCharWidth()))
