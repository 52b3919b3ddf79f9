"""What happened with one item, in full: its calls, the error, the raw answer, what it was made with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.batches.report import file_links, job_report
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.call_table import CallTable, call_texts
from cardforge_desktop.ui.batch.facts import FactsPage, options_used
from cardforge_desktop.ui.batch.item_parts import FailurePart
from cardforge_desktop.ui.batch.state import source_text, state_of
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import button, label, row
from cardforge_desktop.ui.widgets.fitting import resize_within_screen

if TYPE_CHECKING:
    from cardforge_desktop.costs.ledger import PastCall
    from cardforge_desktop.events import Changed

#: Where an engine's last answer stands in the details of an error.
RAW_ANSWER = "raw_answer"


def report(item: ItemView, calls: Sequence[PastCall] = ()) -> str:
    """The facts about an item as text for a bug report; without the raw answer."""
    lines = [f"source: {source_text(item)}", f"profile: {item.profile} (version {item.profile_version})"]
    lines += [f"engine: {item.engine}", f"status: {item.status}", f"attempts: {item.attempts}"]
    if item.error is not None:
        lines += [f"error: {item.error.code}", item.error.message]
        facts = {key: value for key, value in item.error.details.items() if key != RAW_ANSWER}
        if facts:
            lines.append(json.dumps(facts, indent=2, ensure_ascii=False, default=str))
    lines += item.warnings
    lines += ["call: " + " | ".join(call_texts(call)) for call in calls]
    return "\n".join(lines)


class DetailsDialog(QDialog):
    """Follows the item while it is open."""

    def __init__(self, parent: QWidget, services: Services, item: ItemView) -> None:
        super().__init__(parent)
        self._services = services
        self._item = item
        self._calls: tuple[PastCall, ...] = ()
        self.setWindowTitle(self.tr("Details of %1").replace("%1", item.source))
        self.setModal(True)
        self._heading = label("", "heading", wrap=True)
        self._about = label("", "caption", wrap=True, selectable=True)
        self.failure = FailurePart()
        self.calls = CallTable(services.theme)
        self.total = label("", "caption", wrap=True)
        self.raw = _reading(self.tr("Raw answer of the model"))
        self.facts = FactsPage(self.tr("What it was made with"))
        self.json = _reading(self.tr("JSON of the job"))
        self.json.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.tabs = QTabWidget()
        self._lay_out()
        resize_within_screen(self, 900, 580)
        self._show()
        services.events.changed.connect(self._on_changed)
        services.background.start(self._load())

    def _lay_out(self) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        calls = QWidget()
        column = QVBoxLayout(calls)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.calls, 1)
        column.addWidget(self.total)
        if self._raw:
            self.tabs.addTab(self.raw, self.tr("Raw answer of the model"))
        self.tabs.addTab(calls, self.tr("Calls"))
        self.tabs.addTab(self.facts, self.tr("Made with"))
        self.tabs.addTab(self.json, self.tr("JSON"))
        copy = button(self.tr("Copy details"), tip=self.tr("Copy everything for a bug report"))
        copy.clicked.connect(self.copy_details)
        copy_json = button(self.tr("Copy JSON"), tip=self.tr("Copy the job as the API tells it"))
        copy_json.clicked.connect(self.copy_json)
        close = button(self.tr("Close"))
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._heading)
        layout.addWidget(self._about)
        layout.addWidget(self.failure)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self.tabs, 1)
        layout.addSpacing(SPACE_M - SPACE_S)
        layout.addLayout(row(copy, copy_json, None, close))

    @property
    def _raw(self) -> str:
        return "" if self._item.error is None else str(self._item.error.details.get(RAW_ANSWER, ""))

    @Slot()
    def copy_details(self) -> None:
        """Everything for a bug report, onto the clipboard."""
        told = report(self._item, self._calls)
        QGuiApplication.clipboard().setText(f"{told}\n\n{self._raw}" if self._raw else told)

    @Slot()
    def copy_json(self) -> None:
        """The job as JSON, onto the clipboard."""
        QGuiApplication.clipboard().setText(self.json.toPlainText())

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        items = ids_of(Kind.ITEM, changes)
        is_own = items is not None and (not items or self._item.id in items)
        if is_own or ids_of(Kind.CALL, changes) is not None:
            self._services.background.start(self._load())

    async def _load(self) -> None:
        item_id = self._item.id
        found, calls = await self._services.background.call(
            lambda ws: (ws.batches.items([item_id]), ws.costs.calls_of(item_id))
        )
        if not shiboken6.isValid(self):
            return  # closed meanwhile
        self._item = found[0] if found else self._item  # taken off the queue: as it was last
        self._calls = calls
        self._show()

    def _show(self) -> None:
        item = self._item
        self._heading.setText(item.card_name or item.source)
        about = self.tr("%1 · %2, version %3 · %4 · %n attempt(s)", None, item.attempts)
        about = about.replace("%1", state_of(item).text).replace("%2", item.profile)
        self._about.setText(about.replace("%3", str(item.profile_version)).replace("%4", item.engine))
        self.failure.show_error(item)
        self.calls.show_calls(self._calls)
        self.total.setText(self._total())
        _put(self.raw, self._raw)
        self.facts.show_facts(options_used(item))
        told = json.dumps(job_report(item, file_links), indent=2, ensure_ascii=False, default=str)
        _put(self.json, told)

    def _total(self) -> str:
        calls = [call for call in self._calls if call.status != "sent"]
        if not self._calls:
            return self.tr("No call was made yet.")
        tokens = sum((call.input_tokens or 0) + (call.output_tokens or 0) for call in calls)
        known = [call.cost for call in calls if call.cost is not None]
        text = self.tr("%n call(s) · %1 tokens · %2", None, len(self._calls))
        is_free = all(call.local for call in calls)
        cost = formatting.cost(sum(known[1:], known[0]) if known else None, local=is_free)
        text = text.replace("%2", cost).replace("%1", formatting.number(tokens))
        unknown = len(calls) - len(known)
        if unknown and known:
            more = self.tr("and %n call(s) of unknown cost", None, unknown)
            text = self.tr("%1, %2").replace("%2", more).replace("%1", text)
        return text


def _reading(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setReadOnly(True)
    made.setProperty("role", "editor")
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    return made


def _put(field: QPlainTextEdit, text: str) -> None:
    """Show another text; one that is the same keeps its place and selection."""
    if text != field.toPlainText():
        field.setPlainText(text)
