"""Server-sent events from bytes that arrive cut anywhere (WHATWG HTML, section 9.2.6)."""

from __future__ import annotations


class EventParser:
    """Turns chunks of bytes into the data of whole events; every wire format that streams uses it.

    Lines may end in LF, CRLF or CR, an event may have several data lines, comments and other fields are
    skipped. Bytes that are not UTF-8 become U+FFFD; a character cut in two by the network does not.
    """

    def __init__(self) -> None:
        self._tail = b""
        self._data: list[str] = []
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[str]:
        """The data of the events that `chunk` completed, in order."""
        if self._after_cr and chunk:
            # The CR that ended the last chunk already ended its line: this LF belongs to it.
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if chunk.endswith(b"\r"):
            self._after_cr = True
        text = self._tail + chunk
        lines = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._tail = lines.pop()
        return [event for line in lines if (event := self._line(line)) is not None]

    def close(self) -> list[str]:
        """What a server left without its closing blank line at the end of the stream."""
        last = self._line(self._tail) if self._tail else None
        self._tail = b""
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
            return event
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" ").decode("utf-8", "replace"))
        return None
