"""What the editor says about saving, with the ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.ui.edit_status import Status
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.widgets.notice_bar import NoticeBar

if TYPE_CHECKING:
    from cardforge_desktop.ui.library.editor.session import CardSession
    from cardforge_desktop.ui.services import Services


class SessionNotices(QWidget):
    """One message at a time: somebody else saved the card, deleted it, or it can't be saved."""

    def __init__(self, services: Services, session: CardSession) -> None:
        super().__init__()
        self._session = session
        self._said: tuple[Status, str, object] = (Status.SAVED, "", None)
        self.bar = NoticeBar(services.icons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        session.status_changed.connect(self._refresh)
        session.replaced_elsewhere.connect(self._say_replaced)
        self.hide()

    @Slot()
    def _refresh(self) -> None:
        session = self._session
        now = (session.status, session.card_id, session.error)
        asks = session.status in (Status.CONFLICT, Status.DELETED, Status.FAILED)
        if now == self._said and not (asks and self.bar.isHidden()):
            return  # who closed the message is asked again when they go on writing
        before, self._said = self._said[0], now
        make = {
            Status.CONFLICT: self._conflict,
            Status.DELETED: self._deleted,
            Status.FAILED: self._failed,
        }.get(session.status)
        if make is not None:
            self._say(make())
        elif before in (Status.CONFLICT, Status.DELETED, Status.FAILED):
            self.bar.dismiss()
            self.hide()

    def _say(self, notice: Notice) -> None:
        self.bar.say(notice)
        self.show()

    def _conflict(self) -> Notice:
        return Notice(
            self.tr(
                "This card was changed elsewhere while you were writing. Whichever version you choose, "
                "the other one stays in its history."
            ),
            "warn",
            links=(
                Link(self.tr("Load theirs"), self._session.load_theirs),
                Link(self.tr("Keep mine as newest"), self._session.keep_mine),
            ),
        )

    def _deleted(self) -> Notice:
        return Notice(
            self.tr("This card was deleted. What is written here is kept while it is open."),
            "warn",
            links=(
                Link(self.tr("Bring it back"), self._session.bring_back),
                Link(self.tr("Save as a new card"), self._session.save_as_new),
            ),
        )

    def _failed(self) -> Notice:
        error = self._session.error
        sentence = self.tr("The card could not be saved. It stays open; nothing you wrote is lost.")
        made = notice_of(error, sentence) if error is not None else Notice(sentence, "error")
        return Notice(
            made.text, "error", made.details, links=(Link(self.tr("Try again"), self._session.save),)
        )

    @Slot()
    def _say_replaced(self) -> None:
        self._say(
            Notice(
                self.tr("This card was changed elsewhere. You see the newest version."),
                "info",
                links=(Link(self.tr("Undo"), self._session.undo),),
                lasting=False,
            )
        )
