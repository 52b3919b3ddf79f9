"""How much of a model's context a card takes: what stays apart from what is pushed out later."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from cardforge_desktop.tokens import TOKENIZERS, NamedTokenizer, tokenizer_named
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Theme, Tone, mix
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import ElidedLabel, row, set_role
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.cards.tokens import TokenBudget

#: Tokens of the context a card is measured against, until somebody says otherwise.
CONTEXT = 8192

# The tokenizers' labels are names of models, but for this one.
_WORDS = {"other": QT_TRANSLATE_NOOP("TokenBar", "Other models")}


def tokenizer_text(tokenizer: NamedTokenizer) -> str:
    """A tokenizer for the screen, with whether it counts exactly: ``Claude · estimate``."""
    translate = QCoreApplication.translate
    words = _WORDS.get(tokenizer.name)
    models = translate("TokenBar", words) if words else tokenizer.label
    how = translate("TokenBar", "%1 · exact") if tokenizer.exact else translate("TokenBar", "%1 · estimate")
    return how.replace("%1", models)


class TokenBar(QWidget):
    """Permanent and temporary tokens of a card against a context, and which tokenizer counted them.

    Counting is not done here: whoever hears `tokenizer_chosen` counts anew and calls `set_budget`.

    Signals:
        tokenizer_chosen(str): the person chose the tokenizer of this name (a key of `tokens.TOKENIZERS`).
    """

    tokenizer_chosen = Signal(str)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme, self._icons = theme, icons
        self._budget: TokenBudget | None = None
        self._tokenizer = tokenizer_named("")
        self.setAccessibleName(self.tr("Tokens"))
        self.meter = _Meter(theme)
        self._permanent, self._temporary = QLabel(), QLabel()
        self._keys = (_Key(), _Key())
        self._warning = QLabel()
        self._warning.hide()
        self._said = ElidedLabel("", "muted")
        self.chooser = Picker(icons, self.tr("Counted as for"))
        self.chooser.set_choices(
            (Choice(each.name, tokenizer_text(each)) for each in TOKENIZERS.values()), self._tokenizer.name
        )
        self.chooser.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.chooser.picked.connect(self._choose)
        words = row(self._keys[0], self._permanent, self._keys[1], self._temporary, self._warning, self._said)
        words.insertSpacing(2, SPACE_S)
        words.insertSpacing(5, SPACE_S)
        column = QVBoxLayout()
        column.setSpacing(SPACE_XS)
        column.addLayout(words)
        column.addWidget(self.meter)
        layout = row(spacing=SPACE_M)
        layout.addLayout(column, 1)
        layout.addWidget(self.chooser)
        self.setLayout(layout)
        theme.changed.connect(self._refresh)
        self._refresh()

    @property
    def tokenizer(self) -> str:
        """Name of the tokenizer that is shown."""
        return self._tokenizer.name

    @property
    def text(self) -> str:
        """All that the bar says, as a screen reader tells it."""
        return self.meter.accessibleDescription()

    def set_tokenizer(self, name: str) -> None:
        """Show another tokenizer without telling anyone; an unknown name shows the first."""
        self._tokenizer = tokenizer_named(name)
        self.chooser.show_choice(self._tokenizer.name)
        self._refresh()

    def set_context(self, size: int) -> None:
        """Measure against a context of `size` tokens (1 or more)."""
        self.meter.context = max(1, size)
        self._refresh()

    def set_budget(self, budget: TokenBudget | None) -> None:
        """The counts, as the shown tokenizer gives them; None while they are not known."""
        self._budget = budget
        self._refresh()

    @Slot(str)
    def _choose(self, name: str) -> None:
        self.set_tokenizer(name)
        self.tokenizer_chosen.emit(name)

    def _number(self, value: int | None) -> str:
        return formatting.tokens(value, estimate=not self._tokenizer.exact)

    @Slot()
    def _refresh(self) -> None:
        budget = self._budget
        permanent, temporary = (budget.permanent, budget.temporary) if budget is not None else (0, 0)
        self.meter.show_counts(permanent, temporary)
        for key, colour in zip(self._keys, self.meter.colours(), strict=True):
            key.show_colour(colour)
        known = budget is not None
        texts = (self.tr("%1 permanent"), self.tr("%1 temporary"))
        for words, text, count in zip(
            (self._permanent, self._temporary), texts, (permanent, temporary), strict=True
        ):
            words.setText(text.replace("%1", self._number(count if known else None)))
            words.setFont(self._theme.font(tabular=True))
        said, tone = self._verdict(permanent, temporary)
        self._said.set_whole(said)
        set_role(self._said, "muted" if tone is None else tone.value)
        self._warning.setVisible(tone is not None)
        if tone is not None:
            self._warning.setPixmap(self._icons.pixmap("triangle-alert", tone, 14))
        self.meter.table = self._table() if budget is not None else ""
        spoken = (self._permanent.text(), self._temporary.text(), said, *self._spoken())
        self.meter.setAccessibleDescription(", ".join(spoken))

    def _verdict(self, permanent: int, temporary: int) -> tuple[str, Tone | None]:
        context = self.meter.context
        size = formatting.number(context)
        if self._budget is None:
            return self.tr("counting…"), None
        if 2 * permanent > context:
            return self.tr("permanent is more than half of %1").replace("%1", size), Tone.ERROR
        if permanent + temporary > context:
            return self.tr("together more than %1").replace("%1", size), Tone.WARN
        text = self.tr("%1 of %2").replace("%2", size)
        return text.replace("%1", self._number(permanent + temporary)), None

    def _lines(self) -> Iterable[tuple[str, tuple[tuple[str, int], ...]]]:
        """Title and counts of each group of fields."""
        from cardforge_desktop.cards.tokens import INSTRUCTION_FIELDS, PERMANENT_FIELDS, TEMPORARY_FIELDS

        budget = self._budget
        if budget is None:
            return
        groups = (
            (self.tr("Permanent"), PERMANENT_FIELDS),
            (self.tr("Temporary"), TEMPORARY_FIELDS),
            (self.tr("Besides"), INSTRUCTION_FIELDS),
        )
        for title, names in groups:
            counts = [(formatting.field_label(name), budget.fields[name]) for name in names]
            if names is INSTRUCTION_FIELDS:
                counts.append(
                    (self.tr("Longest alternate greeting"), max(budget.alternate_greetings, default=0))
                )
                counts.append((self.tr("Character book, all entries"), budget.book))
                counts = [(text, count) for text, count in counts if count]
            if counts:
                yield title, tuple(counts)

    def _spoken(self) -> Iterable[str]:
        for _, counts in self._lines():
            for text, count in counts:
                yield f"{text} {self._number(count)}"

    def _table(self) -> str:
        rows = []
        for title, counts in self._lines():
            rows.append(f"<tr><td colspan=2><b>{escape(title)}</b></td></tr>")
            for text, count in counts:
                number = escape(self._number(count))
                rows.append(f"<tr><td>{escape(text)}&nbsp;&nbsp;</td><td align=right>{number}</td></tr>")
        how = escape(self.tr("Counted as for %1").replace("%1", tokenizer_text(self._tokenizer)))
        return f"<table>{''.join(rows)}</table><p style='white-space:pre'>{how}</p>"


class _Key(QWidget):
    """A small square that says which part of the bar the words after it mean."""

    _SIDE = 9

    def __init__(self) -> None:
        super().__init__()
        self._colour = ""
        self.setFixedSize(self._SIDE, self._SIDE)

    def show_colour(self, colour: str) -> None:
        """Be of this colour."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawRoundedRect(self.rect(), 2.5, 2.5)


class _Meter(QWidget):
    """The bar itself: both parts, and a mark at half of the context."""

    _HEIGHT = 8

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._permanent = self._temporary = 0
        self.context = CONTEXT
        self.table = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Tokens of the card"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def too_much(self) -> bool:
        """Whether what stays takes more than half of the context."""
        return 2 * self._permanent > self.context

    def show_counts(self, permanent: int, temporary: int) -> None:
        """Draw these."""
        self._permanent, self._temporary = permanent, temporary
        self.update()

    def colours(self) -> tuple[str, str]:
        """Of the permanent and the temporary part, ``#RRGGBB``."""
        tokens = self._theme.tokens
        return (
            tokens.error if self.too_much else tokens.accent,
            mix(tokens.surface, tokens.accent, 0.55 if tokens.dark else 0.4),
        )

    def sizeHint(self) -> QSize:
        """As wide as may be."""
        return QSize(240, self._HEIGHT + 8)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Track, parts, the mark, and the focus ring."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(tokens.tone(Tone.ACCENT), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        bar = QRectF(3, (self.height() - self._HEIGHT) / 2, self.width() - 6, self._HEIGHT)
        clip = QPainterPath()
        clip.addRoundedRect(bar, self._HEIGHT / 2, self._HEIGHT / 2)
        painter.setClipPath(clip)
        painter.fillRect(bar, QColor(tokens.track))
        left = bar.left()
        for count, colour in zip((self._permanent, self._temporary), self.colours(), strict=True):
            width = min(bar.width() * count / self.context, bar.right() - left)
            if width > 0:
                painter.fillRect(QRectF(left, bar.top(), max(1.5, width - 1), bar.height()), QColor(colour))
                left += width
        middle = QColor(tokens.text)
        middle.setAlphaF(0.55)
        painter.fillRect(QRectF(bar.center().x() - 0.75, bar.top(), 1.5, bar.height()), middle)

    def event(self, event: QEvent) -> bool:
        """The table of the fields under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.table, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter show the table to those without a pointer."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.table, self)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The table goes with the focus."""
        QToolTip.hideText()
        super().focusOutEvent(event)


class TokenCount(QLabel):
    """The tokens of one field: ``148 tokens``, ``≈ 148 tokens`` for an estimate."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "caption")

    def set_count(self, count: int | None, *, estimate: bool = False) -> None:
        """Show a count; None, while it is not known, shows nothing."""
        if count is None:
            self.setText("")
        elif estimate:
            self.setText(self.tr("≈ %Ln token(s)", None, count))
        else:
            self.setText(self.tr("%Ln token(s)", None, count))
