"""Text as SQLite's FTS5 finds it (tokenizer ``unicode61 remove_diacritics 2``), for indexes and for queries.

FTS5 looks for words. Scripts that set no spaces between words are cut into single letters here, in the index
and in the query alike: a query then is a row of letters that stand side by side, found inside any sentence.
"""

import re
import unicodedata
from dataclasses import dataclass

# Han with its extensions, kana, bopomofo, hangul, yi, Thai, Lao, Burmese, Khmer.
_LETTERS_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u312f"
    "\u3130-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
# FTS5 reads a query as a C string: a zero byte would end it in the middle. Surrogates are no UTF-8.
_UNUSABLE = re.compile("[\0-\x1f\x7f\ud800-\udfff]")


# What is set above or below a letter in Latin, Greek, Cyrillic, Hebrew and Arabic script. Not the vowels of
# Indic scripts nor the marks of kana: without those a word is another word.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)


@dataclass(frozen=True, slots=True)
class Search:
    """What a person typed, as SQLite takes it.

    Attributes:
        match: the right side of FTS5's MATCH; "" when nothing that was typed has a letter or a digit.
        pieces: typed words of signs alone, which are in no index: to be looked for with ``instr``.
    """

    match: str
    pieces: tuple[str, ...]


def searchable(text: str) -> str:
    """`text` as it is kept in an index and looked for: one form of each letter, small, loose where needed."""
    plain = unicodedata.normalize("NFKC", _UNUSABLE.sub(" ", text)).casefold().replace("ı", "i")
    if plain.isascii():
        return plain
    return _LETTERS_WITHOUT_SPACES.sub(" \\g<0> ", plain)


def unaccented(text: str) -> str:
    """`searchable` text without accents of any script; FTS5 itself takes them from Latin letters alone."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def search_for(typed: str) -> Search:
    """The search for every word of `typed`, of the last one also its beginning.

    Each word is quoted, so that no sign in it is one of FTS5's own.
    """
    words = [searchable(word).strip() for word in typed.split()]
    with_letters = [word for word in words if any(sign.isalnum() for sign in word)]
    quoted = ['"{}"'.format(word.replace('"', '""')) for word in with_letters]
    return Search(
        match=" AND ".join(quoted) + "*" if quoted else "",
        pieces=tuple(word for word in words if word and word not in with_letters),
    )
