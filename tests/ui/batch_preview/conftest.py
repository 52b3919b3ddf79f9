"""The pane over the real services."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QVBoxLayout

from cardforge_desktop.ui.batch.preview import PreviewPane
from tests.ui.library.preview.conftest import Desktop, empty_store, open_desktop

__all__ = ["empty_store", "open_desktop"]


@pytest.fixture
def desktop(open_desktop, scripted_server) -> Desktop:
    return open_desktop(scripted_server.url)


@pytest.fixture
def pane(desktop: Desktop) -> Iterator[PreviewPane]:
    made = PreviewPane(desktop.services)
    desktop.window.resize(340, 640)
    QVBoxLayout(desktop.window).addWidget(made)
    yield made
    made.show_nothing()
