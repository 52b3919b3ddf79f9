"""Marks texts for lupdate where they stand and are translated later."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """`text` as it is; lupdate finds it by this function's name. PySide6's own is typed as an object."""
    del context
    return text
