"""Readers of our files that share no code with the writers, each as strict as the app it is modelled on."""

import base64
import json
import struct
import zlib


def png_chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Type and data of each chunk; fails on a wrong checksum or on bytes behind IEND."""
    assert png[:8] == bytes([137, 80, 78, 71, 13, 10, 26, 10])
    chunks, rest = [], png[8:]
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        body = rest[4 : 8 + length]
        assert struct.unpack(">I", rest[8 + length : 12 + length]) == (zlib.crc32(body),)
        chunks.append((body[:4], body[4:]))
        rest = rest[12 + length :]
    assert chunks[-1] == (b"IEND", b"")
    return chunks


def texts(png: bytes) -> list[tuple[str, str]]:
    """Keyword and text of each tEXt chunk, in order."""
    pairs = [data.split(b"\0") for kind, data in png_chunks(png) if kind == b"tEXt"]
    return [(keyword.decode("latin-1"), text.decode("latin-1")) for keyword, text in pairs]


def as_sillytavern(png: bytes) -> dict:
    """tEXt only, keyword in any case, ccv3 before chara."""
    found = {keyword.lower(): text for keyword, text in reversed(texts(png))}
    return json.loads(base64.b64decode(found.get("ccv3") or found["chara"]).decode("utf-8"))


def as_agnai(png: bytes) -> dict:
    """The first tEXt chunk whatever its keyword; only V2."""
    card = json.loads(base64.b64decode(texts(png)[0][1]).decode("utf-8"))
    assert card["spec"] == "chara_card_v2"
    return card["data"]


def as_strict_v1(value: dict) -> list[str]:
    """A typed reader that wants V1's six strings at the top of the object."""
    names = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
    assert all(type(value[name]) is str for name in names)
    return [value[name] for name in names]


def sillytavern_world(book: dict) -> dict:
    """The entries as SillyTavern keeps them: keyed by id, so that equal ones overwrite each other."""
    return {str(entry["id"]): entry for entry in book["entries"]}
