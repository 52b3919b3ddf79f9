"""Renders every screen of the real window to PNG, light and dark: ``make_screenshots.py [--out DIR]``."""

# ruff: noqa: PLC0415

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE), str(_HERE.parent)]

SCALE_VARIABLE = "CARDFORGE_SHOTS_SCALE"


@dataclass(frozen=True)
class Shot:
    """One picture: what is staged, what is done before (`act`, which may be a coroutine), how large.

    `make` opens a real workspace in the place of a staged one.
    """

    name: str
    stage: Callable[[], Any]
    act: Callable[[Any], Any] | None = None
    size: tuple[int, int] = (1280, 800)
    panel: str = "batch"
    mirrored: bool = False
    make: Callable[[Any, str], Any] | None = None


def _batch_shots(busy: Callable[[], Any]) -> list[Shot]:
    import staged_queue as staging
    from staging import Stage

    def refused() -> Stage:
        return Stage(staging.busy_rows(), staging.refused_batches())

    def long() -> Stage:
        return Stage(staging.long_rows(), staging.long_batches())

    def failed() -> Stage:
        return Stage(staging.error_rows(), staging.error_batches(), preview={})

    return [
        Shot("batch-empty", lambda: Stage([], cards=(), spent=False)),
        Shot("batch-drafts", lambda: Stage(staging.busy_rows()[6:], preview={})),
        Shot("batch-settings", lambda: Stage(staging.busy_rows()[6:], preview={}), _select_all),
        Shot("batch-busy", busy, _write),
        Shot("batch-busy-wide", busy, _write, (1920, 1080)),
        Shot("batch-small", busy, _write, (900, 560)),
        Shot(
            "batch-done", lambda: Stage(staging.done_rows(), staging.done_batches(), preview={}), _chosen(0)
        ),
        Shot("batch-errors", failed, _chosen(3)),
        Shot("batch-paused", refused, _chosen(1)),
        Shot(
            "batch-held",
            lambda: Stage(staging.busy_rows(), staging.busy_batches(), staging.holds()),
            _write,
        ),
        Shot("batch-filtered", busy, _filter_state),
        Shot("batch-menu", busy, _batch_menu),
        Shot("batch-details", failed, _details),
        Shot("batch-calls", failed, _calls),
        Shot("batch-long-names", long, _select(0)),
        Shot("batch-mirrored", long, _select(1), mirrored=True),
        Shot(
            "batch-10000",
            lambda: Stage(staging.many_rows(), staging.many_batches(), preview={}),
            _select(4_990),
        ),
    ]


def _shots() -> list[Shot]:
    from staged_queue import busy_batches, busy_rows
    from staging import Stage, long_cards, many_cards

    def busy() -> Stage:
        return Stage(busy_rows(), busy_batches())

    return [
        *_batch_shots(busy),
        Shot("drop", busy, lambda session: session.window.show_overlay("Drop to add 3 sources to the queue")),
        Shot("palette", busy, lambda session: session.frame.open_palette()),
        Shot("shortcuts", busy, lambda session: session.frame.open_help()),
        Shot("closing", busy, lambda session: session.frame.ask_to_quit()),
        *_library_shots(busy, lambda: Stage(cards=long_cards()), lambda: Stage(cards=many_cards())),
        *_editor_shots(busy),
        Shot("library-empty", lambda: Stage([], cards=()), panel="library"),
        *_profile_shots(busy),
        *_book_shots(busy),
        *_cost_shots(busy),
        Shot("settings", busy, panel="settings"),
        Shot("settings-wide", busy, size=(1920, 1080), panel="settings"),
        Shot("settings-pattern", busy, _write_pattern, (900, 560), "settings"),
        Shot("settings-mirrored", busy, _write_pattern, panel="settings", mirrored=True),
        Shot(
            "engine-dialog",
            busy,
            lambda session: session.window.panel.engines.open_dialog(),
            panel="settings",
        ),
    ]


def _profile_shots(some: Any) -> list[Shot]:
    import profile_shots as real

    def shot(name: str, act: Any = real.show, change: Any = None, **more: Any) -> Shot:
        return Shot(f"profiles{name}", some, act, panel="profiles", make=real.store(change), **more)

    return [
        shot(""),
        shot("-wide", size=(1920, 1080)),
        shot("-small", size=(900, 560)),
        shot("-unsaved", real.write),
        shot("-error", real.refuse),
        shot("-no-match", real.find_nothing),
        shot("-saved-elsewhere", real.meet),
        shot("-conflict", real.lose),
        shot("-long-names", change=real.long_name),
        shot("-mirrored", real.write, real.long_name, mirrored=True),
        shot("-1000", change=real.thousand),
    ]


def _book_shots(some: Any) -> list[Shot]:
    import book_shots as real

    def shot(name: str, act: Any = None, make: Any = None, **more: Any) -> Shot:
        return Shot(f"books{name}", some, act, panel="books", make=make or real.store(), **more)

    def find(text: str) -> Callable[[Any], None]:
        return lambda panel: panel.browser.bar.search.setText(text)

    return [
        shot("", real.act("Old Tarn", find("lantern"))),
        shot("-wide", real.act("Old Tarn"), size=(1920, 1080)),
        shot("-small", real.act("Old Tarn"), size=(900, 560)),
        shot("-table", real.act("Old Tarn", lambda panel: panel.browser.show_as("table"))),
        shot("-no-match", real.act("Old Tarn", find("zeppelin"))),
        shot("-card", real.act("Mirela Voss")),
        shot("-long-names", real.act(real.LONG), real.store(real.long_names)),
        shot("-mirrored", real.act(real.LONG), real.store(real.long_names), mirrored=True),
        shot("-50000", real.act("All of Old Tarn", find("listens"), 3.0), real.store(real.many)),
        shot("-empty", make=real.nothing),
    ]


def _cost_shots(some: Any) -> list[Shot]:
    import cost_shots as real

    def shot(name: str, make: Any = real.quiet, act: Any = None, **more: Any) -> Shot:
        return Shot(f"costs{name}", some, act or real.act(), panel="costs", make=real.store(make), **more)

    return [
        shot(""),
        shot("-wide", size=(1920, 1080)),
        shot("-small", size=(900, 560)),
        shot("-hover", real.limited, real.act(real.hover(12), "day")),
        shot("-tokens", real.limited, real.act(lambda panel: panel.days.choose("tokens"), "profile")),
        shot("-batches", real.limited, real.act(tab="batch")),
        shot("-cards", act=real.act(tab="card")),
        shot("-free", real.free),
        shot("-long-names", real.long_names, real.act(real.hover(20))),
        shot("-mirrored", real.long_names, real.act(real.hover(9), "day"), mirrored=True),
        shot("-10000", real.many),
        shot("-keyboard", real.quiet, real.act(lambda panel: panel.days.chart.setFocus())),
        shot("-empty", lambda _workspace: None),
    ]


def _library_shots(some: Any, long: Any, many: Any) -> list[Shot]:
    def shot(name: str, stage: Any, act: Any = None, **more: Any) -> Shot:
        return Shot(f"library{name}", stage, act, panel="library", **more)

    return [
        shot("", some),
        shot("-wide", some, size=(1920, 1080)),
        shot("-small", some, size=(900, 560)),
        shot("-end", some, _scroll_to_end),
        shot("-table", some, _as_table),
        shot("-table-wide", some, _as_table, size=(1920, 1080)),
        shot("-filters", some, _filter),
        shot("-no-match", some, lambda session: session.window.panel.search.setText("zeppelin")),
        shot("-several", some, lambda session: session.window.panel.browser.grid.selectAll()),
        shot("-long-names", long),
        shot("-long-table", long, _as_table),
        shot("-mirrored", long, mirrored=True),
        shot("-10000", many, _far_down),
        shot("-10000-table", many, lambda session: (_as_table(session), _far_down(session))),
        shot("-export", some, _export),
        shot("-tags", some, _tags),
        shot("-report", some, _import_report),
        shot("-picture", some, _picture_question),
        shot(
            "-unreadable",
            some,
            lambda session: session.window.panel.browser.finder.failed.emit(
                "The store is busy: another program holds it. Close that program, then try again."
            ),
        ),
    ]


def _editor_shots(some: Any) -> list[Shot]:
    from staged_queue import busy_rows
    from staging import FLAWED, Stage

    from cardforge_desktop.ui.library.preview.history_pane import HistoryPane

    def shot(name: str, page: str, side: str, stage: Any = some, **more: Any) -> Shot:
        async def act(session: Any) -> None:
            panel = session.window.panel
            panel.edit(panel.model.cards[0].id)
            examined = asyncio.Event()
            panel.editor.examiner.examined.connect(lambda _made: examined.set())
            await asyncio.wait_for(examined.wait(), 20)
            panel.editor.navigator.choose(page)
            panel.editor.show_side(side)
            await asyncio.sleep(0.5)
            if side == "history":
                panel.editor.side.findChild(HistoryPane).choose(1)
                await asyncio.sleep(0.5)

        return Shot(f"editor{name}", stage, act, panel="library", **more)

    def flawed() -> Stage:
        return Stage(busy_rows(), card=FLAWED)

    return [
        shot("", "character", "preview"),
        shot("-opening", "opening", "preview"),
        shot("-book", "book", "preview"),
        shot("-checks", "opening", "checks", flawed),
        shot("-history", "character", "history"),
        shot("-wide", "character", "preview", size=(1920, 1080)),
        shot("-small", "character", "preview", size=(900, 560)),
        shot("-mirrored", "character", "preview", mirrored=True),
    ]


def _as_table(session: Any) -> None:
    session.window.panel.browser.show_as("table")


def _far_down(session: Any) -> None:
    bar = session.window.panel.browser.current_view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)


def _filter(session: Any) -> None:
    session.window.panel.browser.filters.filter(tags=("fantasy", "mystery"), rating_from=3)


def _export(session: Any) -> None:
    from staged_queue import OUTPUT

    from cardforge_desktop.ui.library.export_dialog import ExportDialog

    panel = session.window.panel
    ids = [card.id for card in panel.model.cards[:12]]
    session.memory.keep("library/export-formats", "tavernai,v2")
    ExportDialog(session.window, session.services, ids, OUTPUT).open()


def _tags(session: Any) -> None:
    from cardforge_desktop.ui.library.tag_dialog import TagDialog

    TagDialog(session.window, session.window.panel.model.cards[:7], ["fantasy", "sea"]).open()


def _import_report(session: Any) -> None:
    from cardforge_desktop.cards.importing import ImportItem, ImportReport
    from cardforge_desktop.ui.library.import_report import ImportCounts, report_lines
    from cardforge_desktop.ui.library.report_dialog import ReportDialog

    mended = ("character_book was null and is left out.", "alternate_greetings was one text: now a list.")
    items = [ImportItem(f"seraphina_{at}.png", "added", f"card_{at}") for at in range(1, 9)]
    items[2] = ImportItem("anselm_v2.json", "added", "card_8", warnings=mended)
    items += [
        ImportItem("quill.png", "duplicate", "card_13", "quill.png is in the library already."),
        ImportItem("holiday.jpg", "picture", "", "holiday.jpg is a picture without a character card in it."),
        ImportItem("Old Tarn.json", "book", "", "Old Tarn.json holds a lorebook without a character."),
        ImportItem("broken.png", "failed", "", "broken.png: the file ends in the middle of its card."),
    ]
    report = ImportReport(tuple(items))
    services = session.services
    ReportDialog(
        session.window,
        services.theme,
        services.icons,
        title="Import finished",
        lines=report_lines(report),
        chips=ImportCounts().chips(report),
    ).open()


def _picture_question(session: Any) -> None:
    from PySide6.QtGui import QImage

    from cardforge_desktop.cards.placeholder import draw_placeholder
    from cardforge_desktop.ui.library.picture_question import PictureQuestion

    image = QImage.fromData(draw_placeholder("A stranger")).scaledToHeight(96)
    PictureQuestion(session.window, [("stranger.jpg", image)], "Mirela Voss").open()


def _write(session: Any) -> None:
    from staging import FIELDS

    from cardforge_desktop.events import Progress

    for at, (name, text) in enumerate(FIELDS.items()):
        session.workspace.hub.progress.emit(Progress("item_2", "writing", name, text, 0.2 + 0.09 * at))


def _write_pattern(session: Any) -> None:
    """With a placeholder that there is none of, and a name that is too long for its line."""
    session.window.panel.names.pattern.line.set_text("{index} {name} of {world}, {class}")


def _select(row: int) -> Callable[[Any], None]:
    def act(session: Any) -> None:
        table = session.window.panel.table
        table.selectRow(row)
        table.scrollTo(table.model().index(row, 0))

    return act


def _chosen(row: int) -> Callable[[Any], None]:
    """The batch of a row, and the row in it."""

    def act(session: Any) -> None:
        session.window.panel.show_batch("batch_1")
        _select(row)(session)

    return act


def _filter_state(session: Any) -> None:
    from cardforge_desktop.ui.batch.state import Group

    panel = session.window.panel
    panel.states.choose(Group.WAITING)
    panel.states.picked.emit(Group.WAITING)


def _batch_menu(session: Any) -> None:
    panel = session.window.panel
    panel.show_batch("batch_1")
    panel.batches.bar.open_menu()


def _details(session: Any) -> None:
    _select(3)(session)
    panel = session.window.panel
    panel.commands.show_details(panel.table.selected()[0])


def _calls(session: Any) -> None:
    from cardforge_desktop.ui.batch.details import DetailsDialog

    _details(session)
    session.window.findChild(DetailsDialog).tabs.setCurrentIndex(1)


def _select_all(session: Any) -> None:
    session.window.panel.table.selectAll()


def _scroll_to_end(session: Any) -> None:
    bar = session.window.panel.view.verticalScrollBar()
    bar.setValue(bar.maximum())


def _workspace(shot: Shot, paths: Any, theme: str) -> Any:
    from staging import StagedWorkspace

    return shot.make(paths, theme) if shot.make is not None else StagedWorkspace(shot.stage())


async def _take(app: Any, shot: Shot, theme: str, out: Path, suffix: str) -> None:
    from PySide6.QtCore import Qt

    from cardforge_desktop.paths import Paths
    from cardforge_desktop.ui.app import Session

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        paths = Paths(home / "data", home / "logs", home / "cache", home / "models", home / "output")
        paths.make()
        app.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if shot.mirrored else Qt.LayoutDirection.LeftToRight
        )
        session = Session(app, paths, make=lambda paths: _workspace(shot, paths, theme))
        session.memory.keep("window/theme", theme)
        session.memory.keep("window/panel", shot.panel)
        session.theme.choose(theme)
        session.window.resize(*shot.size)
        session.window.show()
        session.furnish()
        living = asyncio.ensure_future(session.live())
        await asyncio.sleep(3.0 if shot.panel == "library" else 0.7)
        session.theme.choose(theme)
        if shot.act is not None:
            acting = shot.act(session)
            if asyncio.iscoroutine(acting):
                await acting
            await asyncio.sleep(0.5)
        _grab(app, session.window).save(str(out / f"{shot.name}{suffix}-{theme}.png"))
        for widget in app.topLevelWidgets():
            if widget is not session.window and widget.isVisible():
                widget.close()
        session.end()
        await living
        session.window.deleteLater()
        await asyncio.sleep(0)


def _grab(app: Any, window: Any) -> Any:
    """The window with the dialogs that lie over it, as a person sees them."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QColor, QPainter

    picture = window.grab()
    for widget in app.topLevelWidgets():
        if widget is window or not widget.isVisible():
            continue
        painter = QPainter(picture)
        centre = QPoint((window.width() - widget.width()) // 2, (window.height() - widget.height()) // 2)
        painter.fillRect(window.rect(), QColor(0, 0, 0, 70))
        painter.drawPixmap(centre, widget.grab())
        painter.end()
    return picture


def main() -> int:
    """Take the pictures; with a scale the batch panel only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=_HERE / "screenshots")
    parser.add_argument("--only", default="", help="names that hold this text")
    parser.add_argument("--scale", default="", help="1.5 = as on a 150 %% screen")
    parser.add_argument("--theme", default="", choices=("", "light", "dark"))
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if arguments.scale:
        os.environ["QT_SCALE_FACTOR"] = arguments.scale
    import qasync
    from PySide6.QtGui import QFont, QFontDatabase
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    from cardforge_desktop.ui.background import WindowGarbage
    from cardforge_desktop.ui.language import speak

    speak(app)
    garbage = WindowGarbage(app)  # windows that were closed are not to be taken apart on a worker
    families = QFontDatabase.families()
    app.setFont(QFont("Inter" if "Inter" in families else app.font().family(), 10))
    arguments.out.mkdir(parents=True, exist_ok=True)
    suffix = f"@{arguments.scale}x" if arguments.scale else ""
    loop = qasync.QEventLoop(app)

    async def take_all() -> None:
        for shot in _shots():
            if arguments.only in shot.name:
                for theme in (arguments.theme,) if arguments.theme else ("light", "dark"):
                    await _take(app, shot, theme, arguments.out, suffix)

    try:
        with loop:
            loop.run_until_complete(take_all())
    finally:
        garbage.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
