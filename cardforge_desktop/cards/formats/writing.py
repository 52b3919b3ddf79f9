"""The formats a card is written in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cardforge_desktop.cards.formats import json_file, png
from cardforge_desktop.cards.formats.losses import Loss, card_losses, file_losses
from cardforge_desktop.cards.formats.reading import read_file
from cardforge_desktop.cards.package import CardPackage

Write = Callable[[CardPackage], bytes]
Losses = Callable[[CardPackage], tuple[Loss, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format a card is written in.

    Attributes:
        name: as on the command line and in profiles, ``tavernai``.
        extension: of its files, without a dot.
        label: for people.
        write: a card, its picture and files to the bytes of a file. Raises CardFormatError.
        losses: what of them would not come back from that file. Slow as writing and reading it; raises
            CardFormatError.
    """

    name: str
    extension: str
    label: str
    write: Write
    losses: Losses


def _text_losses(write: Write) -> Losses:
    """For a format without picture and files: found by reading back what would be written."""

    def losses(package: CardPackage) -> tuple[Loss, ...]:
        back = read_file(write(package), "card").package
        return (*card_losses(package.card, back.card), *file_losses(package))

    return losses


def _png_losses(package: CardPackage) -> tuple[Loss, ...]:
    back = read_file(png.write_png(package), "card.png").package
    return tuple(loss for loss in card_losses(package.card, back.card) if not loss.field.endswith(".uri"))


def _v2_png_losses(package: CardPackage) -> tuple[Loss, ...]:
    back = read_file(png.write_v2_png(package), "card.png").package
    files = [loss for loss in file_losses(package) if loss.field != "picture"]
    return (*card_losses(package.card, back.card), *files)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        format_.name: format_
        for format_ in (
            Format(
                "json", "json", "JSON for every app", json_file.write_json, _text_losses(json_file.write_json)
            ),
            Format(
                "v2", "json", "Character Card V2 (JSON)", json_file.write_v2, _text_losses(json_file.write_v2)
            ),
            Format(
                "v3", "json", "Character Card V3 (JSON)", json_file.write_v3, _text_losses(json_file.write_v3)
            ),
            Format("tavernai", "png", "PNG card (V2 and V3)", png.write_png, _png_losses),
            Format("tavernai-v2", "png", "PNG card, V2 only (old readers)", png.write_v2_png, _v2_png_losses),
        )
    }
)
