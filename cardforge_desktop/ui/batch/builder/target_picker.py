"""Says which card is updated, if any, and lets another be chosen: a file, or a card of the library."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QWidget

from cardforge_desktop.batches.model import CardRef
from cardforge_desktop.ui.library.card_chooser import CardChooser
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, icon_button, row, set_role

Target = Path | CardRef | None


class TargetPicker(QWidget):
    """A line with the card to update; nothing is read until the choice is carried to the core.

    Used so::

        picker = TargetPicker(services)
        picker.show_target(None, item.target)      # what a draft has now, by its name only
        picker.picked.connect(lambda target: controller.change(ids, update=target))

    Signals:
        picked(object): the person chose a `Path`, a `CardRef`, or None for a new card.
    """

    picked = Signal(object)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._target: Target = None
        self.setAccessibleName(self.tr("Card to update"))
        self.name = ElidedLabel("", "", Qt.TextElideMode.ElideMiddle)
        self.choose = button(
            self.tr("Choose…"),
            tip=self.tr("Update a card that exists instead of making a new one"),
            name=self.tr("Choose a card to update"),
        )
        menu = QMenu(self)
        self.from_file = menu.addAction(self.tr("A card &file…"))
        self.from_library = menu.addAction(self.tr("A card of the &library…"))
        self.from_file.triggered.connect(self.choose_file)
        self.from_library.triggered.connect(self.choose_card)
        self.choose.setMenu(menu)
        self.clear = icon_button(services.icons, "x", self.tr("Make a new card instead"))
        self.clear.clicked.connect(lambda _checked=False: self._pick(None, ""))
        line = row(self.name, self.clear, self.choose)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.setFocusProxy(self.choose)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_target(None, "")

    @property
    def target(self) -> Target:
        """What was picked last, or shown."""
        return self._target

    def show_target(self, target: Target, name: str) -> None:
        """Show a choice without telling anyone; `name` "" = a new card is made."""
        self._target = target
        self.name.set_whole(name or self.tr("None: new cards are made"))
        set_role(self.name, "" if name else "muted")
        self.clear.setVisible(bool(name))
        self.choose.setText(self.tr("Another…") if name else self.tr("Choose…"))

    def show_several(self) -> None:
        """The rows that are shown have different ones."""
        self.show_target(None, self.tr("Several cards"))

    @Slot()
    def choose_file(self) -> None:
        """Choose a card file in the system's dialog."""
        dialog = QFileDialog(self, self.tr("Card to update"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [
                self.tr("Character cards (*.png *.apng *.json *.charx *.yaml *.yml *.jpg *.jpeg)"),
                self.tr("All files (*)"),
            ]
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self._pick(Path(file), Path(file).name))
        dialog.open()

    @Slot()
    def choose_card(self) -> CardChooser:
        """Choose a card of the library."""
        chooser = CardChooser(self, self._services)
        chooser.accepted.connect(lambda: self._take(chooser))
        chooser.open()
        return chooser

    def _take(self, chooser: CardChooser) -> None:
        if chooser.card is not None:
            self._pick(CardRef(chooser.card.id), chooser.card.name)

    def _pick(self, target: Target, name: str) -> None:
        self.show_target(target, name)
        self.picked.emit(target)
