"""Names of our own in other apps' files mean nothing."""

from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.shapes import read_object


def test_a_field_called_as_our_place_for_what_stands_beside_data_does_not_get_there():
    pygmalion = {"char_name": "Ada", "char_persona": "A keeper.", "beside_data": {"spec": "x", "mood": 1}}
    shape = read_object(pygmalion, Notes())
    assert (shape.spec, shape.card.name, shape.card.beside_data) == ("pygmalion", "Ada", {})
