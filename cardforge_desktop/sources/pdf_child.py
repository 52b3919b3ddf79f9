"""The process that opens one PDF: bytes on standard input, JSON on standard output.

Run by `pdf.read_pdf`, never imported. The answer is ``{"pages": [[line, …], …], "title", "drawn", "cut"}``,
a line being the fields of `pdf_layout.Line`; or ``{"error": "password" | "memory" | "damaged"}``.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

MEMORY_LIMIT = 2 * 1024**3  # bytes of address space
CPU_LIMIT = 150  # seconds; the parent stops waiting before that
MOST_CHARACTERS = 20_000_000


def main() -> None:
    """Answer for the document on standard input."""
    _limit()
    data = sys.stdin.buffer.read()
    try:
        answer = _read(data)
    except MemoryError:
        answer = {"error": "memory"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _limit() -> None:
    """Bound memory and time where the system can (macOS does not bound memory, Windows nothing)."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def _read(data: bytes) -> dict[str, Any]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"error": "password" if error.err_code == raw.FPDF_ERR_PASSWORD else "damaged"}
    pages: list[list[tuple[Any, ...]]] = []
    drawn, total = False, 0
    for number in range(len(document)):
        lines: list[tuple[Any, ...]] = []
        try:
            page = document[number]
            lines = list(_lines(page))
            drawn = drawn or raw.FPDFPage_CountObjects(page.raw) > 0
            page.close()
        except pypdfium2.PdfiumError:
            drawn = True  # a page that can't be opened is reported like one without text
        pages.append(lines)
        total += sum(len(line[0]) for line in lines)
        if total > MOST_CHARACTERS:
            break
    if not pages:
        return {"error": "damaged"}
    title = document.get_metadata_value("Title")
    return {"pages": pages, "title": title, "drawn": drawn, "cut": total > MOST_CHARACTERS}


def _lines(page: Any) -> Iterator[tuple[str, float, float, float, float]]:
    """(text, left, right, bottom, height of the letters), in points, as PDFium orders them."""
    from pypdfium2 import raw

    textpage = page.get_textpage()
    start, codes = 0, []
    count = textpage.count_chars()
    for index in range(count):
        code = raw.FPDFText_GetUnicode(textpage.raw, index)
        if code not in (10, 13):
            codes.append(code)
            continue
        if codes:
            yield _line(textpage, start, index - 1, codes)
        start, codes = index + 1, []
    if codes:
        yield _line(textpage, start, count - 1, codes)
    textpage.close()


def _line(textpage: Any, start: int, last: int, codes: list[int]) -> tuple[str, float, float, float, float]:
    from pypdfium2 import PdfiumError

    text = "".join(chr(code) for code in codes if code <= 0x10FFFF)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    boxes = []
    for index in (start, last):
        try:
            boxes.append(textpage.get_charbox(index, loose=True))
        except PdfiumError:
            boxes.append((0.0, 0.0, 0.0, 0.0))
    left, bottom, _, top = boxes[0]
    return text, left, boxes[1][2], bottom, top - bottom


if __name__ == "__main__":
    main()
