"""Has the prompts of the profile under edit worked out whenever something of them changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.profiles.preview.choice import TrialChoice

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cardforge_desktop.batches.trials import Preview
    from cardforge_desktop.ui.profiles.editor.open_profile import OpenProfile
    from cardforge_desktop.ui.services import Services

#: Between two looks at what is typed; the first comes at once, the last one always.
_EVERY_MS = 250
#: The worker rests so many times as long as it worked: on megabytes it keeps other threads waiting.
_PAUSES, _LONGEST_PAUSE_MS = 4, 1_500
#: What is shown is old for so long before that is told.
_LONG_MS = 400


class Previewing(QObject):
    """Works on a worker, never two at once, and only while somebody looks. Lives on the window's thread.

    Signals:
        shown(object): a `Preview` of the open profile, perhaps of what stood in it a moment ago.
        failed(str): why there is none, such as an engine that is gone.
        emptied(): another profile is open, or none.
        busy(bool): it takes long enough to be told, or is done.
    """

    shown = Signal(object)
    failed = Signal(str)
    emptied = Signal()
    busy = Signal(bool)

    def __init__(
        self, services: Services, session: OpenProfile, choice: TrialChoice, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._background, self._session, self._choice = services.background, session, choice
        self._viewers: list[QWidget] = []
        self._profile_id = ""
        self.last: Preview | None = None
        self._long = QTimer(self)
        self._long.setSingleShot(True)
        self._long.setInterval(_LONG_MS)
        self._long.timeout.connect(lambda: self.busy.emit(True))
        self._paced = Paced(services.background, _EVERY_MS, self._work)
        session.opened.connect(self._on_opened)
        session.changed.connect(self.ask)
        session.saved.connect(self.ask)
        choice.changed.connect(self._begin_anew)

    def add_viewer(self, viewer: QWidget) -> None:
        """Somebody who looks while visible."""
        self._viewers.append(viewer)
        viewer.installEventFilter(self)

    @Slot()
    def ask(self) -> None:
        """Something is different."""
        self._paced.ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Who comes into sight sees the newest, and what was used in the queue meanwhile."""
        if event.type() == QEvent.Type.Show:
            self._choice.refresh()
            self.ask()
        return super().eventFilter(watched, event)

    @Slot()
    def _on_opened(self) -> None:
        if self._session.profile_id != self._profile_id:
            self._profile_id, self.last = self._session.profile_id, None
            self.emptied.emit()
        self._begin_anew()

    @Slot()
    def _begin_anew(self) -> None:
        """What took long before says nothing of this."""
        self._paced.set_interval(_EVERY_MS)
        self.ask()

    async def _work(self) -> None:
        trial = self._choice.trial(self._session)
        if trial is None or not any(viewer.isVisible() for viewer in self._viewers):
            return
        began = time.monotonic()
        self._long.start()
        try:
            found = await self._background.call(lambda ws: ws.trials.preview(trial))
        except CardForgeError as error:
            if self._shows(trial.profile_id):
                self.failed.emit(error.message)
        else:
            if self._shows(trial.profile_id):
                self.last = found
                self.shown.emit(found)
        finally:
            self._rest(time.monotonic() - began)

    def _rest(self, seconds: float) -> None:
        """Nothing is being worked out any more; what takes long is done less often."""
        if shiboken6.isValid(self):
            pause = min(_LONGEST_PAUSE_MS, round(1_000 * _PAUSES * seconds))
            self._paced.set_interval(max(_EVERY_MS, pause))
            self._long.stop()
            self.busy.emit(False)

    def _shows(self, profile_id: str) -> bool:
        return shiboken6.isValid(self) and self._session.is_open and self._session.profile_id == profile_id
