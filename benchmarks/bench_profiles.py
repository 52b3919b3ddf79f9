"""The profiles panel with 1,000 profiles: gaps of the window's thread against bare Qt widgets."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from typing import TYPE_CHECKING, cast

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QPlainTextEdit

from benchmarks.bench_library import TICK_MS, TYPED, Gaps, percentile, scroll, type_text, until, use_window
from benchmarks.bench_window import run
from cardforge_desktop.paths import find_paths
from cardforge_desktop.profiles.model import FIELD_NAMES, ProfileContent
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.profiles.rows import Stamp, add_version, insert_profile, profile_there
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.ui.app import Session
from cardforge_desktop.workspace import Workspace

if TYPE_CHECKING:  # else the first visit would not be measured
    from cardforge_desktop.ui.profiles.editor.template_box import TemplateFormField
    from cardforge_desktop.ui.profiles.history.history_pane import HistoryPane
    from cardforge_desktop.ui.profiles.panel import ProfilesPanel
    from cardforge_desktop.ui.profiles.preview.prompt_pane import PromptPane
    from cardforge_desktop.ui.widgets.text_field import TextField

PROFILES, VERSIONS, SHIPPED = 1_000, 1_000, 7
GONE_THROUGH, KEY_SECONDS = 200, 0.05
#: Characters of two prompts that are typed in, and of each of the fields that two people changed.
SHORT, LONG, IN_CONFLICT = 10_000, 100_000, 5_000
#: The profiles something is done with; all others are as one that ships.
OF_SHORT, OF_LONG, OF_CONFLICT, OF_HISTORY = (f"profile_{name}" for name in ("a", "b", "c", "d"))
SECTIONS = ("general", "engine", "writing", "fields", "book", "prompts", "files")
SAVES, SAVE_SECONDS = 8, 0.6
#: What is measured, what it is for people, and the bare widget it is compared with ("" = none).
STEPS = {
    "first": ("the panel, the first time", ""),
    "scroll": ("scrolling the list", "scroll"),
    "through": (f"through {GONE_THROUGH} profiles with the arrow key", "through"),
    "sections": ("each section of the form, the first time", ""),
    "short": (f"typing in a prompt of {SHORT:,} characters", "text"),
    "long": (f"typing in a prompt of {LONG:,} characters", "long text"),
    "undo": ("undo and redo in it", ""),
    "elsewhere": (f"typing while another process saves {SAVES} times", "text"),
    "conflict": (f"the dialog of a conflict, {len(FIELD_NAMES)} texts of {IN_CONFLICT:,} characters", ""),
    "history": (f"a history of {VERSIONS:,} versions, opened", ""),
    "versions": ("scrolling it", "scroll"),
    "select": ("version after version chosen", ""),
}
_SENTENCE = "Write as {style} as somebody who kept the lamp of the seventh tower, and never sing of it. "


def main() -> None:
    """Print the gaps of every step, and their ratio to the bare widget's where there is one."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        _call("store_profiles", home)
        bare, found = json.loads(_call("measure_bare", home)), json.loads(_call("measure_profiles", home))
    print(f"gaps of the window's thread with {PROFILES:,} profiles, {TICK_MS} ms tick: 99th percentile,")
    print("longest; most work in one of them (time of the thread itself, aim ≤ 8 ms):")
    for name, (gaps, work) in bare.items():
        _tell(f"bare {name}", gaps, work)
    for name, (gaps, work) in found.items():
        text, against = STEPS[name]
        _tell(text, gaps, work, bare[against][0] if against else None)


def _tell(text: str, gaps: list[float], work: list[float], against: list[float] | None = None) -> None:
    share = percentile(gaps)
    ratio = f"  p99 / bare {share / percentile(against):.1f}" if against is not None else ""
    print(f"  {text:58} {share:6.1f} {max(gaps):6.1f} {max(work):6.1f} ms{ratio}")


def _call(function: str, home: str) -> str:
    return run(f"from benchmarks.bench_profiles import {function}; {function}()", home)


# What runs in processes of its own


def store_profiles() -> None:
    """Profiles as a busy studio would have them, in one transaction; and one that was saved very often."""
    workspace, stamp = Workspace.open(find_paths()), Stamp("ana, window", "created")
    base = workspace.profiles.by_name("Default").content
    special = {
        OF_SHORT: {"prompts.task": _prompt(SHORT)},
        OF_LONG: {"prompts.task": _prompt(LONG)},
        OF_CONFLICT: {f"prompts.fields.{name}": _words(IN_CONFLICT) for name in FIELD_NAMES},
        OF_HISTORY: {},
    }
    with workspace._store.write() as session:
        for at, (profile_id, values) in enumerate(special.items()):
            insert_profile(session, with_values(base, {"name": f"Aa {at}", **values}), profile_id, stamp)
        for at in range(PROFILES - SHIPPED - len(special)):
            named = base.model_copy(update={"name": f"Harbour {at:04}"})
            insert_profile(session, named, f"profile_{at:04}", stamp)
        profile = profile_there(session, OF_HISTORY)
        for at in range(1, VERSIONS):
            content = with_values(
                profile.content, {"description": f"Version {at}", "prompts.system": _words(600 + at)}
            )
            profile = add_version(session, profile, content, Stamp("ana, window", "saved"))
    workspace.close()
    print("stored")


def _words(characters: int) -> str:
    """Paragraphs."""
    paragraph = f"{_SENTENCE * 6}\n\n"
    return (paragraph * (characters // len(paragraph) + 1))[:characters].rstrip("{")


def _prompt(characters: int) -> str:
    """A task: it has to name the source and the fields."""
    return f"{{fields}}\n\n{_words(characters)}\n\n{{source}}"


def measure_bare() -> None:
    """A list of plain rows scrolled and gone through; plain texts typed into."""
    loop = qasync.QEventLoop(QApplication([]))

    async def measure() -> None:
        gaps, rows, text, long = Gaps(), QListView(), QPlainTextEdit(), QPlainTextEdit()
        rows.setModel(QStringListModel([f"Harbour {at:04}" for at in range(PROFILES)]))
        rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        text.setPlainText(_prompt(SHORT))
        long.setPlainText(_prompt(LONG))
        for widget in (rows, text, long):
            widget.resize(640, 800)
            widget.show()
        await asyncio.sleep(0.5)
        await gaps.during("scroll", scroll(rows))
        await gaps.during("through", _go_through(rows))
        for name, each in (("text", text), ("long text", long)):
            each.setFocus()
            _to_middle(each)
            await gaps.during(name, type_text(each, TYPED))
        print(json.dumps(gaps.found), flush=True)

    loop.run_until_complete(measure())
    loop.close()


def measure_profiles() -> None:
    use_window(_use)


def save_elsewhere() -> None:
    """Another process: saves a profile several times, once it is told to."""
    workspace = Workspace.open(find_paths(), face="command line")
    print("ready", flush=True)
    for at in range(SAVES if sys.stdin.readline() else 0):
        profile = workspace.profiles.get(OF_HISTORY)
        changed = profile.content.model_copy(update={"description": f"Elsewhere {at}"})
        workspace.profiles.save(profile.id, changed, base_of(profile))
        time.sleep(SAVE_SECONDS)
    workspace.close()


async def _use(session: Session) -> None:
    session.window.resize(1280, 800)
    await asyncio.sleep(1.5)
    gaps = Gaps()
    try:
        assert "cardforge_desktop.ui.profiles.panel" not in sys.modules
        await gaps.during("first", _visit(session))
        panel = cast("ProfilesPanel", session.window.panel)
        await _list(gaps, panel)
        await _edit(gaps, panel)
        await gaps.during("conflict", _compare(session, panel))
        await _history(gaps, panel)
        print(json.dumps(gaps.found), flush=True)
    finally:
        session.end()


async def _visit(session: Session) -> None:
    session.window.rail.chosen.emit("profiles")
    await until(lambda: session.window.current == "profiles")
    panel = cast("ProfilesPanel", session.window.panel)
    await until(lambda: panel.list.model.rowCount() == PROFILES and panel.session.is_open)
    await _shown(panel)
    await asyncio.sleep(1.0)


async def _list(gaps: Gaps, panel: ProfilesPanel) -> None:
    view = panel.list.view
    await gaps.during("scroll", scroll(view))
    view.setFocus()
    view.setCurrentIndex(view.model().index(SHIPPED + 4, 0))
    await asyncio.sleep(0.5)
    await gaps.during("through", _go_through(view))


async def _go_through(view: QAbstractItemView) -> None:
    """As somebody who holds the arrow key."""
    for _ in range(GONE_THROUGH):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.postEvent(view, event)
        await asyncio.sleep(KEY_SECONDS)


async def _edit(gaps: Gaps, panel: ProfilesPanel) -> None:
    await _open(panel, OF_SHORT)
    await gaps.during("sections", _sections(panel))
    await gaps.during("short", _type(await _at_task(panel)))
    await _open(panel, OF_LONG)
    await gaps.during("long", _type(await _at_task(panel)))
    await gaps.during("undo", _undo(panel))
    await _open(panel, OF_SHORT)
    field, other = await _at_task(panel), _start_other()
    await gaps.during("elsewhere", _type(field, other))
    other.wait()


async def _open(panel: ProfilesPanel, profile_id: str) -> None:
    panel.show_profile(profile_id)
    await until(lambda: panel.session.is_open and panel.session.profile_id == profile_id)
    await asyncio.sleep(1.5)


async def _shown(panel: ProfilesPanel) -> None:
    pane = cast("PromptPane", panel.editor.side.pane("prompt"))
    await until(lambda: pane.call is not None and pane.view.is_whole)


async def _sections(panel: ProfilesPanel) -> None:
    for key in SECTIONS:
        panel.editor.form.bar.buttons[key].click()
        await asyncio.sleep(0.4)


async def _at_task(panel: ProfilesPanel) -> TextField:
    """The field of the task, with the cursor in its middle."""
    form = panel.editor.form
    form.bar.buttons["prompts"].click()
    boxes = form.section("prompts").fields
    box = cast("TemplateFormField", next(each for each in boxes if each.path == "prompts.task"))
    box.field.setFocus()
    _to_middle(box.field)
    await asyncio.sleep(1.0)
    return box.field


async def _type(field: TextField, other: subprocess.Popen[str] | None = None) -> None:
    if other is not None:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    await type_text(field, TYPED)
    await asyncio.sleep(1.5)  # checker, preview and what keeps the draft come to an end


def _to_middle(field: QPlainTextEdit) -> None:
    cursor: QTextCursor = field.textCursor()
    cursor.setPosition(field.document().characterCount() // 2)
    field.setTextCursor(cursor)


async def _undo(panel: ProfilesPanel) -> None:
    for do, possible in (
        (panel.session.undo, lambda: panel.session.can_undo),
        (panel.session.redo, lambda: panel.session.can_redo),
    ):
        while possible():
            do()
            await asyncio.sleep(0.15)
    await asyncio.sleep(0.8)


def _start_other() -> subprocess.Popen[str]:
    code = "from benchmarks.bench_profiles import save_elsewhere; save_elsewhere()"
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    other.stdout.readline()
    return other


async def _compare(session: Session, panel: ProfilesPanel) -> None:
    """Two people changed the same long fields."""
    await _open(panel, OF_CONFLICT)
    content = panel.session.content
    panel.session.put(_changed(content, "mended"))
    await session.background.call(partial(_save_theirs, _changed(content, "burning")))
    await until(lambda: panel.session.newer is not None)
    panel.editor.compare()
    await until(lambda: panel.editor.dialog is not None)
    dialog = panel.editor.dialog
    assert dialog is not None
    await until(lambda: len(dialog.table.rows) == len(FIELD_NAMES))
    await asyncio.sleep(1.0)
    dialog.reject()


def _changed(content: ProfileContent, word: str) -> ProfileContent:
    """Every sentence of the long fields with a word more."""
    values = {
        f"prompts.fields.{name}": text.replace("never sing", f"never {word} sing")
        for name, text in content.prompts.fields.items()
    }
    return with_values(content, values)


def _save_theirs(content: ProfileContent, workspace: Workspace) -> None:
    workspace.profiles.save(OF_CONFLICT, content, base_of(workspace.profiles.get(OF_CONFLICT)))


async def _history(gaps: Gaps, panel: ProfilesPanel) -> None:
    await _open(panel, OF_HISTORY)
    await gaps.during("history", _open_history(panel))
    pane = cast("HistoryPane", panel.editor.side.pane("history"))
    await gaps.during("versions", scroll(pane.list))
    await gaps.during("select", _select(pane))


async def _open_history(panel: ProfilesPanel) -> None:
    panel.editor.show_side("history")
    pane = cast("HistoryPane", panel.editor.side.pane("history"))
    await until(lambda: pane.model.rowCount() >= VERSIONS and pane.restore.isVisible())
    await asyncio.sleep(0.5)


async def _select(pane: HistoryPane) -> None:
    for row in range(0, 400, 20):
        pane.list.setCurrentIndex(pane.model.index(row))
        await asyncio.sleep(0.35)


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    main()
