"""The row of states above the table: what of the queue is shown, and how many there are of each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.ui.batch.state import Group
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import FlowLayout, button

_TEXTS = {
    Group.ALL: QT_TRANSLATE_NOOP("StateFilter", "All"),
    Group.READY: QT_TRANSLATE_NOOP("StateFilter", "Ready"),
    Group.RUNNING: QT_TRANSLATE_NOOP("StateFilter", "Running"),
    Group.WAITING: QT_TRANSLATE_NOOP("StateFilter", "Waiting"),
    Group.PAUSED: QT_TRANSLATE_NOOP("StateFilter", "Paused"),
    Group.DONE: QT_TRANSLATE_NOOP("StateFilter", "Done"),
    Group.FAILED: QT_TRANSLATE_NOOP("StateFilter", "Failed"),
    Group.CANCELLED: QT_TRANSLATE_NOOP("StateFilter", "Cancelled"),
}


class StateFilter(QWidget):
    """One state is chosen; states without rows are not offered. Left and right go along.

    Signals:
        picked(object): the person chose this `Group`.
    """

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Show rows by state"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[Group, QPushButton] = {}
        self._counts: dict[Group, int] = {}
        layout = FlowLayout(SPACE_XS)
        for group, text in _TEXTS.items():
            made = button("", "segment", tip=self._tip(group, translate("StateFilter", text)))
            made.setCheckable(True)
            made.installEventFilter(self)
            made.clicked.connect(lambda _checked=False, group=group: self.picked.emit(group))
            self._group.addButton(made)
            self._buttons[group] = made
            layout.addWidget(made)
        self.setLayout(layout)
        self._buttons[Group.ALL].setChecked(True)

    @property
    def current(self) -> Group:
        """The chosen state."""
        return next((group for group, made in self._buttons.items() if made.isChecked()), Group.ALL)

    def buttons(self) -> tuple[QPushButton, ...]:
        """One for each state, in their order."""
        return tuple(self._buttons.values())

    def choose(self, group: Group) -> None:
        """Show a state as chosen without telling anyone."""
        self._buttons[group].setChecked(True)

    def show_counts(self, model: QueueModel) -> None:
        """How many rows of what is chosen at the left are in each state."""
        counts = {group: model.count(group, model.filter.batch) for group in _TEXTS}
        if counts == self._counts:
            return
        self._counts = counts
        for group, made in self._buttons.items():
            text = translate("StateFilter", _TEXTS[group])
            shown = translate("StateFilter", "%1  %2").replace("%2", formatting.number(counts[group]))
            made.setText(shown.replace("%1", text))
            made.setAccessibleName(
                translate("StateFilter", "%1, %n row(s)", None, counts[group]).replace("%1", text)
            )
            made.setVisible(group is Group.ALL or bool(counts[group]) or made.isChecked())
        self.setVisible(self.is_useful)

    @property
    def is_useful(self) -> bool:
        """Whether there is something to choose between."""
        return self.current is not Group.ALL or sum(map(bool, self._counts.values())) > 2

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys choose the neighbour."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                    step = -step
                self._step(watched, step)
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _step(self, watched: QObject, step: int) -> None:
        shown = [made for made in self._buttons.values() if not made.isHidden()]
        at = next((at for at, made in enumerate(shown) if made is watched), 0) + step
        if 0 <= at < len(shown):
            shown[at].setFocus(Qt.FocusReason.TabFocusReason)
            shown[at].click()

    def _tip(self, group: Group, text: str) -> str:
        if group is Group.ALL:
            return self.tr("Show all rows")
        return self.tr("Show only rows in this state: %1").replace("%1", text)
