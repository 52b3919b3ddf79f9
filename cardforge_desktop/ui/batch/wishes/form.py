"""The form in which drafts are given their profile, engine, formats, folder and names before Start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout

from cardforge_desktop.batches.model import CardRef, ItemView
from cardforge_desktop.ui.batch.file_list import FileList, source_entries
from cardforge_desktop.ui.batch.wishes.changing import Changing, Part
from cardforge_desktop.ui.batch.wishes.choices import Choices
from cardforge_desktop.ui.batch.wishes.common import (
    VARIOUS,
    Common,
    Various,
    common_of,
    formats_with,
    grouped,
)
from cardforge_desktop.ui.batch.wishes.estimate import sum_text
from cardforge_desktop.ui.batch.wishes.fields import Field, FormatList, Switch, TextLine, Typed
from cardforge_desktop.ui.batch.wishes.folder import FolderLine
from cardforge_desktop.ui.batch.wishes.pattern import PatternField
from cardforge_desktop.ui.batch.wishes.update import UpdateField, fields_shown, fields_with
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import (
    Card,
    ElidedLabel,
    Page,
    button,
    chip,
    icon_button,
    label,
    line,
    row,
)
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.batches.drafts import Wishes
    from cardforge_desktop.errors import CardForgeError

#: Selections up to this size are gone through on the window's thread (2 ms at most), larger ones on a worker.
_DIRECT = 200
_WITH, _WITHOUT, _AS_PROFILE = "with", "without", "profile"


class WishesForm(Card):
    """Shows what the selected drafts have in common; what is changed is changed for all of them.

    Signals:
        start_asked(): start the shown drafts.
        undone(object): a change of the drafts with these ids was taken back.
    """

    start_asked = Signal()
    undone = Signal(object)

    def __init__(self, services: Services) -> None:
        super().__init__(margin=0)
        self._services = services
        self._items: tuple[ItemView, ...] = ()
        self._common: Common | None = None
        self._number = 0
        self.changing = Changing(services, self)
        self.choices = Choices(services, self)
        self.setAccessibleName(self.tr("Settings of the selected rows"))
        self._make_head()
        self._make_fields()
        self._make_foot()
        self._lay_out()
        self._connect()

    @property
    def ids(self) -> tuple[str, ...]:
        """The drafts that are shown."""
        return tuple(item.id for item in self._items)

    def show_items(self, items: Sequence[ItemView]) -> None:
        """Show these drafts, at least one."""
        if tuple(item.id for item in items) != self.ids:
            self._leave()
        self._items = tuple(items)
        self._refresh()

    def leave(self) -> None:
        """The form is left: what was typed last is meant as well."""
        self._leave()
        self._items = ()
        self._common = None

    def then(self, do: Callable[[], object]) -> None:
        """Do something (start) when all that stands in the form is stored; not while a field is wrong."""
        self._flush()
        wrong = next((key for key, each in self._lines.items() if each.is_wrong), None)
        if wrong is None:
            self.changing.then(do)
            return
        self._lines[wrong].setFocus()
        self._scroll.ensureWidgetVisible(self._fields[wrong])

    @Slot()
    def undo(self) -> None:
        """Take the last change back."""
        for each in self._lines.values():
            each.give_up()
        self.changing.undo()

    # Making

    def _make_head(self) -> None:
        self._title = ElidedLabel("", "title", Qt.TextElideMode.ElideMiddle)
        self._chip = chip(self.tr("Ready"))
        self.undo_button = icon_button(self._services.icons, "undo-2", self.tr("Take the last change back"))
        self.undo_button.clicked.connect(self.undo)
        self.sources = FileList(self._services.icons, self.tr("Sources"))
        self._several = label("", "caption", wrap=True)
        self._warnings = label("", "warn", wrap=True, selectable=True)
        self._warnings.setAccessibleName(self.tr("Warnings of the source"))

    def _make_fields(self) -> None:
        icons, various = self._services.icons, self.tr("(various)")
        self.profile = Picker(icons, self.tr("Profile"))
        self.engine = Picker(icons, self.tr("Engine"))
        self.character = TextLine(self.tr("Character"), various)
        self.character.set_usual(self.tr("As the source says"))
        self.book = Picker(icons, self.tr("Character book"))
        self.formats = FormatList(self._services)
        self.folder = FolderLine(self._services)
        self.pattern = PatternField(self._services)
        self.update_field = UpdateField(self._services)
        self.overwrite = Switch(
            self._services,
            self.tr("Replace files of the same name"),
            self.tr("Otherwise the new files get a number, and nothing is lost"),
        )
        self._lines: dict[str, Typed] = {
            "character_name": self.character,
            "output": self.folder.line,
            "pattern": self.pattern,
        }
        self._fields = {
            "profile": Field(self.tr("Profile"), self.profile, self.profile),
            "engine": Field(self.tr("Engine"), self.engine, self.engine),
            "character_name": Field(self.tr("Character"), self.character, self.character),
            "include_book": Field(self.tr("Character book"), self.book, self.book),
            "formats": Field(self.tr("Formats"), self.formats, self.formats.boxes["json"]),
            "output": Field(self.tr("Output folder"), self.folder, self.folder.line),
            "pattern": Field(self.tr("File names"), self.pattern, self.pattern.editor.line),
            "update": Field(self.tr("Card to update"), self.update_field, self.update_field.picker.choose),
            "overwrite": Field(self.tr("Files that are there already"), self.overwrite, self.overwrite),
        }

    def _make_foot(self) -> None:
        self.total = label("", "caption", wrap=True)
        self.total.setAccessibleName(self.tr("Estimate"))
        self.start_button = button(self.tr("Start"), tip=self.tr("Write the selected cards now"))
        self.start_button.clicked.connect(self.start_asked)

    def _lay_out(self) -> None:
        page = Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        for part in (self.sources, self._several, self._warnings, *self._fields.values()):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(page)
        head = row(self._title, self._chip, self.undo_button)
        head.setContentsMargins(SPACE_L, SPACE_M, SPACE_M, SPACE_XS)
        foot = row(self.total, self.start_button)
        foot.setStretch(0, 1)
        foot.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_M)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(line())
        self.body.addLayout(foot)

    def _connect(self) -> None:
        self.profile.picked.connect(lambda name: self._wish("profile", name))
        self.engine.picked.connect(lambda name: self._wish("engine", name))
        self.character.wished.connect(lambda text: self._wish("character_name", text))
        self.book.picked.connect(self._wish_book)
        self.formats.wished.connect(self._wish_format)
        self.folder.wished.connect(lambda folder: self._wish("output", folder))
        self.folder.checked.connect(self._say_folder)
        self.pattern.wished.connect(self._wish_pattern)
        self.update_field.picked.connect(self._wish_target)
        self.update_field.wished.connect(self._wish_field)
        self.overwrite.wished.connect(lambda wanted: self._wish("overwrite", wanted))
        for key, each in self._lines.items():
            each.typed.connect(lambda key=key: self._clear(key))
        self.changing.moved.connect(self._on_moved)
        self.changing.refused.connect(self._refuse)
        self.changing.undone.connect(lambda _key, ids: self.undone.emit(ids))
        self.choices.changed.connect(self._take_choices)

    @Slot()
    def _take_choices(self) -> None:
        self.engine.set_choices(self.choices.engines, self.engine.current)
        self.profile.set_choices(self.choices.profiles, self.profile.current)
        if self._items:
            self._refresh()

    # What the person wishes

    def _wish(self, key: str, value: Any) -> None:
        self._clear(key)
        self.changing.wish(key, [Part(self.ids, cast("Wishes", {key: value}), {key: value})])

    def _wish_each(self, key: str, parts: Mapping[Any, Sequence[str]]) -> None:
        """A value for each part of the drafts."""
        wishes = [(ids, cast("Wishes", {key: value}), {key: value}) for value, ids in parts.items()]
        self.changing.wish(key, [Part(tuple(ids), wish, dict(shown)) for ids, wish, shown in wishes])

    @Slot(str)
    def _wish_book(self, key: str) -> None:
        self._clear("include_book")
        books = self.choices.books
        self._wish_each(
            "include_book",
            grouped(
                self._items,
                lambda item: books.get(item.profile, True) if key == _AS_PROFILE else key == _WITH,
            ),
        )

    @Slot(str)
    def _wish_pattern(self, pattern: str) -> None:
        """An empty pattern is the profile's, whatever that is by then: so it is put in now."""
        self._clear("pattern")
        parts: dict[str, list[str]] = {}
        for item in self._items:
            parts.setdefault(pattern or self.choices.patterns.get(item.profile, "default"), []).append(
                item.id
            )
        self.changing.wish(
            "pattern", [Part(tuple(ids), {"pattern": it}, {"pattern": it}) for it, ids in parts.items()]
        )

    @Slot(str, bool)
    def _wish_format(self, name: str, wanted: bool) -> None:
        self._clear("formats")
        parts = formats_with(self.changing.shown(self._items), name, wanted=wanted)
        if () in parts:
            self._fields["formats"].say(self.tr("A card needs at least one format."), "warn")
            self._refresh()
            return
        self._wish_each("formats", parts)

    @Slot(object)
    def _wish_target(self, target: Path | CardRef | None) -> None:
        self._clear("update")
        self.changing.wish("update", [Part(self.ids, {"update": target}, {})])

    @Slot(str, bool)
    def _wish_field(self, name: str, wanted: bool) -> None:
        self._clear("update")
        items = self.changing.shown(self._items)
        parts = fields_with(items, name, self.choices.fields, wanted=wanted)
        if ("",) in parts:
            self._fields["update"].say(self.tr("An update needs at least one field."), "warn")
            self._refresh()
            return
        self._wish_each("fields", parts)

    def _flush(self) -> None:
        for each in self._lines.values():
            each.flush()

    def _leave(self) -> None:
        self._flush()
        for key, each in self._lines.items():
            each.give_up()
            self._clear(key)
        for key in self._fields:
            self._clear(key)
        self.changing.forget()

    # What is shown

    @Slot()
    def _on_moved(self) -> None:
        self.undo_button.setEnabled(self.changing.can_undo)
        if self._items and len(self._items) <= _DIRECT:
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self._number += 1
        if len(self._items) <= _DIRECT:
            items = self.changing.shown(self._items)
            self._show(common_of(items), fields_shown(items, self.choices.fields))
        elif not self.changing.is_busy:
            self._services.background.start(self._work_out(self._number, self._items))

    async def _work_out(self, number: int, items: tuple[ItemView, ...]) -> None:
        known = dict(self.choices.fields)
        common, fields = await self._services.background.run(
            lambda: (common_of(items), fields_shown(items, known))
        )
        if number == self._number:
            self._show(common, fields)

    def _show(self, common: Common, fields: Mapping[str, bool | Various]) -> None:
        self._common = common
        count = len(common.ids)
        self._title.set_whole(common.title or self.tr("%n card(s)", None, count))
        self._show_sources(common)
        self._warnings.setText("\n".join(common.warnings))
        self._warnings.setVisible(bool(common.warnings))
        for picker, value in ((self.profile, common.profile), (self.engine, common.engine)):
            show_picked(picker, value, self.tr("(various)"))
        self.character.show_value(common.character_name)
        self.character.setEnabled(count == 1)
        if count > 1:
            self._fields["character_name"].say(self.tr("Select one row to say whom its card is about."))
        self._show_book(common)
        self.formats.show_value(common.formats)
        self.folder.show_value(common.output, common.outputs)
        self.pattern.show_value(
            common.pattern, common.formats, [self.choices.patterns.get(each, "") for each in common.profiles]
        )
        if not self.changing.is_busy:  # else what was picked is shown, and not stored yet
            self.update_field.show_target(common.target)
        self.update_field.show_fields(fields)
        self.overwrite.show_value(common.overwrite)
        self.total.setText(sum_text(common.sum))
        self.start_button.setText(self.tr("Start %n card(s)", None, count))
        self.undo_button.setEnabled(self.changing.can_undo)

    def _show_sources(self, common: Common) -> None:
        is_one = len(common.ids) == 1
        self.sources.setVisible(is_one)
        self._several.setVisible(not is_one)
        if is_one:
            self.sources.show_entries(source_entries(common.sources, self.tr("pasted")))
        else:
            told = self.tr(
                "Made of %n file(s). What you change is changed for all of them.", None, common.source_count
            )
            self._several.setText(told)

    def _show_book(self, common: Common) -> None:
        says = {self.choices.books[name] for name in common.profiles if name in self.choices.books}
        as_profile = self.tr("As the profile says")
        if len(says) == 1:
            as_profile = (
                self.tr("As the profile says: with")
                if says == {True}
                else self.tr("As the profile says: without")
            )
        self.book.set_choices(
            [
                Choice(_WITH, self.tr("With a character book")),
                Choice(_WITHOUT, self.tr("Without a character book")),
                Choice(_AS_PROFILE, as_profile),
            ],
            self.book.current,
        )
        value = common.include_book
        shown = value if isinstance(value, Various) else _WITH if value else _WITHOUT
        show_picked(self.book, shown, self.tr("(various)"))

    @Slot(str)
    def _say_folder(self, problem: str) -> None:
        if self._fields["output"].note.property("role") != "error":
            self._fields["output"].say(problem, "warn")

    @Slot(str, object)
    def _refuse(self, key: str, error: CardForgeError) -> None:
        field = self._fields.get("update" if key == "fields" else key)
        if field is None:
            self._services.background.failed.emit(error)
            return
        field.say(error.message, "error")
        if key in self._lines:
            self._lines[key].mark(wrong=True)

    def _clear(self, key: str) -> None:
        self._fields[key].say("")
        if key in self._lines:
            self._lines[key].mark(wrong=False)


def show_picked(picker: Picker, value: str | Various, various: str) -> None:
    """Show a choice, or that the drafts differ."""
    picker.show_choice("" if isinstance(value, Various) else value, various if value is VARIOUS else "")
