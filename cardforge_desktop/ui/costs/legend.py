"""Which colour of the chart is which model."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from cardforge_desktop.ui.costs.chart import paint_unknown
from cardforge_desktop.ui.costs.colours import colour_of
from cardforge_desktop.ui.costs.models import other_models
from cardforge_desktop.ui.costs.series import Days
from cardforge_desktop.ui.theme import SPACE_L, SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import FlowLayout

_SWATCH = 10
#: Characters, about.
_LONGEST = 34


class Legend(QWidget):
    """The pieces of the bars in the order in which they lie on each other, from below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: object = None
        self._lines = FlowLayout(SPACE_L)
        self.setLayout(self._lines)

    def show_days(self, days: Days) -> None:
        """The models of these days."""
        wanted = (days.series, days.others, days.has_unknown)
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        many = len(days.series)
        for at, name in enumerate(days.series):
            self._lines.addWidget(_Entry(self._theme, name, at, many))
        if days.others:
            self._lines.addWidget(_Entry(self._theme, other_models(days.others), many, many))
        if days.has_unknown:
            self._lines.addWidget(_Entry(self._theme, self.tr("Of unknown price"), -1, many))
        self.setVisible(self._lines.count() > 0)


class _Entry(QWidget):
    """A colour and a name; at -1 the mark of unknown costs."""

    def __init__(self, theme: Theme, name: str, place: int, models: int) -> None:
        super().__init__()
        self._theme, self._name, self._place, self._models = theme, name, place, models
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(0.92))
        theme.changed.connect(self._follow)

    def sizeHint(self) -> QSize:
        """The name whole, within reason."""
        metrics = self.fontMetrics()
        width = min(_LONGEST * metrics.averageCharWidth(), metrics.horizontalAdvance(self._name) + 2)
        return QSize(_SWATCH + SPACE_S + width, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """As the hint."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The colour where reading begins."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        whole = self.rect()
        swatch = QRect(0, (whole.height() - _SWATCH) // 2, _SWATCH, _SWATCH)
        swatch = QStyle.visualRect(self.layoutDirection(), whole, swatch)
        if self._place < 0:
            paint_unknown(painter, QRectF(swatch), self._theme)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour_of(self._theme.tokens, self._place, self._models)))
            painter.drawRoundedRect(swatch, 2, 2)
        text = QRect(_SWATCH + SPACE_S, 0, whole.width() - _SWATCH - SPACE_S, whole.height())
        painter.setFont(self.font())
        painter.setPen(self._theme.tokens.tone(Tone.MUTED))
        short = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, text.width())
        where = QStyle.visualRect(self.layoutDirection(), whole, text)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), short)

    def _follow(self) -> None:
        self.setFont(self._theme.font(0.92))
        self.updateGeometry()
        self.update()
