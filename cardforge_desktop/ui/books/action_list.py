"""Every action of the books panel: what is done with books, and with the entries that are selected.

Undo, copy, paste and find are those of all panels. Delete, Space, F2, Alt+Up and Alt+Down work in the lists.
"""

from cardforge_desktop.ui.actions import ActionSpec
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

_BOOK_SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "book.new",
        "book",
        QT_TRANSLATE_NOOP("Actions", "&New book…"),
        QT_TRANSLATE_NOOP("Actions", "Begin a book that stands by itself"),
        shortcut="Ctrl+Alt+N",
        icon="plus",
    ),
    ActionSpec(
        "book.edit",
        "book",
        QT_TRANSLATE_NOOP("Actions", "&Book details…"),
        QT_TRANSLATE_NOOP(
            "Actions", "Name, description, tags and settings of the open book (F2 in the list)"
        ),
        shortcut="Ctrl+Shift+K",
        icon="pencil",
    ),
    ActionSpec(
        "book.duplicate",
        "book",
        QT_TRANSLATE_NOOP("Actions", "D&uplicate book"),
        QT_TRANSLATE_NOOP("Actions", "Make another book with the same entries, which stands by itself"),
        icon="copy",
    ),
    ActionSpec(
        "book.own",
        "book",
        QT_TRANSLATE_NOOP("Actions", "Make it a book of its &own"),
        QT_TRANSLATE_NOOP("Actions", "Take the book out of its card; the card keeps a copy"),
        icon="book-open",
    ),
    ActionSpec(
        "book.put",
        "book",
        QT_TRANSLATE_NOOP("Actions", "&Put into cards…"),
        QT_TRANSLATE_NOOP("Actions", "Put copies of the open book into cards, after a look at what changes"),
        shortcut="Ctrl+Alt+Shift+P",
        icon="users-round",
    ),
    ActionSpec(
        "book.copies",
        "book",
        QT_TRANSLATE_NOOP("Actions", "C&opies in cards…"),
        QT_TRANSLATE_NOOP("Actions", "See which cards carry the open book, and bring copies up to date"),
        icon="layers",
    ),
    ActionSpec(
        "book.import",
        "book",
        QT_TRANSLATE_NOOP("Actions", "&Import books…"),
        QT_TRANSLATE_NOOP("Actions", "Take books from lorebooks and cards (here also Ctrl+Shift+I)"),
        icon="import",
    ),
    ActionSpec(
        "book.import_into",
        "book",
        QT_TRANSLATE_NOOP("Actions", "Import &file into this book…"),
        QT_TRANSLATE_NOOP(
            "Actions", "Merge a file into the open book or replace it, after a look at what changes"
        ),
        shortcut="Ctrl+Alt+Shift+I",
        icon="import",
    ),
    ActionSpec(
        "book.export",
        "book",
        QT_TRANSLATE_NOOP("Actions", "E&xport book…"),
        QT_TRANSLATE_NOOP("Actions", "Write the open book to a file for SillyTavern and other apps"),
        shortcut="Ctrl+Alt+Shift+E",
        icon="download",
    ),
    ActionSpec(
        "book.rename_category",
        "book",
        QT_TRANSLATE_NOOP("Actions", "Rename cate&gory…"),
        QT_TRANSLATE_NOOP("Actions", "Give a category of the open book another name, or join two"),
        icon="tag",
    ),
    ActionSpec(
        "book.test",
        "book",
        QT_TRANSLATE_NOOP("Actions", "Test with a &chat…"),
        QT_TRANSLATE_NOOP("Actions", "See which entries of the open book a chat wakes, and why"),
        shortcut="Ctrl+Alt+A",
        icon="messages-square",
        separated=True,
    ),
    ActionSpec(
        "book.health",
        "book",
        QT_TRANSLATE_NOOP("Actions", "C&heck book"),
        QT_TRANSLATE_NOOP("Actions", "See what could be wrong with the open book, and mend it"),
        shortcut="Ctrl+Alt+M",
        icon="square-check",
    ),
    ActionSpec(
        "book.delete",
        "book",
        QT_TRANSLATE_NOOP("Actions", "De&lete book"),
        QT_TRANSLATE_NOOP(
            "Actions", "Delete the open book (Delete in the list of books); for 30 days it can come back"
        ),
        icon="trash-2",
    ),
    ActionSpec(
        "book.undo_deletion",
        "book",
        QT_TRANSLATE_NOOP("Actions", "Bring book bac&k"),
        QT_TRANSLATE_NOOP("Actions", "Have the book again that was deleted last"),
        icon="undo-2",
    ),
)

_ENTRY_SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "entry.new",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "New &entry"),
        QT_TRANSLATE_NOOP("Actions", "Add an entry behind the selected one"),
        shortcut="Alt+Ins",
        icon="plus",
    ),
    ActionSpec(
        "entry.duplicate",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "&Duplicate entries"),
        QT_TRANSLATE_NOOP("Actions", "Make another one of each selected entry"),
        shortcut="Ctrl+Alt+X",
        icon="copy",
    ),
    ActionSpec(
        "entry.cut",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Cut entries"),
        QT_TRANSLATE_NOOP(
            "Actions", "Copy the selected entries and take them out of the book; Paste puts them into another"
        ),
        shortcut="Ctrl+X",
        icon="scissors",
    ),
    ActionSpec(
        "entry.split",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "&Split entry…"),
        QT_TRANSLATE_NOOP("Actions", "Make several entries of the selected one"),
        shortcut="Ctrl+Shift+J",
        icon="rows-2",
    ),
    ActionSpec(
        "entry.split_here",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Split entry at the c&ursor"),
        QT_TRANSLATE_NOOP(
            "Actions", "Cut the content at the cursor, or make what is selected in it an entry of its own"
        ),
        shortcut="Ctrl+Alt+Shift+J",
        icon="rows-2",
    ),
    ActionSpec(
        "entry.merge",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "&Merge entries…"),
        QT_TRANSLATE_NOOP("Actions", "Make one entry of the selected ones"),
        shortcut="Ctrl+J",
        icon="git-merge",
    ),
    ActionSpec(
        "entry.bulk",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Edi&t entries…"),
        QT_TRANSLATE_NOOP(
            "Actions", "Change category, order, priority, keys and more of all selected entries"
        ),
        shortcut="Ctrl+M",
        icon="pen-line",
    ),
    ActionSpec(
        "entry.toggle",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "S&witch on or off"),
        QT_TRANSLATE_NOOP("Actions", "Switch the selected entries off, or on again (Space in the list)"),
        icon="square-check",
    ),
    ActionSpec(
        "entry.number",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Numbe&r the order"),
        QT_TRANSLATE_NOOP(
            "Actions", "Give the selected entries insertion orders 10, 20, 30… as they are shown"
        ),
        icon="arrow-down-up",
    ),
    ActionSpec(
        "entry.tidy_keys",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Tid&y keys"),
        QT_TRANSLATE_NOOP(
            "Actions", "Take blanks around keys, empty keys and repeated ones out of the selected entries"
        ),
        icon="wrench",
    ),
    ActionSpec(
        "entry.up",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Move u&p"),
        QT_TRANSLATE_NOOP("Actions", "Move the selected entries up in the book (Alt+Up in the list)"),
        icon="arrow-up",
        separated=True,
    ),
    ActionSpec(
        "entry.down",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Move dow&n"),
        QT_TRANSLATE_NOOP("Actions", "Move the selected entries down in the book (Alt+Down in the list)"),
        icon="arrow-down",
    ),
    ActionSpec(
        "entry.move_to",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Mo&ve to book…"),
        QT_TRANSLATE_NOOP("Actions", "Move the selected entries into another book"),
        shortcut="Ctrl+Alt+V",
        icon="folder-input",
    ),
    ActionSpec(
        "entry.copy_to",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "&Copy to book…"),
        QT_TRANSLATE_NOOP("Actions", "Put copies of the selected entries into another book"),
        shortcut="Ctrl+Alt+Shift+V",
        icon="files",
    ),
    ActionSpec(
        "entry.delete",
        "entry",
        QT_TRANSLATE_NOOP("Actions", "Delete entr&ies"),
        QT_TRANSLATE_NOOP(
            "Actions", "Delete the selected entries (Delete in the list); undo brings them back"
        ),
        icon="trash-2",
        separated=True,
    ),
)

#: Between the profiles' actions and those of the view.
BOOK_SPECS: tuple[ActionSpec, ...] = (*_BOOK_SPECS, *_ENTRY_SPECS)
