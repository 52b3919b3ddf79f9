"""The form of a profile that a text editor gets: all of it comes back, and a person can read it."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cli.profiles.editable import as_text, values_in
from cardforge_desktop.cli.profiles.values import PATHS, split_setting, typed
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.profiles.errors import ProfileError
from cardforge_desktop.profiles.model import ProfileContent, ProfilePrompts
from cardforge_desktop.profiles.paths import fields_of, with_value, with_values
from cardforge_desktop.profiles.reading import read_content
from cardforge_desktop.profiles.shipped import shipped_profiles
from tests.support.profile_contents import contents, values_of


def read(text: str) -> ProfileContent:
    content, validation = read_content(values_in(text.encode(), "a.yaml"))
    assert content is not None, validation
    return content


@given(contents(), st.sampled_from(["", "“Noir”, version 3"]))
def test_what_is_written_comes_back(content: ProfileContent, head: str) -> None:
    assert read(as_text(content, head)) == content


@pytest.mark.parametrize(
    "text",
    [
        "a\n\n",
        "\n\n",
        "\n",
        " ",
        " a\nb",
        "a\n b\n",
        "a\n\n\nb",
        "...",
        "---\na",
        "\ta",
        "a\t\n",
        "a \n",
        "#",
    ],
)
@pytest.mark.parametrize("path", ["name", "description", "prompts.task", "prompts.examples"])
def test_blanks_and_line_ends_stay_where_they_are(text: str, path: str) -> None:
    content = with_value(ProfileContent(name="x"), path, text)
    assert read(as_text(content)) == content
    assert read(as_text(content, "head")) == content


@pytest.mark.parametrize("shipped", shipped_profiles(), ids=lambda shipped: shipped.id)
def test_prompts_of_shipped_profiles_stand_as_they_are(shipped: Any) -> None:
    text = as_text(shipped.content, "head")
    assert read(text) == shipped.content
    lines = {line.strip() for line in text.splitlines()}
    prompts = [shipped.content.prompts.system, shipped.content.prompts.task, shipped.content.prompts.examples]
    for prompt in (*prompts, *shipped.content.prompts.fields.values()):
        assert {line.strip() for line in prompt.splitlines()} <= lines


def test_a_long_text_takes_no_long_time() -> None:
    for end in ("", "\n", "\n\n", "\n \n"):
        content = with_value(
            ProfileContent(name="x"), "prompts.task", "word " * 8000 + "\n" * 900 + "a" * 40_000 + end
        )
        assert read(as_text(content, "head")) == content


def test_a_prompt_is_written_line_by_line() -> None:
    content = ProfileContent(
        name="no", prompts=ProfilePrompts(task="First: a.\n\n  - {source}\n# not a comment")
    )
    text = as_text(content)
    assert "name: 'no'\n" in text
    assert "  task: |-\n    First: a.\n\n      - {source}\n    # not a comment\n" in text
    assert "  point_of_view: ''\n" in text
    assert "    tags: {write: false, words: 0, min_words: 0, max_tokens: 300}\n" in text


def test_what_a_person_writes_by_hand_is_taken_for_what_it_means() -> None:
    values = values_in(
        b"name: 12\nconfig:\n  language: no\n  greetings: ' 3 '\n  sampling: {temperature: , seed: null}\n"
        b"  formats: [v2,  json]\n  fields:\n    tags:\n      write: yes\n  book:\n",
        "a.yaml",
    )
    assert values == {
        "name": "12",
        "config": {
            "language": "no",
            "greetings": 3,
            "sampling": {"temperature": None, "seed": None},
            "formats": ["v2", "json"],
            "fields": {"tags": {"write": True}},
            "book": {},
        },
    }


def test_fields_that_are_not_there_stay_as_they_were() -> None:
    over = with_values(ProfileContent(name="Noir"), {"config.style": "terse", "config.greetings": 5})
    content, _ = read_content(values_in(b"config: {greetings: 1}", "a.yaml"), over)
    assert content == with_value(over, "config.greetings", 1)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("config: {greetings: many}", "config.greetings"),
        ("config: {greetings: [1]}", "config.greetings"),
        ("config: {sampling: hot}", "config.sampling"),
        ("config: {formats: [[v2]]}", "config.formats"),
        ("config: {odd: 1}", "config.odd"),
        ("odd: {a: {b: c}}", "odd"),
        ("prompts: {task: {a: b}}", "prompts.task"),
        ("type: person", "type"),
    ],
)
def test_what_a_field_cannot_have_is_told_by_its_path(text: str, path: str) -> None:
    _, validation = read_content(values_in(text.encode(), "a.yaml"))
    assert [finding.field for finding in validation.errors] == [path]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no fields"),
        (b"just words", "no fields"),
        (b"- name", "no fields"),
        (b"name: [", "line 2"),
        (b"name: a\nname : b\n\tx: 1", "line 3"),
        (b"\xff", "byte 0"),
        (b"name: *a", "line 1, column 7: a word that begins with"),
        (b"a: &a [x]\nb: *a", "line 2, column 4"),
        (b"{" * 20, "nested deeper"),
        (b"[" * 50_000, "nesting depth"),
        (b"? [a]\n: b", "line 1"),
        (b"--- {name: a}\n--- {name: b}", "line 2"),
        (b"x: " + b"a" * 2 * 1024**2, "larger than 2 MB"),
        (b"name: a\0b", "a.yaml"),
        (b"name: a\ntype: group\nname: b", "line 3, column 1: “name” stands here for the second time"),
        (
            b"config:\n  fields:\n    tags: {write: true, words: 1, write: false}",
            "line 3, column 35: “write”",
        ),
    ],
)
def test_what_is_no_yaml_is_refused_by_its_place(data: bytes, told: str) -> None:
    with pytest.raises(ProfileError) as refused:
        values_in(data, "a.yaml")
    assert told in refused.value.message
    assert refused.value.message.startswith("a.yaml ")


@given(st.text(max_size=80) | st.text(st.sampled_from("ab:-[]{},&*!|>'\"#%@ \n\t?"), max_size=40))
def test_any_text_ends_in_values_or_an_error(text: str) -> None:
    with suppress(ProfileError):
        read_content(values_in(text.encode(), "a.yaml"))


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("config.sampling.temperature", "0.7", 0.7),
        ("config.sampling.temperature", " 1 ", 1.0),
        ("config.sampling.temperature", "null", None),
        ("config.sampling.temperature", "", None),
        ("config.sampling.temperature", "1e-2", 0.01),
        ("config.sampling.temperature", "1.5E-109", 1.5e-109),
        ("config.sampling.temperature", "warm", "warm"),
        ("config.sampling.temperature", "nan", "nan"),
        ("config.sampling.seed", "-5", -5),
        ("config.sampling.seed", "5.5", "5.5"),
        ("config.sampling.seed", "9" * 400, "9" * 400),
        ("config.greetings", "3", 3),
        ("config.greetings", "", ""),
        ("config.book.include", "No", False),
        ("config.book.include", "maybe", "maybe"),
        ("config.fields.tags.write", "true", True),
        ("config.formats", "json, v2,", ["json", "v2"]),
        ("config.formats", "", []),
        ("config.style", "null", "null"),
        ("config.point_of_view", "first", "first"),
        ("prompts.fields.first_mes", "a = b\n", "a = b\n"),
        ("name", " 12 ", " 12 "),
    ],
)
def test_a_value_is_read_as_its_field_needs_it(path: str, text: str, value: Any) -> None:
    read = typed(path, text)
    assert read == value
    assert type(read) is type(value)


@given(st.data(), st.sampled_from(PATHS))
def test_every_value_can_be_written_as_a_text(data: st.DataObject, path: str) -> None:
    value = data.draw(values_of(path))
    if isinstance(value, tuple):
        value = tuple(part.replace(",", "").strip() for part in value if part.replace(",", "").strip())
        text = ",".join(value)
    else:
        text = "null" if value is None else str(value)
    read = typed(path, text)
    assert (tuple(read) if isinstance(read, list) else read) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name", "PATH=VALUE"),
        ("", "PATH=VALUE"),
        ("temperature=1", "config.sampling.temperature"),
        ("config.temprature=1", "config.sampling.temperature"),
        ("config.sampling=1", "group of fields: config.sampling.temperature, config.sampling.top_p"),
        ("=1", "there is no field “”"),
        ("config.fields.nothing.words=1", "words"),
    ],
)
def test_a_setting_without_a_field_names_those_near(text: str, told: str) -> None:
    with pytest.raises(CardForgeError) as refused:
        split_setting(text, "--set")
    assert told in refused.value.message


def test_all_paths_are_fields() -> None:
    assert tuple(fields_of(ProfileContent(name="x"))) == PATHS
    assert split_setting("config.style=a=b", "--set") == ("config.style", "a=b")
