"""How much of an engine's context a call takes: the prompt, and the room for its answer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import SPACE_XS, Theme, Tone, mix
from cardforge_desktop.ui.widgets.basics import label, set_role

_HEIGHT = 6


class ContextBar(QWidget):
    """A line of words over a bar of two parts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.words = label("", "caption", wrap=True)
        self._meter = _Meter(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addWidget(self.words)
        column.addWidget(self._meter)

    @property
    def is_over(self) -> bool:
        """Whether prompt and answer are more than the context."""
        return self._meter.is_over

    def show_call(self, prompt: int, answer: int, context: int, *, estimate: bool) -> None:
        """Show tokens; `estimate`: those of the prompt are not counted exactly."""
        self._meter.show_counts(prompt, answer, context)
        text = self.tr("%1 tokens, answer up to %2, of %3")
        if self.is_over:
            text = self.tr("%1 tokens and an answer up to %2 do not fit into %3")
        for mark, value in (
            ("%1", formatting.tokens(prompt, estimate=estimate)),
            ("%2", formatting.number(answer)),
            ("%3", formatting.number(context)),
        ):
            text = text.replace(mark, value, 1)
        self.words.setText(text)
        set_role(self.words, "error" if self.is_over else "caption")
        self._meter.setAccessibleDescription(text)


class _Meter(QWidget):
    """The bar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts = (0, 0)
        self._context = 1
        self.setAccessibleName(self.tr("Share of the engine's context"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._repaint)

    @property
    def is_over(self) -> bool:
        """Whether both parts are more than the whole."""
        return sum(self._counts) > self._context

    def show_counts(self, prompt: int, answer: int, context: int) -> None:
        """Draw these."""
        self._counts, self._context = (prompt, answer), max(1, context)
        self.update()

    @Slot()
    def _repaint(self) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as may be."""
        return QSize(120, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The track and both parts, from where reading begins."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        bar = QRectF(self.rect())
        clip = QPainterPath()
        clip.addRoundedRect(bar, _HEIGHT / 2, _HEIGHT / 2)
        painter.setClipPath(clip)
        painter.fillRect(bar, QColor(tokens.track))
        strong = tokens.error if self.is_over else tokens.accent
        whole, left = max(self._context, sum(self._counts)), 0.0
        for count, colour in zip(
            self._counts, (strong, mix(tokens.surface, strong, 0.5 if tokens.dark else 0.38)), strict=True
        ):
            width = bar.width() * count / whole
            if width > 0:
                painter.fillRect(QRectF(left, 0, max(1.5, width - 1), bar.height()), QColor(colour))
                left += width
        if self.is_over:  # where the context ends
            at = bar.width() * self._context / whole
            painter.fillRect(QRectF(at - 1, 0, 2, bar.height()), tokens.tone(Tone.TEXT))
