"""One and many: what the window counts is said with the right form of its noun."""

import re
from pathlib import Path

import pytest

from docs.make_translations import plural_forms

_WINDOW = Path(__file__).resolve().parents[2] / "cardforge_desktop" / "ui"


@pytest.mark.parametrize(
    ("text", "one", "many"),
    [
        ("%n card(s) are missing", "%Ln card is missing", "%Ln cards are missing"),
        ("%Ln entry(s) were moved", "%Ln entry was moved", "%Ln entries were moved"),
        ("%Ln more category(s)", "%Ln more category", "%Ln more categories"),
        ("Keys of %Ln day(s)", "Keys of %Ln day", "Keys of %Ln days"),
        ("%n box(es)", "%Ln box", "%Ln boxes"),
    ],
)
def test_the_two_forms_follow_from_the_text_in_the_code(text, one, many):
    assert plural_forms(text) == (one, many)


def test_no_text_counts_in_the_plural_alone():
    """“%Ln entries” would have one form, and say “1 entries”."""
    for path in _WINDOW.rglob("*.py"):
        wrong = re.findall(r"%L?n (?:more )?[a-z]{2,}s\b(?!\()", path.read_text("utf-8"))
        assert not wrong, f"{path.name}: {wrong}"
