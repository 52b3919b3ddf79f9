"""One entry of the character book, every field of V3 in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cardforge_desktop.cards.field_paths import value_at, with_value
from cardforge_desktop.cards.model import BookEntry
from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.field_box import FieldBox
from cardforge_desktop.ui.library.editor.finding_lines import LintLines
from cardforge_desktop.ui.library.editor.sections.other import known_names, with_unknown
from cardforge_desktop.ui.library.editor.sections.section import plain
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import button, label, row
from cardforge_desktop.ui.widgets.json_field import JsonField
from cardforge_desktop.ui.widgets.key_chips import KeyChips
from cardforge_desktop.ui.widgets.value_fields import (
    Captioned,
    ParsedField,
    Selection,
    Switch,
    TriState,
    id_field,
    number_field,
)

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.ui.library.editor.examining import Examination

_IN_ROW = 3


class EntryForm(QWidget):
    """Shows the entry at one index, and changes that."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._bench = bench
        self._base = "character_book.entries[0]"
        self._examination: Examination | None = None
        self._controls: dict[str, Any] = {}
        self._make_texts()
        self._make_values()
        self._make_more()
        self._lay_out()

    def show_entry(self, card: Card, at: int) -> None:
        """Show the entry at an index."""
        base = f"character_book.entries[{at}]"
        if base != self._base:
            self._base = base
            for each in (*self._controls.values(), self.extensions, self.unknown):
                if isinstance(each, (ParsedField, KeyChips, JsonField)):
                    each.forget()
        for name, box in self.boxes.items():
            box.path = f"{self._base}.{name}"
            box.show_card(card)
        entry: BookEntry = value_at(card, self._base)
        for name, control in self._controls.items():
            control.show_value(getattr(entry, name))
        if self._more_button.isChecked():
            self._show_more(entry)
        if self._examination is not None:
            self.show_counts(self._examination)

    def show_counts(self, examination: Examination) -> None:
        """Tokens of the content."""
        self._examination = examination
        content = self.boxes["content"]
        content.tokens.set_count(examination.counts.get(content.path), estimate=examination.is_estimate)

    def show_findings(self, findings: Mapping[str, Sequence[Finding]]) -> None:
        """What is the matter with this entry, the content's under the content."""
        others: list[Finding] = []
        for path, found in findings.items():
            if path.startswith(self._base) and path[len(self._base) :][:1] in ("", ".", "["):
                name = path[len(self._base) + 1 :]
                if name not in self.boxes:
                    others += found
        for name, box in self.boxes.items():
            box.show_findings(findings.get(f"{self._base}.{name}", ()))
        self.findings.show_findings(others)

    def go_to(self, name: str, start: int, end: int, *, focus: bool) -> QWidget:
        """Go to a field of the entry; gives the widget to bring into sight."""
        box = self.boxes.get(name)
        if box is not None:
            box.go_to(start, end, focus=focus)
            return box.field
        head = name.partition("[")[0].partition(".")[0]
        control: QWidget = self._controls.get(head, self.boxes["content"].field)
        if head in ("extensions", "unknown"):
            self._more_button.setChecked(True)
            control = self.extensions if head == "extensions" else self.unknown
        if focus:
            control.setFocus(Qt.FocusReason.OtherFocusReason)
        return control

    def _make_texts(self) -> None:
        names = (
            ("name", self.tr("Title"), self.tr("For you, not in the prompt"), True),
            ("content", self.tr("Content"), self.tr("Enters the prompt when a key is mentioned"), False),
            ("comment", self.tr("Comment"), self.tr("SillyTavern's title, not in the prompt"), True),
        )
        self.boxes: dict[str, FieldBox] = {}
        for name, text, hint, is_line in names:
            box = FieldBox(
                self._bench, f"{self._base}.{name}", text, hint=hint, prose=not is_line, line=is_line, least=4
            )
            if is_line:
                box.write_as(lambda card, text, box=box: with_value(card, box.path, text or None))  # type: ignore[misc]
            self.boxes[name] = box
        self.findings = LintLines(self._bench)

    def _make_values(self) -> None:
        bench = self._bench
        self._controls = {
            "keys": KeyChips(bench, self.tr("Keys")),
            "secondary_keys": KeyChips(bench, self.tr("Secondary keys")),
            "insertion_order": number_field(bench, required=True),
            "priority": number_field(bench),
            "position": Selection(
                bench,
                self.tr("Position"),
                (
                    (None, self.tr("Not set")),
                    ("before_char", self.tr("Before the character")),
                    ("after_char", self.tr("Behind the character")),
                ),
            ),
            "constant": TriState(bench, self.tr("Always in the prompt")),
            "selective": TriState(bench, self.tr("Needs a secondary key")),
            "case_sensitive": TriState(bench, self.tr("Case matters")),
            "id": id_field(bench),
            "enabled": Switch(bench, self.tr("Switched on")),
            "use_regex": Switch(bench, self.tr("Keys are regular expressions")),
        }
        for name, control in self._controls.items():
            control.given.connect(lambda value, name=name: self._set(name, value))

    def _make_more(self) -> None:
        self._more_button = button(self.tr("More of the entry"), "quiet")
        self._more_button.setCheckable(True)
        self._bench.icons.put(self._more_button, "chevron-down", Tone.MUTED, 16)
        self._more = plain()
        self.extensions = JsonField(self._bench, self.tr("Extensions of the entry"))
        self.unknown = JsonField(
            self._bench, self.tr("Unknown fields of the entry"), refuses=known_names(BookEntry)
        )
        inner = QVBoxLayout(self._more)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SPACE_M)
        inner.addWidget(self.extensions)
        inner.addWidget(self.unknown)
        self._more.hide()
        self._more_button.toggled.connect(self._fold)
        self.extensions.given.connect(lambda value: self._set("extensions", value))
        self.unknown.given.connect(self._set_unknown)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_L)
        layout.addLayout(row(self._controls["enabled"], self._controls["use_regex"], None, spacing=SPACE_XS))
        layout.addWidget(self.boxes["name"])
        keys = row(spacing=SPACE_L)
        for name, text in (("keys", self.tr("Keys")), ("secondary_keys", self.tr("Secondary keys"))):
            part = QVBoxLayout()
            part.setSpacing(SPACE_XS)
            title = label(text, "strong")
            title.setBuddy(self._controls[name])
            part.addWidget(title)
            part.addWidget(self._controls[name])
            part.addStretch(1)
            keys.addLayout(part, 1)
        layout.addLayout(keys)
        layout.addWidget(self.findings)
        layout.addWidget(self.boxes["content"])
        layout.addWidget(self.boxes["comment"])
        layout.addLayout(self._values())
        layout.addLayout(row(self._more_button, None))
        layout.addWidget(self._more)

    def _values(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_M)
        shown = (
            ("insertion_order", self.tr("Order"), self.tr("Lower comes earlier in the prompt")),
            ("priority", self.tr("Priority"), self.tr("Lower is dropped first")),
            ("position", self.tr("Position"), self.tr("Where in the prompt")),
            ("constant", self.tr("Always in the prompt"), self.tr("Whatever the keys")),
            ("selective", self.tr("Needs a secondary key"), self.tr("One of each list has to be mentioned")),
            ("case_sensitive", self.tr("Case matters"), self.tr("Of letters in keys")),
            ("id", self.tr("Id"), self.tr("Of two entries with one id SillyTavern keeps one")),
        )
        for at, (name, text, hint) in enumerate(shown):
            grid.addWidget(Captioned(text, self._controls[name], hint), at // _IN_ROW, at % _IN_ROW)
            grid.setColumnStretch(at % _IN_ROW, 1)
        return grid

    def _set(self, name: str, value: Any) -> None:
        if name == "secondary_keys" and not value:
            value = None
        self._bench.session.set(f"{self._base}.{name}", value, typed=True)

    @Slot(object)
    def _set_unknown(self, value: dict[str, Any]) -> None:
        base = self._base
        change: Callable[[Card], Card] = lambda card: with_value(  # noqa: E731
            card, base, with_unknown(value_at(card, base), value)
        )
        self._bench.session.edit(f"{base}.unknown", change, typed=True)

    @Slot(bool)
    def _fold(self, shown: bool) -> None:
        self._bench.icons.put(self._more_button, "chevron-up" if shown else "chevron-down", Tone.MUTED, 16)
        if shown and self._bench.session.is_open:
            self._show_more(value_at(self._bench.session.card, self._base))
        self._more.setVisible(shown)

    def _show_more(self, entry: BookEntry) -> None:
        self.extensions.show_value(entry.extensions)
        self.unknown.show_value(entry.model_extra or {})
