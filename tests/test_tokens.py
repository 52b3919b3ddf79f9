"""Token counts, against tiktoken's own patterns and known figures; offline."""

import json
import lzma
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktoken_ext import openai_public

from cardforge_desktop import tokens
from cardforge_desktop.resources import resource
from cardforge_desktop.tokens import (
    CL100K,
    O200K,
    TOKENIZERS,
    Tokenizer,
    Vocabulary,
    VocabularyError,
    tokenizer_for,
    tokenizer_named,
)


def test_known_tokens() -> None:
    assert CL100K.encode("tiktoken is great!") == [83, 1609, 5963, 374, 2294, 0]
    assert tokenizer_for("gpt-4").count("tiktoken is great!") == 6
    assert O200K.encode("hello world") == [24912, 2375]
    assert O200K.encode("") == []


@pytest.mark.parametrize("vocabulary", [O200K, CL100K], ids=lambda vocabulary: vocabulary.name)
def test_pattern_special_tokens_and_size_are_tiktokens_own(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    monkeypatch.setattr(
        openai_public, "load_tiktoken_bpe", lambda address, expected_hash: hashes.append(expected_hash) or {}
    )
    theirs = openai_public.ENCODING_CONSTRUCTORS[vocabulary.name]()
    assert vocabulary._pattern == theirs["pat_str"]
    assert vocabulary._special_tokens == theirs["special_tokens"]
    assert [vocabulary._sha256] == hashes


def test_special_words_are_ordinary_text() -> None:
    assert O200K.count("<|endoftext|>") > 1


@pytest.mark.parametrize(
    ("model", "exact", "name"),
    [
        ("gpt-4o-mini", True, "o200k"),
        ("openai/gpt-5.2", True, "o200k"),
        ("o3-mini", True, "o200k"),
        ("gpt-4.1-nano", True, "o200k"),
        ("gpt-oss-20b", True, "o200k"),
        ("ft:gpt-4o:me", True, "o200k"),
        ("GPT-4-turbo", True, "cl100k"),
        ("gpt-3.5-turbo-0125", True, "cl100k"),
        ("gpt4all-j", False, "estimate from o200k × 1.1"),
        ("gpt-4.7", False, "estimate from o200k × 1.1"),
        ("claude-sonnet-4-5", False, "estimate from o200k × 1.2"),
        ("us.anthropic.claude-3-haiku", False, "estimate from o200k × 1.2"),
        ("models/gemini-2.5-flash", False, "estimate from o200k × 1.08"),
        ("deepseek-chat", False, "estimate from o200k"),
        ("SmolLM2-135M", False, "estimate from o200k × 1.1"),
        ("", False, "estimate from o200k × 1.1"),
    ],
)
def test_families(model: str, exact: bool, name: str) -> None:
    tokenizer = tokenizer_for(model)
    assert (tokenizer.exact, tokenizer.name) == (exact, name)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("o200k", "gpt-4o"),
        ("cl100k", "gpt-4"),
        ("claude", "claude-sonnet-4-5"),
        ("gemini", "gemini-2.5-flash"),
        ("deepseek", "deepseek-chat"),
        ("other", "SmolLM2-135M"),
    ],
)
def test_a_chosen_tokenizer_counts_as_its_models_do(name: str, model: str) -> None:
    chosen = tokenizer_named(name)
    assert chosen.name == name
    assert chosen.tokenizer == tokenizer_for(model)
    assert chosen.exact is (name in ("o200k", "cl100k"))


def test_every_tokenizer_has_a_name_and_a_label_of_its_own() -> None:
    assert list(TOKENIZERS) == [each.name for each in TOKENIZERS.values()]
    assert len({each.label for each in TOKENIZERS.values()}) == len(TOKENIZERS)


def test_an_unknown_name_counts_as_the_first() -> None:
    assert tokenizer_named("o900k").name == "o200k"


def test_estimates_are_rounded_up() -> None:
    assert tokenizer_for("claude-sonnet-4-5").count("hello world") == 3  # 2 x 1.2
    assert tokenizer_for("claude-sonnet-4-5").count("") == 0
    assert Tokenizer(O200K, 1.1).count("a" * 80) == 11  # ten tokens: 11.000000000000002 is not twelve


RUNS = [
    "a",
    " ",
    "\n",
    ".",
    "\u0301",
    "a\u0301",
    "_.",
    "\u3000",
    "龍",
    "🦊",
    "1",
    " \n",
    "aB",
    "a" * 3999 + " ",
]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("run", RUNS, ids=lambda run: ascii(run[:4]))
def test_a_megabyte_of_one_thing_is_counted(run: str) -> None:
    """tiktoken alone panics on a megabyte of blanks; each takes about 0.1 s here."""
    text = run * (1_000_000 // len(run))
    assert 0 < CL100K.count(text) <= 3 * len(text)


@pytest.mark.parametrize("vocabulary", [O200K, CL100K], ids=lambda vocabulary: vocabulary.name)
@pytest.mark.parametrize("run", RUNS, ids=lambda run: ascii(run[:4]))
def test_runs_that_tiktoken_can_count_are_close_to_its_count(vocabulary: Vocabulary, run: str) -> None:
    text = run * (20_000 // len(run))
    assert vocabulary.count(text) == pytest.approx(len(vocabulary.encoding().encode_ordinary(text)), abs=20)


@settings(max_examples=200)
@given(st.text(max_size=500))
def test_ordinary_text_is_counted_exactly(text: str) -> None:
    assert CL100K.encode(text) == CL100K.encoding().encode_ordinary(text)
    assert CL100K.count(text) == len(CL100K.encode(text))
    assert CL100K.encoding().decode(CL100K.encode(text)) == text


@given(
    st.lists(st.sampled_from([" ", "\n", "a", "龍", ".", "_", "\u0301", "1"]), max_size=40),
    st.integers(1, 4000),
)
def test_the_parts_are_the_text(pieces: list[str], times: int) -> None:
    text = "".join(piece * times for piece in pieces)
    assert "".join(tokens._parts(text)) == text


def test_text_of_long_words_and_no_blanks_is_one_part() -> None:
    text = "龍之介は静かに笑った。" * 2000
    assert list(tokens._parts(text)) == [text]


def test_many_threads_load_a_vocabulary_once(monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = Vocabulary("cl100k_base", CL100K._sha256, CL100K._pattern, {})
    loads: list[int] = []
    load = vocabulary._load
    monkeypatch.setattr(vocabulary, "_load", lambda: loads.append(1) or load())
    start = threading.Barrier(6)

    def count(text: str) -> int:
        start.wait()
        return vocabulary.count(text)

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(count, ["tiktoken is great!"] * 6)) == [6] * 6
    assert len(loads) == 1


@pytest.mark.parametrize("damage", ["missing", "not xz", "cut", "other bytes"])
def test_a_damaged_vocabulary_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    shipped = resource("vocabularies", "cl100k_base.tiktoken.xz").read_bytes()
    file = tmp_path / "cl100k_base.tiktoken.xz"
    if damage != "missing":
        file.write_bytes(
            {"not xz": b"IQ== 0", "cut": shipped[:1000], "other bytes": lzma.compress(b"IQ== 0")}[damage]
        )
    monkeypatch.setattr(tokens, "resource", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(VocabularyError, match="cl100k_base") as caught:
        Vocabulary("cl100k_base", CL100K._sha256, CL100K._pattern, {}).encoding()
    assert caught.value.code == "VOCABULARY_DAMAGED"


OFFLINE = """
import json, socket, sys
def refuse(*arguments): raise AssertionError("network")
socket.socket.connect = refuse
from cardforge_desktop.tokens import tokenizer_for
before = [name for name in ("tiktoken", "lzma") if name in sys.modules]
counts = [tokenizer_for(model).count("hello world") for model in ("gpt-4o", "gpt-4")]
print(json.dumps([before, *counts]))
"""


def test_import_is_light_and_nothing_asks_the_network(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        capture_output=True,
        text=True,
        check=True,
        env={
            "PATH": "",
            "TIKTOKEN_CACHE_DIR": str(tmp_path),
            "PYTHONPATH": str(Path(tokens.__file__).parents[1]),
        },
    )
    assert json.loads(answer.stdout) == [[], 2, 2]
    assert list(tmp_path.iterdir()) == []
