"""The library and the editor with 10,000 cards: gaps of the window's thread against bare Qt widgets."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QStringListModel, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QPlainTextEdit, QWidget

from benchmarks.bench_window import run
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.placeholder import draw_placeholder
from cardforge_desktop.cards.service import Arrival
from cardforge_desktop.paths import find_paths
from cardforge_desktop.ui import app
from cardforge_desktop.ui.app import Session
from cardforge_desktop.ui.library.arrangement import Order
from cardforge_desktop.ui.library.card_views import go_to
from cardforge_desktop.ui.library.panel import LibraryPanel
from cardforge_desktop.ui.widgets.text_field import TextField
from cardforge_desktop.workspace import Workspace

CARDS = 10_000
#: The newest cards: as long as written ones are, with a book. The others are short, to be stored quickly.
LONG_CARDS = 24
ENTRIES = 50
TICK_MS = 5
FRAME_SECONDS = 0.016
SCROLL_STEPS, SCROLL_PIXELS = 100, 90
LETTER_SECONDS = 0.08
TYPED = "She keeps the lamp of the seventh tower and never sings."
#: What is measured, what it is for people, and the bare widget it is compared with ("" = none).
STEPS = {
    "grid": ("scrolling the grid", "list"),
    "table": ("scrolling the table", "list"),
    "search": ("a search of 8 letters", ""),
    "filter": ("filters on and off, and another order", ""),
    "changes": ("20 changes of a card in a second", ""),
    "choose": ("card after card into the pane beside", ""),
    "open": ("a card into the editor, the first time", ""),
    "reopen": ("card after card into the editor", ""),
    "type": (f"typing a description, {ENTRIES} entries in the book", "text"),
}
_SENTENCE = "The lamp of tower {at} is kept by Tessa Marrow, who climbs its steps at night and mends nets. "


def main() -> None:
    """Print the gaps of every step, and their ratio to the bare widget's where there is one."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        call("store_cards", home)
        bare, library = json.loads(call("measure_bare", home)), json.loads(call("measure_library", home))
    print(f"gaps of the window's thread with {CARDS:,} cards, {TICK_MS} ms tick: 99th percentile, longest;")
    print("most work in one of them (time of the thread itself, which other programs do not lengthen):")
    for name, (gaps, work) in {**bare, **library}.items():
        text, against = STEPS.get(name, (f"bare {name}", ""))
        share, longest = percentile(gaps), max(gaps)
        ratio = f"  p99 / bare {against} {share / percentile(bare[against][0]):.1f}" if against else ""
        print(f"  {text:55} {share:6.1f} {longest:6.1f} {max(work):6.1f} ms{ratio}")


def call(function: str, home: str) -> str:
    """What one of the functions below printed, in a process of its own."""
    return run(f"from benchmarks.bench_library import {function}; {function}()", home)


def percentile(gaps: list[float]) -> float:
    """The 99th."""
    return sorted(gaps)[int(len(gaps) * 0.99)]


# What runs in processes of its own


def store_cards() -> None:
    """Fill the library as an import would; in one transaction, and with a few pictures for all."""
    workspace = Workspace.open(find_paths())
    pictures = [draw_placeholder(f"Keeper {at}") for at in range(12)]
    with workspace._store.write() as session:
        for at in range(CARDS):
            package = CardPackage(_card(at), pictures[at % len(pictures)], {})
            workspace.library.add_imported(session, package, Arrival("v3", f"{at}.png", f"{at}.png"))
    workspace.close()
    print("stored")


def _card(at: int) -> Card:
    sentence, tags = _SENTENCE.format(at=at), ["sea", "fog", "slow burn"][: 1 + at % 3]
    if at < CARDS - LONG_CARDS:
        return Card(name=f"Keeper {at:05}", description=sentence, first_mes="Hello.", tags=tags)
    entries = [
        BookEntry(name=f"Tower {entry}", keys=[f"tower {entry}", "lamp", "stairs"], content=sentence * 3)
        for entry in range(ENTRIES)
    ]
    return Card(
        name=f"Warden {at:05}",
        description=f"{sentence * 8}\n\n" * 4,
        personality=sentence * 4,
        scenario=sentence * 4,
        first_mes=sentence * 6,
        mes_example=f"<START>\n{{{{user}}}}: Who is it for?\n{{{{char}}}}: {sentence}\n" * 6,
        alternate_greetings=[sentence * 5] * 3,
        tags=[*tags, *(f"tag {tag}" for tag in range(10))],
        character_book=CharacterBook(name=f"Towers {at}", entries=entries),
    )


class Gaps:
    """Measures the window's thread while something is done."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[list[float], list[float]]] = {}
        self._ticks: list[tuple[float, float]] = []
        self._clock = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._clock.timeout.connect(self._tick)

    async def during(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Milliseconds between ticks, and the thread's own time in them."""
        self._ticks.clear()
        self._clock.start()
        await asyncio.sleep(0.05)  # else what is done first is before the first tick
        await work
        await asyncio.sleep(0.1)
        self._clock.stop()
        pairs = list(zip(self._ticks, self._ticks[1:], strict=False))
        gaps, busy = ([(after[at] - before[at]) * 1000 for before, after in pairs] for at in (0, 1))
        self.found[name] = (gaps, busy)

    def _tick(self) -> None:
        self._ticks.append((time.perf_counter(), time.thread_time()))


def measure_bare() -> None:
    """A list of plain rows scrolled, a plain text typed into."""
    loop = qasync.QEventLoop(QApplication([]))

    async def measure() -> None:
        gaps, rows, text = Gaps(), QListView(), QPlainTextEdit()
        rows.setModel(QStringListModel([f"Keeper {at:05}" for at in range(CARDS)]))
        rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        for widget in (rows, text):
            widget.resize(1280, 800)
            widget.show()
        await asyncio.sleep(0.5)
        await gaps.during("list", scroll(rows))
        text.setFocus()
        await gaps.during("text", type_text(text, TYPED))
        print(json.dumps(gaps.found), flush=True)

    loop.run_until_complete(measure())
    loop.close()


def use_window(use: Callable[[Session], Coroutine[Any, Any, None]]) -> None:
    """The real window, as `ui.app.run` starts it; only what the person does is ours."""
    live = app._live

    def watched(application: app.Application, session: Session, *rest: Any) -> None:
        session.ready.connect(lambda: session.background.start(use(session)))
        live(application, session, *rest)

    app._live = watched  # type: ignore[assignment]
    app.run(find_paths(), [], ["cardforge-desktop"])


def measure_library() -> None:
    use_window(_use)


async def _use(session: Session) -> None:
    session.window.resize(1280, 800)
    library = session.window.built("library")
    assert isinstance(library, LibraryPanel)
    await until(lambda: library.model.rowCount() == CARDS)
    await asyncio.sleep(1.0)
    gaps = Gaps()
    try:
        await _browse(gaps, session, library)
        await _edit(gaps, library)
        print(json.dumps(gaps.found), flush=True)
    finally:
        session.end()


async def _browse(gaps: Gaps, session: Session, library: LibraryPanel) -> None:
    browser = library.browser
    for name in ("grid", "table"):
        browser.show_as(name)
        await asyncio.sleep(0.3)
        await gaps.during(name, scroll(browser.current_view))
    browser.show_as("grid")
    browser.current_view.verticalScrollBar().setValue(0)
    await gaps.during("search", _search(library))
    await gaps.during("filter", _filter(library))
    await gaps.during("changes", _change(session, library))
    await gaps.during("choose", _choose(library))


async def _search(library: LibraryPanel) -> None:
    library.search.setFocus()
    await type_text(library.search, "keeper 0")
    await asyncio.sleep(0.8)
    library.search.clear()
    await until(lambda: library.model.rowCount() == CARDS)


async def _filter(library: LibraryPanel) -> None:
    filters = library.browser.filters
    filters.filter(tags=("fog",))
    await until(lambda: library.model.rowCount() < CARDS)
    await asyncio.sleep(0.2)
    filters.clear()
    await until(lambda: library.model.rowCount() == CARDS)
    await asyncio.sleep(0.2)
    first = library.model.cards[0].id
    filters.sort_by(Order("oldest"))
    await until(lambda: library.model.cards[0].id != first)
    await asyncio.sleep(0.2)
    filters.sort_by(Order("newest"))
    await until(lambda: library.model.cards[0].id == first)


async def _change(session: Session, library: LibraryPanel) -> None:
    card_id = library.model.cards[3].id
    for at in range(20):
        await session.background.call(partial(_rate, card_id, at % 5 + 1))
        await asyncio.sleep(0.05)


def _rate(card_id: str, stars: int, workspace: Workspace) -> None:
    workspace.library.rate((card_id,), stars)


async def _choose(library: LibraryPanel) -> None:
    for row in range(8):
        go_to(library.browser.current_view, row)
        card_id = library.model.cards[row].id
        await until(partial(_is_chosen, library, card_id))
        await asyncio.sleep(0.3)


def _is_chosen(library: LibraryPanel, card_id: str) -> bool:
    card = library.view.card
    return card is not None and card.summary.id == card_id


async def _edit(gaps: Gaps, library: LibraryPanel) -> None:
    await gaps.during("open", _open(library, 0))
    await gaps.during("reopen", _open(library, 1, 2, 3))
    assert library.editor is not None
    field = library.editor.section("character").findChild(TextField)
    assert field is not None
    field.setFocus()
    await gaps.during("type", type_text(field, TYPED))


async def _open(library: LibraryPanel, *rows: int) -> None:
    for row in rows:
        card_id = library.model.cards[row].id
        library.edit(card_id)
        await until(partial(_is_open, library, card_id))
        await asyncio.sleep(0.5)


def _is_open(library: LibraryPanel, card_id: str) -> bool:
    editor = library.editor
    return editor is not None and editor.session.is_open and editor.card_id == card_id


async def scroll(view: QAbstractItemView) -> None:
    """Down, a step in each frame."""
    bar = view.verticalScrollBar()
    for _ in range(SCROLL_STEPS):
        bar.setValue(bar.value() + SCROLL_PIXELS)
        await asyncio.sleep(FRAME_SECONDS)


async def type_text(widget: QWidget, text: str) -> None:
    """Letter by letter, as fast as somebody who types well."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
            QCoreApplication.postEvent(widget, event)
        await asyncio.sleep(LETTER_SECONDS)


async def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for something; a benchmark that waits in vain fails."""
    end = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > end:
            raise TimeoutError
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    main()
