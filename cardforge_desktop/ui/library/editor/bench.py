"""What every part of the editor works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cardforge_desktop.ui.widgets.field_bench import FieldBench

if TYPE_CHECKING:
    from cardforge_desktop.ui.library.editor.session import CardSession
    from cardforge_desktop.ui.services import Services


class Bench(FieldBench):
    """The services, the card under edit, and what fields ask of the editor.

    Signals:
        rewrite_wanted(str, str): path and label of the field to have written anew.
        fix_wanted(object): a `Finding` to mend.
        checks_wanted(): show all findings.
    """

    rewrite_wanted = Signal(str, str)
    fix_wanted = Signal(object)
    checks_wanted = Signal()

    def __init__(self, services: Services, session: CardSession, parent: QObject) -> None:
        super().__init__(services, parent)
        self.session = session
