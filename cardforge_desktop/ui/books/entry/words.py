"""What the fields of an entry are called on the screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

#: By the names of `books.entry_fields.FIELDS`.
_LABELS: dict[str, str] = {
    "title": QT_TRANSLATE_NOOP("EntryFields", "Title"),
    "content": QT_TRANSLATE_NOOP("EntryFields", "Content"),
    "keys": QT_TRANSLATE_NOOP("EntryFields", "Keys"),
    "enabled": QT_TRANSLATE_NOOP("EntryFields", "Switched on"),
    "constant": QT_TRANSLATE_NOOP("EntryFields", "Always awake"),
    "category": QT_TRANSLATE_NOOP("EntryFields", "Category"),
    "insertion_order": QT_TRANSLATE_NOOP("EntryFields", "Order"),
    "priority": QT_TRANSLATE_NOOP("EntryFields", "Priority"),
    "selective": QT_TRANSLATE_NOOP("EntryFields", "Look at the secondary keys"),
    "secondary_keys": QT_TRANSLATE_NOOP("EntryFields", "Secondary keys"),
    "selectiveLogic": QT_TRANSLATE_NOOP("EntryFields", "It wakes when a key is there, and"),
    "case_sensitive": QT_TRANSLATE_NOOP("EntryFields", "Case of letters"),
    "match_whole_words": QT_TRANSLATE_NOOP("EntryFields", "Whole words"),
    "useProbability": QT_TRANSLATE_NOOP("EntryFields", "Leave it to chance"),
    "probability": QT_TRANSLATE_NOOP("EntryFields", "Chance in %"),
    "scan_depth": QT_TRANSLATE_NOOP("EntryFields", "Scan depth"),
    "vectorized": QT_TRANSLATE_NOOP("EntryFields", "Wake by meaning"),
    "triggers": QT_TRANSLATE_NOOP("EntryFields", "Only for these kinds of answers"),
    "match_persona_description": QT_TRANSLATE_NOOP("EntryFields", "The persona's description"),
    "match_character_description": QT_TRANSLATE_NOOP("EntryFields", "The character's description"),
    "match_character_personality": QT_TRANSLATE_NOOP("EntryFields", "The character's personality"),
    "match_character_depth_prompt": QT_TRANSLATE_NOOP("EntryFields", "The character's note"),
    "match_scenario": QT_TRANSLATE_NOOP("EntryFields", "The scenario"),
    "match_creator_notes": QT_TRANSLATE_NOOP("EntryFields", "The creator's notes"),
    "position": QT_TRANSLATE_NOOP("EntryFields", "Position"),
    "depth": QT_TRANSLATE_NOOP("EntryFields", "Depth"),
    "role": QT_TRANSLATE_NOOP("EntryFields", "Said by"),
    "outlet_name": QT_TRANSLATE_NOOP("EntryFields", "Name of the outlet"),
    "ignore_budget": QT_TRANSLATE_NOOP("EntryFields", "Never cut by the budget"),
    "group": QT_TRANSLATE_NOOP("EntryFields", "Groups"),
    "group_weight": QT_TRANSLATE_NOOP("EntryFields", "Weight in the group"),
    "group_override": QT_TRANSLATE_NOOP("EntryFields", "First in its group"),
    "use_group_scoring": QT_TRANSLATE_NOOP("EntryFields", "Most keys win the group"),
    "sticky": QT_TRANSLATE_NOOP("EntryFields", "Stays for"),
    "cooldown": QT_TRANSLATE_NOOP("EntryFields", "Rests for"),
    "delay": QT_TRANSLATE_NOOP("EntryFields", "Not before message"),
    "exclude_recursion": QT_TRANSLATE_NOOP("EntryFields", "Not woken by other entries"),
    "prevent_recursion": QT_TRANSLATE_NOOP("EntryFields", "Wakes no other entries"),
    "delay_until_recursion": QT_TRANSLATE_NOOP("EntryFields", "Only woken by other entries, from step"),
    "comment": QT_TRANSLATE_NOOP("EntryFields", "Comment"),
    "automation_id": QT_TRANSLATE_NOOP("EntryFields", "Automation id"),
    "id": QT_TRANSLATE_NOOP("EntryFields", "Exported id"),
    "use_regex": QT_TRANSLATE_NOOP("EntryFields", "All keys are regular expressions"),
    "extensions": QT_TRANSLATE_NOOP("EntryFields", "Extensions"),
    "unknown": QT_TRANSLATE_NOOP("EntryFields", "Unknown fields"),
}

#: One line each, for those who never saw the name.
_HINTS: dict[str, str] = {
    "title": QT_TRANSLATE_NOOP("EntryFields", "For you; it does not enter the prompt."),
    "keys": QT_TRANSLATE_NOOP("EntryFields", "A message with one of these wakes the entry."),
    "content": QT_TRANSLATE_NOOP("EntryFields", "What the model is told when the entry is awake."),
    "enabled": QT_TRANSLATE_NOOP("EntryFields", "Off: it never wakes."),
    "constant": QT_TRANSLATE_NOOP("EntryFields", "In the prompt whatever is said."),
    "category": QT_TRANSLATE_NOOP("EntryFields", "Such as Places."),
    "insertion_order": QT_TRANSLATE_NOOP("EntryFields", "Lower comes earlier."),
    "priority": QT_TRANSLATE_NOOP("EntryFields", "Lower is dropped first."),
    "selective": QT_TRANSLATE_NOOP("EntryFields", "A key alone then is not enough."),
    "secondary_keys": QT_TRANSLATE_NOOP("EntryFields", "Looked at once a key was found."),
    "case_sensitive": QT_TRANSLATE_NOOP("EntryFields", "Whether “Rose” and “rose” are two keys."),
    "match_whole_words": QT_TRANSLATE_NOOP("EntryFields", "Whether “rose” is found in “roses”."),
    "useProbability": QT_TRANSLATE_NOOP("EntryFields", "On: not each mention wakes it."),
    "probability": QT_TRANSLATE_NOOP("EntryFields", "How often a mention wakes it."),
    "scan_depth": QT_TRANSLATE_NOOP("EntryFields", "Messages searched; empty: as the book."),
    "vectorized": QT_TRANSLATE_NOOP("EntryFields", "SillyTavern finds it by likeness, without keys."),
    "triggers": QT_TRANSLATE_NOOP("EntryFields", "None chosen: for all of them."),
    "position": QT_TRANSLATE_NOOP("EntryFields", "Where in the prompt it is put."),
    "depth": QT_TRANSLATE_NOOP("EntryFields", "Messages from the end; 0 is last."),
    "role": QT_TRANSLATE_NOOP("EntryFields", "As whose message it is sent."),
    "outlet_name": QT_TRANSLATE_NOOP("EntryFields", "Put where {{outlet::name}} stands."),
    "ignore_budget": QT_TRANSLATE_NOOP("EntryFields", "In the prompt even when the book's tokens are spent."),
    "group": QT_TRANSLATE_NOOP("EntryFields", "Of a group only one entry is taken; several with commas."),
    "group_weight": QT_TRANSLATE_NOOP("EntryFields", "Heavier is drawn more often; 100 is normal."),
    "group_override": QT_TRANSLATE_NOOP("EntryFields", "It wins by its order, without a draw."),
    "use_group_scoring": QT_TRANSLATE_NOOP("EntryFields", "The entry with more keys found is taken."),
    "sticky": QT_TRANSLATE_NOOP("EntryFields", "Messages it stays awake."),
    "cooldown": QT_TRANSLATE_NOOP("EntryFields", "Messages it sleeps after that."),
    "delay": QT_TRANSLATE_NOOP("EntryFields", "Asleep in shorter chats."),
    "exclude_recursion": QT_TRANSLATE_NOOP("EntryFields", "Only messages wake it, not what entries say."),
    "prevent_recursion": QT_TRANSLATE_NOOP("EntryFields", "What it says is not searched for keys."),
    "delay_until_recursion": QT_TRANSLATE_NOOP(
        "EntryFields", "1 is the first step; empty: messages wake it."
    ),
    "comment": QT_TRANSLATE_NOOP("EntryFields", "For you; SillyTavern shows it as the title."),
    "automation_id": QT_TRANSLATE_NOOP("EntryFields", "Runs a quick reply of this name in SillyTavern."),
    "id": QT_TRANSLATE_NOOP("EntryFields", "Of two entries with one id SillyTavern keeps one."),
    "use_regex": QT_TRANSLATE_NOOP("EntryFields", "For readers of V3; SillyTavern goes by the slashes."),
    "extensions": QT_TRANSLATE_NOOP("EntryFields", "what apps keep in the entry"),
    "unknown": QT_TRANSLATE_NOOP("EntryFields", "fields of no specification"),
}


def label_of(name: str) -> str:
    """What a field is called."""
    return translate("EntryFields", _LABELS[name])


def hint_of(name: str) -> str:
    """What it is for, in one line; "" where the name says it."""
    return translate("EntryFields", _HINTS[name]) if name in _HINTS else ""


def deed_text(name: str) -> str:
    """What changing it is called in the menu of undo."""
    return translate("EntryFields", "Change “%1”").replace("%1", label_of(name))
