"""The editor over the window's real services and a real library."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.cards.model import Asset, BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import StoredCard
from cardforge_desktop.ui.action_list import SPECS
from cardforge_desktop.ui.library.editor.card_editor import CardEditor
from tests.cards.library import ORIGIN, PICTURE
from tests.ui.library.preview.conftest import Desktop, desktop, empty_store, open_desktop

__all__ = ["desktop", "empty_store", "open_desktop"]

ICON = b"the icon's own bytes"
CARD = Card.model_validate(
    {
        "name": "Mirela Voss",
        "description": "Mirela Voss keeps the lamp shop. She knows {{usr}}.",
        "personality": "Patient.",
        "scenario": "A lamp shop at night.",
        "first_mes": "*The bell does not ring.* “Put it there.”",
        "mes_example": "<START>\n{{user}}: Who is it for?\n{{char}}: Somebody's son.\n\n"
        "<start>\n{{user}}: Oh.",
        "alternate_greetings": ["A lamp burns.", "The lamp is out."],
        "tags": ["fantasy", "lamp"],
        "extensions": {"chub": {"id": 12, "nested": [None, 1.5]}, "talkativeness": "0.5"},
        "x_mood": {"level": [1, 2, {"deep": None}]},
        "character_book": CharacterBook.model_validate(
            {
                "name": "Lamps",
                "x_book": True,
                "entries": [
                    BookEntry(keys=["lamp"], content="Lamps are people.", id=1),
                    BookEntry.model_validate(
                        {"keys": ["quay"], "content": "The only dry quay.", "id": 2, "x_entry": [1]}
                    ),
                ],
            }
        ),
        "assets": [Asset(type="icon", uri="embeded://assets/main.png", name="main", ext="png")],
        "beside_data": {"create_date": "2026-1-1"},
    }
)


@dataclass
class Bench:
    """The editor with a card, and what tests ask of it."""

    desktop: Desktop
    editor: CardEditor
    card_id: str
    qtbot: QtBot

    @property
    def card(self) -> Card:
        """The card in the editor."""
        return self.editor.session.card

    @property
    def stored(self) -> StoredCard:
        """The card in the library."""
        return self.desktop.workspace.library.card(self.card_id)

    @property
    def reasons(self) -> list[str]:
        """Of the revisions, the newest first."""
        return [each.reason for each in self.desktop.workspace.library.revisions(self.card_id)]

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something."""
        self.desktop.until(condition)

    def action(self, key: str) -> None:
        """Trigger an action, which has to be possible."""
        action = self.desktop.services.actions[key]
        assert action.isEnabled(), key
        action.trigger()

    def section(self, key: str) -> Any:
        """Go to a page."""
        self.editor.navigator.choose(key)
        return self.editor.section(key)

    def field(self, path: str) -> Any:
        """The text field at a path, with the focus."""
        self.editor.go_to(path, focus=True)
        box = next(box for box in self.editor._pages.currentWidget().boxes if box.path == path)
        return box.field

    def type(self, path: str, text: str) -> None:
        """Type at the end of a field."""
        field = self.field(path)
        self.qtbot.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(field, text)

    def saved(self) -> None:
        """Have what is in the editor saved, without waiting for the pause in which it is by itself."""
        self.editor.session.save()
        self.until(lambda: self.stored.card == self.card)


def add(desktop: Desktop, card: Card = CARD, **files: bytes) -> str:
    """A card in the library."""
    with desktop.workspace._store.write() as session:
        package = CardPackage(card, PICTURE, {"assets/main.png": ICON, **files})
        return desktop.workspace.library.add(session, package, ORIGIN).summary.id


@pytest.fixture
def make_bench(desktop: Desktop, qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., Bench]]:
    """Opens a card in an editor of its own window."""
    for spec in SPECS:
        desktop.services.actions.add(spec).setEnabled(False)

    def make(card: Card = CARD, **files: bytes) -> Bench:
        card_id = add(desktop, card, **files)
        editor = CardEditor(desktop.services)
        editor.setParent(desktop.window)
        window: QWidget = desktop.window
        window.resize(1180, 760)
        editor.resize(1180, 760)
        editor.show()
        window.activateWindow()
        editor.open(card_id)
        made = Bench(desktop, editor, card_id, qtbot)
        made.until(lambda: editor.session.is_open)
        return made

    yield make
    del qapp


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A card with something in every part."""
    return make_bench()
