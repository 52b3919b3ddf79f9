"""What reading and writing card files raises."""

from cardforge_desktop.errors import CardForgeError


class CardFormatError(CardForgeError):
    """A card file can't be read, or a card can't be written.

    Codes: CARD_UNREADABLE (by the system), CARD_UNKNOWN_FORMAT (no card format at all), CARD_MISSING (a
    picture or a zip without a card in it), CARD_DAMAGED (cut off, checksum, broken JSON or base64),
    CARD_INVALID (a field of the wrong type), CARD_TOO_LARGE, CARD_ENCRYPTED, CARD_UNWRITABLE (holds what JSON
    can't), CARD_WITHOUT_BOOK (nothing to write as a lorebook), BOOK_WITHOUT_CARD (nothing to write
    as a card), AVATAR_NOT_PNG.
    """

    def in_file(self, name: str) -> "CardFormatError":
        """The same error, its message led by the file's name."""
        return CardFormatError(self.code, f"{name}: {self.message}", {**self.details, "file": name})
