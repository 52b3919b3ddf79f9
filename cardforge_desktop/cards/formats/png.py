"""The card in a PNG (``tavernai``): base64 of the JSON in tEXt chunks behind the pixels.

SillyTavern reads `ccv3` before `chara`, and only tEXt; Agnai takes the first tEXt chunk, whatever its
keyword, and knows only V2. So `chara` comes right after the last IDAT, `ccv3` after it, and the picture's own
tEXt behind both.
"""

import base64
import binascii
from typing import Any

from cardforge_desktop.cards.formats import json_file, json_text, png_chunks, v3
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.png_chunks import Chunk
from cardforge_desktop.cards.model import Card

V2_KEYWORD = "chara"
V3_KEYWORD = "ccv3"
_ASSET_KEYWORD = "chara-ext-asset_"


def write_png(card: Card, avatar: bytes) -> bytes:
    """`avatar` (a PNG) with `card` in it; a card that was in it before is replaced.

    Pixels and every chunk that is not a card's stay byte for byte; only tEXt chunks move, behind the card.

    Raises:
        CardFormatError: the avatar is no whole PNG, or the card can't be JSON.
    """
    chunks = [chunk for chunk in png_chunks.split(avatar) if not _belongs_to_a_card(chunk)]
    texts = [chunk for chunk in chunks if chunk.type == b"tEXt"]
    others = [chunk for chunk in chunks if chunk.type != b"tEXt"]
    behind_pixels = max(index for index, chunk in enumerate(others) if chunk.type == b"IDAT") + 1
    return png_chunks.join(
        [
            *others[:behind_pixels],
            _card_chunk(V2_KEYWORD, json_file.everywhere(card)),
            _card_chunk(V3_KEYWORD, v3.write(card)),
            *texts,
            *others[behind_pixels:],
        ]
    )


def read_png(data: bytes) -> Card:
    """The card in a PNG: V3's chunk before V2's.

    Raises:
        CardFormatError: no whole PNG, no card in it, or a broken one.
    """
    texts = [chunk for chunk in png_chunks.split(data) if chunk.type == b"tEXt"]
    for keyword in (V3_KEYWORD, V2_KEYWORD):
        for chunk in texts:
            if chunk.keyword.lower() == keyword:
                return json_file.read_json(_decoded(chunk))
    raise CardFormatError("CARD_MISSING", "this picture has no character card in it.")


def _card_chunk(keyword: str, value: dict[str, Any]) -> Chunk:
    return png_chunks.text_chunk(keyword, base64.b64encode(json_text.dump(value)))


def _decoded(chunk: Chunk) -> bytes:
    text = chunk.data.split(b"\0", 1)[-1]
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as error:
        raise CardFormatError(
            "CARD_DAMAGED",
            f"the card in the picture's “{chunk.keyword}” text is not readable (broken base64).",
            {"keyword": chunk.keyword},
        ) from error


def _belongs_to_a_card(chunk: Chunk) -> bool:
    keyword = chunk.keyword.lower()
    return keyword in (V2_KEYWORD, V3_KEYWORD) or keyword.startswith(_ASSET_KEYWORD)
