"""The form of a profile: sections of fields, each bound to one path, with what is wrong below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.ui.profiles.editor.findings_line import FindingsLine
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.found import Found, all_found, by_path, counts, fix_of, section_of
from cardforge_desktop.ui.profiles.editor.section_bar import SectionBar, SectionSpec
from cardforge_desktop.ui.theme import SPACE_S
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.focus_order import move_focus

if TYPE_CHECKING:
    from cardforge_desktop.profiles.validation import Finding
    from cardforge_desktop.ui.profiles.editor.sections.section import FormSection
    from cardforge_desktop.ui.profiles.editor.session import ProfileSession
    from cardforge_desktop.ui.profiles.editor.validating import ProfileChecker
    from cardforge_desktop.ui.services import Services

_SECTIONS: Mapping[str, tuple[str, str, str]] = {
    "general": (QT_TRANSLATE_NOOP("ProfileForm", "General"), "general", "GeneralSection"),
    "engine": (QT_TRANSLATE_NOOP("ProfileForm", "Engine"), "engine", "EngineSection"),
    "writing": (QT_TRANSLATE_NOOP("ProfileForm", "Writing"), "writing", "WritingSection"),
    "fields": (QT_TRANSLATE_NOOP("ProfileForm", "Fields"), "card_fields", "CardFieldsSection"),
    "book": (QT_TRANSLATE_NOOP("ProfileForm", "Book"), "book", "BookSection"),
    "prompts": (QT_TRANSLATE_NOOP("ProfileForm", "Prompts"), "prompts", "PromptsSection"),
    "files": (QT_TRANSLATE_NOOP("ProfileForm", "Files"), "files", "FilesSection"),
}
_PACKAGE = "cardforge_desktop.ui.profiles.editor.sections"
_PANES = (
    "cardforge_desktop.ui.profiles.preview.prompt_pane",
    "cardforge_desktop.ui.profiles.history.history_pane",
    "cardforge_desktop.ui.profiles.preview.try_pane",
)
_REMEMBERED = "profiles/section"
#: Milliseconds of a turn that are used for making a section.
_TURN_MS = 2
_END = object()


class ProfileForm(QWidget):
    """Shows the profile of a session and changes it; made section by section, as they are looked at.

    Signals:
        went(str): path of the field that was gone to.
        ready(): all that it and the panes beside it need is imported (`is_ready`).
    """

    went = Signal(str)
    ready = Signal()

    def __init__(self, session: ProfileSession, checker: ProfileChecker, services: Services) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._session, self._checker, self._services = session, checker, services
        self._bench = FormBench(services, session, checker, self)
        self._sections: dict[str, FormSection] = {}
        self._begun: dict[str, tuple[FormSection, Iterator[None]]] = {}
        self._stale: set[str] = set()  # sections out of sight that show what was
        self.is_ready = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._make_next)
        self._found: tuple[Found, ...] = ()
        self._at: Found | None = None
        self._told_by: object = None
        self.line = FindingsLine(services.icons)
        names = (
            SectionSpec(key, QCoreApplication.translate("ProfileForm", name))
            for key, (name, _, _) in _SECTIONS.items()
        )
        self.bar = SectionBar(services.theme, services.icons, tuple(names))
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.line)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self._connect()
        services.background.start(self._warm_up())
        if session.is_open:
            self._on_opened()

    @property
    def found(self) -> tuple[Found, ...]:
        """What is wrong, in the order in which it is gone through."""
        return self._found

    def section(self, key: str) -> FormSection:
        """A section as it is now, made at once if nobody saw it yet."""
        if key not in self._sections:
            for _ in self._begin(key):
                pass
            self._place(key)
        self._refresh(key)
        return self._sections[key]

    def go_to(self, path: str, finding: Finding | None = None) -> None:
        """Bring a field into sight, give it the focus, and select the place of a finding in it."""
        key = section_of(path)
        self.bar.choose(key)
        if not self.section(key).go_to(path, finding):
            self.bar.buttons[key].setFocus()
        self.went.emit(path)

    @Slot()
    def next_finding(self) -> None:
        """Go to the next thing that is wrong, from the last one to the first."""
        self._step(1)

    @Slot()
    def previous_finding(self) -> None:
        """Go to the one before."""
        self._step(-1)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as the fields stand, whichever section was made first; into the chosen one in any case."""
        if self._session.is_open:
            self._stack.setCurrentWidget(self.section(self.bar.current))
        return move_focus(self, forward=forward) or super().focusNextPrevChild(forward)

    def showEvent(self, event: QShowEvent) -> None:
        """The keys are this form's."""
        super().showEvent(event)
        self._refresh_actions()

    def hideEvent(self, event: QHideEvent) -> None:
        """The keys are somebody else's, or nobody's."""
        super().hideEvent(event)
        for key in self._own_actions:
            self._services.actions[key].setEnabled(False)

    def _connect(self) -> None:
        self._session.opened.connect(self._on_opened)
        self._session.changed.connect(self._on_changed)
        self._session.went.connect(self._on_went)
        self._checker.checking.connect(self._show_state)
        self._checker.checked.connect(self._on_checked)
        self._bench.fix_wanted.connect(self._fix)
        self.line.next_wanted.connect(self.next_finding)
        self.bar.chosen.connect(self._on_chosen)
        handlers = {
            "profile.next_finding": self.next_finding,
            "profile.previous_finding": self.previous_finding,
            "editor.next": lambda: self.bar.step(1),
            "editor.previous": lambda: self.bar.step(-1),
        }
        actions = self._services.actions
        self._own_actions = tuple(key for key in handlers if key in actions)
        for key in self._own_actions:
            actions.handle(key, handlers[key], self)

    # Sections: made in turns, and only the one in sight follows at once

    async def _warm_up(self) -> None:
        await self._services.background.run(warm_up)
        if isValid(self):
            self.is_ready = True
            self.ready.emit()
            self._show_current()

    def _show_current(self) -> None:
        key = self.bar.current
        if key in self._sections:
            self._stack.setCurrentWidget(self.section(key))
        elif self.is_ready and self._session.is_open:
            self._turn.start()

    def _begin(self, key: str) -> Iterator[None]:
        """What is still to be made of a section."""
        if key not in self._begun:
            _, module, name = _SECTIONS[key]
            made: FormSection = getattr(import_module(f"{_PACKAGE}.{module}"), name)(self._bench)
            self._begun[key] = (made, made.parts())
        return self._begun[key][1]

    @Slot()
    def _make_next(self) -> None:
        """Make what fits into this turn of the section that is wanted."""
        key = self.bar.current
        if key not in self._sections:
            clock = QElapsedTimer()
            clock.start()
            parts = self._begin(key)
            while clock.elapsed() < _TURN_MS:
                if next(parts, _END) is _END:
                    self._place(key)
                    break
        self._show_current()

    def _place(self, key: str) -> None:
        made, _ = self._begun.pop(key)
        made.given.connect(self._on_given)
        self._sections[key] = made
        self._stack.addWidget(made)
        self._stale.add(key)

    def _refresh(self, key: str) -> None:
        if key in self._stale and self._session.is_open:
            self._stale.discard(key)
            self._sections[key].show_values(fields_of(self._session.content))
            self._show_found_in(key)

    # The profile

    @Slot()
    def _on_opened(self) -> None:
        if not self._session.is_open:
            return
        self._found, self._at = (), None
        for section in self._sections.values():
            section.begin()
        remembered = self._services.memory.text(_REMEMBERED)
        if not self._sections:
            self.bar.choose(remembered if remembered in _SECTIONS else next(iter(_SECTIONS)))
        self._on_changed("")
        self._show_current()
        self._on_checked()

    @Slot(object, str, object, bool)
    def _on_given(self, source: object, path: str, value: Any, typed: bool) -> None:
        if not self._session.is_open:
            return
        self._told_by = source
        try:
            self._session.set(path, value, typed=typed)
        finally:
            self._told_by = None

    @Slot(str)
    def _on_changed(self, path: str) -> None:
        if not self._session.is_open:
            return
        current = self.bar.current
        self._stale |= self._sections.keys() - {current}
        if current in self._sections:
            values = fields_of(self._session.content)
            self._sections[current].show_values(values, only=path, but=self._told_by)

    @Slot(str)
    def _on_went(self, path: str) -> None:
        if path:
            self.go_to(path)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        self._show_current()
        self._services.memory.keep(_REMEMBERED, key)

    # What is wrong

    @Slot()
    def _on_checked(self) -> None:
        if not self._session.is_open:
            return
        self._found = all_found(self._checker.validation)
        if self._at not in self._found:
            self._at = None
        current = self.bar.current
        self._stale |= self._sections.keys() - {current}
        if current in self._sections:
            self._show_found_in(current)
        self.bar.show_counts({key: counts(self._found_in(key)) for key in _SECTIONS})
        self._show_state()

    def _found_in(self, key: str) -> list[Found]:
        return [each for each in self._found if section_of(each.path) == key]

    def _show_found_in(self, key: str) -> None:
        section = self._sections[key]
        section.show_found(by_path(self._found_in(key)), self._session.content)
        section.show_tokens(self._checker.tokens)

    @Slot()
    def _show_state(self) -> None:
        errors, warnings = counts(self._found)
        checking = self._checker.is_checking
        self.line.show_state(errors, warnings, checking=checking, known=not checking or bool(self._found))
        self._refresh_actions()

    def _refresh_actions(self) -> None:
        if self.isVisible():
            possible = {
                "profile.next_finding": bool(self._found),
                "profile.previous_finding": bool(self._found),
            }
            for key in self._own_actions:
                self._services.actions[key].setEnabled(possible.get(key, self._session.is_open))

    def _step(self, by: int) -> None:
        if not self._found:
            return
        if self._at in self._found:
            at = (self._found.index(self._at) + by) % len(self._found)
        else:
            at = 0 if by > 0 else len(self._found) - 1
        self._at = self._found[at]
        self.go_to(self._at.path, self._at.finding)

    @Slot(object)
    def _fix(self, finding: Finding) -> None:
        fix = fix_of(finding, self._session.content) if self._session.is_open else None
        if fix is not None:
            self._session.set(fix.path, fix.value)
            self._checker.check_now()


def warm_up() -> None:
    """Import every section and every pane beside, so that none is waited for. On a worker."""
    for _, module, _ in _SECTIONS.values():
        import_module(f"{_PACKAGE}.{module}")
    for pane in _PANES:
        import_module(pane)
