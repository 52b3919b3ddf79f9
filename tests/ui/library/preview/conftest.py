"""The panes beside the editor, mounted over the real window's services."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.paths import find_paths
from cardforge_desktop.workspace import Workspace


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as the first start leaves it: made once, since the migrations take longer than most tests."""
    folder = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARDFORGE_HOME", str(folder))
        paths = find_paths()
        Workspace.open(paths).close()
    return paths.store


@pytest.fixture(autouse=True)
def own_store(home: Path, empty_store: Path) -> None:
    """Each test's own copy of it."""
    paths = find_paths()
    paths.make()
    shutil.copy(empty_store, paths.store)


@pytest.fixture
def mount(qtbot: QtBot) -> Callable[[QWidget], QWidget]:
    """Shows a pane by itself; it goes before the window does."""

    def show(pane: QWidget) -> QWidget:
        pane.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(pane)
        pane.resize(440, 640)
        pane.show()
        return pane

    return show
