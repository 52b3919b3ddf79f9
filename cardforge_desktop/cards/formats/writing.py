"""The formats a card is written in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from cardforge_desktop.cards.formats import charx, json_file, lorebook, markdown, png, world_info
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.losses import Loss, card_losses, file_losses, in_few
from cardforge_desktop.cards.formats.reading import read_file
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import ErrorCode

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
        holds: the card, or its character book alone: there `write` and `losses` raise CARD_WITHOUT_BOOK for a
            card that has none.
    """

    name: str
    extension: str
    label: str
    write: Write
    losses: Losses
    holds: Literal["card", "book"] = "card"

    def fits(self, package: CardPackage) -> bool:
        """Whether there is something to write."""
        return self.holds == "card" or package.card.character_book is not None


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


def _book_format(
    name: str,
    label: str,
    write: Callable[[CharacterBook], bytes],
    losses: Callable[[CharacterBook], tuple[Loss, ...]],
) -> Format:
    """A format of JSON that holds the character book alone."""

    def book_of(package: CardPackage) -> CharacterBook:
        if package.card.character_book is None:
            raise CardFormatError(
                ErrorCode.CARD_WITHOUT_BOOK,
                f"the card has no character book, so there is nothing to write as {label}. "
                "Add a book to it, or choose another format.",
            )
        return package.card.character_book

    def book_losses(package: CardPackage) -> tuple[Loss, ...]:
        found = in_few(losses(book_of(package)))
        return (
            Loss("card", "stays out with its picture: this format holds its character book alone"),
            *found,
        )

    return Format(name, "json", label, lambda package: write(book_of(package)), book_losses, "book")


_ALL = (
    Format("json", "json", "JSON for every app", json_file.write_json, _text_losses(json_file.write_json)),
    Format("v2", "json", "Character Card V2 (JSON)", json_file.write_v2, _text_losses(json_file.write_v2)),
    Format("v3", "json", "Character Card V3 (JSON)", json_file.write_v3, _text_losses(json_file.write_v3)),
    Format("tavernai", "png", "PNG card (V2 and V3)", png.write_png, _png_losses),
    Format("tavernai-v2", "png", "PNG card, V2 only (old readers)", png.write_v2_png, _v2_png_losses),
    Format("charx", "charx", "CHARX (V3 with all its files)", charx.write, charx.losses),
    _book_format("worldinfo", "SillyTavern world info (JSON)", world_info.write, world_info.losses),
    _book_format("lorebook", "V3 lorebook (JSON)", lorebook.write, lorebook.losses),
    Format("markdown", "md", "Markdown, for reading", markdown.write, markdown.losses),
)
FORMATS: Mapping[str, Format] = MappingProxyType({format_.name: format_ for format_ in _ALL})
_BARE = _book_format("book", "Character book (JSON)", lorebook.write_bare, lorebook.losses)
#: In which a book that stands by itself is written; `book` is none of those that a card is written in.
BOOK_FORMATS: Mapping[str, Format] = MappingProxyType(
    {format_.name: format_ for format_ in (*_ALL, _BARE) if format_.holds == "book"}
)
