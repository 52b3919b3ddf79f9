"""The pages of the editor, and which of them shows what of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.editor.navigator import PageSpec
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.ui.library.editor.bench import Bench
    from cardforge_desktop.ui.library.editor.examining import Examination
    from cardforge_desktop.ui.library.editor.sections.section import Section

_PAGES = (
    ("character", QT_TRANSLATE_NOOP("EditorPages", "Character"), "user-round"),
    ("opening", QT_TRANSLATE_NOOP("EditorPages", "Opening"), "message-square"),
    ("examples", QT_TRANSLATE_NOOP("EditorPages", "Examples"), "messages-square"),
    ("instructions", QT_TRANSLATE_NOOP("EditorPages", "Instructions"), "terminal"),
    ("about", QT_TRANSLATE_NOOP("EditorPages", "About"), "info"),
    ("book", QT_TRANSLATE_NOOP("EditorPages", "Book"), "book-open"),
    ("assets", QT_TRANSLATE_NOOP("EditorPages", "Assets"), "paperclip"),
    ("other", QT_TRANSLATE_NOOP("EditorPages", "Everything else"), "braces"),
)
_CLASSES = {
    "character": ("character", "CharacterSection"),
    "opening": ("greetings", "GreetingsSection"),
    "examples": ("talk_examples", "ExamplesSection"),
    "instructions": ("instructions", "InstructionsSection"),
    "about": ("about", "AboutSection"),
    "book": ("book", "BookSection"),
    "assets": ("assets", "AssetsSection"),
    "other": ("other", "OtherSection"),
}
_KEYS = {
    **dict.fromkeys(("name", "nickname", "description", "personality", "scenario", "picture"), "character"),
    **dict.fromkeys(("first_mes", "alternate_greetings", "group_only_greetings"), "opening"),
    "mes_example": "examples",
    **dict.fromkeys(("system_prompt", "post_history_instructions"), "instructions"),
    **dict.fromkeys(("creator", "character_version", "tags", "creator_notes", "source"), "about"),
    **dict.fromkeys(("creator_notes_multilingual", "creation_date", "modification_date"), "about"),
    "character_book": "book",
    "assets": "assets",
}
_IN_EXTENSIONS = ("extensions.depth_prompt", "extensions.talkativeness")
_GRAVITY = ("hint", "warning", "error")


def specs() -> tuple[PageSpec, ...]:
    """The pages in their order."""
    return tuple(
        PageSpec(key, QCoreApplication.translate("EditorPages", name), icon) for key, name, icon in _PAGES
    )


def known(key: str) -> str:
    """The page that was remembered, or the first one."""
    return key if key in _CLASSES else _PAGES[0][0]


def key_of(path: str) -> str:
    """The page that a path of the card is on."""
    if path.startswith(_IN_EXTENSIONS):
        return "instructions"
    return _KEYS.get(path.partition(".")[0].partition("[")[0], "other")


def make(key: str, bench: Bench) -> Section:
    """Import and make a page."""
    from importlib import import_module

    module, name = _CLASSES[key]
    made: Section = getattr(import_module(f"cardforge_desktop.ui.library.editor.sections.{module}"), name)(
        bench
    )
    return made


def warm_up() -> None:
    """Import every page, so that none is waited for. On a worker."""
    from importlib import import_module

    for module, _ in _CLASSES.values():
        import_module(f"cardforge_desktop.ui.library.editor.sections.{module}")


def marks(examination: Examination) -> tuple[dict[str, str], dict[str, str]]:
    """The gravest finding of each page, and how many things are on it."""
    gravest: dict[str, str] = {}
    for finding in examination.findings:
        key = key_of(finding.field)
        before = gravest.get(key, "hint")
        gravest[key] = max(before, finding.severity, key=_GRAVITY.index)
    card = examination.card
    book = card.character_book
    counts = {
        "opening": 1 + len(card.alternate_greetings) if card.alternate_greetings else 0,
        "book": len(book.entries) if book is not None else 0,
        "assets": len(card.assets or ()),
    }
    return gravest, {key: formatting.number(count) for key, count in counts.items() if count}
