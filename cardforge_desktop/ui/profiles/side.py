"""What stands beside the fields of a profile: prompt, try, versions. Each is made when it is first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.side_tabs import SideTabs, Tab

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

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


class SidePane(SideTabs):
    """Shows one of `PANES`."""

    def __init__(
        self, services: Services, session: ProfileSession, panes: tuple[PaneSpec, ...] = PANES
    ) -> None:
        super().__init__(
            services.icons,
            (
                Tab(
                    spec.key,
                    QCoreApplication.translate("Profiles", spec.text),
                    spec.icon,
                    services.actions[spec.action].toolTip(),
                    partial(spec.build, services, session),
                )
                for spec in panes
            ),
        )
