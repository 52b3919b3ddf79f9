"""Where the parts of the batch panel stand, and which of them are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSplitter, QVBoxLayout, QWidget

from cardforge_desktop.ui.batch.filters import StateFilter
from cardforge_desktop.ui.batch.tally import NEW
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import Card, button, icon_button, label, row
from cardforge_desktop.ui.widgets.drop_zone import DropZone
from cardforge_desktop.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from cardforge_desktop.ui.batch.panel import BatchPanel

_HISTORY, _PREVIEW = 224, 300
#: Less shows states and names only, no progress.
_TABLE = 350
#: Below this width of the panel the list of batches gives way to table and preview.
_ROOM_FOR_HISTORY = 860


class BatchLayout(QObject):
    """Lays the panel out: the head, the drop zone, then list of batches | table | preview."""

    def __init__(self, services: Services, panel: BatchPanel) -> None:
        super().__init__(panel)
        self._services, self._panel = services, panel
        icons = services.icons
        self.engine = Picker(icons, panel.tr("Engine"))
        self.profile = Picker(icons, panel.tr("Profile"))
        self.start_button = button(
            panel.tr("Start"), "primary", tip=services.actions["queue.start"].toolTip()
        )
        icons.put(self.start_button, "play", Tone.ON_ACCENT, 16)
        new_batch = services.actions["queue.new_batch"]
        self.new_button = button(panel.tr("New batch…"), tip=new_batch.toolTip())
        self.new_button.clicked.connect(new_batch.trigger)
        icons.put(self.new_button, "layers", size=16)
        self.history_button = icon_button(icons, "panel-left", panel.tr("List of batches"))
        self.history_button.setCheckable(True)
        self.history_button.clicked.connect(services.actions["view.history"].trigger)
        self.drop_zone = DropZone(services.theme, icons)
        self.states = StateFilter()
        self.search = QLineEdit()
        self.search.setPlaceholderText(panel.tr("Find a source, card, profile, engine or state"))
        self.search.setAccessibleName(panel.tr("Find in the queue"))
        self.search.setClearButtonEnabled(True)
        self.search.hide()
        self.search.installEventFilter(self)
        self._nothing = label(panel.tr("No row matches. Choose another state, or clear the search."), "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        #: What the person wants: "" = shown as soon as there are several batches.
        self._wish = services.memory.text("batch/history", "")
        self._lay_out()
        panel.installEventFilter(self)

    def _lay_out(self) -> None:
        panel = self._panel
        head = row(self.history_button, label(panel.tr("Batch"), "heading"), None)
        for control in (self.engine, self.profile, self.new_button, self.start_button):
            head.addWidget(control)
        table_card = Card(margin=SPACE_XS)
        table_card.body.addWidget(panel.table)
        table_card.body.addWidget(self._nothing)
        middle = QWidget()
        centre = QVBoxLayout(middle)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(SPACE_S)
        centre.addWidget(panel.batches.bar)
        centre.addWidget(self.states)
        centre.addWidget(self.search)
        centre.addWidget(table_card, 1)
        self._history = Card(margin=SPACE_XS)
        self._history.body.addWidget(panel.batches.list)
        self._history.setMinimumWidth(160)
        panel.side.setMinimumWidth(240)
        middle.setMinimumWidth(_TABLE)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(SPACE_L)
        for at, widget in enumerate((self._history, middle, panel.side)):
            self._splitter.addWidget(widget)
            self._splitter.setStretchFactor(at, int(widget is middle))
        state = self._services.memory.state("batch/splitter-3")
        self._divided = state is not None and self._splitter.restoreState(state)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(head)
        layout.addWidget(self.drop_zone)
        layout.addWidget(self._splitter, 1)
        self._layout = layout

    @property
    def history_shown(self) -> bool:
        """Whether the list of batches is on the screen."""
        return not self._history.isHidden()

    @Slot()
    def _leave_search(self) -> None:
        self.search.clear()
        self.search.hide()
        self._panel.table.setFocus()

    @Slot()
    def switch_history(self) -> None:
        """Show or hide the list of batches, from now on."""
        self._wish = "hidden" if self.history_shown else "shown"
        self._services.memory.keep("batch/history", self._wish)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what there is something in."""
        panel = self._panel
        model, batches = panel.controller.model, self._services.batches.batches
        any_rows = model.last is not None or bool(batches)
        if any_rows == self._splitter.isHidden() or self.drop_zone.is_slim != any_rows:
            self.drop_zone.set_slim(any_rows)
            self._layout.setStretchFactor(self.drop_zone, 0 if any_rows else 1)
            self._splitter.setVisible(any_rows)
            self.start_button.setVisible(any_rows)
        self.history_button.setVisible(any_rows)
        self._show_history(bool(batches), len(batches) > 1 or model.filter.batch not in ("", NEW))
        nothing = any_rows and not model.rowCount()
        self._nothing.setVisible(nothing)
        panel.table.setVisible(not nothing)
        if any_rows and not self._divided:
            self._divided = True
            width = max(panel.width(), 600)
            preview = max(_PREVIEW, width * 28 // 100)
            self._splitter.setSizes([_HISTORY, width - preview - _HISTORY, preview])

    def keep_state(self) -> None:
        """Remember how the width is shared, once there was something to share it."""
        if not self._divided:
            return
        self._services.memory.keep("batch/splitter-3", self._splitter.saveState())

    def _show_history(self, any_batch: bool, useful: bool) -> None:
        wanted = any_batch and self._wish != "hidden" and (useful or self._wish == "shown")
        shown = wanted and (self._panel.width() >= _ROOM_FOR_HISTORY or not self._panel.isVisible())
        if shown != self.history_shown:
            self._history.setVisible(shown)
        self.history_button.setChecked(shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Where room is scarce, the list gives way; Escape leaves the search."""
        if watched is self.search:
            pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
            if pressed and cast("QKeyEvent", event).key() == Qt.Key.Key_Escape:
                self._leave_search()
                return True
        elif event.type() == QEvent.Type.Resize:
            self.refresh()
        return super().eventFilter(watched, event)
