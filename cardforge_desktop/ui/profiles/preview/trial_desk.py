"""What the prompt and the try of one session share: the choice, and what would be asked."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cardforge_desktop.ui.profiles.editor.open_profile import OpenProfile
from cardforge_desktop.ui.profiles.preview.choice import TrialChoice
from cardforge_desktop.ui.profiles.preview.previewing import Previewing
from cardforge_desktop.ui.profiles.preview.trying import Trying
from cardforge_desktop.ui.services import Services


class TrialDesk(QObject):
    """One for each session, made by the first of its panes that is looked at."""

    def __init__(self, services: Services, session: OpenProfile) -> None:
        """Use `of`."""
        super().__init__(session)
        self.choice = TrialChoice(services, self)
        self.previewing = Previewing(services, session, self.choice, self)
        self.trying = Trying(services, session, self.choice, self)

    @classmethod
    def of(cls, services: Services, session: OpenProfile) -> TrialDesk:
        """The desk of a session."""
        return next(iter(session.findChildren(cls)), None) or cls(services, session)
