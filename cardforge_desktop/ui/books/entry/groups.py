"""Fields of an entry that most entries never need, folded under headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from cardforge_desktop.books.entry_fields import AT_DEPTH, FIELDS, OUTLET
from cardforge_desktop.cards.model import BookEntry
from cardforge_desktop.ui.books.entry.controls import SWITCHES, Hinted, make_control
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import button, label, line
from cardforge_desktop.ui.widgets.json_field import JsonField

if TYPE_CHECKING:
    from cardforge_desktop.ui.widgets.field_bench import FieldBench

#: Names of fields that stand side by side.
_Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A heading and the fields below it, in rows; a row may have a caption above it."""

    key: str
    title: str
    rows: tuple[_Row, ...]


_ALSO_SEARCHED = ("match_persona_description", "match_character_description")
GROUPS: tuple[GroupSpec, ...] = (
    GroupSpec(
        "wakes",
        QT_TRANSLATE_NOOP("EntryGroups", "When it wakes"),
        (
            ("secondary_keys",),
            ("selectiveLogic",),
            ("selective",),
            ("case_sensitive", "match_whole_words"),
            ("useProbability", "probability"),
            ("scan_depth", ""),
            ("vectorized",),
            ("triggers",),
            *((name,) for name in _ALSO_SEARCHED),
            ("match_character_personality",),
            ("match_character_depth_prompt",),
            ("match_scenario",),
            ("match_creator_notes",),
        ),
    ),
    GroupSpec(
        "goes",
        QT_TRANSLATE_NOOP("EntryGroups", "Where it goes"),
        (("position",), ("depth", "role"), ("outlet_name",), ("ignore_budget",)),
    ),
    GroupSpec(
        "timing",
        QT_TRANSLATE_NOOP("EntryGroups", "Timing"),
        (("sticky", "cooldown"), ("delay", "")),
    ),
    GroupSpec(
        "recursion",
        QT_TRANSLATE_NOOP("EntryGroups", "Recursion"),
        (("exclude_recursion",), ("prevent_recursion",), ("delay_until_recursion",)),
    ),
    GroupSpec(
        "group",
        QT_TRANSLATE_NOOP("EntryGroups", "One of a group"),
        (("group",), ("group_weight", "use_group_scoring"), ("group_override",)),
    ),
    GroupSpec(
        "others",
        QT_TRANSLATE_NOOP("EntryGroups", "For other programs"),
        (("comment",), ("automation_id", "id"), ("use_regex",), ("extensions",), ("unknown",)),
    ),
)
#: Fields that mean nothing unless another field says so.
_ONLY_IF = {
    "depth": ("position", AT_DEPTH),
    "role": ("position", AT_DEPTH),
    "outlet_name": ("position", OUTLET),
}
_ONLY_IF["probability"] = ("useProbability", True)


class Group(QWidget):
    """A heading that folds its fields; they are made when they are first seen.

    Signals:
        made(object): mapping of names to the controls that were just made.
        folded(bool): they are in sight, or no longer.
    """

    made = Signal(object)
    folded = Signal(bool)

    def __init__(self, bench: FieldBench, spec: GroupSpec) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._bench, self.spec = bench, spec
        self.controls: dict[str, Any] = {}
        self._boxes: dict[str, QWidget] = {}
        self._entry = BookEntry()
        title = QCoreApplication.translate("EntryGroups", spec.title)
        self.head = button(title, "fold")
        self.head.setCheckable(True)
        self.head.toggled.connect(self._fold)
        self.said = label("", "caption")
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(self.head)
        head.addStretch(1)
        head.addWidget(self.said)
        self._body = QWidget()
        self._body.setProperty("role", "page")
        self._body.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(line())
        layout.addLayout(head)
        layout.addWidget(self._body)
        self._draw()

    @property
    def names(self) -> Iterator[str]:
        """Of all its fields."""
        return (name for fields in self.spec.rows for name in fields if name)

    def unfold(self) -> None:
        """Show the fields."""
        self.head.setChecked(True)

    def show_entry(self, entry: BookEntry, names: frozenset[str] | None = None) -> None:
        """Show an entry; None for `names`: it is another one."""
        self._entry = entry
        count = sum(FIELDS[name].read(entry) != FIELDS[name].read(_EMPTY) for name in self.names)
        self.said.setText(self.tr("%n set", None, count) if count else "")
        for name, control in self.controls.items():
            if names is None or name in names:
                control.show_value(FIELDS[name].read(entry))
        for name, (other, value) in _ONLY_IF.items():
            if name in self._boxes:
                self._boxes[name].setVisible(FIELDS[other].read(entry) == value)

    @Slot(bool)
    def _fold(self, shown: bool) -> None:
        self._draw()
        if shown and not self.controls:
            self._make()
            self.made.emit(self.controls)
            self.show_entry(self._entry)
        self._body.setVisible(shown)
        self.folded.emit(shown)

    def _make(self) -> None:
        page = QVBoxLayout(self._body)
        page.setContentsMargins(SPACE_XS, SPACE_XS, 0, SPACE_L)
        page.setSpacing(SPACE_M)
        for fields in self.spec.rows:
            if fields[0] == _ALSO_SEARCHED[0]:
                page.addWidget(label(self.tr("Keys are looked for in these, too"), "strong", wrap=True))
            page.addLayout(self._row(fields))

    def _row(self, fields: _Row) -> QGridLayout:
        row = QGridLayout()
        row.setHorizontalSpacing(SPACE_M)
        for at, name in enumerate(fields):
            row.setColumnStretch(at, 1)
            if name:
                control = self.controls[name] = make_control(self._bench, name)
                box = (
                    control
                    if isinstance(control, JsonField)
                    else Hinted(name, control, caption=name not in SWITCHES)
                )
                self._boxes[name] = box
                row.addWidget(box, 0, at)
        return row

    def _draw(self) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        icon = "chevron-down" if self.head.isChecked() else "chevron-left" if mirrored else "chevron-right"
        self._bench.icons.put(self.head, icon, Tone.MUTED, 16)


_EMPTY = BookEntry()
