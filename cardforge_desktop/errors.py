"""The one base of every error a person may see."""

from collections.abc import Mapping
from typing import Any


class CardForgeError(Exception):
    """An error with a code for programs, a sentence for the person and details for the report.

    Attributes:
        code: upper-case words joined by underscores, stable (``SOURCE_EMPTY``).
        message: one or two plain sentences: what happened, where, and the way out.
        details: JSON-able facts for a bug report; never a secret.
    """

    def __init__(self, code: str, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details: dict[str, Any] = dict(details or {})
