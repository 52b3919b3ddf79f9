"""Profile files: what is in them comes back, nothing of the machine is in them, and no file does harm."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.errors import ProfileError, ProfileFileInvalid
from cardforge_desktop.profiles.files import (
    EXTENSION,
    LARGEST_FILE,
    content_in,
    documents_in,
    file_text,
    shared,
    write_profile_file,
)
from cardforge_desktop.profiles.model import Profile, ProfileContent, ProfilePrompts
from cardforge_desktop.profiles.paths import with_value
from cardforge_desktop.profiles.report import profile_report
from cardforge_desktop.profiles.shipped import shipped_profiles
from tests.support.profile_contents import contents

MOMENT = datetime(2026, 11, 26, 17, 4, 5, 999, tzinfo=UTC)


def stored(content: ProfileContent, version: int = 3) -> Profile:
    parts = {name: getattr(content, name) for name in ProfileContent.model_fields}
    return Profile(
        **parts, id="profile_1", version=version, created_at=MOMENT, updated_at=MOMENT,
        created_by="ana, window", updated_by="bo, command line",
    )  # fmt: skip


def read(text: str | bytes) -> list[ProfileContent]:
    data = text.encode() if isinstance(text, str) else text
    return [content_in(document, "a.json") for document in documents_in(data, "a.json")]


@given(st.lists(contents(), min_size=1, max_size=3))
def test_what_is_written_comes_back(some: list[ProfileContent]) -> None:
    assert read(file_text([stored(content) for content in some])) == [shared(content) for content in some]


@pytest.mark.parametrize("shipped", shipped_profiles(), ids=lambda shipped: shipped.id)
def test_shipped_profiles_lose_nothing(shipped: Any) -> None:
    assert read(file_text([stored(shipped.content)])) == [shipped.content]


def test_a_file_tells_no_person_and_no_machine() -> None:
    content = ProfileContent(name="Noir")
    for path in ("/home/ana/models/small.gguf", "C:\\models\\small.gguf", "\\\\nas\\m.gguf", "~/m.gguf"):
        text = file_text([stored(with_value(content, "config.model", path))])
        assert json.loads(text)["config"]["model"] == ""
        assert not any(word in text for word in ("ana", "bo,", "command line", "gguf", "profile_1"))
    for name in ("gpt-5-mini", "meta-llama/Llama-3.3-70B", "qwen3:4b"):
        assert (
            json.loads(file_text([stored(with_value(content, "config.model", name))]))["config"]["model"]
            == name
        )


def test_a_diff_of_two_files_shows_the_line_that_changed() -> None:
    prompts = ProfilePrompts(task="Read.\n\n{source}\n\nWrite {fields}.")
    content = ProfileContent(name="Noir", prompts=prompts)
    before = file_text([stored(content)]).splitlines()
    changed = with_value(content, "prompts.task", "Read.\n\n{source}\n\nWrite all {fields}.")
    after = file_text([stored(changed)]).splitlines()
    assert len(before) == len(after)
    assert [line.strip() for line in after if line not in before] == ['"Write all {fields}."']
    assert list(json.loads(file_text([stored(content)]))) == [
        "cardforge_profile", "name", "description", "type", "version", "updated_at", "config", "prompts",
    ]  # fmt: skip


def test_the_json_of_the_app_is_read_as_well() -> None:
    content = ProfileContent(name="Noir", prompts=ProfilePrompts(task="a\nb"))
    assert read(json.dumps(profile_report(stored(content)))) == [content]


def test_a_byte_order_mark_is_no_harm() -> None:
    assert read(b"\xef\xbb\xbf" + file_text([stored(ProfileContent(name="é"))]).encode())[0].name == "é"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1, column 1"),
        (b"\xff\xfe{}", "byte 0 is no UTF-8"),
        (b'{"name": "x",}', "line 1, column 14"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b'{"cardforge_profile": 1, "name": NaN}', "number"),
        (b'{"cardforge_profile": 1, "name": 1e999}', "number"),
        (b'{"cardforge_profile": 1, "name": ' + b"9" * 5000 + b"}", "number"),
        (b" " * (LARGEST_FILE + 1), "larger than 8 MB"),
        (b"[]", "holds 0 profiles"),
        (b"[" + b"{}," * 500 + b"{}]", "holds 501 profiles"),
        (b"null", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b"[[]]", "no JSON object"),
        (b"{}", "no profile in it"),
        (b'{"spec": "chara_card_v2", "data": {"name": "Mirela"}}', "no profile in it"),
        (b'{"cardforge_profile": "1", "name": "x"}', "no profile in it"),
        (b'{"cardforge_profile": true, "name": "x"}', "no profile in it"),
        (b'{"cardforge_profile": 2, "name": "x"}', "newer CardForge"),
        (b'{"cardforge_profile": 1, "name": "x", "name": "y"}', "“name” stands twice"),
        (b'{"prompts": {"task": "x", "fields": {}, "task": "y"}}', "“task” stands twice"),
    ],
)
def test_what_is_no_profile_file_is_refused_by_name_and_place(data: bytes, told: str) -> None:
    with pytest.raises(ProfileError, match=told) as refused:
        read(data)
    assert refused.value.code is ErrorCode.PROFILE_FILE_UNREADABLE
    assert refused.value.message.startswith("a.json ")
    assert len(refused.value.message) < 300


def test_what_no_profile_can_have_is_told_by_its_path() -> None:
    document = {"cardforge_profile": 1, "name": "x", "config": {"sampling": {"temperature": "hot"}, "odd": 1}}
    with pytest.raises(ProfileFileInvalid) as refused:
        read(json.dumps(document))
    assert {finding.field for finding in refused.value.validation.errors} == {
        "config.sampling.temperature", "config.odd",
    }  # fmt: skip
    assert refused.value.code is ErrorCode.PROFILE_FILE_INVALID
    assert refused.value.details["file"] == "a.json"
    assert refused.value.message.startswith("a.json ")


def test_half_a_character_becomes_one_that_can_be_stored() -> None:
    (content,) = read('{"cardforge_profile": 1, "name": "a\\ud800b", "prompts": {"task": "\\ud83d\\ude00"}}')
    assert content.name == "a�b"
    assert content.prompts.task == "😀"


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_end_in_profiles_or_an_error(data: bytes) -> None:
    with suppress(ProfileError):
        read(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["fields", "task", "book", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["name", "type", "config", "prompts", "description"]), json_values))
def test_any_json_ends_in_profiles_or_an_error(parts: dict[str, Any]) -> None:
    with suppress(ProfileFileInvalid):
        read(json.dumps({"cardforge_profile": 1, **parts}))


def test_a_file_is_named_after_its_profile_and_gets_a_number(tmp_path: Path) -> None:
    profile = stored(ProfileContent(name="PList / Ali:Chat ☂"))
    first, second = (write_profile_file(tmp_path, [profile]) for _ in range(2))
    assert [first.name, second.name] == [f"plist_ali_chat.{EXTENSION}", f"plist_ali_chat_2.{EXTENSION}"]
    assert write_profile_file(tmp_path, [profile], overwrite=True) == first
    odd = write_profile_file(tmp_path / "new", [stored(ProfileContent(name="☂"))])
    assert odd.name == f"profile.{EXTENSION}"
    assert read(odd.read_bytes())[0].name == "☂"


def test_several_profiles_stand_in_one_list(tmp_path: Path) -> None:
    some = [stored(ProfileContent(name=name)) for name in ("A", "B")]
    path = write_profile_file(tmp_path, some, "both.json")
    assert [content.name for content in read(path.read_bytes())] == ["A", "B"]
