"""Identifiers: a prefix that says what a thing is, and eight to twelve random characters."""

import secrets

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_id(kind: str, length: int = 12) -> str:
    """A fresh id such as ``item_4k2m9x0a1b7c`` (36**12 values: collisions are not a concern).

    Batches use length 8, as in the specification's ``batch_a1b2c3d4`` (section 1.1).
    """
    return f"{kind}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))
