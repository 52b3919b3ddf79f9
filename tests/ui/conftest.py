"""What every test of the window needs; the window itself comes from `tests.support.window`."""

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from cardforge_desktop.ui.language import speak
from tests.support.window import IGNORED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One message of the offscreen platform is no failure."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(IGNORED)


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """No window, worker thread or layout direction outlives its test."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    gc.freeze()  # what outlives its test for good: going through all of it after each test takes 0.2 s
    assert [widget for widget in qapp.topLevelWidgets() if widget.isVisible()] == []
    assert [each.name for each in threading.enumerate() if each.name.startswith("window-worker")] == []
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight


@pytest.fixture(autouse=True, scope="session")
def language(qapp: QApplication) -> None:
    """The texts as users see them."""
    speak(qapp)
