"""Every action of the frame and of the panels that exist."""

from cardforge_desktop.ui.actions import ActionSpec
from cardforge_desktop.ui.batch.action_list import BATCH_SPECS, QUEUE_SPECS
from cardforge_desktop.ui.books.action_list import BOOK_SPECS
from cardforge_desktop.ui.costs.action_list import COST_SPECS
from cardforge_desktop.ui.library.action_list import LIBRARY_SPECS
from cardforge_desktop.ui.profiles.action_list import PROFILE_SPECS
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

#: Actions of the frame and of the panels that exist.
SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "file.add",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&Add files…"),
        QT_TRANSLATE_NOOP("Actions", "Add source files to the queue"),
        shortcut="Ctrl+O",
        icon="file-plus",
    ),
    ActionSpec(
        "file.folder",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Add f&older…"),
        QT_TRANSLATE_NOOP("Actions", "Add every source in a folder to the queue"),
        shortcut="Ctrl+Shift+O",
        icon="folder-plus",
    ),
    ActionSpec(
        "file.import",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&Import cards…"),
        QT_TRANSLATE_NOOP("Actions", "Take card files into the library"),
        shortcut="Ctrl+Shift+I",
        icon="import",
        separated=True,
    ),
    ActionSpec(
        "file.import_folder",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Import card fol&der…"),
        QT_TRANSLATE_NOOP("Actions", "Take every card file of a folder into the library"),
        shortcut="Ctrl+Alt+I",
        icon="folder-input",
    ),
    ActionSpec(
        "file.output",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Open output &folder"),
        QT_TRANSLATE_NOOP("Actions", "Show the folder of finished cards"),
        shortcut="Ctrl+Shift+E",
        icon="folder-open",
        separated=True,
    ),
    ActionSpec(
        "editor.save",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&Save"),
        QT_TRANSLATE_NOOP("Actions", "Save the card or the profile you are editing"),
        shortcut="Ctrl+S",
        icon="save",
        separated=True,
    ),
    ActionSpec(
        "file.settings",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&Settings"),
        QT_TRANSLATE_NOOP("Actions", "Engines, output folder and look"),
        shortcut="Ctrl+,",
        icon="settings",
        separated=True,
    ),
    ActionSpec(
        "file.quit",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&Quit"),
        QT_TRANSLATE_NOOP("Actions", "Close CardForge"),
        shortcut="Ctrl+Q",
        icon="log-out",
        separated=True,
    ),
    ActionSpec(
        "edit.undo",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "&Undo"),
        QT_TRANSLATE_NOOP("Actions", "Take the last change of the card, profile or book back"),
        shortcut="Ctrl+Z",
        icon="undo-2",
    ),
    ActionSpec(
        "edit.redo",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "&Redo"),
        QT_TRANSLATE_NOOP("Actions", "Make the change again that was taken back"),
        shortcut="Ctrl+Shift+Z",
        icon="redo-2",
    ),
    ActionSpec(
        "edit.paste",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "&Paste"),
        QT_TRANSLATE_NOOP(
            "Actions", "Add what is on the clipboard to the queue; in the library and in books import it"
        ),
        shortcut="Ctrl+V",
        icon="clipboard-paste",
        separated=True,
    ),
    ActionSpec(
        "edit.copy",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "&Copy"),
        QT_TRANSLATE_NOOP("Actions", "Copy what is selected"),
        shortcut="Ctrl+C",
        icon="copy",
    ),
    ActionSpec(
        "edit.find",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "&Find"),
        QT_TRANSLATE_NOOP("Actions", "Search in this panel"),
        shortcut="Ctrl+F",
        icon="search",
        separated=True,
    ),
    ActionSpec(
        "edit.replace",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "Find and r&eplace"),
        QT_TRANSLATE_NOOP(
            "Actions", "Find and replace in every field of the card, or in the entries of the book"
        ),
        shortcut="Ctrl+H",
        icon="replace",
    ),
    *QUEUE_SPECS,
    *BATCH_SPECS,
    *LIBRARY_SPECS,
    *PROFILE_SPECS,
    *BOOK_SPECS,
    *COST_SPECS,
    ActionSpec(
        "editor.preview",
        "view",
        QT_TRANSLATE_NOOP("Actions", "P&review"),
        QT_TRANSLATE_NOOP(
            "Actions", "Show the open card as readers see it, or the prompt of the open profile"
        ),
        shortcut="Ctrl+Alt+P",
        icon="eye",
        separated=True,
    ),
    ActionSpec(
        "editor.history",
        "view",
        QT_TRANSLATE_NOOP("Actions", "&History"),
        QT_TRANSLATE_NOOP("Actions", "Show the earlier versions of the open card or profile"),
        shortcut="Ctrl+Alt+H",
        icon="history",
    ),
    ActionSpec(
        "editor.side",
        "view",
        QT_TRANSLATE_NOOP("Actions", "S&ide"),
        QT_TRANSLATE_NOOP("Actions", "Show or hide what stands beside the fields"),
        shortcut="Ctrl+Alt+B",
        icon="panel-right",
    ),
    ActionSpec(
        "view.palette",
        "view",
        QT_TRANSLATE_NOOP("Actions", "Command &palette"),
        QT_TRANSLATE_NOOP("Actions", "Find and run any command"),
        shortcut="Ctrl+K",
        icon="command",
    ),
    ActionSpec(
        "view.theme",
        "view",
        QT_TRANSLATE_NOOP("Actions", "Switch &theme"),
        QT_TRANSLATE_NOOP("Actions", "Change between light and dark"),
        shortcut="Ctrl+Shift+T",
        icon="sun-moon",
    ),
    ActionSpec(
        "help.shortcuts",
        "help",
        QT_TRANSLATE_NOOP("Actions", "&Keyboard shortcuts"),
        QT_TRANSLATE_NOOP("Actions", "All commands and their keys"),
        shortcut="F1",
        icon="keyboard",
    ),
    ActionSpec(
        "help.logs",
        "help",
        QT_TRANSLATE_NOOP("Actions", "Open &log folder"),
        QT_TRANSLATE_NOOP("Actions", "Show the log files for a bug report"),
        icon="scroll-text",
    ),
    ActionSpec(
        "help.about",
        "help",
        QT_TRANSLATE_NOOP("Actions", "&About CardForge"),
        QT_TRANSLATE_NOOP("Actions", "Version and paths"),
        icon="info",
        separated=True,
    ),
)
