"""The one registry of actions: it feeds the menus, shortcuts, tooltips, the command palette and the help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing a person can do.

    Attributes:
        key: stable name, ``batch.start``.
        menu: key of the menu it stands in.
        text: as in the menu, with ``&`` for the mnemonic.
        tip: one sentence: tooltip and status tip.
        shortcut: in Qt's portable form, "" = none.
        icon: Lucide name, "" = none.
        separated: a line stands above it in the menu.
    """

    key: str
    menu: str
    text: str
    tip: str
    shortcut: str = ""
    icon: str = ""
    separated: bool = False


#: Menus in their order.
MENUS: tuple[tuple[str, str], ...] = (
    ("file", QT_TRANSLATE_NOOP("Actions", "&File")),
    ("edit", QT_TRANSLATE_NOOP("Actions", "&Edit")),
    ("queue", QT_TRANSLATE_NOOP("Actions", "&Queue")),
    ("batch", QT_TRANSLATE_NOOP("Actions", "&Batch")),
    ("card", QT_TRANSLATE_NOOP("Actions", "&Card")),
    ("profile", QT_TRANSLATE_NOOP("Actions", "&Profile")),
    ("book", QT_TRANSLATE_NOOP("Actions", "B&ook")),
    ("entry", QT_TRANSLATE_NOOP("Actions", "E&ntry")),
    ("costs", QT_TRANSLATE_NOOP("Actions", "Co&sts")),
    ("view", QT_TRANSLATE_NOOP("Actions", "&View")),
    ("help", QT_TRANSLATE_NOOP("Actions", "&Help")),
)


class Actions(QObject):
    """Every action by its key. An action that nobody handles at the moment is disabled."""

    def __init__(self, window: QWidget, icons: Icons) -> None:
        super().__init__(window)
        self._window = window
        self._icons = icons
        self._actions: dict[str, QAction] = {}
        self._specs: dict[str, ActionSpec] = {}
        self._menus: dict[str, QMenu] = {}

    def add(self, spec: ActionSpec) -> QAction:
        """Make the action and put it into its menu."""
        translate = QCoreApplication.translate
        action = QAction(translate("Actions", spec.text), self)
        tip = translate("Actions", spec.tip)
        action.setStatusTip(tip)
        action.setShortcut(QKeySequence(spec.shortcut))
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(
            translate("Actions", "%1 (%2)").replace("%1", tip).replace("%2", shown) if shown else tip
        )
        action.setMenuRole(QAction.MenuRole.NoRole)
        if spec.icon:
            self._icons.put(action, spec.icon)
        self._window.addAction(action)
        self._actions[spec.key] = action
        self._specs[spec.key] = spec
        if spec.menu in self._menus:
            if spec.separated:
                self._menus[spec.menu].addSeparator()
            self._menus[spec.menu].addAction(action)
        return action

    def make_menus(self, bar: QMenuBar) -> None:
        """Make the empty menus; actions added later find their place."""
        for key, text in MENUS:
            self._menus[key] = bar.addMenu(QCoreApplication.translate("Actions", text))

    def handle(self, key: str, do: Callable[[], object], page: QWidget | None = None) -> QAction:
        """Let the action call `do`.

        Args:
            page: only while this is in sight: other pages may handle the same action.
        """
        action = self._actions[key]
        action.triggered.connect(lambda _checked=False: do() if page is None or page.isVisible() else None)
        return action

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def __contains__(self, key: str) -> bool:
        return key in self._actions

    def __iter__(self) -> Iterator[tuple[ActionSpec, QAction]]:
        """All actions in the order of the menus."""
        for menu, _ in MENUS:
            for key, spec in self._specs.items():
                if spec.menu == menu:
                    yield spec, self._actions[key]

    def menu_text(self, key: str) -> str:
        """The translated name of a menu, without its mnemonic."""
        text = dict(MENUS)[key]
        return QCoreApplication.translate("Actions", text).replace("&", "")
