"""What a format cannot hold, said before a file is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that does not come back from a file in some format.

    Attributes:
        field: the path of what is lost, ``character_book.entries[3].content``.
        reason: for people: what happens to it, and why.
    """

    field: str
    reason: str
