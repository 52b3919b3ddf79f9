"""What is done with profiles as a whole: new ones, copies, files, deleting and bringing back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from cardforge_desktop.ui.failures import notice_of, told
from cardforge_desktop.ui.profiles import filing
from cardforge_desktop.ui.services import Link, Notice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cardforge_desktop.profiles.model import Profile, ProfileContent
    from cardforge_desktop.ui.services import Services


class ProfileCommands(QObject):
    """Asks the store on workers, and says what came of it.

    Signals:
        begun(str): a profile with this id is there, and wants a name of its own: show it.
        made(str): a profile with this id is there: show it.
        deleted(str): the profile with this id is gone.
    """

    begun = Signal(str)
    made = Signal(str)
    deleted = Signal(str)

    def __init__(self, services: Services, over: QWidget) -> None:
        super().__init__(over)
        self._services, self._over = services, over
        self._deleted: list[str] = []

    @property
    def deleted_ids(self) -> tuple[str, ...]:
        """Of the profiles that were deleted here and are not back, the last one last."""
        return tuple(self._deleted)

    @Slot()
    def new(self) -> None:
        """A profile with the words of the one called Default."""
        name = self.tr("New profile")
        self._do(self._make(lambda ws: filing.begin(ws, name)))

    def duplicate(self, content: ProfileContent) -> None:
        """Another profile like this."""
        self._do(self._make(lambda ws: ws.profiles.copy(content)))

    def delete(self, profile_id: str) -> None:
        """Take a profile away; a notice offers to bring it back."""
        self._do(self._delete(profile_id))

    @Slot()
    def undo_deletion(self) -> None:
        """Have the profile again that was deleted last."""
        if self._deleted:
            self.bring_back(self._deleted[-1])

    def note_there(self, ids: Collection[str]) -> None:
        """Profiles with these ids are there, whoever brought them back."""
        self._deleted = [each for each in self._deleted if each not in ids]

    def bring_back(self, profile_id: str) -> None:
        """Have a deleted profile again."""
        self._do(self._bring_back(profile_id))

    @Slot()
    def browse(self) -> None:
        """Choose files to import."""
        dialog = QFileDialog(self._over, self.tr("Import profiles"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Profiles (*.json)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda files: self.take([Path(file) for file in files]))
        dialog.open()

    def take(self, paths: Sequence[Path]) -> None:
        """Import profiles from files."""
        self._do(self._import(tuple(paths)))

    def export(self, profile_id: str, name: str) -> None:
        """Ask where to, and write the profile with this id to a file."""
        dialog = QFileDialog(self._over, self.tr("Export profile"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Profiles (*.json)")])
        dialog.setDefaultSuffix("json")
        dialog.selectFile(filing.file_name(name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self.write(profile_id, Path(file)))
        dialog.open()

    def write(self, profile_id: str, path: Path) -> None:
        """Write the profile with this id, as it was last saved, to a file."""
        self._do(self._export(profile_id, path))

    def _do(self, work: Awaitable[None]) -> None:
        sentence = self.tr("That could not be done with the profile. The log holds the details.")
        self._services.background.start(told(self._services, work, sentence))

    async def _make(self, work: Callable[..., Profile]) -> None:
        profile = await self._services.background.call(work)
        self.begun.emit(profile.id)

    async def _delete(self, profile_id: str) -> None:
        name = await self._services.background.call(lambda ws: filing.delete(ws, profile_id))
        self._deleted.append(profile_id)
        self.deleted.emit(profile_id)
        text = self.tr("“%1” was deleted. Cards that were made with it stay.").replace("%1", name)
        self._say(Notice(text, links=(Link(self.tr("Undo"), lambda: self.bring_back(profile_id)),)))

    async def _bring_back(self, profile_id: str) -> None:
        await self._services.background.call(lambda ws: ws.profiles.bring_back(profile_id))
        self.note_there({profile_id})
        self.made.emit(profile_id)
        self._say(Notice(self.tr("The profile is there again."), "ok", lasting=False))

    async def _import(self, paths: tuple[Path, ...]) -> None:
        report = await self._services.background.call(lambda ws: filing.read_files(ws, paths))
        added = report.added
        if added:
            self.made.emit(added[0].id)
        if report.failures:
            self._say(notice_of(report.failures[0], self.tr("A file could not be read.")))
        elif len(added) == 1:
            text = self.tr("“%1” was imported.").replace("%1", added[0].name)
            self._say(Notice(text, "ok", lasting=False))
        else:
            self._say(Notice(self.tr("%n profile(s) were imported.", None, len(added)), "ok", lasting=False))

    async def _export(self, profile_id: str, path: Path) -> None:
        name = await self._services.background.call(lambda ws: filing.write_file(ws, profile_id, path))
        text = self.tr("“%1” was written to %2.").replace("%2", path.name).replace("%1", name)
        self._say(Notice(text, "ok", lasting=False))

    def _say(self, notice: Notice) -> None:
        self._services.desk.notice.emit(notice)
