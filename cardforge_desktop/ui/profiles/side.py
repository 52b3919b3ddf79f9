"""What stands beside the fields of a profile: prompt, try, versions. Each is made when it is first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import button, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from cardforge_desktop.ui.profiles.editor.session import ProfileSession
    from cardforge_desktop.ui.services import Services


@dataclass(frozen=True, slots=True)
class PaneSpec:
    """A pane beside the fields.

    Attributes:
        key: stable name.
        text: of its tab.
        icon: Lucide name.
        action: key of the action that shows it.
        build: imports and makes it. It follows the session by itself, and works only while it is in sight.
    """

    key: str
    text: str
    icon: str
    action: str
    build: Callable[[Services, ProfileSession], QWidget]


def _prompt(services: Services, session: ProfileSession) -> QWidget:
    from cardforge_desktop.ui.profiles.preview.prompt_pane import PromptPane

    return PromptPane(services, session)


def _try(services: Services, session: ProfileSession) -> QWidget:
    from cardforge_desktop.ui.profiles.preview.try_pane import TryPane

    return TryPane(services, session)


def _history(services: Services, session: ProfileSession) -> QWidget:
    from cardforge_desktop.ui.profiles.history.history_pane import HistoryPane

    return HistoryPane(services, session)


PANES: tuple[PaneSpec, ...] = (
    PaneSpec("prompt", QT_TRANSLATE_NOOP("Profiles", "Prompt"), "eye", "editor.preview", _prompt),
    PaneSpec("try", QT_TRANSLATE_NOOP("Profiles", "Try it"), "play", "profile.try", _try),
    PaneSpec("history", QT_TRANSLATE_NOOP("Profiles", "History"), "history", "editor.history", _history),
)


class SidePane(QWidget):
    """Shows one of `PANES`.

    Signals:
        shown(str): the pane with this key is in sight.
    """

    shown = Signal(str)

    def __init__(
        self, services: Services, session: ProfileSession, panes: tuple[PaneSpec, ...] = PANES
    ) -> None:
        super().__init__()
        self._services, self._session = services, session
        self._specs = {spec.key: spec for spec in panes}
        self._panes: dict[str, QWidget] = {}
        self._pages = QStackedWidget()
        self._group = QButtonGroup(self)
        self.tabs: dict[str, QPushButton] = {}
        for spec in panes:
            text = QCoreApplication.translate("Profiles", spec.text)
            tab = button(text, "quiet", tip=services.actions[spec.action].toolTip())
            services.icons.put(tab, spec.icon, Tone.MUTED, 16)
            tab.setCheckable(True)
            tab.clicked.connect(lambda _checked=False, key=spec.key: self.show_pane(key))
            self._group.addButton(tab)
            self.tabs[spec.key] = tab
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(row(*self.tabs.values(), None, spacing=SPACE_XS))
        layout.addWidget(self._pages, 1)

    @property
    def current(self) -> str:
        """Key of the pane that is shown, "" before there is one."""
        return next((key for key, pane in self._panes.items() if pane is self._pages.currentWidget()), "")

    def pane(self, key: str) -> QWidget:
        """A pane, made if nobody saw it yet."""
        if key not in self._panes:
            self._panes[key] = self._specs[key].build(self._services, self._session)
            self._pages.addWidget(self._panes[key])
        return self._panes[key]

    def show_pane(self, key: str) -> None:
        """Show a pane."""
        self.tabs[key].setChecked(True)
        self._pages.setCurrentWidget(self.pane(key))
        self.shown.emit(key)
