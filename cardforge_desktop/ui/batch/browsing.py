"""The dialogs in which source files are chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

translate = QCoreApplication.translate
_EXAMPLES = (".txt", ".md", ".html", ".docx", ".pdf")


def browse_files(parent: QWidget, take: Callable[[list[Path]], object]) -> None:
    """Choose files; `take` gets them."""
    dialog = QFileDialog(parent, translate("BatchPanel", "Add source files"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    kinds = translate(
        "BatchPanel",
        "Texts and cards (*.txt *.text *.md *.markdown *.html *.htm *.xhtml *.docx *.odt *.rtf "
        "*.epub *.pdf *.png *.apng *.json *.charx *.yaml *.yml *.jpg *.jpeg)",
    )
    dialog.setNameFilters([kinds, translate("BatchPanel", "All files (*)")])
    _open(dialog, take)


def browse_folder(parent: QWidget, take: Callable[[list[Path]], object]) -> None:
    """Choose a folder; `take` gets it."""
    dialog = QFileDialog(parent, translate("BatchPanel", "Add a folder of sources"))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    _open(dialog, take)


def example_sources() -> list[Path]:
    """The sources that come with the app."""
    from cardforge_desktop.resources import resource

    return [path for path in sorted(resource("examples").iterdir()) if path.suffix in _EXAMPLES]


def _open(dialog: QFileDialog, take: Callable[[list[Path]], object]) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda files: take([Path(file) for file in files]))
    dialog.open()
