"""What every page of the window knows to do, and the mark of what is dragged out of one."""

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtWidgets import QWidget

#: Marks what is dragged out of this window, so that the window does not take it itself.
OWN_DRAG = "application/x-cardforge-cards"


class Panel(QWidget):
    """One page of the window. Subclasses fill in what they know to do.

    Made as a child of what it stands in, and likewise inside: a part that is put into another one later is
    styled anew with all that it holds.
    """

    def activated(self) -> None:
        """The person came to this panel: its actions become available."""
        self.setFocus()

    def deactivated(self) -> None:
        """The person left this panel."""

    def begin_search(self) -> None:
        """Ctrl+F: put the focus where one searches."""

    def copy(self) -> None:
        """Ctrl+C when no text field took it."""

    def keep_state(self) -> None:
        """Remember columns and splitters; called before the window closes."""

    def takes_drops(self) -> bool:
        """Whether files dropped on the window belong to this panel."""
        return False

    def takes_pictures(self) -> bool:
        """Whether a picture that comes without a file belongs to this panel."""
        return False

    def take_data(self, data: QMimeData) -> bool:
        """Take what is on the clipboard, or was dropped as data; False leaves it to the window."""
        del data
        return False

    def drop_text(self, count: int) -> str:
        """What a drop of so many files would do; 0 = of a text or a picture."""
        del count
        return QCoreApplication.translate("Panels", "Drop to add this to the queue")
