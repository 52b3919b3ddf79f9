"""Card files: one file per format, and the two registries that name them.

A new format is a file here and a line in `FORMATS` (writing) or `_containers` (reading).
"""

from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.losses import Loss
from cardforge_desktop.cards.formats.reading import LARGEST_FILE, CardFile, read_file, read_path
from cardforge_desktop.cards.formats.writing import BOOK_FORMATS, FORMATS, Format

__all__ = [
    "BOOK_FORMATS",
    "FORMATS",
    "LARGEST_FILE",
    "CardFile",
    "CardFormatError",
    "Format",
    "Loss",
    "read_file",
    "read_path",
]
