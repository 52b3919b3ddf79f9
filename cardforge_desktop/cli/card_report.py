"""All that a card file holds, as JSON values."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cardforge_desktop.cards.field_paths import texts
from cardforge_desktop.cards.formats import FORMATS, CardFile, png_chunks
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.formats.reading import file_bytes, read_file
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.tokens import token_budget
from cardforge_desktop.cli.card_writing import losses_in
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.tokens import NamedTokenizer

Report = dict[str, Any]


def card_report(path: Path, tokenizer: NamedTokenizer, *, losses: bool) -> Report:
    """Everything in the file at `path`.

    Keys: ``file``, ``bytes``, ``container``, ``spec``, ``holds``, ``warnings``, ``tokenizer``, ``tokens``,
    ``card`` (every field, unknown ones among them, named as in V3), ``unknown_fields`` (their paths),
    ``picture``, ``files``, ``chunks`` (of a PNG), ``losses`` (by format, only when asked for).

    Raises:
        CardFormatError: it can't be read; the message names it.
    """
    data = file_bytes(path)
    file = read_file(data, path.name)
    card = file.package.card
    fields = fields_of(card)
    if not fields["beside_data"]:
        del fields["beside_data"]  # no field of a card: absent where nothing stood beside `data`
    report: Report = {
        "file": str(path),
        "bytes": len(data),
        "container": file.container,
        "spec": file.spec,
        "holds": file.holds,
        "warnings": list(file.warnings),
        "tokenizer": {"name": tokenizer.name, "exact": tokenizer.exact},
        "tokens": _tokens(card, tokenizer),
        "card": fields if file.holds == "card" else {"character_book": fields["character_book"]},
        "unknown_fields": list(_unknown(card, "")),
        "picture": _picture(file.package.picture),
        "files": [{"path": name, "bytes": len(content)} for name, content in file.package.files.items()],
    }
    if data.startswith(png_chunks.SIGNATURE):
        report["chunks"] = _chunks(data)
    if losses:
        report["losses"] = {name: _losses(name, file) for name in FORMATS}
    return report


def _tokens(card: Card, tokenizer: NamedTokenizer) -> Report:
    """Counts of the whole and of each text, by its path."""
    budget = token_budget(card, tokenizer.tokenizer.count)
    return {
        "permanent": budget.permanent,
        "temporary": budget.temporary,
        "total": budget.total,
        "book": budget.book,
        "fields": {path: tokenizer.tokenizer.count(text) for path, text in texts(card)},
    }


def _unknown(value: BaseModel, path: str) -> Iterator[str]:
    """Paths of the fields that no specification has, those inside `extensions` not among them."""
    lead = f"{path}." if path else ""
    yield from (f"{lead}{name}" for name in value.model_extra or {})
    for name in type(value).model_fields:
        field = getattr(value, name)
        if name == "beside_data":
            yield from (f"{lead}{name}.{inner}" for inner in field)
        elif isinstance(field, BaseModel):
            yield from _unknown(field, lead + name)
        elif isinstance(field, list):
            for at, item in enumerate(field):
                if isinstance(item, BaseModel):
                    yield from _unknown(item, f"{lead}{name}[{at}]")


def _picture(picture: bytes | None) -> Report | None:
    """Kind, bytes, width and height in pixels (None where the picture can't be read) of an image file."""
    if picture is None:
        return None
    kind, size = "png", None
    if picture.startswith(png_chunks.SIGNATURE):
        if len(picture) >= 24:
            size = struct.unpack_from(">II", picture, 16)  # IHDR begins with width and height
    else:
        kind, size = _with_pillow(picture)
    width, height = size or (None, None)
    return {"kind": kind, "bytes": len(picture), "width": width, "height": height}


def _with_pillow(picture: bytes) -> tuple[str, tuple[int, int] | None]:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # nothing is decompressed
            with Image.open(io.BytesIO(picture)) as image:
                return (image.format or "unknown").lower(), image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "unknown", None


def _chunks(png: bytes) -> list[Report]:
    found, _ = png_chunks.salvage(png, Notes())
    return [
        {
            "type": chunk.type.decode("latin-1"),
            "bytes": len(chunk.data),
            **({"keyword": chunk.keyword} if chunk.keyword else {}),
        }
        for chunk in found
    ]


def _losses(name: str, file: CardFile) -> list[Report] | Report:
    """What the format can't hold of the card, or why it can't be written in it at all."""
    try:
        losses = losses_in(name, file)
    except CardForgeError as error:
        return {"error": {"code": error.code, "message": error.message}}
    return [{"field": loss.field, "reason": loss.reason} for loss in losses]
