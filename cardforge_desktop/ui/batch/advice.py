"""What to do about an error of an item: the window's words for docs/error-codes.md."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

#: Error code → what to do next; codes that no item ends with are left out.
ADVICE: Mapping[str, str] = {
    "SOURCE_NOT_FOUND": QT_TRANSLATE_NOOP("Advice", "Put it back and retry, or add it from its new place."),
    "SOURCE_UNREADABLE": QT_TRANSLATE_NOOP("Advice", "Check its permissions and its disk, then retry."),
    "SOURCE_EMPTY": QT_TRANSLATE_NOOP("Advice", "Choose a file with text."),
    "SOURCE_TOO_SHORT": QT_TRANSLATE_NOOP("Advice", "Add some sentences about the character."),
    "SOURCE_TOO_LONG": QT_TRANSLATE_NOOP(
        "Advice", "Choose an engine with a larger context, or a profile with shorter fields."
    ),
    "SOURCE_TOO_LARGE": QT_TRANSLATE_NOOP("Advice", "Split it."),
    "SOURCE_BINARY": QT_TRANSLATE_NOOP(
        "Advice", "Choose the file with the text, or give it its right suffix."
    ),
    "SOURCE_UNKNOWN_KIND": QT_TRANSLATE_NOOP("Advice", "Save it as .txt, .md, .docx, .odt, .epub or .pdf."),
    "SOURCE_SCANNED": QT_TRANSLATE_NOOP("Advice", "Run a text recognition over it first."),
    "SOURCE_ENCRYPTED": QT_TRANSLATE_NOOP("Advice", "Remove the protection, or choose another copy."),
    "SOURCE_DAMAGED": QT_TRANSLATE_NOOP("Advice", "Open it in its own program and save it anew."),
    "SOURCE_NO_CARD": QT_TRANSLATE_NOOP(
        "Advice", "Put it beside a text of the same name to have it as the avatar."
    ),
    "ENGINE_UNREACHABLE": QT_TRANSLATE_NOOP(
        "Advice", "Start the server or the network, check the address; then retry."
    ),
    "ENGINE_TIMEOUT": QT_TRANSLATE_NOOP("Advice", "Retry; try fewer cards at once or a smaller model."),
    "ENGINE_AUTH": QT_TRANSLATE_NOOP(
        "Advice", "Set the key under Engines, then resume the batch and retry what failed."
    ),
    "ENGINE_CREDIT": QT_TRANSLATE_NOOP("Advice", "Add credit, then resume the batch and retry what failed."),
    "ENGINE_RATE_LIMITED": QT_TRANSLATE_NOOP(
        "Advice", "Wait: the queue does so by itself. Use fewer cards at once."
    ),
    "ENGINE_BAD_REQUEST": QT_TRANSLATE_NOOP(
        "Advice", "Read its own words in the message; try another model."
    ),
    "ENGINE_NOT_FOUND": QT_TRANSLATE_NOOP("Advice", "Check both under Engines."),
    "ENGINE_CONTEXT": QT_TRANSLATE_NOOP("Advice", "Choose a model with a larger context."),
    "ENGINE_SERVER": QT_TRANSLATE_NOOP("Advice", "Retry later."),
    "ENGINE_STREAM_CUT": QT_TRANSLATE_NOOP("Advice", "Retry."),
    "ENGINE_BAD_ANSWER": QT_TRANSLATE_NOOP(
        "Advice", "Check that the address is one of an OpenAI-compatible server."
    ),
    "ENGINE_MISSING": QT_TRANSLATE_NOOP("Advice", "Run python3 dev.py setup, or add a server of your own."),
    "ENGINE_BAD_MODEL": QT_TRANSLATE_NOOP("Advice", "Choose another .gguf file."),
    "ENGINE_KIND": QT_TRANSLATE_NOOP("Advice", "Update CardForge, or add the engine anew."),
    "INVALID_ANSWER": QT_TRANSLATE_NOOP("Advice", "Retry; try a stronger model."),
    "EMPTY_ANSWER": QT_TRANSLATE_NOOP("Advice", "Retry; try another model."),
    "ANSWER_TRUNCATED": QT_TRANSLATE_NOOP(
        "Advice", "Choose a model with longer answers, or a profile with shorter fields."
    ),
    "REFUSED": QT_TRANSLATE_NOOP("Advice", "Try another model."),
    "CONNECTION_NOT_FOUND": QT_TRANSLATE_NOOP("Advice", "Choose one of the engines there are."),
    "KEYRING_LOCKED": QT_TRANSLATE_NOOP("Advice", "Unlock it, then retry."),
    "PROFILE_NOT_FOUND": QT_TRANSLATE_NOOP("Advice", "Choose one of those that the message names."),
    "NOTHING_TO_WRITE": QT_TRANSLATE_NOOP("Advice", "Choose another profile or other fields."),
    "BATCH_STOPPED": QT_TRANSLATE_NOOP("Advice", "Mend what the reason says, then retry."),
    "NAMING_UNKNOWN_PLACEHOLDER": QT_TRANSLATE_NOOP("Advice", "Choose one of those that the message names."),
    "TARGET_NO_CARD": QT_TRANSLATE_NOOP("Advice", "Choose a card."),
    "TARGET_LOST": QT_TRANSLATE_NOOP("Advice", "Add it again."),
    "FIELD_UNKNOWN": QT_TRANSLATE_NOOP("Advice", "Choose some of those that the message names."),
    "FIELDS_WITHOUT_UPDATE": QT_TRANSLATE_NOOP("Advice", "Choose the card, or leave the fields out."),
    "FIELDS_WITHOUT_BOOK": QT_TRANSLATE_NOOP("Advice", "Decide for one of both."),
    "CARD_UNREADABLE": QT_TRANSLATE_NOOP("Advice", "Check its permissions and its disk."),
    "CARD_UNKNOWN_FORMAT": QT_TRANSLATE_NOOP("Advice", "Choose a card file."),
    "CARD_MISSING": QT_TRANSLATE_NOOP("Advice", "Get the original file: many sites take the card out."),
    "CARD_DAMAGED": QT_TRANSLATE_NOOP("Advice", "Get another copy."),
    "CARD_INVALID": QT_TRANSLATE_NOOP("Advice", "Mend the field that the message names."),
    "CARD_TOO_LARGE": QT_TRANSLATE_NOOP("Advice", "Take large files out of it."),
    "CARD_ENCRYPTED": QT_TRANSLATE_NOOP("Advice", "Remove the protection."),
    "CARD_UNWRITABLE": QT_TRANSLATE_NOOP("Advice", "Choose another format, or mend what the message names."),
    "CARD_WITHOUT_BOOK": QT_TRANSLATE_NOOP("Advice", "Choose a format of cards."),
    "AVATAR_UNREADABLE": QT_TRANSLATE_NOOP("Advice", "Choose another picture."),
    "AVATAR_TOO_LARGE": QT_TRANSLATE_NOOP("Advice", "Make it smaller."),
    "AVATAR_NOT_PNG": QT_TRANSLATE_NOOP("Advice", "Set the picture anew."),
    "FILES_NAME_REFUSED": QT_TRANSLATE_NOOP("Advice", "Choose another pattern."),
    "FILES_FOLDER_IS_A_FILE": QT_TRANSLATE_NOOP("Advice", "Choose another folder."),
    "FILES_NOT_PERMITTED": QT_TRANSLATE_NOOP("Advice", "Choose another folder, or change its permissions."),
    "FILES_DISK_FULL": QT_TRANSLATE_NOOP(
        "Advice", "Free some space or choose another folder; then retry: the card itself is kept."
    ),
    "FILES_NO_NAME_FREE": QT_TRANSLATE_NOOP("Advice", "Choose another folder or pattern."),
    "FILES_UNWRITABLE": QT_TRANSLATE_NOOP("Advice", "Read it in the message; choose another folder."),
    "STORE_DAMAGED": QT_TRANSLATE_NOOP("Advice", "Take the newest copy from backups/ beside it."),
    "STORE_UNWRITABLE": QT_TRANSLATE_NOOP("Advice", "Check permissions and space of its disk."),
    "STORE_BUSY": QT_TRANSLATE_NOOP("Advice", "Try again."),
    "VOCABULARY_DAMAGED": QT_TRANSLATE_NOOP("Advice", "Install CardForge again."),
    "INTERNAL_ERROR": QT_TRANSLATE_NOOP("Advice", "Report it with the details; retry."),
}


def advice_on(code: str) -> str:
    """What to do next about an error, "" where there is nothing but its own sentence."""
    text = ADVICE.get(code, "")
    return QCoreApplication.translate("Advice", text) if text else ""
