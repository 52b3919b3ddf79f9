"""Tags as chips that are taken away with a click, and a line to add more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.theme import SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import FlowLayout, button

_LONGEST = 48


class _Line(QLineEdit):
    """Backspace at its beginning takes the last tag.

    Signals:
        emptied(): Backspace in the empty line.
    """

    emptied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A comma ends a tag as Enter does."""
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.text() == ",":
            self.returnPressed.emit()
        else:
            super().keyPressEvent(event)


class TagsField(QWidget):
    """The tags of a card.

    Signals:
        given(object): the person changed them to this list.
    """

    given = Signal(object)

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._tags: list[str] | None = None
        self.line = _Line()
        self.line.setPlaceholderText(self.tr("Add a tag"))
        self.line.setAccessibleName(self.tr("Add a tag"))
        self.line.setMaximumWidth(220)
        bench.without_undo(self.line)
        self.line.returnPressed.connect(self._add)
        self.line.editingFinished.connect(self._add)
        self.line.emptied.connect(self._take_last)
        self._flow = FlowLayout()
        self._chips: list[QPushButton] = []
        self.setFocusProxy(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS + 2)
        layout.addLayout(self._flow)
        layout.addWidget(self.line)

    def show_value(self, tags: Sequence[str]) -> None:
        """Show these."""
        if list(tags) == self._tags:
            return
        self._tags = list(tags)
        for made in self._chips:
            self._flow.removeWidget(made)
            made.hide()
            made.deleteLater()
        self._chips = [self._chip(at, tag) for at, tag in enumerate(self._tags)]
        for made in self._chips:
            self._flow.addWidget(made)
        self.updateGeometry()

    def _chip(self, at: int, tag: str) -> QPushButton:
        short = tag if len(tag) <= _LONGEST else tag[: _LONGEST - 1] + "…"
        made = button(
            short.replace("&", "&&"), "filter", name=self.tr("Remove the tag %1").replace("%1", tag)
        )
        made.setToolTip(self.tr("Remove the tag %1").replace("%1", tag))
        made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind the word
        self._bench.icons.put(made, "x", Tone.ACCENT, 12)
        made.clicked.connect(lambda _checked=False: self._take(at))
        return made

    @Slot()
    def _add(self) -> None:
        new = [tag.strip() for tag in self.line.text().split(",") if tag.strip()]
        self.line.clear()
        tags = list(dict.fromkeys((*(self._tags or ()), *new)))
        if new and tags != self._tags:
            self._give(tags)

    @Slot()
    def _take_last(self) -> None:
        if self._tags:
            self._give(self._tags[:-1])

    def _take(self, at: int) -> None:
        tags = list(self._tags or ())
        del tags[at]
        self._give(tags)
        self.line.setFocus()

    def _give(self, tags: list[str]) -> None:
        self.show_value(tags)
        self.given.emit(tags)
