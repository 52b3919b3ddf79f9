"""The profiles as a list: by name, those that are searched for, with what is unsaved."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.profiles import words

if TYPE_CHECKING:
    from cardforge_desktop.profiles.lines import ProfileLine

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Role(IntEnum):
    """What a delegate may ask for beside Qt's own roles: the `ProfileLine`, and whether it has changes or
    was deleted elsewhere."""

    LINE = Qt.ItemDataRole.UserRole
    UNSAVED = Qt.ItemDataRole.UserRole + 1
    DELETED = Qt.ItemDataRole.UserRole + 2


class ProfileModel(QAbstractListModel):
    """Lives on the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[ProfileLine] = ()
        self._texts: list[str] = []  # what is searched in, of each
        self._shown: list[ProfileLine] = []
        self._rows: dict[str, int] = {}
        self._unsaved: frozenset[str] = frozenset()
        self._deleted: frozenset[str] = frozenset()
        self._wanted = ""

    @property
    def total(self) -> int:
        """Profiles, whether shown or not."""
        return len(self._all)

    @property
    def lines(self) -> Sequence[ProfileLine]:
        """Those that are shown."""
        return self._shown

    @property
    def deleted_ids(self) -> frozenset[str]:
        """Of those that are in the store no more."""
        return self._deleted

    def line_of(self, profile_id: str) -> ProfileLine | None:
        """The profile with this id, shown or not."""
        return next((line for line in self._all if line.id == profile_id), None)

    def row_of(self, profile_id: str) -> int | None:
        """Where a profile stands."""
        return self._rows.get(profile_id)

    def show_lines(self, stored: Sequence[ProfileLine], deleted: Sequence[ProfileLine] = ()) -> None:
        """All profiles as they are now, by name; and those that are in the store no more, but shown."""
        lines = sorted((*stored, *deleted), key=lambda line: line.name.casefold()) if deleted else stored
        self._show_deleted(frozenset(line.id for line in deleted))
        types = {kind: words.type_text(kind) for kind in {line.type for line in lines}}
        self._all = lines
        self._texts = [
            f"{line.name}\n{line.description}\n{types[line.type]}\n{line.updated_by}".casefold()
            for line in lines
        ]
        self._choose()

    def show_unsaved(self, ids: frozenset[str]) -> None:
        """Which profiles have unsaved changes."""
        changed, self._unsaved = self._unsaved ^ ids, ids
        self._repaint(changed)

    def _show_deleted(self, ids: frozenset[str]) -> None:
        changed, self._deleted = self._deleted ^ ids, ids
        self._repaint(changed)

    def _repaint(self, ids: frozenset[str]) -> None:
        for profile_id in ids:
            if (row := self._rows.get(profile_id)) is not None:
                self.dataChanged.emit(self.index(row), self.index(row))

    def find(self, text: str) -> None:
        """Show only profiles in which each word of the text occurs."""
        self._wanted = text
        self._choose()

    def tick(self) -> None:
        """Times are others now."""
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Profiles that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for the screen and for screen readers; values under `Role`."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        line = self._shown[index.row()]
        told: dict[int, Any] = {
            Qt.ItemDataRole.DisplayRole: line.name,
            Role.LINE: line,
            Role.UNSAVED: line.id in self._unsaved,
            Role.DELETED: line.id in self._deleted,
        }
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(self._told(line))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(self._told(line))
        return told.get(role)

    def _told(self, line: ProfileLine) -> list[str]:
        told = [line.name, line.description, words.type_text(line.type)]
        told.append(words.saved_tip(line.version, line.updated_by, line.updated_at))
        if line.id in self._deleted:
            told.append(translate("Profiles", "Deleted elsewhere"))
        if line.id in self._unsaved:
            told.append(translate("Profiles", "Unsaved changes"))
        return [each for each in told if each]

    def _choose(self) -> None:
        wanted = self._wanted.casefold().split()
        shown = [
            line
            for line, text in zip(self._all, self._texts, strict=True)
            if all(word in text for word in wanted)
        ]
        before, rows = self._shown, {line.id: row for row, line in enumerate(shown)}
        if list(rows) == list(self._rows):
            self._shown = shown
            for row, (old, new) in enumerate(zip(before, shown, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        ids = [before[index.row()].id for index in kept]
        self._shown, self._rows = shown, rows
        after = [self.index(rows[each]) if each in rows else QModelIndex() for each in ids]
        self.changePersistentIndexList(kept, after)
        self.layoutChanged.emit()
