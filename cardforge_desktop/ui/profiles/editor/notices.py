"""What the editor says of others who save or delete, of what was lost, and of saving; with the ways out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.profiles.authors import author_text
from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.widgets.notice_bar import NoticeBar

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import Profile
    from cardforge_desktop.profiles.unsaved import Draft
    from cardforge_desktop.ui.profiles.editor.session import ProfileSession
    from cardforge_desktop.ui.services import Services


class SessionNotices(QWidget):
    """One message at a time, the most urgent; who closes it hears of it again only when it is another one.

    Signals:
        compare_wanted(): show mine and theirs side by side.
    """

    compare_wanted = Signal()

    def __init__(self, services: Services, session: ProfileSession) -> None:
        super().__init__()
        self._session = session
        self._said: object = None
        self.bar = NoticeBar(services.icons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        session.opened.connect(self._begin)
        session.status_changed.connect(self._refresh)
        session.saved_elsewhere.connect(self._say_shown)
        self.bar.gone.connect(self.hide)  # else its place in the layout stays
        self.hide()

    @property
    def text(self) -> str:
        """What is being said, "" for nothing."""
        return self.bar.text if not self.isHidden() else ""

    @Slot()
    def _begin(self) -> None:
        self._said = None
        self.bar.dismiss()
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        about, make = self._wanted()
        if about == self._said:
            return
        had, self._said = self._said, about
        if make is not None:
            self._say(make())
        elif had is not None:
            self.bar.dismiss()

    def _wanted(self) -> tuple[object, Callable[[], Notice] | None]:
        """What is to be said, and what makes it; the first of these that holds."""
        session = self._session
        newer, lost, error, keeping = session.newer, session.lost, session.error, session.keep_error
        said: list[tuple[object, Callable[[], Notice]]] = []
        if session.is_deleted:
            said.append(("deleted", self._deleted))
        if newer is not None:
            said.append(((newer.version, newer.updated_at), lambda: self._newer(newer)))
        if error is not None:
            said.append((error, lambda: self._failed(error)))
        if keeping is not None:
            said.append((type(keeping), lambda: self._not_kept(keeping)))
        if lost is not None:
            said.append((lost.id, lambda: self._lost(lost)))
        return said[0] if said and session.is_open else (None, None)

    def _say(self, notice: Notice) -> None:
        self.bar.say(notice)
        self.show()

    def _newer(self, newer: Profile) -> Notice:
        text = self.tr("%1 saved version %2 (%3). Your changes are not saved yet.")
        text = text.replace("%2", formatting.number(newer.version)).replace(
            "%3", formatting.ago(newer.updated_at)
        )
        return Notice(
            text.replace("%1", author_text(newer.updated_by)),
            "warn",
            links=(
                Link(self.tr("Load latest"), self._load_latest),
                Link(self.tr("Compare…"), self.compare_wanted.emit),
            ),
        )

    def _deleted(self) -> Notice:
        dirty = self._session.is_dirty
        text = self.tr("This profile was deleted elsewhere. What stands here is kept while it is open.")
        back = self.tr("Bring it back with mine") if dirty else self.tr("Bring it back")
        copy = self.tr("Save mine as a copy") if dirty else self.tr("Save as a copy")
        return Notice(text, "warn", links=(Link(back, self._session.bring_back), Link(copy, self._save_copy)))

    def _failed(self, error: Exception) -> Notice:
        sentence = self.tr("The profile could not be saved. It stays open; nothing you wrote is lost.")
        made = notice_of(error, sentence)
        return Notice(
            made.text, "error", made.details, links=(Link(self.tr("Try again"), self._session.save),)
        )

    def _not_kept(self, error: Exception) -> Notice:
        sentence = self.tr("Your unsaved changes could not be put into the store yet.")
        made = notice_of(error, sentence)
        text = self.tr("%1 It is tried again; until then, keep the window open.").replace("%1", made.text)
        return Notice(text, "warn", made.details)

    def _lost(self, lost: Draft) -> Notice:
        text = self.tr("There are changes to version %1 that were not saved when CardForge ended, made %2.")
        text = text.replace("%1", formatting.number(lost.base_version))
        return Notice(
            text.replace("%2", formatting.ago(lost.updated_at)),
            "info",
            links=(
                Link(self.tr("Restore them"), self._session.restore_lost),
                Link(self.tr("Leave them in the history"), self._session.decline_lost),
            ),
        )

    @Slot(object)
    def _say_shown(self, profile: Profile) -> None:
        """Nothing was unsaved: the newest version is shown already."""
        if self._session.newer is not None:
            return
        text = self.tr("%1 saved version %2. You see it now.")
        text = text.replace("%2", formatting.number(profile.version))
        self._say(
            Notice(
                text.replace("%1", author_text(profile.updated_by)),
                "info",
                links=(Link(self.tr("Undo"), self._session.undo),),
                lasting=False,
            )
        )

    def _load_latest(self) -> None:
        newer = self._session.newer
        if newer is not None:
            mine = self._session.content
            self._session.set_aside(mine)
            self._session.load(newer, undoable_from=mine)

    def _save_copy(self) -> None:
        self._session.save_copy(self._session.content)
