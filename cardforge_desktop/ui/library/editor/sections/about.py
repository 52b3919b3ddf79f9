"""What people want to know of a card; nothing of it is sent to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.field_box import FieldBox
from cardforge_desktop.ui.library.editor.sections.section import Section
from cardforge_desktop.ui.library.editor.tags_field import TagsField
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import button, icon_button, label, row
from cardforge_desktop.ui.widgets.value_fields import Captioned, LinesField, moment_field

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cards.package import CardPackage


class NotesInLanguages(QWidget):
    """The creator's notes in other languages: a row for each, by its ISO 639-1 code."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._rows: dict[str, FieldBox] = {}
        self._widgets: list[QWidget] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_M)
        self.code = QLineEdit()
        self.code.setMaximumWidth(140)
        self.code.setMaxLength(35)
        self.code.setPlaceholderText(self.tr("Language, such as de"))
        self.code.setAccessibleName(self.tr("Code of a language"))
        self.add_button = button(self.tr("Add language"))
        bench.icons.put(self.add_button, "plus", Tone.TEXT, 16)
        self.add_button.clicked.connect(self._add)
        self.code.returnPressed.connect(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(label(self.tr("Creator notes in other languages"), "strong"))
        layout.addLayout(self._column)
        layout.addLayout(row(self.code, self.add_button, None))

    def show_card(self, card: Card) -> None:
        """Show the notes of the card."""
        notes = card.creator_notes_multilingual or {}
        if list(notes) != list(self._rows):
            self._rebuild(list(notes))
        for language, box in self._rows.items():
            box.field.setPlaceholderText("")
            box.show_card(card)
            del language

    def box(self, path: str) -> FieldBox | None:
        """The row of a path."""
        return self._rows.get(path.removeprefix("creator_notes_multilingual."))

    def _rebuild(self, languages: list[str]) -> None:
        for widget in self._widgets:
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._rows, self._widgets = {}, []
        for language in languages:
            box = FieldBox(
                self._bench,
                f"creator_notes_multilingual.{language}",
                language or self.tr("(no code)"),
                prose=False,
                least=2,
                read=lambda card, language=language: (card.creator_notes_multilingual or {}).get(
                    language, ""
                ),  # type: ignore[misc]
                write=lambda card, text, language=language: _with_notes(card, language, text),  # type: ignore[misc]
            )
            remove = icon_button(
                self._bench.icons, "trash-2", self.tr("Remove the notes in %1").replace("%1", language)
            )
            remove.clicked.connect(lambda _checked=False, language=language: self._remove(language))
            line = QWidget()
            across = row(box, remove, spacing=SPACE_XS)
            line.setLayout(across)
            self._rows[language] = box
            self._widgets.append(line)
            self._column.addWidget(line)

    @Slot()
    def _add(self) -> None:
        language = self.code.text().strip()
        if not language:
            self.code.setFocus()
            return
        if language not in self._rows:
            path = f"creator_notes_multilingual.{language}"
            self._bench.session.edit(path, lambda card: _with_notes(card, language, ""))
        self.code.clear()
        if language in self._rows:
            self._rows[language].field.setFocus()

    def _remove(self, language: str) -> None:
        self._bench.session.edit("creator_notes_multilingual", lambda card: _with_notes(card, language, None))


class AboutSection(Section):
    """Creator, version, tags, notes, sources and dates."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        creator = FieldBox(bench, "creator", self.tr("Creator"), prose=False, line=True)
        version = FieldBox(bench, "character_version", self.tr("Character version"), prose=False, line=True)
        self.boxes += [creator, version]
        beside = row(creator, version, spacing=SPACE_L)
        self.column.addLayout(beside)
        self.tags = TagsField(bench)
        self._add_named(self.tr("Tags"), self.tags)
        self.add(
            FieldBox(
                bench,
                "creator_notes",
                self.tr("Creator notes"),
                hint=self.tr("For people, never sent to the model"),
            )
        )
        self.languages = NotesInLanguages(bench)
        self.column.addWidget(self.languages)
        self.source = LinesField(bench, self.tr("Sources"), self.tr("Ids or addresses, one a line"))
        self._add_named(self.tr("Sources"), self.source)
        self.created, self.modified = moment_field(bench), moment_field(bench)
        self.column.addLayout(
            row(
                Captioned(self.tr("Made"), self.created, self.tr("In your time zone")),
                Captioned(self.tr("Changed"), self.modified, self.tr("In your time zone")),
                None,
                spacing=SPACE_M,
            )
        )
        self.column.addStretch(1)
        for control, path in (
            (self.tags, "tags"),
            (self.source, "source"),
            (self.created, "creation_date"),
            (self.modified, "modification_date"),
        ):
            control.given.connect(lambda value, path=path: self._set(path, value))

    def show_package(self, package: CardPackage) -> None:
        """Everything on the page."""
        super().show_package(package)
        card = package.card
        self.tags.show_value(card.tags)
        self.languages.show_card(card)
        self.source.show_value(card.source)
        self.created.show_value(card.creation_date)
        self.modified.show_value(card.modification_date)

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """Also to what is no text field."""
        box = self.languages.box(path)
        if box is not None:
            box.go_to(start, end, focus=focus)
            self.bring_up(box.field)
            return True
        controls: dict[str, QWidget] = {
            "tags": self.tags,
            "source": self.source,
            "creation_date": self.created,
            "modification_date": self.modified,
            "creator_notes_multilingual": self.languages.add_button,
        }
        control = controls.get(path.partition("[")[0])
        if control is None:
            return super().go_to(path, start, end, focus=focus)
        self.bring_up(control)
        if focus:
            control.setFocus()
        return True

    def _add_named(self, name: str, control: QWidget) -> None:
        part = QVBoxLayout()
        part.setSpacing(SPACE_XS)
        title = label(name, "strong")
        title.setBuddy(control)
        part.addWidget(title)
        part.addWidget(control)
        self.column.addLayout(part)

    def _set(self, path: str, value: Any) -> None:
        if path == "source" and not value:
            value = None
        self.bench.session.set(path, value, typed=path != "tags")


def _with_notes(card: Card, language: str, text: str | None) -> Card:
    notes = dict(card.creator_notes_multilingual or {})
    if text is None:
        notes.pop(language, None)
    else:
        notes[language] = text
    return card.model_copy(update={"creator_notes_multilingual": notes or None})
