"""Keys of a book entry written as one text with commas, as SillyTavern, RisuAI and others show them."""

import re

_REGEX = re.compile(r"/[\w\W]+/[dgimsuvy]*")
_KEY = re.compile(r"\s*(/(?:\\.|[^/\\\n])+/[dgimsuvy]*(?=\s*(?:,|\Z))|[^,]*)\s*(?:,|\Z)")


def is_regex(key: str) -> bool:
    """Whether a key is a regular expression to the readers out there: ``/…/flags``."""
    return _REGEX.fullmatch(key) is not None


def split_keys(text: str) -> list[str]:
    """The keys in a text with commas between them; commas in ``/a,b/`` part nothing."""
    return [key.strip() for key in _KEY.findall(text) if key.strip()]
