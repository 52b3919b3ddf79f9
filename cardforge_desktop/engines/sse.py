"""Server-sent events from bytes that arrive cut anywhere (WHATWG HTML, section 9.2.6)."""

from __future__ import annotations

#: Bytes of an event that is kept until it is whole. Servers send a few hundred, or one answer in one piece.
LONGEST_EVENT = 1024 * 1024


class TooLongError(Exception):
    """A line or an event is longer than `LONGEST_EVENT`."""


class EventParser:
    """Turns chunks of bytes into the data of whole events; every wire format that streams uses it.

    Lines may end in LF, CRLF or CR, an event may have several data lines, comments and other fields are
    skipped. Bytes that are not UTF-8 become U+FFFD; a character cut in two by the network does not.
    """

    def __init__(self) -> None:
        self._tail = bytearray()
        self._data: list[str] = []
        self._kept = 0  # bytes in _data
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[str]:
        """The data of the events that `chunk` completed, in order.

        Raises:
            TooLongError: a line, or an event of many, does not come to its end.
        """
        if self._after_cr and chunk:
            # The CR that ended the last chunk already ended its line: this LF belongs to it.
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if chunk.endswith(b"\r"):
            self._after_cr = True
        first, *lines = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._tail += first
        self._check(len(self._tail))
        if not lines:
            return []
        *lines, tail = bytes(self._tail), *lines
        self._tail = bytearray(tail)
        return [event for line in lines if (event := self._line(line)) is not None]

    def close(self) -> list[str]:
        """What a server left without its closing blank line at the end of the stream."""
        last = self._line(bytes(self._tail)) if self._tail else None
        self._tail.clear()
        rest = self._line(b"")
        return [event for event in (last, rest) if event is not None]

    def _line(self, line: bytes) -> str | None:
        if self._at_start:
            line = line.removeprefix(b"\xef\xbb\xbf")
            self._at_start = False
        if not line:
            if not self._data:
                return None
            event = "\n".join(self._data)
            self._data.clear()
            self._kept = 0
            return event
        self._check(len(line))
        name, _, value = line.partition(b":")
        if name == b"data":
            self._kept += len(line)
            self._data.append(value.removeprefix(b" ").decode("utf-8", "replace"))
        return None

    def _check(self, more: int) -> None:
        if self._kept + more > LONGEST_EVENT:
            raise TooLongError
