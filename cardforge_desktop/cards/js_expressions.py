"""Regular expressions of keys, run with the time and by the rules that a browser would run them by.

Sources: SillyTavern 1.18.0, public/scripts/world-info.js (`parseRegexFromString`); ECMAScript, RegExp.
"""

import re
import time
from collections.abc import Callable

from cardforge_desktop.cards import js_regex

#: Flags that `parseRegexFromString` lets through.
_FLAGS = frozenset("gimsuy")
#: A slash in the pattern without a backslash before it: SillyTavern takes the key for plain text then.
_BARE_SLASH = re.compile(r"(?:^|[^\\])/")
#: Characters; compiling takes time too.
_LONGEST = 2_000
_PIECE = re.compile(
    r"\\u\{[0-9a-fA-F]{1,6}\}|\\c[A-Za-z]|\\k<|\\[pP]\{[^}]*\}|\\.|\[\^?\]|\{\d+(?:,\d*)?\}|.", re.DOTALL
)
_WORD, _NO_WORD = "[A-Za-z0-9_]", "[^A-Za-z0-9_]"
_EDGE = f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_INSIDE = f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))"
#: In JavaScript these mean ASCII, whatever the text is.
_OUT = {r"\w": _WORD, r"\W": _NO_WORD, r"\d": "[0-9]", r"\D": "[^0-9]", r"\b": _EDGE, r"\B": _INSIDE}
_IN_CLASS = {r"\w": "A-Za-z0-9_", r"\d": "0-9", r"\b": r"\x08", "[": r"\["}
_CLASS_ENDS = frozenset({"]", "[]", "[^]"})
#: Escapes that mean the same in both languages; every other letter behind a backslash is just that letter.
_SAME = frozenset("fnrtvsSxu0123456789")


class GivenUpError(Exception):
    """Whether the expression matches was not to be found out: too long, too slow, or not to be translated."""


def expression_of(key: str) -> js_regex.Written | None:
    """The expression that SillyTavern makes of a key; None for plain text and for what does not compile."""
    written = js_regex.as_regex(key)
    if written is None or not set(written.flags) <= _FLAGS or _BARE_SLASH.search(written.pattern):
        return None
    return None if js_regex.problem(written) else written


class Expressions:
    """Runs expressions of strangers for a bounded time."""

    def __init__(self, each: float = 0.2, together: float = 1.0) -> None:
        """`each` and `together`: seconds that one search, and all of them, may take."""
        self._each, self._left = each, together
        self._compiled: dict[js_regex.Written, object] = {}

    def search(self, written: js_regex.Written, text: str, end: int | None = None) -> tuple[int, int] | None:
        """Where it matches first in `text` as if that ended at `end`; None for nowhere.

        Raises:
            GivenUpError: it can't be said.
        """
        import regex  # type: ignore[import-untyped]

        if self._left <= 0 or len(written.pattern) > _LONGEST:
            raise GivenUpError
        begun = time.monotonic()
        try:
            compiled = self._compiled_of(written)
            run: Callable[..., regex.Match | None] = (
                compiled.match if "y" in written.flags else compiled.search  # type: ignore[attr-defined]
            )
            found = run(text, 0, len(text) if end is None else end, timeout=min(self._each, self._left))
        except (regex.error, RecursionError, OverflowError, TimeoutError, ValueError) as error:
            raise GivenUpError from error
        finally:
            self._left -= time.monotonic() - begun
        return None if found is None else found.span()

    def _compiled_of(self, written: js_regex.Written) -> object:
        import regex

        found = self._compiled.get(written)
        if found is None:
            flags = sum(getattr(regex, flag.upper()) for flag in set(written.flags) & set("ims"))
            found = self._compiled[written] = regex.compile(translated(written), flags | regex.VERSION0)
        return found


def translated(written: js_regex.Written) -> str:
    """The pattern in Python's language."""
    made: list[str] = []
    inside = False
    for piece in _PIECE.findall(written.pattern):
        if inside:
            inside = piece not in _CLASS_ENDS
            made.append(_in_class(piece))
        else:
            inside = piece == "["
            made.append(_outside(piece, written.flags))
    return "".join(made)


def _outside(piece: str, flags: str) -> str:
    if piece in {"[]", "[^]"}:
        return "(?!)" if piece == "[]" else r"[\s\S]"
    if piece == "$":
        return "$" if "m" in flags else r"\Z"
    if piece == "." and "s" not in flags:
        return r"[^\n\r\u2028\u2029]"
    if piece in {"{", "}"}:
        return f"\\{piece}"
    return _OUT.get(piece) or _escape(piece)


def _in_class(piece: str) -> str:
    if piece != "]" and piece in _CLASS_ENDS:  # an opening bracket (and a caret) in a class, then its end
        return f"\\{piece}"
    return _IN_CLASS.get(piece) or _escape(piece)


def _escape(piece: str) -> str:
    if len(piece) < 2 or not piece.startswith("\\"):
        return piece
    kind = piece[1]
    if len(piece) > 2:
        return _long_escape(piece, kind)
    if kind == "0":
        return r"\x00"
    return piece if kind in _SAME or not kind.isalpha() else kind


def _long_escape(piece: str, kind: str) -> str:
    if kind == "u":
        return f"\\U{int(piece[3:-1], 16):08x}"
    if kind == "c":
        return f"\\x{ord(piece[2]) % 32:02x}"
    return r"\g<" if kind == "k" else piece
