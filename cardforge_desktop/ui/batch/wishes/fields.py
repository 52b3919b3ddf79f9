"""The parts of the form: a field under its name, with a word on what is wrong below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLayout, QLineEdit, QVBoxLayout, QWidget

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.ui.batch.wishes.common import VARIOUS, Various
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import label, set_role, set_tone
from cardforge_desktop.ui.widgets.check_box import CheckBox

#: Typing is carried on after so long a pause, or when the field is left.
_TYPING_MS = 600
#: Where the text of a check box begins.
_INDENT = 26

#: What each format is for, and what of a card has no place in it.
FORMAT_USES: Mapping[str, str] = {
    "json": QT_TRANSLATE_NOOP("FormatUses", "Read by every app. Without the picture."),
    "v2": QT_TRANSLATE_NOOP("FormatUses", "For apps that read Character Card V2. Without the picture."),
    "v3": QT_TRANSLATE_NOOP("FormatUses", "For apps that read Character Card V3. Without the picture."),
    "tavernai": QT_TRANSLATE_NOOP(
        "FormatUses", "A picture with the card in it, for every app. Holds everything."
    ),
    "tavernai-v2": QT_TRANSLATE_NOOP(
        "FormatUses", "For old apps that stumble over V3. Without files and decorators."
    ),
    "charx": QT_TRANSLATE_NOOP("FormatUses", "V3 with all its files, for RisuAI and others."),
    "worldinfo": QT_TRANSLATE_NOOP("FormatUses", "The character book alone, for SillyTavern's World Info."),
    "lorebook": QT_TRANSLATE_NOOP("FormatUses", "The character book alone, for apps that read V3 lorebooks."),
    "markdown": QT_TRANSLATE_NOOP("FormatUses", "For reading and printing; no app reads it back."),
}


class Field(QWidget):
    """A name, what is below it, and a note that is hidden while there is nothing to say."""

    def __init__(self, name: str, content: QWidget | QLayout, buddy: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.name = name
        self.note = label("", "caption", wrap=True, selectable=True)
        self.note.setAccessibleName(self.tr("Note on %1").replace("%1", name))
        self.note.hide()
        self.heading = label(name, "strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addWidget(self.heading)
        if isinstance(content, QLayout):
            column.addLayout(content)
        else:
            column.addWidget(content)
        column.addWidget(self.note)
        if buddy is not None:
            self.heading.setBuddy(buddy)

    def say(self, text: str, role: str = "caption") -> None:
        """Say something below the field: a ``caption``, ``warn`` or ``error``; "" = nothing."""
        set_role(self.note, role)
        self.note.setText(text)
        self.note.setVisible(bool(text))


class Typed(Protocol):
    """A field that is typed in, and not overwritten while it is."""

    typed: SignalInstance

    @property
    def is_wrong(self) -> bool:
        """Whether what stands in it can't be used."""

    def flush(self) -> None:
        """Wish for what was typed now."""

    def give_up(self) -> None:
        """Show what is stored in the place of what was typed."""

    def mark(self, *, wrong: bool) -> None:
        """What was wished was refused, or is not wrong any more."""

    def setFocus(self) -> None:
        """Give it the focus."""


class TextLine(QLineEdit):
    """One line of text that does not let itself be overwritten while it is being edited.

    Signals:
        typed(): the person changes the text.
        wished(str): the person typed this and paused, pressed Return or left.
    """

    typed = Signal()
    wished = Signal(str)

    def __init__(self, name: str, various: str) -> None:
        super().__init__()
        self._various = various
        self._stored: str | Various = ""
        self._is_typed = False
        self._usual = ""
        self.setAccessibleName(name)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_MS)
        self._pause.timeout.connect(self.flush)
        self.textEdited.connect(self._on_typed)
        self.editingFinished.connect(self._leave)

    @property
    def is_wrong(self) -> bool:
        """Whether what stands in it was refused."""
        return bool(self.property("tone") == "error")

    def set_usual(self, text: str) -> None:
        """What stands for an empty line, in grey."""
        self._usual = text
        self._place_hint()

    def show_value(self, value: str | Various) -> None:
        """Show what is stored, unless the person is writing something else."""
        self._stored = value
        if self._is_typed and not self._agrees():
            return
        self._is_typed = self._is_typed and self.hasFocus()
        self._place_hint()
        text = "" if isinstance(value, Various) else value
        if text != self.text() and not self._is_typed:
            self.setText(text)
            self.setCursorPosition(0)

    def put(self, text: str) -> None:
        """Take a text as if it had been typed, and wish for it at once."""
        self.setText(text)
        self._is_typed = True
        self.flush()

    def give_up(self) -> None:
        """Show what is stored in the place of what was typed."""
        self._pause.stop()
        self._is_typed = False
        self.mark(wrong=False)
        self.show_value(self._stored)

    def mark(self, *, wrong: bool) -> None:
        """Give the field the border of an error, or take it away."""
        set_tone(self, "error" if wrong else "")

    @Slot()
    def flush(self) -> None:
        """Wish for what was typed now."""
        self._pause.stop()
        if self._is_typed and self.text().strip() != self._stored:
            self.wished.emit(self.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape brings back what is stored."""
        if event.key() == Qt.Key.Key_Escape and self._is_typed:
            self.give_up()
            event.accept()
            return
        super().keyPressEvent(event)

    def _agrees(self) -> bool:
        return self.text().strip() == self._stored

    def _place_hint(self) -> None:
        self.setPlaceholderText(self._various if self._stored is VARIOUS else self._usual)

    @Slot(str)
    def _on_typed(self, _text: str) -> None:
        self._is_typed = True
        self.typed.emit()
        self._pause.start()

    @Slot()
    def _leave(self) -> None:
        self.flush()
        if self._is_typed and self._agrees():
            self._is_typed = False


class Switch(CheckBox):
    """Yes, no, or different from draft to draft.

    Signals:
        wished(bool): the person chose.
    """

    wished = Signal(bool)

    def __init__(self, services: Services, text: str, tip: str = "") -> None:
        super().__init__(services.theme, services.icons, text)
        self.setToolTip(tip)
        self.setStatusTip(tip)
        self.clicked.connect(self._choose)

    def show_value(self, value: bool | Various) -> None:
        """Show it without telling anyone."""
        state = Qt.CheckState.PartiallyChecked
        if not isinstance(value, Various):
            state = Qt.CheckState.Checked if value else Qt.CheckState.Unchecked
        if state is not self.checkState():
            self.setTristate(state is Qt.CheckState.PartiallyChecked)
            self.setCheckState(state)

    @Slot()
    def _choose(self) -> None:
        # From "different" Qt goes on to "yes"; back to "different" nobody wants.
        wanted = self.checkState() is not Qt.CheckState.Unchecked
        self.show_value(wanted)
        self.wished.emit(wanted)


class FormatList(QWidget):
    """The formats to tick, each with what it is for.

    Signals:
        wished(str, bool): the person ticked the format with this name, or took it off.
    """

    wished = Signal(str, bool)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.boxes: dict[str, Switch] = {}
        self._uses: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        for name, format_ in FORMATS.items():
            use = format_use(name)
            box = Switch(services, format_.label, use)
            box.wished.connect(lambda wanted, name=name: self.wished.emit(name, wanted))
            box.installEventFilter(self)
            said = label(use, "caption", wrap=True)
            said.setContentsMargins(_INDENT, 0, 0, SPACE_XS)
            said.hide()
            self.boxes[name], self._uses[name] = box, said
            column.addWidget(box)
            column.addWidget(said)

    def show_value(self, formats: Mapping[str, bool]) -> None:
        """Tick those in `formats`: True = all drafts have it, False = some."""
        for name, box in self.boxes.items():
            box.show_value(formats.get(name, False) or (VARIOUS if name in formats else False))
            self._explain(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What has the focus is explained as well: keyboards have no tooltips."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            for name, box in self.boxes.items():
                if box is watched:
                    self._explain(name)
        return super().eventFilter(watched, event)

    def _explain(self, name: str) -> None:
        box = self.boxes[name]
        shown = box.hasFocus() or box.checkState() is not Qt.CheckState.Unchecked
        if shown is self._uses[name].isHidden():
            self._uses[name].setVisible(shown)


def format_use(name: str) -> str:
    """What a format is for, in a sentence; "" for one nobody described."""
    from PySide6.QtCore import QCoreApplication

    use = FORMAT_USES.get(name, "")
    return QCoreApplication.translate("FormatUses", use) if use else ""
