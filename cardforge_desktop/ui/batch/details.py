"""What happened with one item, in full: the error, its facts and the model's raw answer."""

from __future__ import annotations

import json

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui.batch.state import error_text, source_text, state_of
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XL
from cardforge_desktop.ui.widgets.basics import button, label, row

#: Where an engine's last answer stands in the details of an error.
RAW_ANSWER = "raw_answer"


def report(item: ItemView) -> str:
    """The facts about an item as text for a bug report; without the raw answer."""
    lines = [f"source: {source_text(item)}", f"profile: {item.profile} (version {item.profile_version})"]
    lines += [f"engine: {item.engine}", f"status: {item.status}", f"attempts: {item.attempts}"]
    if item.error is not None:
        lines += [f"error: {item.error.code}", item.error.message]
        facts = {key: value for key, value in item.error.details.items() if key != RAW_ANSWER}
        if facts:
            lines.append(json.dumps(facts, indent=2, ensure_ascii=False, default=str))
    return "\n".join([*lines, *item.warnings])


class DetailsDialog(QDialog):
    """Shows the report, and the raw answer when there is one."""

    def __init__(self, parent: QWidget, item: ItemView) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Details of %1").replace("%1", item.source))
        self.setModal(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(item.card_name or item.source, "heading", wrap=True))
        sentence = label(error_text(item) or state_of(item).text, wrap=True, selectable=True)
        layout.addWidget(sentence)
        raw = str(item.error.details.get(RAW_ANSWER, "")) if item.error is not None else ""
        facts = _reading(report(item), self.tr("Facts"))
        copied = report(item)
        if raw:
            tabs = QTabWidget()
            tabs.setDocumentMode(True)
            tabs.addTab(_reading(raw, self.tr("Raw answer of the model")), self.tr("Raw answer of the model"))
            tabs.addTab(facts, self.tr("Facts"))
            layout.addWidget(tabs, 1)
            copied = f"{copied}\n\n{raw}"
        else:
            layout.addWidget(facts, 1)
        copy = button(self.tr("Copy details"), tip=self.tr("Copy everything for a bug report"))
        copy.clicked.connect(lambda _checked=False: QGuiApplication.clipboard().setText(copied))
        close = button(self.tr("Close"))
        close.clicked.connect(self.close)
        layout.addLayout(row(copy, None, close))
        self.resize(640, 460)


def _reading(text: str, name: str) -> QPlainTextEdit:
    made = QPlainTextEdit(text)
    made.setReadOnly(True)
    made.setProperty("role", "editor")
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    return made
