"""The profiles panel for the screenshots: the real window over a real store, with another who saves into it.

Nothing of it takes long to come by, so nothing is staged; only the names of the people are made up.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from cardforge_desktop.paths import Paths
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.workspace import Workspace

_LONG = "The Extraordinarily Long Name of a Profile That Somebody Wrote Down Without Ever Stopping"


def store(change: Callable[[Workspace], object] | None = None) -> Callable[[Paths, str], Workspace]:
    """What opens a store with the shipped profiles and two of one's own; `change` is done to it before."""

    def open_it(paths: Paths, theme: str) -> Workspace:
        workspace = _opened(paths, "command line")
        workspace.settings.update(theme=theme)
        content = workspace.profiles.by_name("Rich prose").content
        for name in ("Fantasy heroes", "Quiet villains"):
            workspace.profiles.copy(content.model_copy(update={"name": name}))
        if change is not None:
            change(workspace)
        workspace.close()
        return _opened(paths, "window")

    return open_it


def thousand(workspace: Workspace) -> None:
    """Many profiles."""
    content = workspace.profiles.by_name("Default").content
    for number in range(1, 1001):
        workspace.profiles.copy(content.model_copy(update={"name": f"Profile {number:04}"}))


def long_name(workspace: Workspace) -> None:
    """A name that tests the layout, of the profile that is shown."""
    _save(workspace, name=_LONG, description="Says at length what it is for. " * 9)


async def write(session: Any) -> None:
    """Unsaved changes in the profile that is shown."""
    await _opened_profile(session)
    session.window.panel.session.set("description", "For heroes who are tired of it.")
    await asyncio.sleep(2)


async def find_nothing(session: Any) -> None:
    """A search without a match."""
    await _opened_profile(session)
    session.window.panel.list.search.setText("zeppelin")


async def refuse(session: Any) -> None:
    """An error that holds the save back."""
    await write(session)
    session.window.panel.session.set("prompts.system", "You write {nobody}.")
    await asyncio.sleep(2)


async def meet(session: Any) -> None:
    """Somebody else saves while something is unsaved."""
    await write(session)
    other = _opened(session.workspace.paths, "command line")
    _save(other, description="For villains.")
    other.close()
    await asyncio.sleep(3)


async def lose(session: Any) -> None:
    """The save loses: mine and theirs side by side, some fields merged and two to decide."""
    await _opened_profile(session)
    profile = session.window.panel.session
    mine = {
        "description": "The usual card: rich prose, three more greetings and a lorebook.",
        "config.sampling.temperature": 0.9,
        "config.greetings": 3,
        "prompts.fields.first_mes": f"{profile.content.prompts.fields['first_mes']} Keep it under 120 words.",
    }
    profile.put(with_values(profile.content, mine))
    other = _opened(session.workspace.paths, "command line")
    before = other.profiles.by_name("Default")
    theirs = {
        "name": "Default II",
        "description": "The usual card: rich but compact prose, two more greetings and a book of places.",
        "config.greetings": 5,
        "config.tense": "present",
    }
    other.profiles.save(before.id, with_values(before.content, theirs), base_of(before))
    other.close()
    await asyncio.sleep(3)
    session.services.actions["editor.save"].trigger()
    await asyncio.sleep(3)


async def show(session: Any) -> None:
    """The profile, with its prompt beside it."""
    await _opened_profile(session)
    await asyncio.sleep(3)


async def _opened_profile(session: Any) -> None:
    profile, opened = session.window.panel.session, asyncio.Event()
    profile.opened.connect(opened.set)
    if not profile.is_open:
        await asyncio.wait_for(opened.wait(), 120)
    await asyncio.sleep(0.5)


def _opened(paths: Paths, face: str) -> Workspace:
    os.environ["LOGNAME"] = "ana"
    return Workspace.open(paths, face=face)


def _save(workspace: Workspace, **changes: object) -> None:
    before = workspace.profiles.by_name("Default")
    workspace.profiles.save(before.id, before.content.model_copy(update=changes), base_of(before))
