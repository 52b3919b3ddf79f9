"""One side of one field: its text, with what differs from the base marked."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from cardforge_desktop.ui.profiles.conflict.excerpts import Piece
from cardforge_desktop.ui.theme import Theme, Tone, mix
from cardforge_desktop.ui.widgets.basics import label

#: A screen reader is told so much of a text; all of it can be read with the reader's own keys.
_SPOKEN = 300


class SideText(QLabel):
    """A wrapped text that can be selected; its accessible name says whose it is, and of which field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pieces: tuple[Piece, ...] = ()
        self._is_quiet = False
        self._heights: dict[int, int] = {}  # by width, of the text as it stands
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self._show)

    def show_pieces(self, shown: Sequence[Piece]) -> None:
        """Show a text; what is not as in the base stands on a ground of its own, what is gone is struck."""
        self._pieces = tuple(shown)
        self._show()

    def set_quiet(self, is_quiet: bool) -> None:
        """The other side was taken: this one steps back."""
        if is_quiet != self._is_quiet:
            self._is_quiet = is_quiet
            self._show()

    def lay_out(self, width: int) -> None:
        """Find out how high it will be at this width, before it has its place."""
        self.resize(width, self.height())
        self.heightForWidth(width)

    def heightForWidth(self, width: int) -> int:
        """Layouts ask for it again with every row; laying out a long text takes milliseconds."""
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """Its width is the column's, and its height follows from that."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """At least a line."""
        return QSize(1, self.fontMetrics().height())

    def changeEvent(self, event: QEvent) -> None:
        """Another font has other heights."""
        self._heights.clear()
        super().changeEvent(event)

    def _show(self) -> None:
        self._heights.clear()
        tone = Tone.MUTED if self._is_quiet else Tone.TEXT
        inner = "".join(self._html(piece) for piece in self._pieces).strip("\n")
        colour = self._theme.tokens.tone(tone).name()
        self.setText(f'<div style="white-space:pre-wrap; color:{colour}">{inner}</div>')

    def _html(self, piece: Piece) -> str:
        tokens = self._theme.tokens
        if piece.kind == "gap":
            words = QCoreApplication.translate("ConflictRow", "%n line(s) left out", None, piece.lines)
            text = f"⋯ {words} ⋯" if piece.lines > 1 else "⋯"
            colour = tokens.tone(Tone.MUTED).name()
            shown = f'<span style="color:{colour}">{html.escape(text)}</span>'
            return f"\n{shown}\n" if piece.lines > 1 else f" {shown} "
        text = html.escape(_visible(piece) if piece.kind != "same" else piece.text)
        if piece.kind == "same":
            return text
        tone = Tone.OK if piece.kind == "new" else Tone.ERROR
        struck = "; text-decoration:line-through" if piece.kind == "gone" else ""
        ground = mix(tokens.surface, getattr(tokens, tone.value), 0.22 if tokens.dark else 0.15)
        style = f"background-color:{ground}; color:{tokens.tone(tone).name()}{struck}"
        return f'<span style="{style}">{text}</span>'


def title_label(text: str) -> QLabel:
    """The name of a field, or the head of a column: as wide as its column, wrapped."""
    made = label(text, "strong", wrap=True)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return made


def spoken(text: str) -> str:
    """A value for a screen reader, bounded."""
    told = " ".join(text[: 2 * _SPOKEN].split())
    return told if len(told) <= _SPOKEN else f"{told[:_SPOKEN]} …"


def _visible(piece: Piece) -> str:
    """Blanks that came or went alone can be seen."""
    text = piece.text
    return text.replace(" ", "·").replace("\n", "¶\n") if text.isspace() else text
