"""The form over the real services, fed by the queue as the panel feeds it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from cardforge_desktop.batches.model import ItemView, Options
from cardforge_desktop.ui.batch.controller import QueueController
from cardforge_desktop.ui.batch.wishes.form import WishesForm
from tests.support.app import ENGINE, write_sources
from tests.ui.library.preview.conftest import Desktop, empty_store, open_desktop

__all__ = ["empty_store", "open_desktop"]


class Sheet:
    """Drafts in the store, some of them shown in the form."""

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self.desktop, self.folder = desktop, folder
        self.workspace = desktop.workspace
        self._owner = QObject()
        self._chosen: tuple[str, ...] = ()
        self.controller = QueueController(desktop.services, self._owner)
        self.form = WishesForm(desktop.services)
        desktop.window.resize(360, 700)
        QVBoxLayout(desktop.window).addWidget(self.form)
        self.controller.refreshed.connect(self.refresh)

    def add(self, count: int, **options: object) -> tuple[str, ...]:
        """Drafts, read and estimated."""
        values = {"output": self.folder / "out", "engine": ENGINE, "formats": ("json",)} | options
        paths = write_sources(self.folder / f"in-{len(self.items())}", count)
        ids = self.workspace.drafts.add(paths, Options(**values))  # type: ignore[arg-type]
        self.until(lambda: all(self.read(item_id).estimate_input for item_id in ids))
        return ids

    def choose(self, *item_ids: str) -> None:
        """Select rows."""
        self.until(lambda: all(self.controller.model.item(item_id) for item_id in item_ids))
        self._chosen = item_ids
        self.refresh()

    def refresh(self) -> None:
        """What the panel does when rows changed."""
        shown = [item for each in self._chosen if (item := self.controller.model.item(each)) is not None]
        if shown:
            self.form.show_items(shown)

    def items(self) -> tuple[ItemView, ...]:
        return self.workspace.batches.items()

    def read(self, item_id: str) -> ItemView:
        return self.workspace.batches.item(item_id)

    def until(self, condition: Callable[[], object]) -> None:
        self.desktop.until(condition)

    def settle(self) -> None:
        """Until every wish is stored and read back."""
        self.until(lambda: not self.form.changing.is_busy)
        self.until(lambda: all(self.controller.model.item(item.id) == item for item in self.items()))


@pytest.fixture
def sheet(open_desktop, scripted_server, tmp_path: Path) -> Iterator[Sheet]:
    made = Sheet(open_desktop(scripted_server.url), tmp_path)
    yield made
    made.settle()
