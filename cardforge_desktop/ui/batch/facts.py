"""What an item was made with: names at the left, values at the right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.naming import pattern_template
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch import state
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Page, label

translate = QCoreApplication.translate
Fact = tuple[str, str]


class FactsPage(QScrollArea):
    """Shows facts; each can be selected and copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._facts: tuple[Fact, ...] = ()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these."""
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        page = Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SPACE_M, 0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnStretch(1, 1)
        for at, (name, value) in enumerate(facts):
            grid.addWidget(label(name, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_value(name, value), at, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(page)


def _value(name: str, value: str) -> QWidget:
    made = label(value, wrap=True, selectable=True)
    made.setAccessibleName(f"{name}: {value}")
    return made


def options_used(item: ItemView) -> list[Fact]:
    """What the item is made of and with, when it ran, and what is known of its error."""
    yes, no = translate("Facts", "yes"), translate("Facts", "no")
    sources = [str(source.path or source.name) for source in item.sources]
    version = translate("Facts", "%1, version %2").replace("%2", str(item.profile_version))
    facts = [
        (translate("Facts", "Sources", None, len(sources)), "\n".join(sources)),
        (translate("Facts", "Profile"), version.replace("%1", item.profile)),
        (translate("Facts", "Engine"), item.engine),
        (translate("Facts", "Card to update"), item.target),
        (translate("Facts", "Fields to update"), ", ".join(map(formatting.field_label, item.fields))),
        (translate("Facts", "Character"), item.character_name),
        (translate("Facts", "Character book"), yes if item.include_book else no),
        (translate("Facts", "Shared book"), _shared_book(item)),
        (translate("Facts", "Formats"), "\n".join(_format(name) for name in item.formats)),
        (translate("Facts", "Output folder"), "" if item.output == Path() else str(item.output)),
        (translate("Facts", "File names"), pattern_template(item.pattern) if item.pattern else ""),
        (translate("Facts", "Replaces files of the same name"), yes if item.overwrite else no),
        (translate("Facts", "Estimate"), state.expected_text(item)),
        (translate("Facts", "Begun"), _moment(item.started_at)),
        (translate("Facts", "Ended"), _moment(item.finished_at)),
        (translate("Facts", "Warnings"), "\n".join(item.warnings)),
        (translate("Facts", "Files"), "\n".join(str(path) for _, path in item.files)),
        (translate("Facts", "Facts of the error"), _error_facts(item)),
        (translate("Facts", "Ids"), "\n".join((item.batch_id, item.id, item.job_id))),
    ]
    return [(name, value) for name, value in facts if value]


def _shared_book(item: ItemView) -> str:
    """What the card did to the book that it shares; before that only that there is one."""
    if not item.shared_book:
        return ""
    changes = item.book_changes
    if changes is None:
        told = translate("Facts", "yes, at most %1 tokens of it are told")
        return told.replace("%1", formatting.number(item.book_tokens))
    kinds = [
        (translate("Facts", "added: %1"), changes.added),
        (translate("Facts", "grew: %1"), changes.extended),
        (translate("Facts", "known already: %1"), changes.known),
    ]
    said = [text.replace("%1", ", ".join(titles)) for text, titles in kinds if titles]
    return "\n".join([changes.name, *(said or [translate("Facts", "nothing new")])])


def _format(name: str) -> str:
    return FORMATS[name].label if name in FORMATS else name


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else formatting.moment(moment)


def _error_facts(item: ItemView) -> str:
    if item.error is None:
        return ""
    facts = {key: value for key, value in item.error.details.items() if key != "raw_answer"}
    return json.dumps(facts, indent=2, ensure_ascii=False, default=str) if facts else ""
