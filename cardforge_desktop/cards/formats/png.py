"""The card in a PNG (``tavernai``): base64 of the JSON in tEXt chunks behind the pixels.

SillyTavern reads `ccv3` before `chara`, and only tEXt; Agnai takes the first tEXt chunk, whatever its
keyword, and knows only V2. So `chara` comes right after the last IDAT, `ccv3` after it, and the picture's own
tEXt behind both. Files of assets follow as V3 has them (SPEC_V3.md, "PNG/APNG"): ``chara-ext-asset_:{path}``,
named by ``__asset:{path}``.
"""

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cardforge_desktop.cards.formats import json_file, json_text, png_chunks, v1, v3
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.png_chunks import Chunk
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage, embedded_path
from cardforge_desktop.errors import ErrorCode

V2_KEYWORD = "chara"
V3_KEYWORD = "ccv3"
_ASSET_KEYWORD = "chara-ext-asset_"
#: Bytes of all assets: compressed texts can be made to inflate to many times the file.
_LARGEST_FILES = 128 * 1024 * 1024
_LONGEST_PATH = 79 - len(_ASSET_KEYWORD) - 1
#: Texts that are looked at; each of them may inflate to `png_chunks.LARGEST_TEXT`.
_MOST_CARDS = 8
#: RisuAI's encrypted cards begin with this instead of base64.
_ENCRYPTED = b"rcc||"


@dataclass(frozen=True, slots=True)
class PngCard:
    """What a PNG holds: the card's JSON value, the picture without it (None: cut off), the assets' files."""

    value: Any
    picture: bytes | None
    files: Mapping[str, bytes]


def write_png(package: CardPackage) -> bytes:
    """The picture with the card in it, for V2 and V3 readers; a card that was in it before is replaced.

    Pixels and every chunk that is not a card's stay byte for byte; only tEXt chunks move, behind the card.
    A picture of another kind is turned into a PNG; a card without one gets a drawn placeholder.

    Raises:
        CardFormatError: the picture is none, or a broken PNG (AVATAR_NOT_PNG, CARD_DAMAGED); or the card
            can't be JSON.
    """
    names = _chunk_names(package.files)
    card = _with_asset_uris(package.card, names)
    assets = [
        png_chunks.text_chunk(f"{_ASSET_KEYWORD}:{name}", base64.b64encode(package.files[path]))
        for path, name in names.items()
    ]
    v2_chunk = _card_chunk(V2_KEYWORD, json_file.everywhere(card))
    return _behind_pixels(_png(package), [v2_chunk, _card_chunk(V3_KEYWORD, v3.write(card)), *assets])


def write_v2_png(package: CardPackage) -> bytes:
    """The picture with a V2 card only, for old readers that stumble over a second text.

    Raises:
        CardFormatError: as `write_png`.
    """
    return _behind_pixels(_png(package), [_card_chunk(V2_KEYWORD, json_file.everywhere(package.card))])


def read_png(data: bytes, notes: Notes) -> PngCard:
    """The card in a PNG: V3's text before V2's, in whichever kind of text chunk.

    Raises:
        CardFormatError: no card in it, or none that can be read.
    """
    chunks, cut_at = png_chunks.salvage(data, notes)
    cards = [(chunk, keyword) for chunk in chunks if (keyword := card_keyword(chunk)) is not None]
    if not cards:
        if cut_at is not None:
            raise CardFormatError(
                ErrorCode.CARD_DAMAGED,
                f"the PNG is cut off at byte {cut_at}. Fetch or save the picture again.",
                {"byte": cut_at},
            )
        raise no_card()
    value = best_value(cards, notes)
    _note_other_cards(cards, value, notes)
    if cut_at is not None:
        notes.add("", f"The picture is cut off at byte {cut_at} and is left out")
    picture = None if cut_at is not None else _without_card(chunks)
    return PngCard(value, picture, _files(chunks, notes))


def has_card(data: bytes) -> bool:
    """Whether a PNG has the text of a card, readable or not."""
    return bool(png_chunks.texts_in(io.BytesIO(data), is_card_keyword)[0])


def card_keyword(chunk: Chunk) -> str | None:
    """`V2_KEYWORD` or `V3_KEYWORD` for the text of a card, None for any other chunk."""
    return chunk.keyword.lower() if is_card_keyword(chunk.keyword) else None


def is_card_keyword(keyword: str) -> bool:
    """Whether texts of this keyword are a card's, in any case."""
    return keyword.lower() in (V2_KEYWORD, V3_KEYWORD)


def best_value(cards: list[tuple[Chunk, str]], notes: Notes) -> Any:
    """The JSON value of the card that readers take: V3's; where that is broken, the next.

    Raises:
        CardFormatError: none of them can be read; the first one's error.
    """
    first_error: CardFormatError | None = None
    for chunk, keyword in sorted(cards, key=lambda found: found[1] != V3_KEYWORD)[:_MOST_CARDS]:
        try:
            value = json_text.load(_decoded(chunk), notes)
        except CardFormatError as error:
            first_error = first_error or error
            continue
        if first_error is not None:
            notes.add("", f"A card in the picture is broken; its “{keyword}” is read instead")
        return value
    raise first_error or no_card()


def no_card() -> CardFormatError:
    """The error for a picture without a card."""
    return CardFormatError(ErrorCode.CARD_MISSING, "this picture has no character card in it.")


def _note_other_cards(cards: list[tuple[Chunk, str]], value: Any, notes: Notes) -> None:
    """An editor that knows V2 only leaves V3's text as it was: then people have to choose."""
    texts = _shown(value)
    for chunk, keyword in cards[:_MOST_CARDS] if len(cards) > 1 else ():
        try:
            other = _shown(json_text.load(_decoded(chunk)))
        except CardFormatError:
            continue
        if differing := [name for name in v1.FIELDS if texts.get(name) != other.get(name)]:
            fields = ", ".join(differing)
            notes.add(
                "", f"The picture holds another card in its “{keyword}” text, which differs in {fields}"
            )


def _shown(value: Any) -> dict[str, Any]:
    """V1's fields in a card's JSON value, wherever they stand."""
    outer = value if isinstance(value, dict) else {}
    data = outer.get("data")
    fields = data if isinstance(data, dict) else outer
    return {name: fields[name] for name in v1.FIELDS if fields.get(name)}


def _behind_pixels(picture: bytes, cards: list[Chunk]) -> bytes:
    chunks = [chunk for chunk in png_chunks.split(picture) if not _belongs_to_a_card(chunk)]
    texts = [chunk for chunk in chunks if chunk.type == b"tEXt"]
    others = [chunk for chunk in chunks if chunk.type != b"tEXt"]
    last = max(index for index, chunk in enumerate(others) if chunk.type == b"IDAT") + 1
    return png_chunks.join([*others[:last], *cards, *texts, *others[last:]])


def _png(package: CardPackage) -> bytes:
    from cardforge_desktop.cards.avatar import AvatarError, draw_placeholder, load_avatar

    if package.picture is None:
        return draw_placeholder(package.card.name)
    if package.picture.startswith(png_chunks.SIGNATURE):
        return package.picture
    try:
        return load_avatar(package.picture)
    except AvatarError as error:
        raise CardFormatError(ErrorCode.AVATAR_NOT_PNG, error.message) from error


def _without_card(chunks: list[Chunk]) -> bytes:
    return png_chunks.join(chunk for chunk in chunks if not _belongs_to_a_card(chunk))


def _card_chunk(keyword: str, value: dict[str, Any]) -> Chunk:
    return png_chunks.text_chunk(keyword, base64.b64encode(json_text.dump(value)))


def _chunk_names(files: Mapping[str, bytes]) -> dict[str, str]:
    """The name of each file in its keyword: its path where that fits into one, else a number."""
    names = {path: path for path in files if _fits(path)}
    taken = set(names)
    number = 0
    for path in files:
        if path in names:
            continue
        while str(number) in taken:
            number += 1
        names[path] = str(number)
        taken.add(str(number))
    return names


def _fits(path: str) -> bool:
    return path.isascii() and path.isprintable() and 0 < len(path) <= _LONGEST_PATH and path == path.strip()


def _with_asset_uris(card: Card, names: Mapping[str, str]) -> Card:
    """The card, its assets named as a PNG names them."""
    if not names or not card.assets:
        return card
    assets = []
    for asset in card.assets:
        path = embedded_path(asset.uri)
        name = None if path is None else names.get(path)
        changed = name is not None and asset.uri != f"__asset:{name}"
        assets.append(asset.model_copy(update={"uri": f"__asset:{name}"}) if changed else asset)
    return card.model_copy(update={"assets": assets})


def _files(chunks: list[Chunk], notes: Notes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = _LARGEST_FILES
    for chunk in chunks:
        if chunk.keyword.lower().startswith(_ASSET_KEYWORD):
            path = chunk.keyword[len(_ASSET_KEYWORD) :].removeprefix(":")
            try:
                content = base64.b64decode(_without_blanks(chunk.text()), validate=True)
                left -= len(content)
                if left < 0:
                    raise CardFormatError(
                        ErrorCode.CARD_TOO_LARGE,
                        f"the assets in the picture unpack to more than {_LARGEST_FILES // 1024**2} MB, "
                        "more than a card may have.",
                    )
                files[path] = content
            except CardFormatError as error:
                if error.code == ErrorCode.CARD_TOO_LARGE:
                    raise
                notes.add("", f"The asset “{path[:60]}” in the picture is broken and is left out")
            except binascii.Error:
                notes.add("", f"The asset “{path[:60]}” in the picture is broken and is left out")
    return files


def _decoded(chunk: Chunk) -> bytes:
    """The JSON in a text chunk, which some tools write without base64."""
    text = chunk.text().strip()
    if text.startswith((b"{", b"\xef\xbb\xbf")):
        return text
    if text.startswith(_ENCRYPTED):
        raise CardFormatError(
            ErrorCode.CARD_ENCRYPTED,
            "RisuAI encrypted this card. Export it there without encryption.",
        )
    packed = _without_blanks(text).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error as error:
        raise CardFormatError(
            ErrorCode.CARD_DAMAGED,
            f"the card in the picture's “{chunk.keyword}” text is not readable (broken base64).",
            {"keyword": chunk.keyword},
        ) from error


def _without_blanks(text: bytes) -> bytes:
    return text.translate(None, b" \t\n\r\x0b\f")  # split would make an object of every word


def _belongs_to_a_card(chunk: Chunk) -> bool:
    return card_keyword(chunk) is not None or chunk.keyword.lower().startswith(_ASSET_KEYWORD)
