"""What every panel is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from cardforge_desktop.paths import Paths
    from cardforge_desktop.ui.actions import Actions
    from cardforge_desktop.ui.background import Background
    from cardforge_desktop.ui.batch.history.reader import BatchReader
    from cardforge_desktop.ui.cache import Cache
    from cardforge_desktop.ui.core_events import CoreEvents
    from cardforge_desktop.ui.icons import Icons
    from cardforge_desktop.ui.memory import Memory
    from cardforge_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Link:
    """A word in a notice that does something."""

    text: str
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message at the top of the window that stays until it is closed or replaced.

    Lasting warnings and errors are replaced for a time only (`widgets.notice_queue`).

    Attributes:
        tone: ``info``, ``ok``, ``warn`` or ``error``.
        details: goes to the clipboard with "Copy details"; "" = no such link.
        lasting: False lets it go by itself after a few seconds.
        about: takes the place of an earlier one about the same, and goes with `Desk.notice_over`; "" = the
            same text is about the same.
    """

    text: str
    tone: str = "info"
    details: str = ""
    links: tuple[Link, ...] = field(default=())
    lasting: bool = True
    about: str = ""


class Desk(QObject):
    """The window's side of what panels ask of each other. Lives on the window's thread.

    Signals:
        notice(Notice): show a message.
        notice_over(str): what messages said about this (`Notice.about`) holds no more.
        open_card(str): show the card with this id in the library.
        open_book(str): show the character book with this id in the books panel.
        merge_book(TakenBook): show what this book that came in would make of the one that has its name.
        open_batch(str): show the cards of the batch with this id in the library.
        show_batch(str): choose the batch with this id in the batch panel.
        open_made_with(str): show the cards made with the profile of this name in the library.
        open_panel(str): go to the panel with this key.
    """

    notice = Signal(object)
    notice_over = Signal(str)
    open_card = Signal(str)
    open_book = Signal(str)
    merge_book = Signal(object)
    open_batch = Signal(str)
    show_batch = Signal(str)
    open_made_with = Signal(str)
    open_panel = Signal(str)


@dataclass(frozen=True, slots=True)
class Services:
    """Handed to each panel when it is built; nothing of it is owned by the panel."""

    paths: Paths
    theme: Theme
    icons: Icons
    memory: Memory
    actions: Actions
    desk: Desk
    background: Background
    events: CoreEvents
    cache: Cache
    batches: BatchReader
