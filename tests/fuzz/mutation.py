"""Files changed the way damage and malice change them; the same dice give the same file."""

import base64
import io
import json
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.cards.readers import png_chunks

#: Makes one more file of a corpus.
Change = Callable[[random.Random, Sequence[bytes]], bytes]

_EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63, 2**64 - 1)


def bytewise(*words: bytes) -> Change:
    """Bytes turned, set, cut, doubled, and put in: any, or `words` that mean something in the format."""

    def change(dice: random.Random, corpus: Sequence[bytes]) -> bytes:
        data = bytearray(dice.choice(corpus))
        for _ in range(dice.choice((1, 1, 2, 4, 8))):
            dice.choice(_STEPS)(dice, data, corpus, words)
        return bytes(data)

    return change


def in_json(dice: random.Random, corpus: Sequence[bytes]) -> bytes:
    """JSON whose values were put in each other's place, left out, repeated, and made what nobody expects."""
    try:
        value = json.loads(dice.choice(corpus))
        for _ in range(dice.choice((1, 1, 2, 4, 8))):
            value = _changed_value(dice, value, json.loads(dice.choice(corpus)))
    except (ValueError, RecursionError):  # a file that an earlier change broke
        return _BYTES(dice, corpus)
    text = json.dumps(value, ensure_ascii=dice.random() < 0.5)
    depth = dice.choice((5, 85, 92, 97, 98, 99, 100, 101, 2000, 100_000))
    text = text.replace(json.dumps(_DEEP), '[{"":' * (depth // 2) + "[]" + "}]" * (depth // 2), 1)
    if dice.random() < 0.1:  # numbers that Python itself refuses to write
        text = text.replace("0", "9" * 5000, 1)
    if dice.random() < 0.2:  # a name twice
        text = text.replace("{", '{"name": null, "name": "Twice", ', 1)
    return text.encode(dice.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-8-sig")), "surrogatepass")


def in_xml(dice: random.Random, corpus: Sequence[bytes]) -> bytes:
    """XML that stays well formed: elements moved, doubled and left out, words and attributes changed."""
    pieces = _TAGS.split(dice.choice(corpus))
    for _ in range(dice.choice((1, 1, 2, 4))):
        pieces = pieces or [b""]
        begin, end = _element(dice, pieces)
        match dice.randrange(6):
            case 0:
                del pieces[begin:end]
            case 1:
                times = dice.choice((1, 2, 500))
                pieces[begin:begin] = pieces[begin:end][: 5_000 // times] * times
            case 2:
                moved = pieces[begin:end]
                del pieces[begin:end]
                target, _ = _element(dice, pieces)
                pieces[target:target] = moved
            case 3:
                inside = pieces[begin:end]
                pieces[begin:end] = inside[:1] * 200 + inside + inside[-1:] * 200
            case 4:
                values = _VALUES.findall(pieces[begin])
                old = dice.choice(values or [b"x"])
                pieces[begin] = pieces[begin].replace(old, dice.choice(_ATTRIBUTES), 1)
            case _:
                pieces.insert(begin, dice.choice(_WORDS))
    return b"".join(pieces)


def in_png(dice: random.Random, corpus: Sequence[bytes]) -> bytes:
    """A PNG whose chunks were changed, moved, left out and doubled; most have a right checksum."""
    chunks = png_chunks(dice.choice(corpus))
    for _ in range(dice.choice((1, 1, 2, 4))):
        at = dice.randrange(len(chunks))
        kind, data = chunks[at]
        match dice.randrange(6):
            case 0:
                del chunks[at]
            case 1:
                chunks.insert(dice.randrange(len(chunks) + 1), (kind, data))
            case 2:
                chunks[at] = (dice.choice((b"tEXt", b"zTXt", b"iTXt", b"IEND", b"acTL", b"\0\0\0\0")), data)
            case 3:
                chunks[at] = (kind, _steps(dice, data))
            case _:
                chunks[at] = _card_chunk(dice, chunks)
        chunks = chunks or [(b"IEND", b"")]
    png = bytearray(b"\x89PNG\r\n\x1a\n")
    for kind, data in chunks:
        checksum = zlib.crc32(kind + data) ^ (dice.random() < 0.05)
        png += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
    return bytes(png) if dice.random() < 0.8 else _steps(dice, bytes(png))


def in_zip(changes: Mapping[str, Change]) -> Change:
    """A zip whose members were changed (by the ending of their names), renamed, left out and doubled."""

    def change(dice: random.Random, corpus: Sequence[bytes]) -> bytes:
        members = _members(dice.choice(corpus))
        for _ in range(dice.choice((1, 1, 2, 4))):
            at = dice.randrange(len(members))
            name, content = members[at]
            match dice.randrange(8):
                case 0:
                    members.insert(dice.randrange(len(members)), dice.choice(members))
                case 1:
                    members[at] = (dice.choice(_NAMES), content)
                case 2 if len(members) > 1:
                    del members[at]
                case _:
                    fits = (kind for end, kind in changes.items() if name.endswith(end))
                    members[at] = (name, next(fits, _BYTES)(dice, [content]))
        data = _zipped(dice, members)
        return data if dice.random() < 0.7 else _steps(dice, data)

    return change


def one_of(*changes: Change) -> Change:
    """Any of several ways."""
    return lambda dice, corpus: dice.choice(changes)(dice, corpus)


# Bytes

_Step = Callable[[random.Random, bytearray, Sequence[bytes], Sequence[bytes]], None]


def _steps(dice: random.Random, data: bytes) -> bytes:
    return _BYTES(dice, [data])


def _flip(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    if data:
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _set(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    if data:
        data[dice.randrange(len(data))] = dice.choice((0, 0x20, 0x22, 0x7F, 0x80, 0xFF, dice.randrange(256)))


def _edge(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    """A number in the file becomes one at the edge of what it can hold."""
    width = dice.choice((1, 2, 4, 8))
    at = dice.randrange(max(len(data) - width, 0) + 1)
    number = dice.choice(_EDGES) & (1 << 8 * width) - 1
    data[at : at + width] = number.to_bytes(width, dice.choice(("big", "little")))


def _cut(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    del data[dice.randrange(len(data) + 1) :]


def _remove(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    begin, end = _span(dice, data)
    del data[begin:end]


def _repeat(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    begin, end = _span(dice, data)
    times = dice.choice((1, 1, 2, 50, 1000))
    data[begin:begin] = data[begin:end][: 200_000 // times] * times


def _insert(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    at = dice.randrange(len(data) + 1)
    data[at:at] = dice.randbytes(dice.randrange(1, 9))


def _word(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    at = dice.randrange(len(data) + 1)
    data[at : at + dice.choice((0, 0, 1, 4))] = dice.choice(words or (b"\0",)) * dice.choice(
        (1, 1, 1, 2, 200)
    )


def _splice(dice: random.Random, data: bytearray, corpus: Sequence[bytes], words: Sequence[bytes]) -> None:
    other = dice.choice(corpus)
    begin, end = _span(dice, data)
    start, stop = _span(dice, other)
    data[begin:end] = other[start:stop]


def _span(dice: random.Random, data: bytes | bytearray) -> tuple[int, int]:
    begin = dice.randrange(len(data) + 1)
    return begin, min(len(data), begin + dice.choice((1, 4, 16, 100, 1000)))


_STEPS: Sequence[_Step] = (_flip, _set, _edge, _cut, _remove, _repeat, _insert, _word, _word, _splice)
_BYTES = bytewise()

# JSON

#: In its place come lists in lists; Python itself writes no thousands of them.
_DEEP = "deep"

_ODD: Sequence[Callable[[random.Random], Any]] = (
    lambda dice: None,
    lambda dice: dice.choice((True, False)),
    lambda dice: dice.choice((0, -1, 1.5, 1e308, -0.0, 2**53 + 1, 10**30, 10**400)),
    lambda dice: dice.choice((float("nan"), float("inf"), float("-inf"))),
    lambda dice: dice.choice(
        ("", " ", "1", "0.5", "true", "null", "a, b", "/x/i", "@@depth 4\n@@@role user\nx")
    ),
    lambda dice: dice.choice(("\ud800", "\udc00\ud800", "\0", "\u2028", "{{char}}", "x" * 5000, "ﬀ́" * 50)),
    lambda dice: [],
    lambda dice: {},
    lambda dice: dice.choice(
        ([None], [[]], [{}], [1, "1", None], {"": None}, {"0": {}}, {"extensions": None})
    ),
    lambda dice: _DEEP,
)


def _changed_value(dice: random.Random, value: Any, other: Any) -> Any:
    """`value` with one place in it changed; what comes there is odd, or from `other`."""
    places = list(_places(value))
    if not places:
        return dice.choice(_ODD)(dice)
    inside, name = dice.choice(places)
    match dice.randrange(8):
        case 0:
            del inside[name]
        case 1:
            given = [within[at] for within, at in _places(other)]
            inside[name] = dice.choice(given or [None])
        case 2 if isinstance(inside, dict):
            inside[dice.choice(_FIELDS)] = inside.pop(name)
        case 3 if isinstance(inside, list):
            inside[name:name] = [inside[name]] * dice.choice((1, 2, 300))
        case 4 if isinstance(inside[name], str | int):
            inside[name] = str(inside[name]) if not isinstance(inside[name], str) else [inside[name]]
        case _:
            inside[name] = dice.choice(_ODD)(dice)
    return value


def _places(value: Any) -> Any:
    waiting = [value]
    while waiting:
        inside = waiting.pop()
        if isinstance(inside, dict | list):
            for name in inside if isinstance(inside, dict) else range(len(inside)):
                yield inside, name
                waiting.append(inside[name])


_FIELDS = (
    *("name", "description", "first_mes", "mes_example", "alternate_greetings", "tags", "extensions", "data"),
    *(
        "character_book",
        "entries",
        "keys",
        "key",
        "content",
        "id",
        "uid",
        "position",
        "spec",
        "assets",
        "uri",
    ),
    *(
        "beside_data",
        "spec_version",
        "use_regex",
        "insertion_order",
        "originalData",
        "kind",
        "type",
        "persona",
    ),
    *("", "\ud800", "__class__", "model_config", "x" * 300),
)

# XML

_TAGS = re.compile(rb"(<[^<>]*>)")
_VALUES = re.compile(rb'"[^"<>]*"')
_ATTRIBUTES = (b'""', b'"0"', b'"-1"', b'"99999999999"', b'"x"', b'"true"', b'"1.5"', b'"../../x"', b'"&#9;"')
_WORDS = (
    b"Words.",
    b" \n\t ",
    b"&#xA0;",
    b"&lt;p&gt;",
    "é́漢🜁".encode(),
    b"x" * 5000,
    b"<!-- -->",
    b"<?a b?>",
)


def _element(dice: random.Random, pieces: Sequence[bytes]) -> tuple[int, int]:
    """Where an element begins and ends."""
    begins = [at for at, piece in enumerate(pieces) if re.match(rb"<\w", piece)]
    if not begins:
        return 0, 0
    begin, depth = dice.choice(begins), 0
    for at in range(begin, len(pieces)):
        if re.match(rb"<\w.*[^/]>|<\w>", pieces[at], re.DOTALL):
            depth += 1
        elif pieces[at].startswith(b"</"):
            depth -= 1
        if depth <= 0:
            return begin, at + 1
    return begin, begin


# PNG


def _card_chunk(dice: random.Random, chunks: Sequence[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """A text with a changed card in it."""
    found = [data.split(b"\0")[-1] for kind, data in chunks if kind == b"tEXt" and data.startswith(_KEYWORDS)]
    try:
        value = base64.b64decode(dice.choice(found), validate=True)
        text = in_json(dice, [value])
    except (IndexError, ValueError):
        text = _steps(dice, b'{"name": "Ada", "first_mes": "Hi"}')
    keyword = dice.choice((b"chara", b"ccv3", b"Chara", b"chara-ext-asset_:0"))
    packed = text if dice.random() < 0.1 else base64.b64encode(text)
    match dice.randrange(4):
        case 0:
            return b"zTXt", keyword + b"\0\0" + zlib.compress(packed)
        case 1:
            return b"iTXt", keyword + b"\0\1\0\0\0" + zlib.compress(packed)
        case _:
            return b"tEXt", keyword + b"\0" + packed


_KEYWORDS = (b"chara\0", b"ccv3\0")

# Zip

_NAMES = (
    *("card.json", "../card.json", "/card.json", "C:\\card.json", "assets\\x.png", "a/../b", "", "x" * 300),
    *(
        "assets/icon/images/main.png",
        "META-INF/container.xml",
        "content.xml",
        "word/document.xml",
        "é",
        "a\0b",
    ),
)


def _members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def _zipped(dice: random.Random, members: Sequence[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for at, (name, content) in enumerate(members):
            info = zipfile.ZipInfo(name)
            info.compress_type = dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
            info.external_attr = dice.choice((0, 0, 0, 0o120777 << 16))
            archive.filelist[:], kept = [], archive.filelist[:]  # no warning about a name that is there twice
            archive.NameToInfo.clear()
            archive.writestr(info, content)
            archive.filelist[:] = [*kept, *archive.filelist]
            assert len(archive.filelist) == at + 1
    return buffer.getvalue()
