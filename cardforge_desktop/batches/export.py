"""The files of a finished card: written once, found again after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.naming import NameValues, file_names
from cardforge_desktop.store.files import write_new_files


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is written where, and what its names are made of."""

    folder: Path
    pattern: str
    formats: tuple[str, ...]
    moment: datetime
    batch_id: str
    index: int
    mark: str


def export(card: Card, avatar: bytes, order: ExportOrder, *, resumed: bool) -> dict[str, tuple[Path, bytes]]:
    """Write the card in each format; returns format → (path, content).

    Args:
        resumed: an earlier try was interrupted: files it managed to write are taken over instead of being
            written a second time under the next number (`write_new_files`).

    Raises:
        FilesError, NamingError: with the way out.
    """
    contents = {name: FORMATS[name].write(CardPackage(card, avatar)) for name in order.formats}
    extensions = {name: FORMATS[name].extension for name in order.formats}
    own = card.extensions.get("cardforge")
    facts = own if isinstance(own, dict) else {}
    values = NameValues(
        character_name=card.name,
        moment=order.moment.astimezone(),
        world=str(facts.get("world") or ""),
        character_class=str(facts.get("class") or ""),
        version=card.character_version,
        batch_id=order.batch_id,
        index=order.index,
    )

    def names(number: int) -> Mapping[str, str]:
        return file_names(order.pattern, values, extensions, number)

    paths = write_new_files(order.folder, contents, names, mark=order.mark, resumed=resumed)
    return {name: (paths[name], contents[name]) for name in order.formats}
