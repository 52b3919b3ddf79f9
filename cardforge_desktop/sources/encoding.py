"""Which characters the bytes of a text file stand for."""

import codecs
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.model import SourceError

# Longest first: the mark of UTF-16 LE is the beginning of UTF-32 LE's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive (a .docx, .xlsx or .epub is one too)"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture, a sound or a film"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound"),
)
# Signatures of plain letters, which a text may well begin with: they need control characters beside them.
_LETTERS_ONLY = (b"RIFF", b"BZh", b"ID3", b"OggS", b"GIF8", b"PK")
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
_MOST_CONTROLS = 0.01
_SAMPLE = 200_000
# What text files come in; charset-normalizer knows many more, which it mistakes these for.
_CANDIDATES = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "koi8_r",
]
_CANDIDATES += ["iso8859_2", "shift_jis", "euc_jp", "gb18030", "big5", "cp949", "iso2022_jp", "cp874"]
# By their letters these can hardly be told apart in a short text, so that alphabets decide.
_LATIN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "iso8859_2"})
_CENTRAL_EUROPE = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ")
_ALPHABETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "cp1252",
        (
            "äöüß",
            "àâæçèéêëîïôœùûü",
            "áéíñóúüªº¿¡",
            "àèéìíòóùú",
            "àáâãçéêíóôõúü",
            "åäöéü",
            "æøåéöäü",
            "áðéíóúýþæö",
            "éèëïóöüá",
        ),
    ),
    ("cp1250", _CENTRAL_EUROPE),
    ("iso8859_2", _CENTRAL_EUROPE),
    ("cp1254", ("âçğıîöşüi\u0307",)),
)
_PUNCTUATION = frozenset("‘’‚“”„‹›«»–—…•·°§€£©®™\u00a0\u00ad")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters, the name of their encoding, and what was guessed."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def signature_of(data: bytes) -> str:
    """What a file really is by its first bytes, ``a PDF document``; "" when they say nothing."""
    head = data[:4096]
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name if signature not in _LETTERS_ONLY or _control_share(head) > 0 else ""
    return ""


def decode(path: Path, data: bytes, declared: str = "") -> Decoded:
    """The text of a file: by its byte order mark, as UTF-8, as `declared`, by a guess that prefers Western.

    Raises:
        SourceError: SOURCE_BINARY.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, encoding)
    really = signature_of(data)
    if really:
        raise SourceError.of(
            ErrorCode.SOURCE_BINARY,
            path,
            f"this is not text but {really}. Give it its own ending or save it as text.",
        )
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return Decoded(data.decode(unmarked, "replace"), unmarked)
    if _control_share(data) > _MOST_CONTROLS:
        raise SourceError.of(ErrorCode.SOURCE_BINARY, path, "this is not text but a binary file.")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _declared(data, declared) or _guessed(data)


def _control_share(data: bytes) -> float:
    """Share of control characters that no text has, 0..1."""
    return 1 - len(data.translate(None, _CONTROLS)) / len(data) if data else 0.0


def _marked(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding.removesuffix("-sig"), _broken(text, encoding.removesuffix("-sig")))


def _utf16_without_mark(data: bytes) -> str:
    """Western text in UTF-16 has a zero in every second byte, and only there."""
    sample = data[: _SAMPLE // 2 * 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.4 * half and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd == 0 else ""


def _declared(data: bytes, declared: str) -> Decoded | None:
    try:
        return Decoded(data.decode(declared), codecs.lookup(declared).name) if declared else None
    except (LookupError, UnicodeError, ValueError):
        return None


def _guessed(data: bytes) -> Decoded:
    """By the look of the text, Windows-1252 where it may be that."""
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    encoding = best.encoding if best and best.encoding not in _LATIN else _latin(sample)
    text = data.decode(encoding, "replace")
    guess = f"The encoding was guessed as {encoding}. If letters look wrong, save the file as UTF-8."
    return Decoded(text, encoding, (guess, *_broken(text, encoding)))


def _latin(sample: bytes) -> str:
    """The Latin encoding in which most letters beyond ASCII belong to one language; else cp1252."""
    scores: dict[str, float] = {}
    for encoding, alphabets in _ALPHABETS:
        text = sample.decode(encoding, "replace").lower()
        letters = Counter(letter for letter in text if letter > "\x7f" and letter not in _PUNCTUATION)
        total = letters.total()
        belonging = max(sum(letters[letter] for letter in alphabet) for alphabet in alphabets)
        scores[encoding] = belonging / total if total else 1.0
    return max(scores, key=lambda encoding: scores[encoding])


def _broken(text: str, encoding: str) -> tuple[str, ...]:
    count = text.count("\ufffd")
    return (f"{count} characters could not be read as {encoding} and are shown as \ufffd.",) if count else ()
