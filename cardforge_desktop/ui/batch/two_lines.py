"""A long name in two lines, where a row has room for two."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption

_UTF16 = "utf-16-le"


def two_lines(text: str, font: QFont, width: int) -> tuple[str, str]:
    """`text` as two lines of at most `width` pixels, parted at a word where that is possible.

    The second one is shortened in its middle, so that the end of the name is always seen; it is "" when one
    line is enough.
    """
    metrics = QFontMetrics(font)
    if metrics.horizontalAdvance(text) <= width:
        return text, ""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    units = line.textLength()  # Qt counts in UTF-16
    layout.endLayout()
    whole = text.encode(_UTF16, "surrogatepass")
    first = whole[: 2 * units].decode(_UTF16, "surrogatepass").rstrip()
    rest = whole[2 * units :].decode(_UTF16, "surrogatepass").lstrip()
    return first, metrics.elidedText(rest, Qt.TextElideMode.ElideMiddle, width)
