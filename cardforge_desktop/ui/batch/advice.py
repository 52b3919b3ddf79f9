"""What to do about an error of an item: the window's words for docs/error-codes.md."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

#: Error code → what to do next; codes that no item ends with are left out.
ADVICE: Mapping[str, str] = {
    ErrorCode.SOURCE_NOT_FOUND: QT_TRANSLATE_NOOP(
        "Advice", "Put it back and retry, or add it from its new place."
    ),
    ErrorCode.SOURCE_UNREADABLE: QT_TRANSLATE_NOOP(
        "Advice", "Check its permissions and its disk, then retry."
    ),
    ErrorCode.SOURCE_EMPTY: QT_TRANSLATE_NOOP("Advice", "Choose a file with text."),
    ErrorCode.SOURCE_TOO_SHORT: QT_TRANSLATE_NOOP("Advice", "Add some sentences about the character."),
    ErrorCode.SOURCE_TOO_LONG: QT_TRANSLATE_NOOP(
        "Advice", "Choose an engine with a larger context, or a profile with shorter fields."
    ),
    ErrorCode.SOURCE_TOO_LARGE: QT_TRANSLATE_NOOP("Advice", "Split it."),
    ErrorCode.SOURCE_BINARY: QT_TRANSLATE_NOOP(
        "Advice", "Choose the file with the text, or give it its right suffix."
    ),
    ErrorCode.SOURCE_UNKNOWN_KIND: QT_TRANSLATE_NOOP(
        "Advice", "Save it as .txt, .md, .docx, .odt, .epub or .pdf."
    ),
    ErrorCode.SOURCE_SCANNED: QT_TRANSLATE_NOOP("Advice", "Run a text recognition over it first."),
    ErrorCode.SOURCE_ENCRYPTED: QT_TRANSLATE_NOOP("Advice", "Remove the protection, or choose another copy."),
    ErrorCode.SOURCE_DAMAGED: QT_TRANSLATE_NOOP("Advice", "Open it in its own program and save it anew."),
    ErrorCode.SOURCE_NO_CARD: QT_TRANSLATE_NOOP(
        "Advice", "Put it beside a text of the same name to have it as the avatar."
    ),
    ErrorCode.ENGINE_UNREACHABLE: QT_TRANSLATE_NOOP(
        "Advice", "Start the server or the network, check the address; then retry."
    ),
    ErrorCode.ENGINE_TIMEOUT: QT_TRANSLATE_NOOP(
        "Advice", "Retry; try fewer cards at once or a smaller model."
    ),
    ErrorCode.ENGINE_AUTH: QT_TRANSLATE_NOOP(
        "Advice", "Set the key under Engines, then resume the batch and retry what failed."
    ),
    ErrorCode.ENGINE_CREDIT: QT_TRANSLATE_NOOP(
        "Advice", "Add credit, then resume the batch and retry what failed."
    ),
    ErrorCode.ENGINE_RATE_LIMITED: QT_TRANSLATE_NOOP(
        "Advice", "Wait: the queue does so by itself. Use fewer cards at once."
    ),
    ErrorCode.ENGINE_BAD_REQUEST: QT_TRANSLATE_NOOP(
        "Advice", "Read its own words in the message; try another model."
    ),
    ErrorCode.ENGINE_NOT_FOUND: QT_TRANSLATE_NOOP("Advice", "Check both under Engines."),
    ErrorCode.ENGINE_CONTEXT: QT_TRANSLATE_NOOP("Advice", "Choose a model with a larger context."),
    ErrorCode.ENGINE_SERVER: QT_TRANSLATE_NOOP("Advice", "Retry later."),
    ErrorCode.ENGINE_STREAM_CUT: QT_TRANSLATE_NOOP("Advice", "Retry."),
    ErrorCode.ENGINE_BAD_ANSWER: QT_TRANSLATE_NOOP(
        "Advice", "Check that the address is one of an OpenAI-compatible server."
    ),
    ErrorCode.ENGINE_MISSING: QT_TRANSLATE_NOOP(
        "Advice", "Run python3 dev.py setup, or add a server of your own."
    ),
    ErrorCode.ENGINE_BAD_MODEL: QT_TRANSLATE_NOOP("Advice", "Choose another .gguf file."),
    ErrorCode.ENGINE_KIND: QT_TRANSLATE_NOOP("Advice", "Update CardForge, or add the engine anew."),
    ErrorCode.INVALID_ANSWER: QT_TRANSLATE_NOOP("Advice", "Retry; try a stronger model."),
    ErrorCode.EMPTY_ANSWER: QT_TRANSLATE_NOOP("Advice", "Retry; try another model."),
    ErrorCode.ANSWER_TRUNCATED: QT_TRANSLATE_NOOP(
        "Advice", "Choose a model with longer answers, or a profile with shorter fields."
    ),
    ErrorCode.REFUSED: QT_TRANSLATE_NOOP("Advice", "Try another model."),
    ErrorCode.CONNECTION_NOT_FOUND: QT_TRANSLATE_NOOP("Advice", "Choose one of the engines there are."),
    ErrorCode.KEYRING_LOCKED: QT_TRANSLATE_NOOP("Advice", "Unlock it, then retry."),
    ErrorCode.PROFILE_NOT_FOUND: QT_TRANSLATE_NOOP("Advice", "Choose one of those that the message names."),
    ErrorCode.NOTHING_TO_WRITE: QT_TRANSLATE_NOOP(
        "Advice", "Choose another profile or other fields, or switch the book on."
    ),
    ErrorCode.BATCH_STOPPED: QT_TRANSLATE_NOOP("Advice", "Mend what the reason says, then retry."),
    ErrorCode.NAMING_UNKNOWN_PLACEHOLDER: QT_TRANSLATE_NOOP(
        "Advice", "Choose one of those that the message names."
    ),
    ErrorCode.TARGET_NO_CARD: QT_TRANSLATE_NOOP("Advice", "Choose a card."),
    ErrorCode.TARGET_LOST: QT_TRANSLATE_NOOP("Advice", "Add it again."),
    ErrorCode.FIELD_UNKNOWN: QT_TRANSLATE_NOOP("Advice", "Choose some of those that the message names."),
    ErrorCode.FIELDS_WITHOUT_UPDATE: QT_TRANSLATE_NOOP("Advice", "Choose the card, or leave the fields out."),
    ErrorCode.FIELDS_WITHOUT_BOOK: QT_TRANSLATE_NOOP("Advice", "Decide for one of both."),
    ErrorCode.LIMIT_REACHED: QT_TRANSLATE_NOOP(
        "Advice", "Raise the limit, or wait until it resets; a batch goes on by itself then."
    ),
    ErrorCode.LIMIT_NO_PRICE: QT_TRANSLATE_NOOP("Advice", "Give the model a price, or limit tokens instead."),
    ErrorCode.CARD_UNREADABLE: QT_TRANSLATE_NOOP("Advice", "Check its permissions and its disk."),
    ErrorCode.CARD_UNKNOWN_FORMAT: QT_TRANSLATE_NOOP("Advice", "Choose a card file."),
    ErrorCode.CARD_MISSING: QT_TRANSLATE_NOOP(
        "Advice", "Get the original file: many sites take the card out."
    ),
    ErrorCode.CARD_DAMAGED: QT_TRANSLATE_NOOP("Advice", "Get another copy."),
    ErrorCode.CARD_INVALID: QT_TRANSLATE_NOOP("Advice", "Mend the field that the message names."),
    ErrorCode.CARD_TOO_LARGE: QT_TRANSLATE_NOOP("Advice", "Take large files out of it."),
    ErrorCode.CARD_ENCRYPTED: QT_TRANSLATE_NOOP("Advice", "Remove the protection."),
    ErrorCode.CARD_UNWRITABLE: QT_TRANSLATE_NOOP(
        "Advice", "Choose another format, or mend what the message names."
    ),
    ErrorCode.CARD_WITHOUT_BOOK: QT_TRANSLATE_NOOP("Advice", "Choose a format of cards."),
    ErrorCode.AVATAR_UNREADABLE: QT_TRANSLATE_NOOP("Advice", "Choose another picture."),
    ErrorCode.AVATAR_TOO_LARGE: QT_TRANSLATE_NOOP("Advice", "Make it smaller."),
    ErrorCode.AVATAR_NOT_PNG: QT_TRANSLATE_NOOP("Advice", "Set the picture anew."),
    ErrorCode.FILES_NAME_REFUSED: QT_TRANSLATE_NOOP("Advice", "Choose another pattern."),
    ErrorCode.FILES_FOLDER_IS_A_FILE: QT_TRANSLATE_NOOP("Advice", "Choose another folder."),
    ErrorCode.FILES_NOT_PERMITTED: QT_TRANSLATE_NOOP(
        "Advice", "Choose another folder, or change its permissions."
    ),
    ErrorCode.FILES_DISK_FULL: QT_TRANSLATE_NOOP(
        "Advice", "Free some space or choose another folder; then retry: the card itself is kept."
    ),
    ErrorCode.FILES_NO_NAME_FREE: QT_TRANSLATE_NOOP("Advice", "Choose another folder or pattern."),
    ErrorCode.FILES_UNWRITABLE: QT_TRANSLATE_NOOP("Advice", "Read it in the message; choose another folder."),
    ErrorCode.STORE_DAMAGED: QT_TRANSLATE_NOOP("Advice", "Take the newest copy from backups/ beside it."),
    ErrorCode.STORE_UNWRITABLE: QT_TRANSLATE_NOOP("Advice", "Check permissions and space of its disk."),
    ErrorCode.STORE_BUSY: QT_TRANSLATE_NOOP("Advice", "Try again."),
    ErrorCode.VOCABULARY_DAMAGED: QT_TRANSLATE_NOOP("Advice", "Install CardForge again."),
    ErrorCode.INTERNAL_ERROR: QT_TRANSLATE_NOOP("Advice", "Report it with the details; retry."),
}


def advice_on(code: str) -> str:
    """What to do next about an error, "" where there is nothing but its own sentence."""
    text = ADVICE.get(code, "")
    return QCoreApplication.translate("Advice", text) if text else ""
