"""File names: the specification's examples, and safety on every system whatever the words are."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.naming import (
    DEFAULT_STEM_BYTES,
    LONGEST_STEM_BYTES,
    MAX_NAME_BYTES,
    PATTERNS,
    PLACEHOLDERS,
    SHORTEST_STEM_BYTES,
    NameRules,
    NameValues,
    NamingError,
    _safe,
    check_pattern,
    file_names,
    file_stem,
    names_after,
    placeholders_in,
    sanitise,
    tidy,
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


rules = st.builds(NameRules, st.booleans(), st.integers(SHORTEST_STEM_BYTES, LONGEST_STEM_BYTES))


def known(pattern: str, name_values: NameValues, name_rules: NameRules | None = None) -> str | None:
    """The stem, or None where joined pieces happened to make an unknown placeholder."""
    try:
        return file_stem(pattern, name_values, format="json", rules=name_rules or NameRules())
    except NamingError:
        return None


def is_safe(name: str) -> bool:
    """Whether Windows, macOS and Linux all take a name and give it back as it is."""
    return (
        name not in ("", ".", "..")
        and not set(name) & set('<>:"/\\|?*')
        and not any(unicodedata.category(character)[0] == "C" for character in name)
        and name == unicodedata.normalize("NFC", name) == name.strip().strip(".")
        and name.partition(".")[0].strip().lower() not in RESERVED
    )


@pytest.mark.parametrize(
    ("pattern", "name_values", "format_name", "extension", "name"),
    [
        (
            "default",
            NameValues("Gandalf the Grey", MOMENT),
            "json",
            "json",
            "gandalf_the_grey_1719023400.json",
        ),
        (
            "detailed",
            NameValues("Gandalf", DAY, world="Middle Earth", character_class="Wizard"),
            "json",
            "json",
            "gandalf_middle_earth_wizard_2025-06-20.json",
        ),
        (
            "versioned",
            NameValues("Gandalf", MOMENT, version="3"),
            "tavernai",
            "png",
            "gandalf_v3_tavernai.png",
        ),
        (
            "batch",
            NameValues("Gandalf", MOMENT, batch_id="batch_a1b2c3", index=1),
            "json",
            "json",
            "batch_a1b2c3_001_gandalf.json",
        ),
    ],
)
def test_names_of_the_specification(
    pattern: str, name_values: NameValues, format_name: str, extension: str, name: str
) -> None:
    assert file_names(pattern, name_values, {format_name: extension}) == {format_name: name}
    assert file_names(PATTERNS[pattern], name_values, {format_name: extension}) == {format_name: name}


@pytest.mark.parametrize("batch_id", ["a1b2c3", "a1b2c3d4", "batch_a1b2c3d4", "x" * 40])
def test_a_batchs_id_may_have_any_length_and_stands_without_its_prefix(batch_id: str) -> None:
    stem = file_stem("{batch_id}_{character_name}", NameValues("Mirela", MOMENT, batch_id=batch_id))
    assert stem == f"{batch_id.removeprefix('batch_')}_mirela"


@pytest.mark.parametrize(("index", "text"), [(1, "001"), (999, "999"), (1000, "1000"), (12345, "12345")])
def test_an_index_has_three_digits_or_as_many_as_it_needs(index: int, text: str) -> None:
    assert file_stem("{index}", NameValues("x", MOMENT, index=index)) == text


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_each_placeholder_stands_first_last_and_twice(name: str) -> None:
    name_values = NameValues(
        "Mirela", DAY, world="Karsk", character_class="Scout", version="2", batch_id="batch_k3", index=4
    )
    alone = file_stem(f"{{{name}}}", name_values, format="json")
    assert file_stem(f"{{{name}}}-x-{{{name}}}", name_values, format="json") == f"{alone}-x-{alone}"
    assert file_stem(f"{{{name}}}{{{name}}}", name_values, format="json") == alone + alone


def test_the_timestamp_is_in_seconds() -> None:
    assert file_stem("{timestamp}", NameValues("x", MOMENT.replace(microsecond=999_999))) == "1719023400"


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
    ("written", "meant"),
    [
        ("name", "character_name"),
        ("Character Name", "character_name"),
        ("charactername", "character_name"),
        ("charcter_name", "character_name"),
        (" world ", "world"),
        ("Date", "date"),
        ("timestmp", "timestamp"),
        ("number", "index"),
        ("batch", "batch_id"),
        ("role", "class"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_a_near_miss_is_told_what_is_meant(written: str, meant: str) -> None:
    (found,) = placeholders_in(f"a{{{written}}}b")
    assert (found.name, found.start, found.end, found.known) == (written, 1, len(written) + 3, False)
    assert found.meant == meant
    with pytest.raises(NamingError) as caught:
        check_pattern(f"{{{written}}}")
    assert (f"Do you mean {{{meant}}}?" in caught.value.message) == bool(meant)


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


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("Gandalf the Grey", "Gandalf the Grey"),
        ("  --Dr. O\u2019Neil (PhD)!! ", "--Dr. O\u2019Neil (PhD)!!"),
        ("Zoe\u0308 \t Ström", "Zoë Ström"),
        ("Ведьма Ярга", "Ведьма Ярга"),
        ("\u202eevil\u2066", "evil"),
        ("Is it a/b\\c:d?", "Is it a_b_c_d"),
        ("line\nbreak\x00", "line break"),
        ("★", "★"),
        ("../..", ""),
        ("\u3164\u200b", ""),
    ],
)
def test_a_name_that_is_not_sanitised_keeps_what_every_system_allows(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


def test_without_sanitising_only_the_values_change() -> None:
    loose = NameRules(sanitise=False)
    grey = NameValues("Gandalf the Grey", DAY, world="Middle-earth", character_class="Wizard (Maia)")
    assert file_stem("default", NameValues("Gandalf the Grey", MOMENT), rules=loose) == (
        "Gandalf the Grey_1719023400"
    )
    assert file_stem("detailed", grey, rules=loose) == (
        "Gandalf the Grey_Middle-earth_Wizard (Maia)_2025-06-20"
    )
    assert file_stem("detailed", NameValues("", DAY), rules=loose) == "unnamed_unknown_unknown_2025-06-20"


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "LPT9", "com¹", "CONIN$"])
def test_reserved_names_get_an_underscore(name: str) -> None:
    loose = NameRules(sanitise=False)
    assert file_stem("{character_name}", NameValues(name, MOMENT), rules=loose) == f"{name}_"
    assert file_stem(f"{name}.{{index}}", NameValues("x", MOMENT)) == f"{name}_.001"
    assert names_after(f"{name}.card", {"json": "json"}) == {"json": f"{name}_.card.json"}
    if name.isalnum():
        assert file_stem("{character_name}", NameValues(name, MOMENT)) == f"{name.lower()}_"


def test_words_of_the_pattern_stay_but_make_no_folders() -> None:
    assert file_stem("My Cards/../{character_name}?.", NameValues("Mirela", MOMENT)) == "My Cards_.._mirela_"


def test_a_long_name_loses_its_own_end_and_keeps_the_rest() -> None:
    stem = file_stem("default", NameValues("Ярга " * 100, MOMENT))
    assert stem.endswith("_1719023400")
    assert stem.startswith("ярга_ярга_")
    assert DEFAULT_STEM_BYTES - 10 < len(stem.encode()) <= DEFAULT_STEM_BYTES


@pytest.mark.parametrize("longest", [SHORTEST_STEM_BYTES, 60, LONGEST_STEM_BYTES])
@pytest.mark.parametrize(("pattern", "end"), [("default", "_1719023400"), ("{world}-{date}", "-2024-06-22")])
def test_a_moment_is_never_cut(longest: int, pattern: str, end: str) -> None:
    long = NameValues("Ярга " * 100, MOMENT, world="Karsk" * 60)
    stem = file_stem(pattern, long, rules=NameRules(max_bytes=longest))
    assert stem.endswith(end)
    assert longest - 3 <= len(stem.encode()) <= longest


def test_of_names_as_they_are_long_ones_keep_their_start() -> None:
    names = names_after("Mirela of Karsk, the first", {"json": "json"}, 2, NameRules(max_bytes=24))
    assert names == {"json": "Mirela of Karsk, the fi_2.json"}


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


@given(patterns, values, rules)
def test_every_stem_is_safe_on_every_system(pattern: str, name_values: NameValues, of: NameRules) -> None:
    stem = known(pattern, name_values, of)
    if stem is not None:
        assert is_safe(stem)
        assert len(stem.encode()) <= of.max_bytes
        assert _safe(stem) == stem
        assert file_stem("{character_name}", NameValues(stem, MOMENT), rules=of)


@given(patterns, values, st.integers(1, 10**4), rules)
def test_names_of_one_card_differ_and_fit(
    pattern: str, name_values: NameValues, number: int, of: NameRules
) -> None:
    if known(pattern, name_values) is None:
        return
    formats = {"json": "json", "v2": "json", "tavernai": "png", "tavernai-v2": "png"}
    names = file_names(pattern, name_values, formats, number, of)
    assert len({name.casefold() for name in names.values()}) == 4
    assert all(is_safe(name) and len(name.encode()) <= of.max_bytes + 23 for name in names.values())
    # Decomposed, as HFS+ keeps them, they still fit its 255 units of UTF-16.
    for name in names.values():
        assert len(unicodedata.normalize("NFD", name).encode("utf-16-le")) // 2 <= MAX_NAME_BYTES
    assert names == file_names(pattern, name_values, dict(reversed(formats.items())), number, of)
    after = file_names(pattern, name_values, formats, number + 1, of)
    assert not set(after.values()) & set(names.values())


def test_the_longest_names_fit_where_names_are_kept_decomposed() -> None:
    names = file_names(
        "default",
        NameValues("\u0390" * 200, MOMENT),
        {"tavernai": "png", "tavernai-v2": "png"},
        9999,
        NameRules(sanitise=False, max_bytes=LONGEST_STEM_BYTES),
    )
    units = [len(unicodedata.normalize("NFD", name).encode("utf-16-le")) // 2 for name in names.values()]
    assert 200 < max(units) <= MAX_NAME_BYTES


@given(words, st.integers(1, 10**4), rules)
def test_names_after_a_file_are_safe_and_differ(stem: str, number: int, of: NameRules) -> None:
    formats = {"json": "json", "v2": "json", "charx": "charx"}
    names = names_after(stem, formats, number, of)
    assert len({name.casefold() for name in names.values()}) == 3
    assert all(is_safe(name) and len(name.encode()) <= of.max_bytes + 23 for name in names.values())


@pytest.mark.parametrize("stem", ["Mirela Vântu", "default", "a{b} (1)", "mirela.card", "漢字"])
def test_a_card_keeps_the_name_of_its_file(stem: str) -> None:
    assert names_after(stem, {"charx": "charx"}) == {"charx": f"{stem}.charx"}
    assert names_after(stem, {"charx": "charx"}, 3) == {"charx": f"{stem}_3.charx"}
    assert names_after(stem, {"json": "json", "v3": "json"})["v3"] == f"{stem}_v3.json"


@given(words)
def test_sanitising_twice_changes_nothing(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once
    assert tidy(tidy(text)) == tidy(text)


def test_the_page_about_names_says_what_comes_out() -> None:
    page = (Path(__file__).parents[1] / "docs" / "file-names.md").read_text("utf-8")
    tables = page.split("## Patterns")[1]
    rows = re.findall(r"^\| `(.+)` \| `(.+)` \|$", tables, re.MULTILINE)
    named, examples = rows[: len(PATTERNS)], rows[len(PATTERNS) :]
    assert dict(named) == dict(PATTERNS)
    assert re.findall(r"^\| `\{(\w+)\}` \|", page, re.MULTILINE) == list(PLACEHOLDERS)
    gandalf = NameValues("Gandalf the Grey", DAY, "Middle-earth", "Wizard", "3", "batch_a1b2c3d4", 1)
    assert len(examples) == 6
    for pattern, name in examples:
        assert file_names(pattern, gandalf, {"tavernai": "png"}) == {"tavernai": name}
    sizes = f"{DEFAULT_STEM_BYTES} bytes of UTF-8 without the extension, between {SHORTEST_STEM_BYTES} and"
    assert f"{sizes} {LONGEST_STEM_BYTES}." in page
