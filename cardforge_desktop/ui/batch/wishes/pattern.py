"""The pattern of file names within the form: one for all selected drafts, shown with real names."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.naming import pattern_template
from cardforge_desktop.ui.batch.wishes.common import Various
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.pattern_editor import PatternEditor, newest_samples

_VARIOUS = "various"


class PatternField(QWidget):
    """A `PatternEditor` that knows of several drafts, and is not overwritten while it is typed in.

    Signals:
        typed(): the person changes the text.
        wished(str): a usable pattern, "" = the profile's.
    """

    typed = Signal()
    wished = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._services = services
        self._stored: str | Various = ""
        self._is_typed = False
        self._is_refused = False
        self._shown: tuple[object, ...] = ()
        self.editor = PatternEditor(services.icons, services.theme, inherit=self.tr("As the profile says"))
        self.editor.edited.connect(self._on_edited)
        self.editor.entered.connect(self._on_entered)
        self.editor.line.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.editor)
        self.setFocusProxy(self.editor.line)
        services.background.start(self._read_samples())

    @property
    def is_wrong(self) -> bool:
        """Whether what stands in it can't be used."""
        return self._is_typed and (self._is_refused or not self.editor.is_valid)

    def show_value(
        self, pattern: str | Various, formats: Mapping[str, bool], inherited: Collection[str]
    ) -> None:
        """Show what is stored, with names in these formats, unless the person is writing something else.

        Args:
            inherited: what the profiles of the drafts say.
        """
        shown = (pattern, tuple(formats), tuple(inherited))
        self._stored = pattern
        if shown == self._shown and not self._is_typed:
            return
        self._shown = shown
        self.editor.set_formats({name: FORMATS[name].extension for name in formats if name in FORMATS})
        self.editor.set_inherited(next(iter(inherited), "") or "default")
        if not self._is_typed or self._agrees():
            self._is_typed = False
            self._place()

    def flush(self) -> None:
        """Wish for what was typed now."""
        if self._is_typed and self.editor.is_valid and not self._agrees():
            self.wished.emit(self.editor.pattern)

    def give_up(self) -> None:
        """Show what is stored in the place of what was typed."""
        self._is_refused = False
        if self._is_typed:
            self._is_typed = False
            self._place()

    def mark(self, *, wrong: bool) -> None:
        """What was wished was refused, or is not wrong any more."""
        self._is_refused = wrong

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape brings back what is stored."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._is_typed
        ):
            self.give_up()
            self.typed.emit()
            return True
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if isinstance(self._stored, Various):
            self.editor.set_pattern("")
            self.editor.choices.show_choice(_VARIOUS, self.tr("(various)"))
            self.editor.line.setPlaceholderText(self.tr("(various)"))
        else:
            self.editor.set_pattern(self._stored)

    def _agrees(self) -> bool:
        if isinstance(self._stored, Various):
            return False
        return self.editor.pattern in (self._stored, pattern_template(self._stored))

    @Slot(str)
    def _on_edited(self, _pattern: str) -> None:
        self._is_typed = True
        self._is_refused = False
        self.typed.emit()

    @Slot(str)
    def _on_entered(self, pattern: str) -> None:
        if not self._agrees():
            self._is_typed = True
            self.wished.emit(pattern)

    async def _read_samples(self) -> None:
        samples, rules = await self._services.background.call(
            lambda ws: (newest_samples(ws), ws.settings.get().name_rules)
        )
        self.editor.set_samples(samples)
        self.editor.set_rules(rules)
        if not self._is_typed:
            self._place()
