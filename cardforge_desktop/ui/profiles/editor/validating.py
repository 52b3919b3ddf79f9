"""Checking a profile while it is typed: off the window's thread, and only the newest answer counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.profiles.validation import Finding, Validation
from cardforge_desktop.ui.core_events import ids_of

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed
    from cardforge_desktop.profiles.model import ProfileContent
    from cardforge_desktop.ui.profiles.editor.open_profile import OpenProfile
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

#: So long after the last change it is checked.
CHECK_AFTER_MS = 500

Rules = Callable[["Workspace", "ProfileContent", str], Validation]


def check_with_rules(workspace: Workspace, content: ProfileContent, profile_id: str) -> Validation:
    """What the profiles' own rules say. On a worker."""
    return workspace.profiles.validate(content, profile_id)


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many tokens the templates have.

    Attributes:
        of_paths: path → tokens, for templates with something in them.
        of_texts: the same by the text itself: what did not change is not counted again.
        is_estimate: the counts are.
    """

    of_paths: Mapping[str, int] = field(default_factory=dict)
    of_texts: Mapping[str, int] = field(default_factory=dict)
    is_estimate: bool = True


class ProfileChecker(QObject):
    """Knows what is wrong with the profile that is edited. Lives on the window's thread.

    Signals:
        checking(): the profile changed; what is known is of an older state.
        checked(object): a `Validation`: of what stands in the editor now. Also when the rest of the app
            changed and with it the answer.
    """

    checking = Signal()
    checked = Signal(object)

    def __init__(
        self, services: Services, session: OpenProfile, parent: QObject, rules: Rules = check_with_rules
    ) -> None:
        super().__init__(parent)
        self._background, self._session, self._rules = services.background, session, rules
        self._number = 0
        self._checking = False
        self._told: Validation | None = None
        self._notes: dict[str, Finding] = {}
        self._tokens = Tokens()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_AFTER_MS)
        self._timer.timeout.connect(self._check)
        session.opened.connect(self._on_opened)
        session.changed.connect(self._on_changed)
        services.events.changed.connect(self._on_surroundings)
        if session.is_open:
            self._on_opened()

    @property
    def is_checking(self) -> bool:
        """Whether the answer about what stands in the editor now is still to come."""
        return self._checking

    @property
    def validation(self) -> Validation:
        """What is known last: nothing is wrong before the first answer; what cannot be read is an error."""
        told = self._told or Validation()
        return Validation((*self._notes.values(), *told.errors), told.warnings)

    @property
    def holds_back(self) -> bool:
        """Whether what stands in the editor now is known not to be fit for saving."""
        told = self._told
        return bool(self._notes) or (not self._checking and told is not None and not told.valid)

    @property
    def tokens(self) -> Tokens:
        """Of the templates when they were checked last."""
        return self._tokens

    def note(self, path: str, finding: Finding | None) -> None:
        """What a field holds is no value at all, or is one again (None); the profile knows nothing of it."""
        before = self._notes.pop(path, None)
        if finding is not None:
            self._notes[path] = finding
        if finding != before:
            self.checked.emit(self.validation)

    @Slot()
    def check_now(self) -> None:
        """Check without waiting for a pause in the typing."""
        if self._session.is_open:
            self._begin()
            self._check()

    @Slot()
    def _on_opened(self) -> None:
        self._number += 1  # what is under way is about another profile
        self._timer.stop()
        self._checking, self._told, self._tokens = False, None, Tokens()
        self._notes.clear()
        self.check_now()

    @Slot()
    def _on_changed(self) -> None:
        self._begin()
        self._timer.start()

    @Slot(object)
    def _on_surroundings(self, changes: tuple[Changed, ...]) -> None:
        """Names, engines or the chosen one are others: asked again, quietly, as the profile is the same."""
        from cardforge_desktop.events import Kind

        kinds = (Kind.PROFILE, Kind.CONNECTION, Kind.SETTING)
        if self._session.is_open and any(ids_of(kind, changes) is not None for kind in kinds):
            self._number += 1
            if not self._timer.isActive():
                self._timer.start()

    def _begin(self) -> None:
        self._number += 1
        if not self._checking:
            self._checking = True
            self.checking.emit()

    @Slot()
    def _check(self) -> None:
        self._timer.stop()
        if self._session.is_open:
            self._background.start(self._ask(self._number))

    async def _ask(self, number: int) -> None:
        if not self._session.is_open:  # it was left in the turn before
            return
        content, profile_id = self._session.content, self._session.profile_id
        rules, known = self._rules, self._tokens.of_texts
        try:
            told, tokens = await self._background.call(
                lambda ws: (rules(ws, content, profile_id), count_templates(content, known))
            )
        except Exception:
            if number == self._number:  # whoever saves is told by the store what is wrong
                self._checking = False
                self.checked.emit(self.validation)
            raise
        if number == self._number and self._session.is_open:
            self._told, self._tokens, self._checking = told, tokens, False
            self.checked.emit(self.validation)


def count_templates(content: ProfileContent, known: Mapping[str, int]) -> Tokens:
    """Count the tokens of all templates. On a worker.

    Args:
        known: text → tokens of what was counted before.
    """
    from cardforge_desktop.profiles.paths import fields_of
    from cardforge_desktop.profiles.templates import known_placeholders
    from cardforge_desktop.tokens import VocabularyError, tokenizer_for

    templates = {path: text for path, text in fields_of(content).items() if known_placeholders(path) and text}
    try:
        count = tokenizer_for("").count
        of_texts = {text: known[text] if text in known else count(text) for text in templates.values()}
    except VocabularyError:  # told where it is chosen
        return Tokens()
    return Tokens({path: of_texts[text] for path, text in templates.items()}, of_texts)
