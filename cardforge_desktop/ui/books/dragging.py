"""Entries dragged: between other entries to another place, onto a book into that one (with Ctrl a copy).

Alt+Up, Alt+Down, “Move to book…” and “Copy to book…” do the same without a pointer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.planning import Spot
from cardforge_desktop.ui.panel import OWN_DRAG
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone

if TYPE_CHECKING:
    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.ui.books.book_list import BookView
    from cardforge_desktop.ui.books.commands import EntryCommands
    from cardforge_desktop.ui.books.entry_views import EntryGridBase, EntryTableBase
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services

#: JSON of a list: the ids of the dragged entries.
DRAGGED = "application/x-cardforge-entries"
_EDGE, _EVERY_MS = 36, 30  # so near to an edge the list scrolls, so often
_LONGEST = 40
_BESIDE = 10  # pixels between the pointer and what is said of a drop


def carried(ids: Sequence[str]) -> QMimeData:
    """These entries, for views of this window only."""
    data = QMimeData()
    data.setData(DRAGGED, json.dumps(list(ids)).encode())
    data.setData(OWN_DRAG, b"1")
    return data


def carried_ids(data: QMimeData) -> tuple[str, ...]:
    """What `carried` put in."""
    return tuple(json.loads(bytes(data.data(DRAGGED).data())))


class DropMark(QWidget):
    """Says where a drop goes: a line between two entries, or a frame around a book."""

    def __init__(self, theme: Theme, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._theme = theme
        self._frame = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_line(self, line: QRect) -> None:
        """A line as long as the longer side of `line`."""
        self._put(line.adjusted(-4, -4, 4, 4), frame=False)

    def show_frame(self, frame: QRect) -> None:
        """A frame."""
        self._put(frame, frame=True)

    def _put(self, place: QRect, *, frame: bool) -> None:
        self._frame = frame
        self.setGeometry(place)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A ring at the beginning of the line, so that its ends are seen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self._theme.tokens.tone(Tone.ACCENT)
        painter.setPen(QPen(accent, 2))
        if self._frame:
            painter.setBrush(_clear(accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)
            return
        middle = QRectF(self.rect()).center()
        painter.setBrush(QColor(self._theme.tokens.surface))
        if self.width() > self.height():
            painter.drawLine(QPointF(8, middle.y()), QPointF(self.width() - 2, middle.y()))
            painter.drawEllipse(QPointF(4.5, middle.y()), 3, 3)
        else:
            painter.drawLine(QPointF(middle.x(), 8), QPointF(middle.x(), self.height() - 2))
            painter.drawEllipse(QPointF(middle.x(), 4.5), 3, 3)


class DropHint(QLabel):
    """Says over the pointer what a drop would do, or why it can't be done.

    What is dragged hangs below the pointer. A part of the window: a list may be narrower than the words.
    """

    def __init__(self, theme: Theme, view: QWidget) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self.told = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, text: str, at: QPoint) -> None:
        """Say it near a point of the view; "" says nothing."""
        if text != self.told:
            self.told = text
            self.setAccessibleName(text)
            self.setPixmap(picture_of(self._theme, text, self.devicePixelRatioF()) if text else QPixmap())
            self.adjustSize()
        window = self._view.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        place = self._view.mapTo(window, at) + QPoint(_BESIDE, -_BESIDE - self.height())
        self.move(max(0, min(place.x(), window.width() - self.width())), max(0, place.y()))
        self.setVisible(bool(text))
        self.raise_()


class _Dropping(QObject):
    """Takes the drags over a list. Subclasses say what is under the pointer and what a drop does."""

    def __init__(self, view: QAbstractItemView, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self.mark = DropMark(theme, view.viewport())
        self.hint = DropHint(theme, view)
        self._scroll = QTimer(self)
        self._scroll.setInterval(_EVERY_MS)
        self._scroll.timeout.connect(self._on_scroll)
        self._at = QPoint()
        view.setAcceptDrops(True)
        view.viewport().setAcceptDrops(True)
        view.viewport().installEventFilter(self)

    def over(self, at: QPoint, ids: Sequence[str], *, copy: bool) -> str | None:
        """Mark what is there; why nothing can be dropped, "" where it can be, None for no word."""
        raise NotImplementedError

    def what(self, at: QPoint, *, copy: bool) -> str:  # noqa: ARG002
        """What a drop here would do, where the mark does not tell it."""
        return ""

    def drop(self, at: QPoint, ids: Sequence[str], *, copy: bool) -> None:
        """They are dropped here."""
        raise NotImplementedError

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Drags of entries; nothing else."""
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self._end()
            return True
        if not isinstance(event, QDropEvent) or not event.mimeData().hasFormat(DRAGGED):
            return False
        at, copy = event.position().toPoint(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        ids = carried_ids(event.mimeData()) if kind == QEvent.Type.Drop else ()
        reason = self.over(at, ids, copy=copy)
        if kind == QEvent.Type.Drop:
            self._end()
            if reason == "":
                _accept(event, copy=copy)
                self.drop(at, ids, copy=copy)
            return True
        if isinstance(event, QDragMoveEvent):
            self._follow(event, at, reason, copy=copy)
        if kind == QEvent.Type.DragEnter:
            _accept(event, copy=copy)  # else Qt would not tell of its moves; those say what is possible
        return True

    def _follow(self, event: QDragMoveEvent, at: QPoint, reason: str | None, *, copy: bool) -> None:
        self._at = at
        height = self._view.viewport().height()
        near = at.y() < _EDGE or at.y() > height - _EDGE
        self._scroll.start() if near else self._scroll.stop()
        told = self.what(at, copy=copy) if reason == "" else reason or ""
        self.hint.say(told, self._view.viewport().mapTo(self._view, at))
        if reason == "":
            _accept(event, copy=copy)
        else:
            self.mark.hide()
            event.ignore()

    def _end(self) -> None:
        self._scroll.stop()
        self.mark.hide()
        self.hint.say("", QPoint())

    @Slot()
    def _on_scroll(self) -> None:
        """The pointer is near an edge: go on in that direction."""
        bar = self._view.verticalScrollBar()
        up = self._at.y() < _EDGE
        before = bar.value()
        bar.setValue(before + (-1 if up else 1) * max(8, bar.singleStep() // 2))
        if bar.value() != before:
            self.mark.hide()  # it is put anew with the next move of the pointer


class EntryDragging(_Dropping):
    """Between the entries of a grid or a table; also begins the drag."""

    def __init__(
        self,
        view: EntryGridBase | EntryTableBase,
        services: Services,
        session: BookSession,
        commands: EntryCommands,
    ) -> None:
        super().__init__(view, services.theme)
        self._theme, self._session, self._commands = services.theme, session, commands
        self.begin: Callable[[QDrag], object] = _run
        view.setDragEnabled(True)
        view.drag_wanted.connect(self.start)

    @Slot()
    def start(self) -> None:
        """Drag the selected entries."""
        ids = self._session.selection
        if not ids:
            return
        index = self._view.currentIndex()
        name = str(index.siblingAtColumn(0).data() or "")
        drag = QDrag(self._view)
        drag.setMimeData(carried(ids))
        drag.setPixmap(picture_of(self._theme, self._label(name, len(ids)), self._view.devicePixelRatioF()))
        drag.setHotSpot(QPoint(-10, -8))
        self.begin(drag)

    def over(self, at: QPoint, _ids: Sequence[str], *, copy: bool) -> str | None:  # noqa: ARG002
        """A line shows where they would stand."""
        reason = self._commands.why_fixed()
        if reason:
            return reason
        found = self._gap(at)
        if found is None:
            return None
        self.mark.show_line(found[1])
        return ""

    def drop(self, at: QPoint, ids: Sequence[str], *, copy: bool) -> None:
        """They stand there now, or copies of them."""
        found = self._gap(at)
        if found is not None:
            self._commands.move(ids, self._session.book_id, found[0], copy=copy)

    def _label(self, name: str, count: int) -> str:
        short = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
        return short if count == 1 and short else self.tr("%Ln entry(s)", None, count)

    def _gap(self, at: QPoint) -> tuple[Spot, QRect] | None:
        """Between which entries a point is, and the line between them."""
        numbers = self._numbers()
        row = self._nearest(at)
        if row is None:
            return None
        rect = self._rect(row)
        beside = rect.width() < self._view.viewport().width() * 0.75
        mirrored = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if beside:
            behind = (at.x() > rect.center().x()) != mirrored
            left = rect.right() + 3 if behind != mirrored else rect.left() - 5
            line = QRect(max(0, left), rect.top(), 3, rect.height())
        else:
            behind = at.y() > rect.center().y()
            top = rect.bottom() if behind else rect.top() - 1
            line = QRect(4, max(0, top), self._view.viewport().width() - 8, 3)
        first = row + behind
        above = numbers[first - 1] if first else None
        below = numbers[first] if first < len(numbers) else None
        return Spot(above, below), line

    def _nearest(self, at: QPoint) -> int | None:
        """The row that a point is over, or nearest to; of the rows in sight."""
        count = self._view.model().rowCount()
        index = self._view.indexAt(at)
        if index.isValid() or not count:
            return index.row() if index.isValid() else None
        height = self._view.viewport().height()
        probes = (QPoint(x, y) for y in range(4, height, 12) for x in (at.x(), 8))
        rows = {found.row() for probe in probes if (found := self._view.indexAt(probe)).isValid()}
        return min(rows, key=lambda row: (self._rect(row).center() - at).manhattanLength(), default=None)

    def _rect(self, row: int) -> QRect:
        first = self._view.visualRect(self._view.model().index(row, 0))
        if first.width() and self._is_table():
            return QRect(QPoint(0, first.top()), QSize(self._view.viewport().width(), first.height()))
        return first

    def _is_table(self) -> bool:
        from PySide6.QtWidgets import QTableView

        return isinstance(self._view, QTableView)

    def _numbers(self) -> Sequence[int]:
        numbers: Sequence[int] = self._view.model().numbers  # type: ignore[attr-defined]
        return numbers


class BookDropping(_Dropping):
    """Onto a book in the list of books."""

    def __init__(
        self, view: BookView, services: Services, session: BookSession, commands: EntryCommands
    ) -> None:
        super().__init__(view, services.theme)
        self._session, self._commands = session, commands

    def over(self, at: QPoint, _ids: Sequence[str], *, copy: bool) -> str | None:  # noqa: ARG002
        """A frame around the book."""
        book = self._book(at)
        if book is None:
            return None
        if book.id == self._session.book_id:
            return self.tr("The entries are in this book already.")
        self.mark.show_frame(self._view.visualRect(self._view.indexAt(at)))
        return ""

    def what(self, at: QPoint, *, copy: bool) -> str:
        """The book is under the pointer."""
        book = self._book(at)
        text = self.tr("Copy to “%1”") if copy else self.tr("Move to “%1” (Ctrl copies)")
        return text.replace("%1", words.book_name(book)[:_LONGEST]) if book is not None else ""

    def drop(self, at: QPoint, ids: Sequence[str], *, copy: bool) -> None:
        """They go to its end."""
        book = self._book(at)
        if book is not None:
            self._commands.move(ids, book.id, None, copy=copy, name=words.book_name(book))

    def _book(self, at: QPoint) -> BookSummary | None:
        from cardforge_desktop.ui.books.book_model import Role

        book: BookSummary | None = self._view.indexAt(at).data(Role.BOOK)
        return book


def picture_of(theme: Theme, text: str, ratio: float) -> QPixmap:
    """What hangs on the pointer: a small card that says what is dragged."""
    metrics = QFontMetrics(QApplication.font())
    size = QSize(metrics.horizontalAdvance(text) + 2 * SPACE_S + 8, metrics.height() + SPACE_S + 4)
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(QApplication.font())
    painter.setPen(QPen(theme.tokens.tone(Tone.ACCENT), 1))
    painter.setBrush(QColor(theme.tokens.raised))
    painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 6, 6)
    painter.setPen(theme.tokens.tone(Tone.TEXT))
    painter.drawText(QRect(QPoint(), size), int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return made


def _accept(event: QDropEvent, *, copy: bool) -> None:
    event.setDropAction(Qt.DropAction.CopyAction if copy else Qt.DropAction.MoveAction)
    event.accept()


def _run(drag: QDrag) -> None:
    drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.MoveAction)


def _clear(colour: QColor) -> QColor:
    made = QColor(colour)
    made.setAlphaF(0.14)
    return made
