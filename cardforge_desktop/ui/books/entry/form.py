"""All fields of one entry, the common ones first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cardforge_desktop.books.entry_fields import FIELDS
from cardforge_desktop.cards.model import BookEntry
from cardforge_desktop.ui.books.entry.category_field import CategoryField
from cardforge_desktop.ui.books.entry.content_box import ContentBox
from cardforge_desktop.ui.books.entry.controls import Hinted, make_control
from cardforge_desktop.ui.books.entry.groups import GROUPS, Group
from cardforge_desktop.ui.books.entry.keys_box import KeysBox
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Page
from cardforge_desktop.ui.widgets.json_field import JsonField
from cardforge_desktop.ui.widgets.key_chips import KeyChips
from cardforge_desktop.ui.widgets.value_fields import ParsedField

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.widgets.field_bench import FieldBench

_UNFOLDED = "books/entry/unfolded"


class EntryForm(QScrollArea):
    """Shows an entry and tells what is written into its fields.

    Signals:
        written(str, object, bool): name of the field, its new value, whether it comes letter by letter.
    """

    written = Signal(str, object, bool)

    def __init__(self, bench: FieldBench, session: BookSession) -> None:
        super().__init__()
        self._bench, self._memory = bench, bench.services.memory
        self._entry = BookEntry()
        self.controls: dict[str, Any] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.keys, self.content = KeysBox(bench, session), ContentBox(bench, session)
        self.category = CategoryField(bench, session)
        self.groups = {spec.key: Group(bench, spec) for spec in GROUPS}
        self._lay_out()
        self.keys.chips.given.connect(lambda value: self.written.emit("keys", value, False))
        self.content.edited.connect(lambda value: self.written.emit("content", value, True))
        for key, group in self.groups.items():
            group.made.connect(self._bind)
            group.folded.connect(self._keep_folds)
            if key in self._memory.text(_UNFOLDED).split():
                group.unfold()

    def show_entry(self, entry: BookEntry) -> None:
        """Show another entry, from the top."""
        self.verticalScrollBar().setValue(0)
        for control in self.controls.values():
            if isinstance(control, (ParsedField, JsonField, KeyChips)):
                control.forget()
        self.keys.chips.forget()
        self._show(entry, None)

    def show_fields(self, entry: BookEntry, names: frozenset[str]) -> None:
        """These fields of the shown entry are others."""
        self._show(entry, names)

    def note(self, entry: BookEntry) -> None:
        """The person wrote this: what depends on it follows, the fields stay as they are written."""
        self._entry = entry
        for group in self.groups.values():
            group.show_entry(entry, frozenset())
        self.keys.mind_case(bool(FIELDS["case_sensitive"].read(entry)))

    def settle(self) -> None:
        """Take what is written and only waits to be ended, such as a key."""
        self.keys.chips.settle()
        self.category.settle()
        secondary = self.controls.get("secondary_keys")
        if isinstance(secondary, KeyChips):
            secondary.settle()

    def go_to(self, name: str, *, focus: bool = True) -> None:
        """Bring a field into sight, and give it the focus."""
        for group in self.groups.values():
            if name in group.names:
                group.unfold()
        control: QWidget = {"keys": self.keys.chips, "content": self.content.field}.get(
            name
        ) or self.controls.get(name, self.controls["title"])
        if focus:
            control.setFocus(Qt.FocusReason.OtherFocusReason)
        if (layout := self._page.layout()) is not None:
            layout.activate()
        self.ensureWidgetVisible(control, 0, SPACE_L * 2)

    def _show(self, entry: BookEntry, names: frozenset[str] | None) -> None:
        self._entry = entry
        for name, control in self.controls.items():
            if (names is None or name in names) and not self._is_grouped(name):
                control.show_value(FIELDS[name].read(entry))
        for group in self.groups.values():
            group.show_entry(entry, names)
        self.keys.mind_case(bool(FIELDS["case_sensitive"].read(entry)))
        if names is None or "keys" in names:
            self.keys.show_keys(entry.keys)
        if names is None or "content" in names:
            self.content.show_content(entry.content, anew=names is None)

    def _is_grouped(self, name: str) -> bool:
        return any(name in group.controls for group in self.groups.values())

    def _lay_out(self) -> None:
        bench = self._bench
        common = {name: make_control(bench, name) for name in ("title", "enabled", "constant")}
        common |= {"category": self.category}
        common |= {name: make_control(bench, name) for name in ("insertion_order", "priority")}
        self._bind(common)
        page = self._page = Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(2, SPACE_S, SPACE_M, SPACE_L)
        column.setSpacing(SPACE_L)
        title = Hinted("title", common["title"])
        title.said.hide()
        common["title"].setPlaceholderText(self.tr("What the entry is about"))
        column.addWidget(title)
        switches = QGridLayout()
        switches.setHorizontalSpacing(SPACE_M)
        for at, name in enumerate(("enabled", "constant")):
            switches.addWidget(Hinted(name, common[name], caption=False), 0, at)
            switches.setColumnStretch(at, 1)
        column.addLayout(switches)
        column.addWidget(self.keys)
        column.addWidget(self.content)
        values = QGridLayout()
        values.setHorizontalSpacing(SPACE_M)
        for at, (name, stretch) in enumerate((("category", 5), ("insertion_order", 3), ("priority", 3))):
            values.addWidget(Hinted(name, common[name]), 0, at)
            values.setColumnStretch(at, stretch)
        column.addLayout(values)
        folds = QVBoxLayout()
        folds.setSpacing(SPACE_S)
        for group in self.groups.values():
            folds.addWidget(group)
        column.addLayout(folds)
        column.addStretch(1)
        self.setWidget(page)
        self.viewport().setAutoFillBackground(False)

    @Slot(object)
    def _bind(self, controls: Mapping[str, Any]) -> None:
        self.controls |= controls
        for name, control in controls.items():
            letters = isinstance(control, (ParsedField, JsonField))
            control.given.connect(lambda value, name=name, letters=letters: self._tell(name, value, letters))

    def _tell(self, name: str, value: Any, letters: bool) -> None:
        if name in ("title", "comment"):
            value = value or ""
        self.written.emit(name, value, letters)

    @Slot()
    def _keep_folds(self) -> None:
        unfolded = (key for key, group in self.groups.items() if group.head.isChecked())
        self._memory.keep(_UNFOLDED, " ".join(unfolded))
