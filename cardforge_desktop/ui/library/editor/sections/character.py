"""Who the character is, and its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.field_box import FieldBox
from cardforge_desktop.ui.library.editor.sections.section import Section
from cardforge_desktop.ui.theme import SPACE_L
from cardforge_desktop.ui.widgets.avatar_edit import AvatarEdit
from cardforge_desktop.ui.widgets.basics import row

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cards.package import CardPackage

_PICTURE_WIDTH = 168


class CharacterSection(Section):
    """Name, nickname, description, personality, scenario, and the picture beside the first of them."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.avatar = AvatarEdit(bench.theme, bench.icons, bench.services.background)
        self.avatar.setFixedWidth(_PICTURE_WIDTH)
        self._picture: bytes | None = None
        self._name: str | None = None
        name = FieldBox(bench, "name", self.tr("Name"), prose=False, line=True)
        nickname = FieldBox(
            bench,
            "nickname",
            self.tr("Nickname"),
            prose=False,
            line=True,
            hint=self.tr("{{char}} becomes this"),
            write=_with_nickname,
        )
        personality = FieldBox(bench, "personality", self.tr("Personality"), hint=self.tr("A short summary"))
        beside = QVBoxLayout()
        beside.setSpacing(SPACE_L)
        for box in (name, nickname, personality):
            self.boxes.append(box)
            beside.addWidget(box)
        beside.addStretch(1)
        top = row(self.avatar, spacing=SPACE_L)
        top.addLayout(beside, 1)
        self.column.addLayout(top)
        self.add(FieldBox(bench, "description", self.tr("Description"), least=6, most=40))
        self.add(FieldBox(bench, "scenario", self.tr("Scenario")))
        self.column.addStretch(1)
        self.avatar.replaced.connect(self._replace)

    def show_package(self, package: CardPackage) -> None:
        """The fields, and the picture if it is another one."""
        super().show_package(package)
        if package.picture is not self._picture:
            self._picture = package.picture
            self.avatar.set_picture(package.picture, package.card.name)
        elif package.card.name != self._name:
            self.avatar.set_name(package.card.name)
        self._name = package.card.name

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """Also to the picture."""
        if path != "picture":
            return super().go_to(path, start, end, focus=focus)
        self.bring_up(self.avatar)
        if focus:
            self.avatar.portrait.setFocus()
        return True

    @Slot(object)
    def _replace(self, picture: bytes) -> None:
        self._picture = picture  # it is shown already
        self.bench.session.set_picture(picture)


def _with_nickname(card: Card, text: str) -> Card:
    return card.model_copy(update={"nickname": text or None})
