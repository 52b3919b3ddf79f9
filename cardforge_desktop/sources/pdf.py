"""PDF documents, read in a process of their own: a hostile one may crash or hang the library, not the app."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from cardforge_desktop.child_process import child_command
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.encoding import signature_of
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.pdf_layout import Line, join_pages
from cardforge_desktop.sources.plain import source_text

TIME_LIMIT = 120.0  # seconds
_CHILD = "cardforge_desktop.sources.pdf_child"
_MARK_WITHIN = 1024  # bytes before the mark that readers accept


def read_pdf(path: Path, data: bytes) -> SourceText:
    """The prose of a PDF: paragraphs joined again, headings by their larger letters, page furniture removed.

    Raises:
        SourceError: SOURCE_DAMAGED (also: too slow, too large), SOURCE_ENCRYPTED, SOURCE_SCANNED,
            SOURCE_EMPTY.
    """
    if b"%PDF-" not in data[:_MARK_WITHIN]:
        really = signature_of(data)
        but = f" but {really}" if really else ""
        raise SourceError.of(ErrorCode.SOURCE_DAMAGED, path, f"this is not a PDF document{but}.")
    answer = _ask_child(path, data)
    if "error" in answer:
        raise _error(path, str(answer["error"]))
    pages = [[Line(*line) for line in page] for page in answer["pages"]]
    text = join_pages(pages)
    without_text = [number for number, page in enumerate(pages, 1) if not page]
    if not text.strip() and answer["drawn"]:
        raise SourceError.of(
            ErrorCode.SOURCE_SCANNED,
            path,
            f"its {len(pages)} pages are pictures without text (a scan). Run text recognition (OCR) first.",
        )
    warnings = [_missing_pages(without_text, len(pages))] if without_text else []
    if answer["cut"]:
        warnings.append("Only the first 20 million characters were read.")
    return source_text(path.name, "pdf", text, title=_useful_title(answer["title"]), warnings=warnings)


def _ask_child(path: Path, data: bytes) -> dict[str, Any]:
    """What `pdf_child` says about the document."""
    package_parent = str(Path(__file__).resolve().parents[2])
    search_path = os.pathsep.join(filter(None, (package_parent, os.environ.get("PYTHONPATH"))))
    try:
        finished = subprocess.run(  # noqa: S603 - our own module
            child_command(_CHILD),
            input=data,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
            env={**os.environ, "PYTHONPATH": search_path},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        answer = json.loads(finished.stdout) if finished.returncode == 0 else {}
    except subprocess.TimeoutExpired as error:
        raise SourceError.of(
            ErrorCode.SOURCE_DAMAGED,
            path,
            f"reading it took longer than {TIME_LIMIT:.0f} seconds and was stopped.",
        ) from error
    except ValueError as error:
        raise _error(path, "crash") from error
    except OSError as error:
        raise SourceError.of(
            ErrorCode.SOURCE_UNREADABLE, path, f"the PDF reader can't be started: {error}."
        ) from error
    if not isinstance(answer, dict) or not answer:
        raise _error(path, "crash")
    return answer


def _error(path: Path, reason: str) -> SourceError:
    if reason == "password":
        return SourceError.of(
            ErrorCode.SOURCE_ENCRYPTED,
            path,
            "it is protected with a password. Save a copy without one.",
        )
    sentence = {
        "memory": "reading it takes too much memory.",
        "crash": "the PDF is so damaged that the reader crashed on it.",
    }.get(reason, "the PDF is damaged. Open it in another program and save or print it as a new PDF.")
    return SourceError.of(ErrorCode.SOURCE_DAMAGED, path, sentence)


def _missing_pages(numbers: list[int], of: int) -> str:
    named = ", ".join(str(number) for number in numbers[:10]) + (", …" if len(numbers) > 10 else "")
    return f"{len(numbers)} of {of} pages have no text (pictures or empty): {named}."


def _useful_title(title: str) -> str:
    """The title in the document's properties, unless a program put a file name there."""
    junk = title.lower().startswith(("microsoft word", "untitled", "unbenannt"))
    has_suffix = title.lower().endswith((".doc", ".docx", ".pdf", ".indd", ".tex", ".odt"))
    return "" if junk or has_suffix else title
