"""Every field of a profile has a name of its own and its values are words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.ui.profiles.editor.field_names import choices_of, name_of, value_text

FIELDS = fields_of(ProfileContent(name="Any"))


def test_every_field_has_a_name_and_no_two_share_one():
    names = {path: name_of(path) for path in FIELDS}
    assert [path for path, name in names.items() if name == path or "_" in name or "%" in name] == []
    assert len(set(names.values())) == len(names)


def test_fields_of_the_card_are_named_by_what_they_are_called_on_the_screen():
    assert name_of("prompts.fields.first_mes") == "First message, instruction"
    assert name_of("config.fields.mes_example.max_tokens") == "Example messages, tokens at most"
    assert name_of("config.fields.tags") == "Tags"


@pytest.mark.parametrize("path", ["", "config.fields", "prompts.fields", "config.sampling", "config.book"])
def test_what_holds_several_fields_has_a_name_too(path: str):
    assert name_of(path) not in ("", path)


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("config.engine", "", "As chosen in the app"),
        ("config.sampling.temperature", None, "Left to the engine"),
        ("config.sampling.temperature", 0.0, "0"),
        ("config.sampling.temperature", 0.85, "0.85"),
        ("config.sampling.seed", 1234567, "1234567"),
        ("config.fields.tags.words", 0, "As the instruction says"),
        ("config.fields.tags.max_tokens", 1200, "1,200"),
        ("config.greetings", 0, "0"),
        ("config.book.include", False, "No"),
        ("config.tense", "", "As the source is"),
        ("config.point_of_view", "second", "Second person (“you”)"),
        ("config.formats", ("tavernai", "of-another-app"), "PNG card (V2 and V3), of-another-app"),
        ("config.formats", (), "(empty)"),
        ("config.naming_pattern", "batch", "Batch, number and name"),
        ("config.naming_pattern", "{character_name}", "{character_name}"),
        ("description", "", "(empty)"),
        ("prompts.task", "As it is, %1", "As it is, %1"),
    ],
)
def test_values_are_words(path: str, value: Any, text: str):
    assert value_text(path, value) == text


def test_a_choice_is_offered_in_the_words_its_value_is_told_in():
    assert [key for key, _ in choices_of("type")] == ["character", "scenario", "group", "lorebook"]
    for path in FIELDS:
        assert all(value_text(path, key) == text for key, text in choices_of(path)), path


@given(path=st.one_of(st.text(), st.sampled_from([*FIELDS, "config.fields.", "prompts.fields..x"])))
def test_no_path_raises(path: str):
    assert isinstance(name_of(path), str)
    assert isinstance(value_text(path, path), str)
