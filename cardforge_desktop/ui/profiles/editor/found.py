"""What was found in a profile, for its form: in order, by section, with its click. No widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.profiles.model import FIELD_NAMES, ProfileContent
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.profiles.templates import (
    MACROS,
    OF_BOOK,
    OF_FIELD,
    OF_TASK,
    known_placeholders,
    meant,
)
from cardforge_desktop.profiles.validation import Finding, FindingCode, Validation
from cardforge_desktop.ui.profiles.editor.field_names import name_of
from cardforge_desktop.ui.widgets.finding_lines import FindingLine

#: Sections of the form, by the beginning of the paths they show; the first that fits counts.
_PLACES: Mapping[str, str] = {
    "config.engine": "engine",
    "config.model": "engine",
    "config.sampling": "engine",
    "config.fields": "fields",
    "prompts.fields": "fields",
    "config.book": "book",
    "prompts.book": "book",
    "config.formats": "files",
    "config.naming_pattern": "files",
    "prompts": "prompts",
    "config": "writing",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and how grave it is: ``error`` or ``warning``."""

    severity: str
    finding: Finding

    @property
    def path(self) -> str:
        """Of its field."""
        return self.finding.field


@dataclass(frozen=True, slots=True)
class Fix:
    """What one click does about a finding: `value` at `path`."""

    label: str
    path: str
    value: Any


def all_found(validation: Validation) -> tuple[Found, ...]:
    """Errors before warnings, both as the form has their fields."""
    order = {path: at for at, path in enumerate(form_order())}

    def place(found: Found) -> tuple[bool, int, int]:
        at = order.get(found.path, -1)
        return found.severity != "error", at, found.finding.start or 0

    errors = [Found("error", each) for each in validation.errors]
    warnings = [Found("warning", each) for each in validation.warnings]
    return tuple(sorted(dict.fromkeys((*errors, *warnings)), key=place))  # the same twice is told once


def form_order() -> tuple[str, ...]:
    """All paths as the form shows them: a field of the card with its lengths and its instruction."""
    paths = list(fields_of(ProfileContent(name="")))
    sections = ("general", "engine", "writing", "fields", "book", "prompts", "files")
    cards = {name: at for at, name in enumerate(FIELD_NAMES)}

    def place(path: str) -> tuple[int, int, int]:
        parts = path.split(".")
        card = cards[parts[2]] if len(parts) > 2 and parts[1] == "fields" else -1  # type: ignore[index]
        return sections.index(section_of(path)), card, paths.index(path)

    return tuple(sorted(paths, key=place))


def section_of(path: str) -> str:
    """Key of the section that shows a path, ``general`` for what is of the whole profile."""
    return next(
        (key for start, key in _PLACES.items() if path == start or path.startswith(f"{start}.")), "general"
    )


def by_path(found: Iterable[Found]) -> dict[str, tuple[Found, ...]]:
    """What was found in each field."""
    gathered: dict[str, tuple[Found, ...]] = {}
    for each in found:
        gathered[each.path] = (*gathered.get(each.path, ()), each)
    return gathered


def counts(found: Iterable[Found]) -> tuple[int, int]:
    """Number of errors and of warnings."""
    listed = list(found)
    errors = sum(each.severity == "error" for each in listed)
    return errors, len(listed) - errors


def line_of(found: Found, content: ProfileContent) -> FindingLine:
    """A line under the field."""
    fix = fix_of(found.finding, content)
    return FindingLine(found.severity, found.finding.message, fix.label if fix is not None else "")


def fix_of(finding: Finding, content: ProfileContent) -> Fix | None:
    """What one click can do about a finding; None = nothing, or the text is another one by now."""
    value = fields_of(content).get(finding.field)
    if finding.code in (FindingCode.NO_EFFECT, FindingCode.MODEL_WITHOUT_ENGINE):
        return _fix_without_effect(finding, value)
    if finding.code is FindingCode.UNKNOWN_PLACEHOLDER and isinstance(value, str):
        return _fix_placeholder(finding, value)
    if finding.code is FindingCode.UNKNOWN_FORMAT and isinstance(value, tuple):
        return _fix_formats(finding, value)
    return None


def _fix_placeholder(finding: Finding, text: str) -> Fix | None:
    """What is meant in its place, or nothing where it belongs into another template."""
    start, end = finding.start, finding.end
    if start is None or end is None or text[start : start + 1] != "{" or text[end - 1 : end] != "}":
        return None
    name, known = text[start + 1 : end - 1], known_placeholders(finding.field)
    if name.lower() in MACROS:
        put = f"{{{{{name.lower()}}}}}"
    elif name not in known and name in {*OF_TASK, *OF_FIELD, *OF_BOOK}:
        return Fix(_remove(), finding.field, text[:start] + text[end:])
    elif guess := meant(name, known):
        put = f"{{{guess}}}"
    else:
        return None
    label = QCoreApplication.translate("ProfileFixes", "Use %1").replace("%1", put)
    return Fix(label, finding.field, f"{text[:start]}{put}{text[end:]}")


def _fix_without_effect(finding: Finding, value: Any) -> Fix | None:
    """Take away what does nothing: a setting of the engine, or a part of a template."""
    path, start, end = finding.field, finding.start, finding.end
    if path.startswith("config.sampling.") and value is not None:
        return Fix(QCoreApplication.translate("ProfileFixes", "Leave it empty"), path, None)
    if path == "config.model" and value:
        return Fix(_remove(), path, "")
    if isinstance(value, str) and start is not None and end is not None:
        is_there = value[start : start + 1] == "{" and value[end - 1 : end] == "}"
        return Fix(_remove(), path, value[:start] + value[end:]) if is_there else None
    return None


def _remove() -> str:
    return QCoreApplication.translate("ProfileFixes", "Remove it")


def _fix_formats(finding: Finding, names: Sequence[str]) -> Fix:
    from cardforge_desktop.cards.formats import FORMATS

    label = QCoreApplication.translate("ProfileFixes", "Leave it out")
    return Fix(label, finding.field, tuple(name for name in names if name in FORMATS))


def said(found: Iterable[Found]) -> str:
    """What is the matter with one field, for who hears it: "Error: …"."""
    words = {
        "error": QCoreApplication.translate("ProfileFixes", "Error: %1"),
        "warning": QCoreApplication.translate("ProfileFixes", "Warning: %1"),
    }
    return " ".join(words[each.severity].replace("%1", each.finding.message) for each in found)


def place_of(found: Found) -> str:
    """What the field of a finding is called, "" for the whole profile."""
    return name_of(found.path) if found.path else ""
