"""The bars of a month: one for each day, with a piece for each model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cardforge_desktop.ui.costs import words
from cardforge_desktop.ui.costs.colours import colour_of
from cardforge_desktop.ui.costs.models import other_models
from cardforge_desktop.ui.costs.readout import ReadLine, Readout
from cardforge_desktop.ui.costs.series import Day, Days, scale
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme, Tone

_GAP = 2
_WIDEST_BAR = 34
_SHARE_OF_BAR = 0.62
#: How high the mark of unknown costs is: it stands for no amount.
_UNKNOWN = 9
_LEAST_HEIGHT = 130


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the bars stand, and what amount is how high."""

    plot: QRect
    ticks: tuple[Decimal, ...]
    slot: float
    mirrored: bool

    def height_of(self, amount: Decimal) -> float:
        return float(amount / self.ticks[-1]) * self.plot.height()

    def slot_at(self, place: int) -> QRectF:
        left = self.plot.left() + place * self.slot
        if self.mirrored:
            left = self.plot.left() + self.plot.width() - (place + 1) * self.slot
        return QRectF(left, self.plot.top(), self.slot, self.plot.height())


class DayChart(QWidget):
    """Says of one day what it took: the one under the pointer, or the one that the arrow keys went to.

    Signals:
        opened(object): the person wants the row of this `date` in the table.
    """

    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._days = Days("cost", (), 0, ())
        self._today: date | None = None
        self._current = -1
        self._readout = Readout(theme)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Cost per day, by model"))
        theme.changed.connect(self.update)

    @property
    def current(self) -> Day | None:
        """The day that is told of."""
        return self._days.days[self._current] if 0 <= self._current < len(self._days.days) else None

    def show_days(self, days: Days, today: date | None) -> None:
        """Other numbers; the day that is told of stays."""
        self._days, self._today = days, today
        if self._current >= len(days.days):
            self._current = -1
        self.setAccessibleName(
            self.tr("Cost per day, by model")
            if days.measure == "cost"
            else self.tr("Tokens per day, by model")
        )
        self._tell()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """As low as one can still read."""
        return QSize(240, _LEAST_HEIGHT)

    def sizeHint(self) -> QSize:
        """No more than needed: it takes what there is room for."""
        return QSize(640, _LEAST_HEIGHT)

    def read_lines(self) -> tuple[ReadLine, ...]:
        """What is said of the current day, from its highest piece down."""
        day = self.current
        if day is None:
            return ()
        names, measure = (*self._days.series, other_models(self._days.others)), self._days.measure
        lines = [
            ReadLine(names[at], words.amount_text(amount, measure, 1, 0), self._colour(at))
            for at, amount in reversed(tuple(enumerate(day.amounts)))
            if amount
        ]
        if day.unknown and measure == "cost":
            lines.insert(0, ReadLine(words.unknown_text(day.unknown), "", None))
        if not day.calls:
            return (ReadLine(self.tr("No calls"), "", None),)
        if len(lines) != 1 or not day.total:
            shown = words.amount_text(day.total, measure, day.calls, day.unknown)
            lines.append(ReadLine(self.tr("%Ln call(s)", None, day.calls), shown, None))
        return tuple(lines)

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from day to day, Return to the row of the table."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            step = -step
        last = len(self._days.days) - 1
        if step:
            self._go_to(min(last, max(0, self._current + step)))
        elif event.key() == Qt.Key.Key_Home:
            self._go_to(0)
        elif event.key() == Qt.Key.Key_End:
            self._go_to(last)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current.day)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard begins at the last day with calls."""
        super().focusInEvent(event)
        if self.current is None:
            made = [at for at, day in enumerate(self._days.days) if day.calls]
            self._go_to(made[-1] if made else len(self._days.days) - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is told any more."""
        super().focusOutEvent(event)
        self._go_to(-1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The day under the pointer."""
        self._go_to(self._day_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """To the row of the table."""
        self._go_to(self._day_at(event.position()))
        if self.current is not None:
            self.opened.emit(self.current.day)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is told any more, unless the keyboard is here."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self._go_to(-1)

    def _go_to(self, place: int) -> None:
        if place != self._current:
            self._current = place
            self._tell()
            self.update()

    def _tell(self) -> None:
        day = self.current
        said = [words.day_text(day.day)] if day is not None else []
        said += [" ".join(filter(None, (line.text, line.value))) for line in self.read_lines()]
        text = ", ".join(said)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(event)

    def _day_at(self, point: QPointF) -> int:
        frame = self._frame()
        if not frame.plot.adjusted(0, 0, 0, 40).contains(point.toPoint()):
            return -1
        at = int((point.x() - frame.plot.left()) / frame.slot)
        at = len(self._days.days) - 1 - at if frame.mirrored else at
        return at if 0 <= at < len(self._days.days) else -1

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The scale, the bars, and what is said of a day."""
        if not self._days.days:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setFont(self._theme.font(0.85, tabular=True))
        frame = self._frame()
        self._paint_scale(painter, frame)
        if self.current is not None:
            painter.fillRect(frame.slot_at(self._current), QColor(self._theme.tokens.hover))
        for place, day in enumerate(self._days.days):
            self._paint_day(painter, frame, place, day)
        self._paint_names(painter, frame)
        if not any(day.calls for day in self._days.days):
            painter.setPen(self._theme.tokens.tone(Tone.MUTED))
            painter.drawText(frame.plot, Qt.AlignmentFlag.AlignCenter, self.tr("No calls in this month"))
        if self.hasFocus():
            painter.setPen(QPen(self._theme.tokens.tone(Tone.ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        if (told := self.current) is not None:
            beside = frame.slot_at(self._current).toAlignedRect()
            lines = self.read_lines()
            self._readout.paint(painter, self.rect(), beside, words.day_text(told.day), lines)

    def _frame(self) -> _Frame:
        metrics = QFontMetrics(self._theme.font(0.85, tabular=True))
        room = max(1, self.height() - 2 * metrics.height() - SPACE_S)
        ticks = scale(self._days.top, max(1, min(5, room // (2 * metrics.height()))), self._days.measure)
        step = ticks[1]
        widest = max(
            metrics.horizontalAdvance(words.scale_text(tick, step, self._days.measure)) for tick in ticks
        )
        top, below = metrics.height() // 2 + SPACE_XS, metrics.height() + SPACE_S
        side = widest + 2 * SPACE_S
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        plot = self.rect().adjusted(
            SPACE_S if mirrored else side, top, -(side if mirrored else SPACE_S), -below
        )
        if self._days.has_unknown:
            plot.setTop(plot.top() + _UNKNOWN + _GAP)
        return _Frame(plot, ticks, plot.width() / max(1, len(self._days.days)), mirrored)

    def _paint_scale(self, painter: QPainter, frame: _Frame) -> None:
        tokens, metrics = self._theme.tokens, painter.fontMetrics()
        for tick in frame.ticks:
            y = round(frame.plot.bottom() + 1 - frame.height_of(tick))
            painter.fillRect(frame.plot.left(), y, frame.plot.width(), 1, QColor(tokens.border))
            text = words.scale_text(tick, frame.ticks[1], self._days.measure)
            width, height = metrics.horizontalAdvance(text), metrics.height()
            x = frame.plot.right() + SPACE_S if frame.mirrored else frame.plot.left() - SPACE_S - width
            painter.setPen(tokens.tone(Tone.MUTED))
            painter.drawText(
                QRect(x, y - height // 2, width + 2, height), Qt.AlignmentFlag.AlignVCenter, text
            )

    def _paint_names(self, painter: QPainter, frame: _Frame) -> None:
        metrics = painter.fontMetrics()
        widest = metrics.horizontalAdvance("30") + SPACE_S
        every = next(step for step in (1, 2, 3, 5, 7, 31) if frame.slot * step >= widest or step == 31)
        for place, day in enumerate(self._days.days):
            is_today = day.day == self._today
            painter.setPen(self._theme.tokens.tone(Tone.ACCENT if is_today else Tone.MUTED))
            if place % every == 0 or place == self._current:
                slot = frame.slot_at(place).adjusted(-20, 0, 20, 0)
                where = QRectF(slot.left(), frame.plot.bottom() + SPACE_XS, slot.width(), metrics.height())
                painter.drawText(where, Qt.AlignmentFlag.AlignCenter, str(day.day.day))

    def _paint_day(self, painter: QPainter, frame: _Frame, place: int, day: Day) -> None:
        slot = frame.slot_at(place)
        width = max(2.0, min(_WIDEST_BAR, slot.width() * _SHARE_OF_BAR))
        left, bottom = slot.center().x() - width / 2, float(frame.plot.bottom() + 1)
        painter.setPen(Qt.PenStyle.NoPen)
        for at, amount in enumerate(day.amounts):
            if not amount:
                continue
            height = max(2.0, frame.height_of(amount) - (_GAP if bottom <= frame.plot.bottom() else 0))
            piece = QRectF(left, bottom - height, width, height)
            radius = 3 if height > 6 else 1
            painter.setBrush(self._colour(at))
            painter.drawRoundedRect(piece, radius, radius)
            bottom -= height + _GAP
        if day.unknown and self._days.measure == "cost":
            paint_unknown(painter, QRectF(left, bottom - _UNKNOWN, width, _UNKNOWN), self._theme)

    def _colour(self, place: int) -> QColor:
        return colour_of(self._theme.tokens, place, len(self._days.series))


def paint_unknown(painter: QPainter, place: QRectF, theme: Theme) -> None:
    """The mark of a cost that nobody knows: hatched, so that it is no amount of any colour."""
    muted = theme.tokens.tone(Tone.MUTED)
    painter.save()
    painter.setPen(QPen(muted, 1))
    painter.setBrush(QBrush(muted, Qt.BrushStyle.BDiagPattern))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    painter.restore()
