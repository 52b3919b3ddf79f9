"""Chooses the context that the tokens of a card are measured against."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.widgets.picker import Choice, Picker

_SIZES = (4_096, 8_192, 16_384, 32_768, 65_536, 131_072, 200_000, 1_000_000)


class ContextPicker(Picker):
    """Common sizes, and the one that is set.

    Signals:
        chosen(int): tokens.
    """

    chosen = Signal(int)

    def __init__(self, icons: Icons) -> None:
        super().__init__(icons, self.tr("Context of the model"))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.picked.connect(self._tell)

    def show_size(self, size: int) -> None:
        """Show a size, whether it is a common one or not."""
        text = self.tr("Context %1")
        sizes = sorted({*_SIZES, size})
        self.set_choices(
            (Choice(str(each), text.replace("%1", formatting.number(each))) for each in sizes), str(size)
        )

    @Slot(str)
    def _tell(self, key: str) -> None:
        self.chosen.emit(int(key))
