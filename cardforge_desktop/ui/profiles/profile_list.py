"""All profiles at the left of the panel, and the field to search them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.delegate import ProfileDelegate
from cardforge_desktop.ui.profiles.profile_model import ProfileModel, Role
from cardforge_desktop.ui.theme import SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import button, icon_button, label, row
from cardforge_desktop.ui.widgets.name_list import NameView
from cardforge_desktop.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from cardforge_desktop.ui.services import Services

#: Times of day are told anew so often.
_TICK_MS = 30_000


class ProfileView(NameView):
    """The list itself."""

    def __init__(self, services: Services, model: ProfileModel) -> None:
        super().__init__(services.theme, model)
        self.setAccessibleName(self.tr("Profiles"))
        self.setItemDelegate(ProfileDelegate(services.theme, services.icons, self))


class ProfileList(QWidget):
    """Search, list, and the two buttons that add to it. A profile that is chosen is opened.

    Signals:
        chosen(str): the person wants to see the profile with this id.
        asked(str): as `ProfileView.asked`.
        menu_wanted(QPoint): as `ProfileView.menu_wanted`.
    """

    chosen = Signal(str)
    asked = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._current = ""
        self._shown_at: int | None = None  # the row that was scrolled to
        self.model = ProfileModel(self)
        self.view = ProfileView(services, self.model)
        self.search = SearchField(services.icons, self.tr("Search profiles"))
        self.count = label("", "caption")
        self._lay_out()
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.asked.connect(self.asked)
        self.view.menu_wanted.connect(self.menu_wanted)
        self.search.textChanged.connect(self._find)
        self.search.entered.connect(self._enter)
        self._ticker = QTimer(self, interval=_TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start()
        self.refresh()

    @property
    def current(self) -> str:
        """Id of the chosen profile, "" for none."""
        return self._current

    def choose(self, profile_id: str) -> None:
        """Choose a profile; one that is not searched for ends the search."""
        if self.model.row_of(profile_id) is None and self.model.line_of(profile_id) is not None:
            self.search.clear()
        at = self.model.row_of(profile_id)
        self._current, self._shown_at = profile_id, at
        if at is None:
            self.view.selectionModel().clear()
            return
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.view.selectionModel().setCurrentIndex(self.model.index(at), flag)
        self.view.scrollTo(self.model.index(at))

    @Slot()
    def refresh(self) -> None:
        """Other profiles are shown: mark the chosen one, say how many there are."""
        at = self.model.row_of(self._current)
        if at is not None and at != self._shown_at:  # scrolling lays a thousand rows out
            self.choose(self._current)
        shown, total = self.model.rowCount(), self.model.total
        if shown == total:
            text = self.tr("%n profile(s)", None, total)
        else:
            text = self.tr("%1 of %n profile(s)", None, total).replace("%1", formatting.number(shown))
        self.count.setText(text if total else "")
        self._pages.setCurrentWidget(self.view if shown or not total else self._nothing)

    def begin_search(self) -> None:
        """To the search field."""
        self.search.begin()

    def showEvent(self, event: QShowEvent) -> None:
        """Times went on while nobody looked."""
        super().showEvent(event)
        self._tick()

    def _lay_out(self) -> None:
        self.new_button = self._tool("plus", "profile.new")
        self.import_button = self._tool("import", "profile.import")
        self._nothing = self._make_nothing()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        head = row(self.search, self.new_button, self.import_button, spacing=2)
        head.setStretch(0, 1)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.count)

    def _make_nothing(self) -> QWidget:
        made = QWidget()
        words = label(self.tr("No profile has these words."), "muted", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        again = button(self.tr("Show all profiles"), "link")
        again.clicked.connect(self.search.clear)
        layout = QVBoxLayout(made)
        layout.addStretch(1)
        layout.addWidget(words)
        layout.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        return made

    def _tool(self, icon: str, key: str) -> QPushButton:
        action = self._services.actions[key]
        made = icon_button(self._services.icons, icon, action.toolTip(), Tone.TEXT)
        made.setAccessibleName(action.text().replace("&", ""))
        made.clicked.connect(lambda _checked=False: action.trigger())
        return made

    def _enter(self) -> None:
        if self.model.rowCount():
            if self.model.row_of(self._current) is None:
                self.choose(self.model.lines[0].id)
                self.chosen.emit(self._current)
            self.view.setFocus()

    @Slot(str)
    def _find(self, text: str) -> None:
        self.model.find(text)
        self._shown_at = None
        self.refresh()

    @Slot()
    def _on_current(self) -> None:
        line = self.view.currentIndex().data(Role.LINE) if self.view.currentIndex().isValid() else None
        if line is not None and line.id != self._current:
            self._current, self._shown_at = line.id, self.view.currentIndex().row()
            self.chosen.emit(line.id)

    @Slot()
    def _tick(self) -> None:
        if self.isVisible():
            self.model.tick()
