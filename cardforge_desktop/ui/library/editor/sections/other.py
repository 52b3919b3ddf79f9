"""Everything else in a card: extensions of apps, and fields no specification knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.cards.model import Card
from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.sections.section import Section
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.json_field import JsonField

if TYPE_CHECKING:
    from pydantic import BaseModel

    from cardforge_desktop.cards.package import CardPackage


class OtherSection(Section):
    """Three JSON objects: extensions, unknown fields, and what stands beside the card's data."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        intro = self.tr(
            "Apps keep what only they know in the extensions of a card. CardForge keeps all of it as it is; "
            "here you can change it."
        )
        self.column.addWidget(label(intro, "muted", wrap=True))
        self.extensions = JsonField(bench, self.tr("Extensions"))
        self.unknown = JsonField(
            bench, self.tr("Unknown fields"), self.tr("fields of no specification"), known_names(Card)
        )
        self.beside = JsonField(
            bench, self.tr("Beside the data"), self.tr("what an app wrote outside the card itself")
        )
        for field in (self.extensions, self.unknown, self.beside):
            self.column.addWidget(field)
        self.column.addStretch(1)
        session = bench.session
        self.extensions.given.connect(lambda value: session.set("extensions", value, typed=True))
        self.beside.given.connect(lambda value: session.set("beside_data", value, typed=True))
        self.unknown.given.connect(
            lambda value: session.edit("unknown", lambda card: with_unknown(card, value), typed=True)
        )

    def show_package(self, package: CardPackage) -> None:
        """The three objects."""
        self.extensions.show_value(package.card.extensions)
        self.unknown.show_value(package.card.model_extra or {})
        self.beside.show_value(package.card.beside_data)

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """To the object the path is in."""
        del start, end
        head = path.partition(".")[0].partition("[")[0]
        field = {"extensions": self.extensions, "beside_data": self.beside}.get(head, self.unknown)
        self.bring_up(field)
        if focus:
            field.field.setFocus()
        return True


def known_names(kind: type[BaseModel]) -> Any:
    """Refuses names that the specification has: those are edited in their own fields."""

    def problem(value: dict[str, Any]) -> str:
        taken = [name for name in value if name in kind.model_fields or name.startswith("model_")]
        if not taken:
            return ""
        text = QCoreApplication.translate("OtherSection", "Not saved: %1 is no unknown field.")
        return text.replace("%1", taken[0], 1)

    return problem


def with_unknown(value: Any, unknown: dict[str, Any]) -> Any:
    """The object with these unknown fields and no others; the known ones are the very same."""
    known = {
        name: getattr(value, name) for name in type(value).model_fields if name in value.model_fields_set
    }
    return type(value).model_validate({**known, **unknown})
