"""The pane at the right: a card's fields as the model writes them, or why it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QStackedLayout, QTextEdit, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import ItemStatus, ItemView
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch import state
from cardforge_desktop.ui.batch.details import RAW_ANSWER
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, chip, label, row, set_tone
from cardforge_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cardforge_desktop.events import Progress

_CHIP_TONES = {
    Tone.OK: "ok",
    Tone.WARN: "warn",
    Tone.ERROR: "error",
    Tone.INFO: "info",
    Tone.ACCENT: "accent",
}


class FieldsView(QTextEdit):
    """Fields of a card under their names. Growing text is appended: what stands is not laid out again."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._texts: dict[str, str] = {}
        self._last = ""
        self.setReadOnly(True)
        self.setProperty("role", "reading")
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(1)
        self.setAccessibleName(self.tr("Fields of the card"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        theme.changed.connect(self._rewrite)

    @property
    def texts(self) -> dict[str, str]:
        """What is shown, by field."""
        return dict(self._texts)

    def show_fields(self, texts: dict[str, str]) -> None:
        """Replace everything."""
        self._texts = {name: text for name, text in texts.items() if text and name != "name"}
        self._rewrite()

    def grow(self, name: str, text: str) -> None:
        """A field's text so far. Only what is new is added, when it goes on where it ended."""
        before = self._texts.get(name)
        if text == before or not text:
            return
        follow = self._at_end()
        self._texts[name] = text
        if before is not None and (self._last != name or not text.startswith(before)):
            self._rewrite()
        elif before is None:
            self._write(name, text)
        else:
            cursor = self._end()
            cursor.insertText(text[len(before) :], self._body())
        if follow:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 24

    def _end(self) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    @Slot()
    def _rewrite(self) -> None:
        at = self.verticalScrollBar().value()
        self.clear()
        self._last = ""
        for name, text in self._texts.items():
            self._write(name, text)
        self.verticalScrollBar().setValue(at)

    def _write(self, name: str, text: str) -> None:
        cursor = self._end()
        cursor.beginEditBlock()
        heading = QTextCharFormat()
        heading.setForeground(self._theme.tokens.tone(Tone.MUTED))
        heading.setFont(self._theme.font(0.92))
        block = QTextBlockFormat()
        block.setTopMargin(SPACE_M if self._last else 0)
        block.setBottomMargin(2)
        if self._last:
            cursor.insertBlock(block, heading)
        else:
            cursor.setBlockFormat(block)
        cursor.insertText(formatting.field_label(name), heading)
        block = QTextBlockFormat()
        block.setLineHeight(112, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.insertBlock(block, self._body())
        cursor.insertText(text, self._body())
        cursor.endEditBlock()
        self._last = name

    def _body(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self._theme.tokens.tone(Tone.TEXT))
        font = QFont(self._theme.font())
        form.setFont(font)
        return form


class PreviewPane(Card):
    """Shows one item of the queue.

    Signals:
        asked(str, str): a button was pressed: item id and ``cancel``, ``retry``, ``details``,
            ``open`` or ``folder``.
    """

    asked = Signal(str, str)

    def __init__(self, services: Services) -> None:
        super().__init__(margin=0)
        self._services = services
        self._item: ItemView | None = None
        self._name = ""
        self.setAccessibleName(self.tr("Live preview"))
        self.fields = FieldsView(services.theme)
        self._title = ElidedLabel("", "title")
        self._chip = chip("")
        self._about = ElidedLabel("", "caption")
        self._error = label("", "error", wrap=True, selectable=True)
        self._remarks = label("", "caption", wrap=True, selectable=True)
        self._buttons = {
            "cancel": button(self.tr("Cancel"), tip=self.tr("Stop this card")),
            "details": button(self.tr("Details…"), tip=self.tr("What happened, and the model's raw answer")),
            "retry": button(self.tr("Retry"), tip=self.tr("Try this card again")),
            "folder": button(self.tr("Show in folder"), tip=self.tr("Show the card's files")),
            "open": button(self.tr("Open card"), tip=self.tr("Read the card in the library")),
        }
        for key, made in self._buttons.items():
            made.clicked.connect(lambda _checked=False, key=key: self._ask(key))
        page = QWidget()
        body = _column(page)
        body.addLayout(row(self._title, self._chip))
        body.addWidget(self._about)
        body.addSpacing(SPACE_S)
        self._error.setContentsMargins(0, 0, 0, SPACE_S)
        body.addWidget(self._error)
        body.addWidget(self._remarks)
        body.addWidget(self.fields, 1)
        body.addSpacing(SPACE_S)
        keys = ("cancel", "details", "retry")
        body.addLayout(
            row(*(self._buttons[key] for key in keys), None, self._buttons["folder"], self._buttons["open"])
        )
        empty = EmptyState(
            services.theme,
            services.icons,
            "eye",
            title=self.tr("Live preview"),
            text=self.tr("Select a row to see its card here, while it is written and after."),
        )
        self._pages = QStackedLayout()
        self._pages.addWidget(empty)
        self._pages.addWidget(page)
        self.body.addLayout(self._pages)

    @property
    def item_id(self) -> str:
        """Id of the item that is shown, "" = none."""
        return self._item.id if self._item is not None else ""

    def show_nothing(self) -> None:
        """No item."""
        self._item = None
        self.fields.show_fields({})
        self._pages.setCurrentIndex(0)

    def show_item(self, item: ItemView, progress: Progress | None) -> None:
        """Show where an item is; its fields come with `FieldsView.show_fields` and `move_on`."""
        if self._item is None or self._item.id != item.id:
            self.fields.show_fields({})
            self._name = ""
        self._item = item
        raw = item.error.details.get(RAW_ANSWER) if item.error is not None else None
        if raw:
            self.fields.show_fields({RAW_ANSWER: str(raw)})
        self._pages.setCurrentIndex(1)
        self._title.set_whole(item.card_name or self._name or item.source)
        self._show_state(progress)
        about = self.tr("%1 · %2 · %3").replace("%1", state.source_text(item)).replace("%2", item.profile)
        self._about.set_whole(about.replace("%3", item.engine))
        self._error.setText(state.error_text(item))
        self._error.setVisible(item.error is not None)
        self._remarks.setText("\n".join(item.warnings))
        self._remarks.setVisible(bool(item.warnings))
        running = item.status in (ItemStatus.QUEUED, ItemStatus.PROCESSING)
        ended = item.status in (ItemStatus.FAILED, ItemStatus.CANCELLED)
        self._buttons["cancel"].setVisible(running)
        self._buttons["retry"].setVisible(ended)
        self._buttons["details"].setVisible(item.error is not None)
        self._buttons["open"].setVisible(item.card_id is not None)
        self._buttons["folder"].setVisible(bool(item.files))

    def show_name(self, name: str) -> None:
        """The card's name, as soon as it is known, takes the place of the source's."""
        self._name = name
        if self._item is not None and name:
            self._title.set_whole(self._item.card_name or name)

    def move_on(self, progresses: tuple[Progress, ...]) -> None:
        """Let the fields of the shown item grow."""
        last = None
        for progress in progresses:
            if self._item is None or progress.item_id != self._item.id:
                continue
            if progress.restarted:
                self.fields.show_fields({})
            if progress.field == "name":
                self.show_name(progress.text)
            elif progress.field:
                self.fields.grow(progress.field, progress.text)
            last = progress
        if last is not None:
            self._show_state(last)

    def _show_state(self, progress: Progress | None) -> None:
        if self._item is None:
            return
        shown = state.state_of(self._item, progress)
        writing = self._item.status is ItemStatus.PROCESSING and shown.icon == "pen-line"
        self._chip.setText(self.tr("writing…") if writing else shown.text)
        set_tone(self._chip, _CHIP_TONES.get(shown.tone, ""))

    def _ask(self, key: str) -> None:
        if self._item is not None:
            self.asked.emit(self._item.id, key)


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
    column.setSpacing(2)
    return column
