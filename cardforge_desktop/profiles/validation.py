"""What the rules found in a profile, as every face shows it (specification, section 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FindingCode(StrEnum):
    """What is the matter, for programs; sent by the local API, so none is ever renamed."""

    # The specification's
    DUPLICATE_NAME = "DUPLICATE_NAME"
    WEAK_NAME = "WEAK_NAME"
    # Of any field
    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    BAD_TYPE = "BAD_TYPE"
    BAD_CHOICE = "BAD_CHOICE"
    BAD_RANGE = "BAD_RANGE"
    BAD_CHARACTER = "BAD_CHARACTER"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    # Of templates
    UNKNOWN_PLACEHOLDER = "UNKNOWN_PLACEHOLDER"
    MISSING_PLACEHOLDER = "MISSING_PLACEHOLDER"
    # Of the rest of the app
    ENGINE_UNKNOWN = "ENGINE_UNKNOWN"
    MODEL_WITHOUT_ENGINE = "MODEL_WITHOUT_ENGINE"
    UNKNOWN_FORMAT = "UNKNOWN_FORMAT"
    PATTERN_INVALID = "PATTERN_INVALID"
    NOTHING_WRITTEN = "NOTHING_WRITTEN"
    OVER_CONTEXT = "OVER_CONTEXT"
    LITTLE_ROOM = "LITTLE_ROOM"
    NO_EFFECT = "NO_EFFECT"


def shortened(text: str) -> str:
    """A text of somebody else's as it may stand in a message: one short line that can be written anywhere."""
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or could be better.

    Attributes:
        field: path of the field (`profiles.paths`), ``config.formats``; "" = the profile as such.
        message: what is the matter and the way out, one or two sentences.
        start, end: the place in a text, in code points; None where it is the whole field.
    """

    field: str
    message: str
    code: FindingCode
    start: int | None = None
    end: int | None = None

    def report(self) -> dict[str, Any]:
        """As JSON."""
        place = {} if self.start is None else {"start": self.start, "end": self.end}
        return {"field": self.field, "message": self.message, "code": self.code.value, **place}


@dataclass(frozen=True, slots=True)
class Validation:
    """Errors keep a profile from being saved, warnings do not."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it can be saved."""
        return not self.errors

    def report(self) -> dict[str, Any]:
        """As JSON: ``{valid, errors, warnings}``."""
        return {
            "valid": self.valid,
            "errors": [finding.report() for finding in self.errors],
            "warnings": [finding.report() for finding in self.warnings],
        }
