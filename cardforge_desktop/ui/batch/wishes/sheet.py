"""The controls of the form, without what they do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout

from cardforge_desktop.ui.batch.builder.book_picker import BookPicker
from cardforge_desktop.ui.batch.file_list import FileList
from cardforge_desktop.ui.batch.wishes.fields import Field, FormatList, Switch, TextLine, Typed
from cardforge_desktop.ui.batch.wishes.folder import FolderLine
from cardforge_desktop.ui.batch.wishes.pattern import PatternField
from cardforge_desktop.ui.batch.wishes.update import UpdateField
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import (
    Card,
    ElidedLabel,
    Page,
    button,
    chip,
    icon_button,
    label,
    line,
    row,
)
from cardforge_desktop.ui.widgets.picker import Picker


class WishesSheet(Card):
    """A head, a field for each setting that scrolls, and a foot with the estimate and Start."""

    def __init__(self, services: Services) -> None:
        super().__init__(margin=0)
        self._services = services
        self.setAccessibleName(self.tr("Settings of the selected rows"))
        self._make_head(services)
        self._make_fields(services)
        self._make_foot()
        self._lay_out()

    def _make_head(self, services: Services) -> None:
        self._title = ElidedLabel("", "title", Qt.TextElideMode.ElideMiddle)
        self._chip = chip(self.tr("Ready"))
        self.undo_button = icon_button(services.icons, "undo-2", self.tr("Take the last change back"))
        self.sources = FileList(services.icons, self.tr("Sources"))
        self._several = label("", "caption", wrap=True)
        self._warnings = label("", "warn", wrap=True, selectable=True)
        self._warnings.setAccessibleName(self.tr("Warnings of the source"))

    def _make_fields(self, services: Services) -> None:
        icons, various = services.icons, self.tr("(various)")
        self.profile = Picker(icons, self.tr("Profile"))
        self.engine = Picker(icons, self.tr("Engine"))
        self.character = TextLine(self.tr("Character"), various)
        self.character.set_usual(self.tr("As the source says"))
        self.book = Picker(icons, self.tr("Character book"))
        self.shared = BookPicker(services)
        self.formats = FormatList(services)
        self.folder = FolderLine(services)
        self.pattern = PatternField(services)
        self.update_field = UpdateField(services)
        self.overwrite = Switch(
            services,
            self.tr("Replace files of the same name"),
            self.tr("Otherwise the new files get a number, and nothing is lost"),
        )
        self._lines: dict[str, Typed] = {
            "character_name": self.character,
            "output": self.folder.line,
            "pattern": self.pattern,
        }
        self._fields = {
            "profile": Field(self.tr("Profile"), self.profile, self.profile),
            "engine": Field(self.tr("Engine"), self.engine, self.engine),
            "character_name": Field(self.tr("Character"), self.character, self.character),
            "include_book": Field(self.tr("Character book"), self.book, self.book),
            "shared_book": Field(self.tr("Shared book"), self.shared, self.shared.book),
            "formats": Field(self.tr("Formats"), self.formats, self.formats.boxes["json"]),
            "output": Field(self.tr("Output folder"), self.folder, self.folder.line),
            "pattern": Field(self.tr("File names"), self.pattern, self.pattern.editor.line),
            "update": Field(self.tr("Card to update"), self.update_field, self.update_field.picker.choose),
            "overwrite": Field(self.tr("Files that are there already"), self.overwrite, self.overwrite),
        }

    def _make_foot(self) -> None:
        self.total = label("", "caption", wrap=True)
        self.total.setAccessibleName(self.tr("Estimate"))
        self.start_button = button(self.tr("Start"), tip=self.tr("Write the selected cards now"))

    def _lay_out(self) -> None:
        page = Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        for part in (self.sources, self._several, self._warnings, *self._fields.values()):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(page)
        head = row(self._title, self._chip, self.undo_button)
        head.setContentsMargins(SPACE_L, SPACE_M, SPACE_M, SPACE_XS)
        foot = row(self.total, self.start_button)
        foot.setStretch(0, 1)
        foot.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_M)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(line())
        self.body.addLayout(foot)
