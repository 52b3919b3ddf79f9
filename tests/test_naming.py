"""File names: the specification's examples, and safety on every system whatever the words are."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.naming import (
    MAX_NAME_BYTES,
    MAX_STEM_BYTES,
    PATTERNS,
    PLACEHOLDERS,
    NameValues,
    NamingError,
    file_names,
    file_stem,
    names_after,
    sanitise,
)

MOMENT = datetime.fromtimestamp(1719023400, UTC)
DAY = datetime(2025, 6, 20, 9, 0, tzinfo=UTC)
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"
}

words = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "CON",
        "nul.txt",
        "..",
        "../../etc/passwd",
        "C:\\x",
        "a" * 400,
        "龍" * 300,
        "e\u0301",
        "\u202egnp",
        "É" * 99,
    ]
)
values = st.builds(
    NameValues,
    character_name=words,
    moment=st.just(MOMENT),
    world=words,
    character_class=words,
    version=words,
    batch_id=words,
    index=st.integers(1, 99999),
)
patterns = st.sampled_from(sorted(PATTERNS)) | st.lists(
    st.sampled_from([f"{{{name}}}" for name in PLACEHOLDERS])
    | st.text(st.characters(exclude_characters="{}"), max_size=40)
    | st.sampled_from(["con", ".", "/", "\\", " ", "e", "{", "}", "con."]),
    max_size=6,
).map("".join).filter(lambda pattern: "{}" not in pattern and "{{" not in pattern and "}}" not in pattern)


def known(pattern: str, name_values: NameValues) -> str | None:
    """The stem, or None where joined pieces happened to make an unknown placeholder."""
    try:
        return file_stem(pattern, name_values, format="json")
    except NamingError:
        return None


@pytest.mark.parametrize(
    ("pattern", "name_values", "name_format", "name"),
    [
        ("default", NameValues("Gandalf the Grey", MOMENT), "json", "gandalf_the_grey_1719023400"),
        (
            "detailed",
            NameValues("Gandalf", DAY, world="Middle-Earth", character_class="Wizard"),
            "json",
            "gandalf_middle_earth_wizard_2025-06-20",
        ),
        ("versioned", NameValues("Gandalf", MOMENT, version="3"), "tavernai", "gandalf_v3_tavernai"),
        (
            "batch",
            NameValues("Gandalf", MOMENT, batch_id="batch_a1b2c3", index=1),
            "json",
            "batch_a1b2c3_001_gandalf",
        ),
    ],
)
def test_names_of_the_specification(
    pattern: str, name_values: NameValues, name_format: str, name: str
) -> None:
    assert file_stem(pattern, name_values, format=name_format) == name
    assert file_stem(PATTERNS[pattern], name_values, format=name_format) == name


def test_absent_world_class_version_and_pattern() -> None:
    bare = NameValues("", DAY, version=" ")
    assert file_stem("detailed", bare) == "unnamed_unknown_unknown_2025-06-20"
    assert file_stem("versioned", bare, format="v2") == "unnamed_v1_v2"
    assert file_stem("", bare) == file_stem("default", bare)


def test_a_placeholder_stands_wherever_and_as_often_as_it_is_written() -> None:
    name_values = NameValues("Mirela", MOMENT, index=7)
    assert file_stem("{index}-{character_name} by {character_name}", name_values) == "007-mirela by mirela"


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert file_stem("{character_name}", NameValues("{world}", MOMENT, world="Secret")) == "world"


def test_the_date_is_the_day_of_the_moments_own_time_zone() -> None:
    late = datetime(2025, 6, 20, 23, 30, tzinfo=timezone(-timedelta(hours=5)))
    assert file_stem("{date}", NameValues("x", late)) == "2025-06-20"


@pytest.mark.parametrize("pattern", ["{name}", "{character_name}_{}", "{Date}", "a{ world }"])
def test_an_unknown_placeholder_is_named_with_the_known_ones(pattern: str) -> None:
    with pytest.raises(NamingError) as caught:
        file_stem(pattern, NameValues("x", MOMENT))
    assert caught.value.code == "NAMING_UNKNOWN_PLACEHOLDER"
    assert caught.value.details["placeholder"] in caught.value.message
    assert all(f"{{{name}}}" in caught.value.message for name in PLACEHOLDERS)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Gandalf the Grey", "gandalf_the_grey"),
        ("  --Dr. O\u2019Neil (PhD)!! ", "dr_oneil_phd"),
        ("Zoe\u0308 Ström", "zoë_ström"),
        ("龍之介", "龍之介"),
        ("नमस्ते दुनिया", "नमस्ते_दुनिया"),
        ("Ведьма Ярга", "ведьма_ярга"),
        ("مريم", "مريم"),
        ("\u202eevil\u2066", "evil"),
        ("a/b\\c:d", "a_b_c_d"),
        ("line\nbreak\x00", "line_break"),
        ("★ \ufe0f ~ \u0301", ""),
        ("\u3164\u200b", ""),
    ],
)
def test_sanitise(text: str, clean: str) -> None:
    assert sanitise(text) == clean


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "LPT9", "com¹"])
def test_reserved_names_get_an_underscore(name: str) -> None:
    assert file_stem("{character_name}", NameValues(name, MOMENT)) == f"{name.lower()}_"
    assert file_stem(f"{name}.{{index}}", NameValues("x", MOMENT)) == f"{name}_.001"


def test_words_of_the_pattern_stay_but_make_no_folders() -> None:
    assert file_stem("My Cards/../{character_name}?.", NameValues("Mirela", MOMENT)) == "My Cards_.._mirela_"


def test_a_long_name_loses_its_own_end_and_keeps_the_rest() -> None:
    stem = file_stem("default", NameValues("Ярга " * 100, MOMENT))
    assert stem.endswith("_1719023400")
    assert stem.startswith("ярга_ярга_")
    assert MAX_STEM_BYTES - 10 < len(stem.encode()) <= MAX_STEM_BYTES


def test_only_formats_that_would_share_a_name_carry_their_format() -> None:
    name_values = NameValues("Gandalf", MOMENT)
    assert file_names("default", name_values, {"json": "json", "tavernai": "png"}) == {
        "json": "gandalf_1719023400.json",
        "tavernai": "gandalf_1719023400.png",
    }
    assert file_names("default", name_values, {"v2": "json", "tavernai": "png", "json": "json"}) == {
        "json": "gandalf_1719023400_json.json",
        "v2": "gandalf_1719023400_v2.json",
        "tavernai": "gandalf_1719023400.png",
    }
    assert file_names("versioned", name_values, {"json": "json", "v2": "json"}) == {
        "json": "gandalf_v1_json.json",
        "v2": "gandalf_v1_v2.json",
    }


def test_a_number_goes_to_all_formats_alike() -> None:
    names = file_names(
        "default", NameValues("Gandalf", MOMENT), {"json": "json", "v2": "json", "tavernai": "png"}, 3
    )
    assert set(names.values()) == {
        "gandalf_1719023400_json_3.json",
        "gandalf_1719023400_v2_3.json",
        "gandalf_1719023400_3.png",
    }


@given(patterns, values)
def test_every_stem_is_safe_on_every_system(pattern: str, name_values: NameValues) -> None:
    stem = known(pattern, name_values)
    if stem is None:
        return
    assert stem
    assert not set(stem) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(character)[0] == "C" for character in stem)
    assert stem == unicodedata.normalize("NFC", stem) == stem.strip().strip(".")
    assert stem.partition(".")[0].strip().lower() not in RESERVED
    assert len(stem.encode()) <= MAX_STEM_BYTES


@given(patterns, values, st.integers(1, 10**6))
def test_names_of_one_card_differ_and_fit(pattern: str, name_values: NameValues, number: int) -> None:
    if known(pattern, name_values) is None:
        return
    formats = {"json": "json", "v2": "json", "tavernai": "png"}
    names = file_names(pattern, name_values, formats, number)
    assert len({name.casefold() for name in names.values()}) == 3
    assert all(len(name.encode()) <= MAX_NAME_BYTES for name in names.values())
    assert names == file_names(pattern, name_values, dict(reversed(formats.items())), number)


@given(words, st.integers(1, 10**4))
def test_names_after_a_file_are_safe_and_differ(stem: str, number: int) -> None:
    formats = {"json": "json", "v2": "json", "charx": "charx"}
    names = names_after(stem, formats, number)
    assert len({name.casefold() for name in names.values()}) == 3
    for name in names.values():
        assert len(name.encode()) <= MAX_NAME_BYTES
        assert not set(name) & set('<>:"/\\|?*')
        assert name.partition(".")[0].strip().lower() not in RESERVED
        assert not name.startswith(".")


@pytest.mark.parametrize("stem", ["Mirela Vântu", "default", "a{b} (1)", "mirela.card", "漢字"])
def test_a_card_keeps_the_name_of_its_file(stem: str) -> None:
    assert names_after(stem, {"charx": "charx"}) == {"charx": f"{stem}.charx"}
    assert names_after(stem, {"charx": "charx"}, 3) == {"charx": f"{stem}_3.charx"}
    assert names_after(stem, {"json": "json", "v3": "json"})["v3"] == f"{stem}_v3.json"


@given(words)
def test_sanitising_twice_changes_nothing(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once
