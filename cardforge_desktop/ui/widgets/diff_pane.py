"""The text of a `DiffView`: both sides of every hunk, with signs, and boxes that take or leave a change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextEdit

from cardforge_desktop.text_diff import Hunk
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Theme, Tone

#: One more row costs Qt half a millisecond at every change of width.
MOST_ROWS = 300
_BOX = 14


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the document of a changed hunk; `side` is old, new, old sign, new sign or box."""

    start: int
    end: int
    hunk: int
    side: str


class DiffPane(QTextEdit):
    """Shows hunks inline or side by side. Up and Down go from change to change, Space takes or leaves one.

    Signals:
        toggled(int): the person took or left the hunk with this index.
        moved(int): the hunk with this index is the current one now.
    """

    toggled = Signal(int)
    moved = Signal(int)

    def __init__(self, theme: Theme, icons: Icons, *, read_only: bool) -> None:
        super().__init__()
        self._theme, self._icons, self._read_only = theme, icons, read_only
        self._pieces: list[_Piece] = []
        self._starts: list[int] = []
        self._changes: list[int] = []
        self._accepted: frozenset[int] = frozenset()
        self._current = -1
        self.setProperty("role", "reading")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Differences"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setMouseTracking(True)

    @property
    def current(self) -> int:
        """Index of the current hunk, -1 when there is none."""
        return self._current

    def show_hunks(
        self,
        hunks: Sequence[Hunk],
        accepted: Collection[int],
        *,
        side_by_side: bool,
        titles: tuple[str, str],
        headings: Mapping[int, str],
    ) -> None:
        """Write the document anew; the current hunk stays the current one.

        Args:
            titles: over the columns, side by side.
            headings: what stands over the hunk of an index.
        """
        self._changes = [index for index, hunk in enumerate(hunks) if hunk.kind == "changed"]
        self._accepted = frozenset(accepted)
        self._current = self._current if self._current in self._changes else -1
        self._pieces = []
        self.clear()
        self._add_boxes()
        self.document().setDocumentMargin(SPACE_M)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if side_by_side:
            self._write_table(cursor, hunks, titles, headings)
        else:
            self._write_inline(cursor, hunks, headings)
        cursor.endEditBlock()
        self._pieces = [piece for piece in self._pieces if piece.end > piece.start]
        self._starts = [piece.start for piece in self._pieces]
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def set_accepted(self, accepted: Collection[int]) -> None:
        """Show which hunks are taken."""
        before, self._accepted = self._accepted, frozenset(accepted)
        self._style(before ^ self._accepted)

    def go_to(self, hunk: int) -> None:
        """Make a hunk the current one and bring it into sight."""
        before, self._current = self._current, hunk
        self._style({before, hunk})
        piece = next((piece for piece in self._pieces if piece.hunk == hunk), None)
        if piece is not None:
            cursor = QTextCursor(self.document())
            cursor.setPosition(piece.start)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        self.moved.emit(hunk)

    def step(self, by: int) -> None:
        """To the next or previous change; at the ends it stays."""
        if not self._changes:
            return
        if self._current < 0:
            self.go_to(self._changes[0 if by > 0 else -1])
            return
        at = self._changes.index(self._current) + by
        self.go_to(self._changes[min(max(at, 0), len(self._changes) - 1)])

    def hunk_at(self, x: int, y: int) -> int:
        """The changed hunk at a point of the viewport, -1 where there is none."""
        point = QPointF(x + self.horizontalScrollBar().value(), y + self.verticalScrollBar().value())
        position = self.document().documentLayout().hitTest(point, Qt.HitTestAccuracy.ExactHit)
        number = bisect_right(self._starts, position) - 1
        if position < 0 or number < 0 or position >= self._pieces[number].end:
            return -1
        return self._pieces[number].hunk

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Home and End go through the changes; Space and Enter take or leave the current one."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._changes:
            self.go_to(self._changes[0 if key == Qt.Key.Key_Home else -1])
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._read_only:
            if self._current >= 0:
                self.toggled.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming with Tab, one stands on a change."""
        super().focusInEvent(event)
        if self._current < 0 and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.step(1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be clicked."""
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        over = not self._read_only and self.hunk_at(point.x(), point.y()) >= 0
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a change takes or leaves it; drawing over text selects it."""
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        hunk = self.hunk_at(point.x(), point.y())
        if event.button() != Qt.MouseButton.LeftButton or self.textCursor().hasSelection() or hunk < 0:
            return
        self.go_to(hunk)
        if not self._read_only:
            self.toggled.emit(hunk)

    def _write_inline(self, cursor: QTextCursor, hunks: Sequence[Hunk], headings: Mapping[int, str]) -> None:
        for index, hunk in enumerate(hunks):
            if index in headings:
                self._write_heading(cursor, headings[index])
            if hunk.kind == "same":
                cursor.insertText(hunk.new, self._plain())
                continue
            self._write_box(cursor, index)
            self._write_side(cursor, index, "old", hunk.old)
            self._write_side(cursor, index, "new", hunk.new)

    def _write_heading(self, cursor: QTextCursor, text: str) -> None:
        block = QTextBlockFormat()
        block.setTopMargin(SPACE_M if cursor.position() else 0)
        block.setBottomMargin(SPACE_XS)
        if cursor.position():
            cursor.insertBlock(block)
        else:
            cursor.setBlockFormat(block)
        cursor.insertText(text, self._plain(Tone.MUTED, bold=True))
        cursor.insertBlock(QTextBlockFormat())

    def _write_table(
        self,
        cursor: QTextCursor,
        hunks: Sequence[Hunk],
        titles: tuple[str, str],
        headings: Mapping[int, str],
    ) -> None:
        rows = list(_rows(hunks, headings))
        form = QTextTableFormat()
        form.setBorder(0)
        form.setCellPadding(SPACE_S / 2)
        form.setCellSpacing(0)
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        form.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, 50)] * 2)
        table = cursor.insertTable(len(rows) + 1, 2, form)
        head = self._plain(Tone.MUTED, bold=True)
        for column, title in enumerate(titles):
            table.cellAt(0, column).firstCursorPosition().insertText(title, head)
        for number, row in enumerate(rows, 1):
            if isinstance(row, str):
                table.mergeCells(number, 0, 1, 2)
                table.cellAt(number, 0).firstCursorPosition().insertText(row, head)
                continue
            for column, side in enumerate(("old", "new")):
                at = table.cellAt(number, column).firstCursorPosition()
                for index, hunk in row:
                    if hunk.kind == "same":
                        at.insertText(hunk.new, self._plain())
                        continue
                    if side == "new":
                        self._write_box(at, index)
                    self._write_side(at, index, side, hunk.old if side == "old" else hunk.new)

    def _write_box(self, cursor: QTextCursor, hunk: int) -> None:
        if not self._read_only:
            start = cursor.position()
            cursor.insertImage(self._box(hunk))
            self._pieces.append(_Piece(start, cursor.position(), hunk, "box"))

    def _write_side(self, cursor: QTextCursor, hunk: int, side: str, text: str) -> None:
        text = _visible(text)
        words = text.lstrip("\n")
        if text:  # lines that end first end before the sign
            sign = "\u2212\u202f" if side == "old" else "+\u202f"
            for part, kind in ((text[: -len(words)], side), (sign, f"{side} sign"), (words, side)):
                start = cursor.position()
                cursor.insertText(part, self._side(hunk, kind))
                self._pieces.append(_Piece(start, cursor.position(), hunk, kind))
            cursor.insertText("\u200a", self._plain())

    def _style(self, hunks: Collection[int]) -> None:
        wanted = set(hunks)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # laid out once, not for each piece
        for piece in self._pieces:
            if piece.hunk in wanted:
                cursor.setPosition(piece.start)
                cursor.setPosition(piece.end, QTextCursor.MoveMode.KeepAnchor)
                box = piece.side == "box"
                cursor.setCharFormat(self._box(piece.hunk) if box else self._side(piece.hunk, piece.side))
        cursor.endEditBlock()

    def _plain(self, tone: Tone = Tone.TEXT, *, bold: bool = False) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFont(self._theme.font(bold=bold))
        form.setForeground(self._theme.tokens.tone(tone))
        return form

    def _side(self, hunk: int, side: str) -> QTextCharFormat:
        """What goes is struck out; what comes stands on its tone; what was left is grey."""
        accepted, tokens = hunk in self._accepted, self._theme.tokens
        old = side.startswith("old")
        tone = (Tone.ERROR if old else Tone.OK) if accepted else (Tone.TEXT if old else Tone.MUTED)
        form = self._plain(tone)
        form.setBackground(QColor(tokens.soft(tone)))
        form.setFontStrikeOut(old == accepted and not side.endswith("sign"))
        if hunk == self._current:
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            form.setUnderlineColor(tokens.tone(Tone.ACCENT))
            form.setBackground(QColor(tokens.soft(Tone.ACCENT)))
        return form

    def _box(self, hunk: int) -> QTextImageFormat:
        form = QTextImageFormat()
        form.setName("box:accepted" if hunk in self._accepted else "box:rejected")
        form.setWidth(_BOX)
        form.setHeight(_BOX)
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        return form

    def _add_boxes(self) -> None:
        for name, icon, tone in (
            ("box:accepted", "square-check", Tone.OK),
            ("box:rejected", "square", Tone.MUTED),
        ):
            picture = self._icons.pixmap(icon, tone, _BOX)
            self.document().addResource(
                QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture.toImage()
            )


def rows_of(hunks: Sequence[Hunk], headings: Mapping[int, str]) -> int:
    """How many rows the hunks need side by side."""
    lines = sum(hunk.new.count("\n") for hunk in hunks if hunk.kind == "same")
    return 1 + 2 * len(headings) + lines


def _rows(hunks: Sequence[Hunk], headings: Mapping[int, str]) -> Iterator[list[tuple[int, Hunk]] | str]:
    """Hunks in rows that end where both texts end a line; a heading is a row of its own."""
    row: list[tuple[int, Hunk]] = []
    for index, hunk in enumerate(hunks):
        if index in headings:
            if row:
                yield row
            row = []
            yield headings[index]
        if hunk.kind == "changed":
            row.append((index, hunk))
            continue
        *lines, last = hunk.new.split("\n")
        for text in lines:
            yield [*row, (index, Hunk("same", text, text))]
            row = []
        row.append((index, Hunk("same", last, last)))
    yield row


def _visible(text: str) -> str:
    """Blanks that came or went alone can be seen."""
    return text.replace(" ", "·").replace("\n", "¶\n").rstrip("\n") if text.isspace() else text
