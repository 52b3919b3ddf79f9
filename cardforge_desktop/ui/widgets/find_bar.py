"""Find and replace over the fields of a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Background, Paced
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import button, icon_button, label, row, set_tone
from cardforge_desktop.ui.widgets.text_search import (
    FieldText,
    Found,
    Hit,
    PatternError,
    Replacement,
    Search,
    find,
    replacements,
)

T = TypeVar("T")
_EVERY_MS = 60


class FindFields(Protocol):
    """What a `FindBar` looks through. Paths are the bar's to keep, not to understand."""

    def fields(self) -> Sequence[FieldText]:
        """Path, label and text of every field, in the order of the screen."""

    def select(self, path: str, start: int, end: int) -> None:
        """Bring a place into sight and select it; the focus stays in the bar."""

    def replace(self, path: str, start: int, end: int, new: str) -> None:
        """Put `new` there as one step that can be undone."""


class FindBar(QFrame):
    """Looks for words or patterns, on a worker; hidden until `begin`. Lives on the window's thread.

    Enter and F3 go on, with Shift back; Esc closes. Whoever owns the fields calls `refresh` when a text
    changed.

    Signals:
        closed: the person is done; the focus belongs elsewhere.
    """

    closed = Signal()

    def __init__(self, icons: Icons, background: Background, fields: FindFields) -> None:
        super().__init__()
        self._icons, self._background, self._fields = icons, background, fields
        self._texts: tuple[FieldText, ...] = ()
        self._found, self._search = Found(()), Search("")
        self._current = -1
        self._from: tuple[str, int] | None = None  # where to go on after the texts or the words changed
        self._steps = 0  # asked for while a search was under way
        self._is_fresh = True
        self._selects = False
        self._done = ""  # what replacing all came to, until something else is looked for
        self._finder = Paced(background, _EVERY_MS, self._find)
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Find and replace"))
        self.words, self.new = self._line(self.tr("Find")), self._line(self.tr("Replace with"))
        self.case = self._toggle("case-sensitive", self.tr("Match case"))
        self.whole = self._toggle("whole-word", self.tr("Whole words"))
        self.pattern = self._toggle("regex", self.tr("Regular expression"))
        self.count, self.problem = label("", "muted"), label("", "error", wrap=True)
        self._lay_out()
        self._connect()
        self.hide()

    @property
    def search(self) -> Search:
        """What is looked for."""
        return Search(
            self.words.text(), self.case.isChecked(), self.whole.isChecked(), self.pattern.isChecked()
        )

    @property
    def current(self) -> Hit | None:
        """The place that is selected."""
        return self._found.hits[self._current] if 0 <= self._current < len(self._found.hits) else None

    @property
    def is_settled(self) -> bool:
        """Is what is shown what was asked for?"""
        return self._is_fresh

    def begin(self, text: str = "", *, replace: bool = False) -> None:
        """Show the bar and go to it; `text` is what was selected on the screen."""
        self.show()
        self.unfold.setChecked(replace or self.unfold.isChecked())
        if text and "\n" not in text:
            self.words.setText(text)
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """The texts changed: look again, without moving."""
        if not self.isHidden():
            self._ask(selects=False)

    @Slot()
    def next(self) -> None:
        """To the next place, from the last one to the first."""
        self._step(1)

    @Slot()
    def previous(self) -> None:
        """To the place before, from the first one to the last."""
        self._step(-1)

    @Slot()
    def replace(self) -> None:
        """Replace the selected place and go on to the next; select one first if there is none."""
        if self._is_fresh and self.current is not None:
            self._background.start(self._replace(self.current))
        else:
            self.next()

    @Slot()
    def replace_all(self) -> None:
        """Replace every place, as one step of undo for each field."""
        self._background.start(self._replace(None))

    @Slot()
    def finish(self) -> None:
        """Close the bar."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on (in the lower field: replaces), Shift+Enter back, Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.finish()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            act = self.previous if back else self.replace if self.new.hasFocus() else self.next
            act()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Steps that were asked for are not made any more."""
        super().hideEvent(event)
        self._steps, self._selects = 0, False

    def _line(self, name: str) -> QLineEdit:
        made = QLineEdit()
        made.setPlaceholderText(name)
        made.setAccessibleName(name)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setMinimumWidth(140)
        return made

    def _toggle(self, icon: str, name: str) -> QPushButton:
        made = icon_button(self._icons, icon, name)
        made.setCheckable(True)
        return made

    def _lay_out(self) -> None:
        icons = self._icons
        self.unfold = icon_button(icons, "replace", self.tr("Show replacing"))
        self.unfold.setCheckable(True)
        up = icon_button(icons, "chevron-up", self.tr("Previous place (Shift+Enter)"))
        down = icon_button(icons, "chevron-down", self.tr("Next place (Enter)"))
        close = icon_button(icons, "x", self.tr("Close (Esc)"))
        up.clicked.connect(self.previous)
        down.clicked.connect(self.next)
        close.clicked.connect(self.finish)
        self.one = button(self.tr("Replace"), tip=self.tr("Replace this place and go to the next"))
        self.all = button(self.tr("Replace all"), tip=self.tr("Replace every place, one undo for each field"))
        self.one.clicked.connect(self.replace)
        self.all.clicked.connect(self.replace_all)
        self.count.setMinimumWidth(self.fontMetrics().horizontalAdvance("100,000 of 100,000"))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lower = QWidget()
        self._lower.setProperty("role", "page")
        self._lower.setLayout(row(self.one, self.all, None))
        grid = QGridLayout(self)
        grid.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(SPACE_S)
        grid.addWidget(self.unfold, 0, 0)
        grid.addWidget(self.words, 0, 1)
        grid.addLayout(row(self.case, self.whole, self.pattern, None, spacing=SPACE_XS), 0, 2)
        grid.addLayout(row(self.count, up, down, close, spacing=SPACE_XS), 0, 3)
        grid.addWidget(self.new, 1, 1)
        grid.addWidget(self._lower, 1, 2, 1, 2)
        grid.addWidget(self.problem, 2, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        self.problem.hide()
        self._fold(False)

    def _connect(self) -> None:
        self.unfold.toggled.connect(self._fold)
        self.words.textChanged.connect(self._on_words)
        for toggle in (self.case, self.whole, self.pattern):
            toggle.toggled.connect(self._on_words)
        for key, act in ((QKeySequence.StandardKey.FindNext, self.next), ("Shift+F3", self.previous)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    @Slot(bool)
    def _fold(self, shown: bool) -> None:
        self.new.setVisible(shown)
        self._lower.setVisible(shown)

    @Slot()
    def _on_words(self) -> None:
        self._done = ""
        self._ask(selects=True)

    def _ask(self, *, selects: bool) -> None:
        self._is_fresh = False
        self._selects = self._selects or selects
        self._finder.ask()

    def _step(self, by: int) -> None:
        if not self._is_fresh:
            self._steps += by
        elif self._found.hits:
            self._current = (max(self._current, 0 if by < 0 else -1) + by) % len(self._found.hits)
            self._show_current()

    async def _find(self) -> None:
        search, texts = self.search, tuple(self._fields.fields())
        found = await self._guarded(lambda: find(texts, search))
        if self.search != search:
            return  # another search was asked for meanwhile, and comes
        self._texts, self._search, self._found = texts, search, found or Found(())
        self._current = self._near()
        self._is_fresh = True
        steps, self._steps = self._steps, 0
        selects, self._selects = self._selects, False
        if selects and self._current < 0 and self._found.hits:
            self._current = 0
        if steps:
            self._step(steps)
        elif selects and self.current is not None:
            self._show_current()
        self._say()

    def _near(self) -> int:
        """The first place at or behind where one was."""
        if self._from is None:
            return -1
        order = {path: number for number, (path, _, _) in enumerate(self._texts)}
        here = (order.get(self._from[0], -1), self._from[1])
        places = ((order[hit.path], hit.start) for hit in self._found.hits)
        return next((number for number, place in enumerate(places) if place >= here), -1)

    async def _guarded(self, work: Callable[[], T]) -> T | None:
        """What `work` gives on a worker; None and a message when the pattern is to blame."""
        problem = ""
        result = None
        try:
            result = await self._background.run(work)
        except PatternError as error:
            problem = self.tr("The pattern cannot be used: %1.").replace("%1", str(error))
            if error.place:
                problem = self.tr("The pattern cannot be used: %1 (at character %2).")
                problem = problem.replace("%1", str(error)).replace("%2", str(error.place))
        except TimeoutError:
            problem = self.tr(
                "This pattern takes too long on these texts. Make it simpler: leave out a repeat inside "
                "another one, such as (a+)+."
            )
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        set_tone(self.words, "error" if problem else "")
        return result

    async def _replace(self, only: Hit | None) -> None:
        search, new, texts = self.search, self.new.text(), tuple(self._fields.fields())
        if not search.text:
            return
        where = tuple(each for each in texts if only is None or each[0] == only.path)
        made = await self._guarded(lambda: replacements(where, search, new, only))
        if made is None:
            return
        if tuple(self._fields.fields()) != texts:  # changed while the worker was at it
            self._ask(selects=False)
            return
        for replacement in made:
            self._fields.replace(replacement.path, replacement.start, replacement.end, replacement.new)
        if only is not None:
            self._from = _behind(only, made)
            self._ask(selects=True)
            return
        self._ask(selects=False)
        count = sum(replacement.count for replacement in made)
        self._done = self.tr("%n place(s) replaced", None, count)
        self._say()

    def _show_current(self) -> None:
        hit = self.current
        if hit is not None:
            self._from = (hit.path, hit.start)
            self._fields.select(hit.path, hit.start, hit.end)
        self._say()

    def _say(self) -> None:
        hits, hit = self._found.hits, self.current
        if self._done and hit is None:
            text = self._done
        elif not self._search.text or self.problem.text():
            text = ""
        elif not hits:
            text = self.tr("Nothing found")
        elif hit is None:
            text = self.tr("%n place(s)", None, len(hits))
        else:
            count = formatting.number(len(hits)) + ("" if self._found.is_whole else "+")
            text = (
                self.tr("%1 of %2").replace("%1", formatting.number(self._current + 1)).replace("%2", count)
            )
        self.count.setText(text)
        self.count.setToolTip(hit.label if hit is not None else "")
        self.count.setAccessibleName(f"{text} {self.count.toolTip()}".strip())
        for each in (self.one, self.all):
            each.setEnabled(bool(hits))


def _behind(hit: Hit, made: Sequence[Replacement]) -> tuple[str, int]:
    return (hit.path, made[0].start + len(made[0].new)) if made else (hit.path, hit.end)
