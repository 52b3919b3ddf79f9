"""Every action of the profiles panel. Undo, save and the panes beside the fields are those of all editors."""

from cardforge_desktop.ui.actions import ActionSpec
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

PROFILE_SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "profile.new",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "&New profile"),
        QT_TRANSLATE_NOOP("Actions", "Begin a profile with the words of the one called Default"),
        shortcut="Ctrl+N",
        icon="plus",
    ),
    ActionSpec(
        "profile.duplicate",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "&Duplicate"),
        QT_TRANSLATE_NOOP("Actions", "Make another profile like the selected one"),
        shortcut="Ctrl+Shift+D",
        icon="copy",
    ),
    ActionSpec(
        "profile.rename",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "&Rename"),
        QT_TRANSLATE_NOOP("Actions", "Change the name of the selected profile (F2 in the list)"),
        shortcut="Ctrl+Shift+N",
        icon="pencil",
    ),
    ActionSpec(
        "profile.revert",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "Re&vert"),
        QT_TRANSLATE_NOOP("Actions", "Go back to the saved version; one undo brings your changes back"),
        shortcut="Ctrl+Shift+Backspace",
        icon="rotate-ccw",
        separated=True,
    ),
    ActionSpec(
        "profile.try",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "&Try it"),
        QT_TRANSLATE_NOOP("Actions", "Make one card with the profile as it stands, without saving it"),
        shortcut="Ctrl+Alt+T",
        icon="play",
    ),
    ActionSpec(
        "profile.next_finding",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "Ne&xt finding"),
        QT_TRANSLATE_NOOP("Actions", "Go to the next field in which something is wrong or could be better"),
        shortcut="F8",
        icon="arrow-down",
    ),
    ActionSpec(
        "profile.previous_finding",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "Pre&vious finding"),
        QT_TRANSLATE_NOOP("Actions", "Go back to the finding before"),
        shortcut="Shift+F8",
        icon="arrow-up",
    ),
    ActionSpec(
        "profile.import",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "&Import profiles…"),
        QT_TRANSLATE_NOOP("Actions", "Add profiles from files"),
        shortcut="Ctrl+Alt+O",
        icon="import",
        separated=True,
    ),
    ActionSpec(
        "profile.export",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "&Export profile…"),
        QT_TRANSLATE_NOOP("Actions", "Write the selected profile, as it was last saved, to a file"),
        shortcut="Ctrl+Alt+E",
        icon="download",
    ),
    ActionSpec(
        "profile.delete",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "De&lete"),
        QT_TRANSLATE_NOOP(
            "Actions", "Delete the selected profile (Delete in the list); cards made with it stay"
        ),
        shortcut="Ctrl+Shift+Del",
        icon="trash-2",
        separated=True,
    ),
    ActionSpec(
        "profile.undo_deletion",
        "profile",
        QT_TRANSLATE_NOOP("Actions", "&Undo deletion"),
        QT_TRANSLATE_NOOP("Actions", "Bring back the profile that was deleted last"),
        shortcut="Ctrl+Alt+D",
        icon="undo-2",
    ),
)
