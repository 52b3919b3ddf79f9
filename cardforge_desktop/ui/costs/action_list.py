"""Every action of the costs panel."""

from cardforge_desktop.ui.actions import ActionSpec
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

COST_SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "costs.limits",
        "costs",
        QT_TRANSLATE_NOOP("Actions", "&Limits…"),
        QT_TRANSLATE_NOOP("Actions", "Say what a day or a month may take at most"),
        shortcut="Ctrl+L",
        icon="hourglass",
    ),
    ActionSpec(
        "costs.prices",
        "costs",
        QT_TRANSLATE_NOOP("Actions", "&Prices…"),
        QT_TRANSLATE_NOOP("Actions", "See what models cost, and give prices of your own"),
        shortcut="Ctrl+Shift+U",
        icon="tag",
    ),
    ActionSpec(
        "costs.export",
        "costs",
        QT_TRANSLATE_NOOP("Actions", "&Export month…"),
        QT_TRANSLATE_NOOP("Actions", "Write every call of the month that is shown to a CSV file"),
        shortcut="Ctrl+Shift+S",
        icon="download",
        separated=True,
    ),
    ActionSpec(
        "costs.export_all",
        "costs",
        QT_TRANSLATE_NOOP("Actions", "Export e&verything…"),
        QT_TRANSLATE_NOOP("Actions", "Write every call that was ever made to a CSV file"),
        shortcut="Ctrl+Alt+S",
    ),
)
