"""What a card adds to a scan: its names, and those of its texts that entries may ask for.

Source: SillyTavern 1.18.0, public/script.js, `Generate` (`globalScanData`).
"""

from dataclasses import replace

from cardforge_desktop.books.activation.model import ScanSettings
from cardforge_desktop.cards.macros import substitute
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.reader_prompt import macro_values


def settings_of_card(card: Card, settings: ScanSettings) -> ScanSettings:
    """The settings for a chat with this card."""
    values = macro_values(card, settings.user)
    note = card.extensions.get("depth_prompt")
    prompt = note.get("prompt") if isinstance(note, dict) else None
    texts = {
        "match_character_description": card.description,
        "match_character_personality": card.personality,
        "match_character_depth_prompt": prompt if isinstance(prompt, str) else "",
        "match_scenario": card.scenario,
        "match_creator_notes": card.creator_notes,
    }
    sources = {name: substitute(text.strip(), values) for name, text in texts.items() if text.strip()}
    return replace(
        settings, char=card.nickname or card.name, values=values, sources={**settings.sources, **sources}
    )
