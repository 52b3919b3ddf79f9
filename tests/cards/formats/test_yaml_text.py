import json
import time
import tracemalloc
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.formats import CardFormatError, read_file, yaml_text
from cardforge_desktop.cards.formats.notes import Notes
from tests.support.cards import WHOLE_CARD, texts


def loaded(text: str) -> Any:
    return yaml_text.load(text.encode(), Notes())


def refused(data: bytes) -> CardFormatError:
    with pytest.raises(CardFormatError) as caught:
        read_file(data, "mirela.yaml")
    assert caught.value.message.startswith("mirela.yaml: ")
    return caught.value


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("No", "No"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("", None),
        ("5", 5),
        ("-1.5", -1.5),
        ("1.10", "1.10"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("12:30:15", "12:30:15"),
        ("2026-11-23", "2026-11-23"),
        (".inf", ".inf"),
        ("<<", "<<"),
        ("'5'", "5"),
        ("!!str 5", "5"),
        ("! 5", "5"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_values_are_those_of_json_and_texts_stay_texts(plain: str, value: object) -> None:
    found = loaded(f"name: {plain}\n")["name"]
    assert (type(found), found) == (type(value), value)


def test_blocks_anchors_and_names_that_stand_twice() -> None:
    notes = Notes()
    text = b"a: |\n  One\n\n  two\nb: >-\n  One\n  two\n1: &x [p, q]\nc: *x\nc: [*x, *x]\n"
    value = yaml_text.load(text, notes)
    assert value == {"a": "One\n\ntwo\n", "b": "One two", "1": ["p", "q"], "c": [["p", "q"]] * 2}
    assert notes.warnings() == ("c stood there twice; the last is kept.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_a_card_is_read_in_any_encoding(encoding: str) -> None:
    found = read_file("name: Zoë\ncontext: A keeper.\n".encode(encoding), "zoe.yaml")
    assert (found.package.card.name, found.spec, found.container) == ("Zoë", "text-generation", "yaml")


def test_any_shape_of_card_or_book_is_read_from_yaml() -> None:
    fields = WHOLE_CARD.model_dump(mode="json", exclude={"beside_data"}, exclude_none=True)
    value = {"spec": "chara_card_v3", "data": fields}
    as_yaml = yaml.safe_dump(value, allow_unicode=True).encode()
    as_json = read_file(json.dumps(value).encode(), "card.json")
    assert read_file(as_yaml, "card.yaml").package == as_json.package
    book = read_file(b"entries:\n- keys: [lamp]\n  content: Oil.\n", "book.yaml")
    assert (book.holds, book.spec) == ("book", "lorebook")


def test_tags_make_no_objects() -> None:
    found = read_file(
        b"name: Ada\ngreeting: !!python/object/apply:os.getcwd []\ncontext: !mine x\n", "ada.yaml"
    )
    assert (found.package.card.description, found.package.card.first_mes) == ("x", "")
    assert "python/object/apply:os.getcwd" in found.warnings[0]
    assert "!mine" in found.warnings[1]


BOMB = b"name: a\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (at, at, b",".join([b"*a%d" % (at - 1)] * 10)) for at in range(1, 12)
)


@pytest.mark.parametrize(
    ("data", "code", "part"),
    [
        (BOMB, "CARD_TOO_LARGE", "more than 200,000 values"),
        (b"name: &a " + b"x" * 100_000 + b"\nb: [" + b"*a," * 100 + b"]\n", "CARD_TOO_LARGE", "8 MB of text"),
        (b"name: a\nx: &x [*x]\n", "CARD_DAMAGED", "line 2, column 8: nothing before is called &x"),
        (b"name: a\nx: " + b"[" * 900, "CARD_DAMAGED", "nested too deep"),
        (b"name: a\nx: " + b"{a: " * 900, "CARD_DAMAGED", "nested too deep"),
        (b"name: a\nx: " + b"[" * 100_000, "CARD_DAMAGED", "broken"),
        (b"name: a\nx: 'open\n" + b"y\n" * 100_000, "CARD_DAMAGED", "line 100003"),
        (b"name: a\n\tx: b\n", "CARD_DAMAGED", "line 2"),
        (b"name: a\n? [a]\n: b\n", "CARD_DAMAGED", "a name that is no text"),
        (b"name: a\x07\n", "CARD_DAMAGED", "broken"),
        (b"name: " + b"a" * (5 << 20), "CARD_TOO_LARGE", "5 MB of YAML"),
        (b"name:\n- a\ndata: 5\n" + b"- " * 100_000, "CARD_DAMAGED", "broken"),
        (b"title: a\ndata: 5\n", "CARD_UNKNOWN_FORMAT", "no character card"),
        (b"Dear Bob: I am well.\n\tYours", "CARD_UNKNOWN_FORMAT", "neither a PNG"),
        (b"- name: a\n", "CARD_UNKNOWN_FORMAT", "neither a PNG"),
        (b" \n" * 5000, "CARD_UNKNOWN_FORMAT", "the file is empty"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_card_says_why_at_once(data: bytes, code: str, part: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    try:
        error = refused(data)
        assert time.process_time() - started < 2
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    assert error.code == code
    assert part in error.message


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts.filter(str.isprintable),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts.filter(str.isprintable), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(texts.filter(str.isprintable), _values))
def test_what_another_writer_made_is_read_as_it_was(value: dict[str, Any]) -> None:
    assert loaded(yaml.safe_dump(value, allow_unicode=True)) == value


@given(st.text(st.sampled_from("name: a\n-[]{},&*!|>'\"%#?~\t 1"), max_size=60).map("name: x\n".__add__))
def test_arbitrary_yaml_is_a_card_or_says_why_not(text: str) -> None:
    try:
        container = read_file(text.encode(), "x").container
    except CardFormatError as error:
        container = "yaml" if error.message.startswith("x: ") else error.message
    assert container == "yaml"
