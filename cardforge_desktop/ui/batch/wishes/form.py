"""The form in which drafts are given their profile, engine, formats, folder and names before Start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence

from cardforge_desktop.batches.model import CardRef, ItemView
from cardforge_desktop.ui.batch.file_list import source_entries
from cardforge_desktop.ui.batch.wishes.changing import DIRECT, Changing, Part
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
from cardforge_desktop.ui.batch.wishes.sheet import WishesSheet
from cardforge_desktop.ui.batch.wishes.update import fields_shown, fields_with
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.batches.drafts import Wishes
    from cardforge_desktop.errors import CardForgeError

T = TypeVar("T")
#: Wishes that are shown in the field of another one.
_FIELD_OF = {"fields": "update", "book_tokens": "shared_book"}
_WITH, _WITHOUT, _AS_PROFILE = "with", "without", "profile"


class WishesForm(WishesSheet):
    """Shows what the selected drafts have in common; what is changed is changed for all of them.

    Signals:
        start_asked(): start the shown drafts.
        undone(object, object): this change, of the drafts with these ids, was taken back.
        left(): Escape was pressed where nothing was being typed.
    """

    start_asked = Signal()
    undone = Signal(object, object)
    left = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._items: tuple[ItemView, ...] = ()
        self._number = 0
        self._told: tuple[ItemView, ...] = ()
        self.changing = Changing(services, self)
        self.choices = Choices(services, self)
        self._connect()

    @property
    def ids(self) -> tuple[str, ...]:
        """The drafts that are shown."""
        return tuple(item.id for item in self._items)

    def show_items(self, items: Sequence[ItemView]) -> None:
        """Show these drafts, at least one."""
        shown = tuple(items)
        if shown is not self._items:  # the table hands out the same tuple until something changes
            if tuple(item.id for item in shown) != self.ids:
                self._leave()
            self._items = shown
        self._refresh()

    def leave(self) -> None:
        """The form is left: what was typed last is meant as well."""
        self._leave()
        self._items = self._told = ()

    def then(self, do: Callable[[], object]) -> None:
        """Do something (start) when all that stands in the form is stored; not while a field is wrong."""
        self._flush()
        wrong = next((key for key, each in self._lines.items() if each.is_wrong), None)
        if wrong is None:
            self.changing.then(do)
            return
        self._lines[wrong].setFocus()
        self._scroll.ensureWidgetVisible(self._fields[wrong])

    def begin(self) -> None:
        """Put the focus on the first setting."""
        self.profile.setFocus(Qt.FocusReason.TabFocusReason)

    def wish(self, key: str, value: Any) -> None:
        """Change a setting of all shown drafts."""
        self._clear(key)
        self.changing.wish(key, [Part(self.ids, cast("Wishes", {key: value}), {key: value})])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the rows; Ctrl+Z takes the last change back."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        else:
            super().keyPressEvent(event)

    @Slot()
    def undo(self) -> None:
        """Take the last change back."""
        for each in self._lines.values():
            each.give_up()
        self.changing.undo()

    def _connect(self) -> None:
        self.undo_button.clicked.connect(self.undo)
        self.start_button.clicked.connect(self.start_asked)
        self.profile.picked.connect(lambda name: self.wish("profile", name))
        self.engine.picked.connect(lambda name: self.wish("engine", name))
        self.character.wished.connect(lambda text: self.wish("character_name", text))
        self.book.picked.connect(self._wish_book)
        self.shared.picked.connect(lambda book_id: self.wish("shared_book", book_id))
        self.shared.capped.connect(lambda tokens: self.wish("book_tokens", tokens))
        self.formats.wished.connect(self._wish_format)
        self.folder.wished.connect(lambda folder: self.wish("output", folder))
        self.folder.checked.connect(self._say_folder)
        self.pattern.wished.connect(self._wish_pattern)
        self.update_field.picked.connect(self._wish_target)
        self.update_field.wished.connect(self._wish_field)
        self.overwrite.wished.connect(lambda wanted: self.wish("overwrite", wanted))
        for key, each in self._lines.items():
            each.typed.connect(lambda key=key: self._clear(key))
        self.changing.moved.connect(self._on_moved)
        self.changing.refused.connect(self._refuse)
        self.changing.undone.connect(self.undone)
        self.choices.changed.connect(self._take_choices)

    @Slot()
    def _take_choices(self) -> None:
        self.engine.set_choices(self.choices.engines, self.engine.current)
        self.profile.set_choices(self.choices.profiles, self.profile.current)
        self.shared.show_books(self.choices.shared)
        if self._items:
            self._refresh_anew()

    # What the person wishes

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
        parts = formats_with(self._items, name, wanted=wanted, formats_of=self.changing.formats_of)
        if () in parts:
            self._fields["formats"].say(self.tr("A card needs at least one format."), "warn")
            self._refresh_anew()
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
            self._refresh_anew()
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
        self._told = ()
        if self._items and len(self._items) <= DIRECT:
            self._refresh()

    def _refresh_anew(self) -> None:
        self._told = ()
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Show the drafts; thousands of them only if they are others than those that were shown last."""
        if self._items is self._told and not self.changing.is_busy:
            return
        self._number += 1
        if len(self._items) <= DIRECT:
            items = self.changing.shown(self._items)
            self._show(common_of(items), fields_shown(items, self.choices.fields))
        elif not self.changing.is_busy:
            self._told = self._items
            self._services.background.start(self._work_out(self._number, self._items))

    async def _work_out(self, number: int, items: tuple[ItemView, ...]) -> None:
        known = dict(self.choices.fields)
        common, fields = await self._services.background.run(
            lambda: (common_of(items), fields_shown(items, known))
        )
        if number == self._number:
            self._show(common, fields)

    def _show(self, common: Common, fields: Mapping[str, bool | Various]) -> None:
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
        self.shared.show_value(_plain(common.shared_book), _plain(common.book_tokens), self.tr("(various)"))
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
        field = self._fields.get(_FIELD_OF.get(key, key))
        if field is None:
            self._services.background.failed.emit(error)
            return
        field.say(error.message, "error")
        if key in self._lines:
            self._lines[key].mark(wrong=True)

    def _clear(self, key: str) -> None:
        self._fields[_FIELD_OF.get(key, key)].say("")
        if key in self._lines:
            self._lines[key].mark(wrong=False)


def _plain(value: T | Various) -> T | None:
    """None where the drafts differ."""
    return None if isinstance(value, Various) else value


def show_picked(picker: Picker, value: str | Various, various: str) -> None:
    """Show a choice, or that the drafts differ."""
    picker.show_choice("" if isinstance(value, Various) else value, various if value is VARIOUS else "")
