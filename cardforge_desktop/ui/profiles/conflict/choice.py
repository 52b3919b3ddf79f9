"""What becomes of one field: mine, theirs, or a value of one's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from cardforge_desktop.profiles.merging import Side
from cardforge_desktop.ui.profiles.conflict.decisions import Decisions, Way
from cardforge_desktop.ui.profiles.conflict.reading import FieldTexts
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import icon_button, label, row
from cardforge_desktop.ui.widgets.radio_button import RadioButton


class Choice(QWidget):
    """Of a conflict three ways to choose from; of others what was done, and the ways on request.

    Signals:
        taken(object): the person chose this `Way`.
    """

    taken = Signal(object)

    def __init__(self, services: Services, shown: FieldTexts) -> None:
        super().__init__()
        self._side = shown.field.side
        self.told = label("", "muted", wrap=True)
        change = self.tr("Decide what becomes of %1 yourself").replace("%1", shown.name, 1)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.change = icon_button(services.icons, "pencil", change)
        self.ways = {
            Way.MINE: RadioButton(services.theme, self.tr("Take mine")),
            Way.THEIRS: RadioButton(services.theme, self.tr("Take theirs")),
            Way.EDITED: RadioButton(services.theme, self.tr("Edit merged")),
        }
        self._group = QButtonGroup(self)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        done = row(self.told, self.change, spacing=SPACE_XS)
        done.setStretch(0, 1)
        done.setAlignment(self.change, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(done)
        for key, (way, radio) in zip("123", self.ways.items(), strict=True):
            radio.setAccessibleName(self._spoken(way, shown.name))
            radio.setToolTip(f"{radio.accessibleName()} ({key})")
            radio.clicked.connect(lambda _checked=False, way=way: self.taken.emit(way))
            self._group.addButton(radio)
            layout.addWidget(radio)
        layout.addStretch(1)
        self.change.clicked.connect(self._open)
        self.setFocusProxy(self.ways[Way.MINE])

    def show_way(self, decisions: Decisions, path: str) -> None:
        """Show what is decided."""
        decided = decisions.ways.get(path)
        is_open = self._side is Side.CONFLICT or decided is not None
        self._show_ways(is_open)
        self._group.setExclusive(False)
        for way, radio in self.ways.items():
            radio.setChecked(way is (decided or (None if self._side is Side.CONFLICT else self._own)))
        self._group.setExclusive(True)
        texts = {
            Side.MINE: self.tr("Yours, only you changed it"),
            Side.THEIRS: self.tr("Theirs, only they changed it"),
            Side.BOTH_ALIKE: self.tr("The same on both sides"),
        }
        self.told.setText(texts.get(self._side, ""))

    def add_below(self, editor: QWidget) -> None:
        """A small editor under the ways."""
        self._column.insertWidget(self._column.count() - 1, editor)

    @property
    def _own(self) -> Way:
        return Way.MINE if self._side is Side.MINE else Way.THEIRS

    def _show_ways(self, is_open: bool) -> None:
        self.told.setVisible(not is_open)
        self.change.setVisible(not is_open)
        for radio in self.ways.values():
            radio.setVisible(is_open)

    def _spoken(self, way: Way, name: str) -> str:
        texts = {
            Way.MINE: self.tr("Take your version of %1"),
            Way.THEIRS: self.tr("Take the current version of %1"),
            Way.EDITED: self.tr("Edit the merged version of %1"),
        }
        return texts[way].replace("%1", name, 1)

    @Slot()
    def _open(self) -> None:
        self._show_ways(True)
        self.ways[self._own].setFocus()
