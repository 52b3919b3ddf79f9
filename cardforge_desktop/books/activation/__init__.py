"""Which entries of a book a chat wakes, and why the others sleep, by SillyTavern's rules.

What is followed, from which file and version, and where this differs: docs/lorebook-activation.md.
"""

from cardforge_desktop.books.activation.chats import chat_of, chat_text
from cardforge_desktop.books.activation.model import (
    Activation,
    Asleep,
    Fired,
    Message,
    Place,
    ScanSettings,
)
from cardforge_desktop.books.activation.prompt import PromptPiece, prompt_pieces
from cardforge_desktop.books.activation.scan import activate
from cardforge_desktop.books.activation.surroundings import settings_of_card

__all__ = [
    "Activation",
    "Asleep",
    "Fired",
    "Message",
    "Place",
    "PromptPiece",
    "ScanSettings",
    "activate",
    "chat_of",
    "chat_text",
    "prompt_pieces",
    "settings_of_card",
]
