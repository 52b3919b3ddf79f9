"""The pane beside the cards: the chosen card for reading, or what can be done with several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.library.card_view import CardView
from cardforge_desktop.ui.library.star_bar import StarBar
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL, Tone
from cardforge_desktop.ui.widgets.basics import button, label

if TYPE_CHECKING:
    from cardforge_desktop.cards.exporting import FileState
    from cardforge_desktop.cards.summaries import CardSummary, StoredCard
    from cardforge_desktop.workspace import Workspace

#: Who moves through the cards with the arrow keys does not have each of them read.
_PAUSE_MS = 80
#: Large enough for the pane on a screen of two pixels a point; making it small is a worker's work.
_PICTURE = QSize(264, 352)


class DetailsPane(QStackedWidget):
    """Follows the selection.

    Signals:
        shown(): another card, or another state of it, is in `view`.
    """

    shown = Signal()

    def __init__(self, services: Services, view: CardView) -> None:
        super().__init__()
        self._services = services
        self.view = view
        self._wanted: tuple[str, ...] = ()
        self._number = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self._none = _words(self.tr("Choose a card to read it here."))
        self.several = SeveralCards(services)
        for page in (self._none, view, self.several):
            self.addWidget(page)

    def show_cards(self, cards: Sequence[CardSummary]) -> None:
        """Show these: none, one or several."""
        before, self._wanted = self._wanted, tuple(card.id for card in cards)
        if len(cards) != 1:
            self._pause.stop()
            self.several.show_count(cards)
            self.setCurrentWidget(self.several if cards else self._none)
            self.shown.emit()
        elif before == self._wanted:
            self.refresh()
        else:
            self._pause.start()

    @Slot()
    def refresh(self) -> None:
        """Read the one card, and the state of its files, again."""
        if len(self._wanted) == 1:
            self._services.background.start(self._load(self._wanted[0]))

    async def _load(self, card_id: str) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        self._number += 1
        number = self._number
        background = self._services.background
        try:
            stored, avatar = await self._services.cache.read(
                Topic(Kind.CARD, "whole", card_id), lambda ws: _whole(ws, card_id)
            )
            states = await background.call(lambda ws: ws.card_files.state(card_id))
        except CardForgeError:
            return  # it was deleted meanwhile: the list says so in a moment
        if number == self._number and self._wanted == (card_id,):
            self._show(stored, avatar, states)

    def _show(self, stored: StoredCard, avatar: QImage, states: tuple[FileState, ...]) -> None:
        known = self.view.card
        if known is None or known != stored or self.view.files.states != states:
            self.view.show_card(stored, avatar, states)
        self.setCurrentWidget(self.view)
        self.shown.emit()


class SeveralCards(QWidget):
    """How many cards are selected, and what to do with them.

    Signals:
        rated(int): stars for all of them.
    """

    rated = Signal(int)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._title = label("", "title", wrap=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        services.icons.put_on_label(picture, "images", Tone.MUTED, 40)
        self.stars = StarBar(services.icons, 0)
        self.stars.rated.connect(self.rated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        layout.setSpacing(SPACE_S)
        layout.addStretch(1)
        layout.addWidget(picture)
        layout.addWidget(self._title)
        layout.addWidget(self.stars, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(SPACE_M)
        for key in ("card.export", "card.tag", "card.copy_file", "card.re_export", "card.delete"):
            action = services.actions[key]
            made = button(action.text().replace("&", ""), tip=action.statusTip())
            made.clicked.connect(action.trigger)
            made.setMinimumWidth(180)
            layout.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    def show_count(self, cards: Sequence[CardSummary]) -> None:
        """Show how many they are, and the stars they have in common."""
        self._title.setText(self.tr("%n card(s) selected", None, len(cards)))
        ratings = {card.rating for card in cards}
        self.stars.show_rating(ratings.pop() if len(ratings) == 1 else 0)


def _words(text: str) -> QWidget:
    made = label(text, "muted", wrap=True)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


def _whole(workspace: Workspace, card_id: str) -> tuple[StoredCard, QImage]:
    stored = workspace.library.card(card_id)
    picture = QImage.fromData(stored.avatar)
    if picture.width() > _PICTURE.width() and picture.height() > _PICTURE.height():
        picture = picture.scaled(
            _PICTURE,
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
    return stored, picture
