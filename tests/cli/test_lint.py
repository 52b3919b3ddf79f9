"""``cardforge lint``: findings, exit codes, mended copies."""

import json
from pathlib import Path

import pytest

from cardforge_desktop.cards.formats import read_path
from cardforge_desktop.cards.lint import RULES
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from tests.cards.readers import png_chunks
from tests.cli.conftest import Call
from tests.cli.files import HOSTILE, has_controls, write_card
from tests.support.app import cardforge

_TALK = "<START>\n{{user}}: Hello there.\n{{char}}: You came back."
CLEAN = Card(
    name="Mirela",
    description="{{char}} keeps the lamp above the bay.",
    personality="dry, patient",
    scenario="A storm has closed the harbour.",
    first_mes="*{{char}} lifts the lamp.*",
    mes_example=_TALK,
)
TASTE = CLEAN.model_copy(update={"description": "Mirela keeps the lamp above the bay."})
FAULTY = CLEAN.model_copy(
    update={
        "first_mes": "{char} waits.",
        "description": "",
        "character_book": CharacterBook(
            entries=[BookEntry(id=0, keys=["lamp, oil"], content="Whale oil."), BookEntry(id=1, keys=["b"])]
        ),
    }
)


def test_only_errors_and_warnings_fail(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "clean.json", CLEAN)
    write_card(tmp_path / "taste.json", TASTE)
    write_card(tmp_path / "faulty.json", FAULTY)
    clean = call("lint", "clean.json")
    assert (clean.code, clean.out) == (0, "")
    hint = call("lint", "taste.json")
    assert hint.code == 0
    assert hint.out.startswith("taste.json: hint: description: ")
    assert "0 errors, 0 warnings, 1 hint" in hint.err
    faulty = call("lint", "faulty.json")
    assert faulty.code == 1
    assert "faulty.json: warning: first_mes: “{char}” lacks a brace" in faulty.out
    assert "(half-macro) [fix: Write {{char}}]" in faulty.out


def test_the_json_says_where_and_how_bad(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "faulty.json", FAULTY)
    report = json.loads(call("lint", "faulty.json", "--json", "--explain").out)
    (file,) = report["files"]
    found = {(one["rule"], one["field"]): one for one in file["findings"]}
    comma = found["key-comma", "character_book.entries[0].keys[0]"]
    assert (comma["severity"], comma["start"], comma["end"]) == ("warning", 0, len("lamp, oil"))
    assert comma["fix"] == "Split at the commas"
    assert comma["reason"] == RULES["key-comma"].reason
    half = found["half-macro", "first_mes"]
    assert (half["start"], half["end"]) == (0, len("{char}"))
    assert found["empty-field", "description"]["fix"] is None
    severities = [one["severity"] for one in file["findings"]]
    assert report["warnings"] == severities.count("warning")
    assert severities == sorted(severities, key=("error", "warning", "hint").index), "the worst first"


def test_rules_are_switched_off_one_by_one(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "faulty.json", FAULTY)
    found = {
        one["rule"] for one in json.loads(call("lint", "faulty.json", "--json").out)["files"][0]["findings"]
    }
    off = [part for rule in sorted(found) for part in ("--off", rule)]
    ended = call("lint", "faulty.json", *off)
    assert (ended.code, ended.out) == (0, "")
    left = json.loads(call("lint", "faulty.json", "--json", *off[2:]).out)["files"][0]["findings"]
    assert {one["rule"] for one in left} == {off[1]}


def test_the_budget_is_the_context_s(call: Call, tmp_path: Path) -> None:
    card = CLEAN.model_copy(update={"description": " ".join(f"w{number}" for number in range(400))})
    write_card(tmp_path / "a.json", card)
    assert call("lint", "a.json", "--context", "100000").code == 0
    small = call("lint", "a.json", "--context", "100")
    assert small.code == 1
    assert "a.json: error: description:" in small.out
    assert "(token-budget)" in small.out


def test_explaining_gives_the_reason_once_for_each_finding(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "taste.json", TASTE)
    assert RULES["written-name"].reason in call("lint", "taste.json", "--explain").out
    assert RULES["written-name"].reason not in call("lint", "taste.json").out


def test_the_rules_are_listed_without_a_file(call: Call) -> None:
    listed = call("lint", "--rules")
    assert listed.code == 0
    for rule in RULES.values():
        assert f"{rule.id}: {rule.title}\n    {rule.reason}\n" in listed.out
    rules = json.loads(call("lint", "--rules", "--json").out)["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)


@pytest.mark.parametrize(
    ("name", "format_name"),
    [("a.png", "tavernai"), ("a.charx", "charx"), ("a.json", "v3"), ("b.json", "v2"), ("c.json", "json")],
)
def test_fixes_go_into_copies_of_the_same_kind(
    call: Call, tmp_path: Path, name: str, format_name: str
) -> None:
    source = write_card(tmp_path / "in" / name, FAULTY, format_name)
    write_card(tmp_path / "in" / "clean.json", CLEAN)
    before = source.read_bytes()
    ended = call("lint", "in", "--fix", "--out", "out", "--json")
    assert ended.code == 1, "the empty description is still empty"
    assert source.read_bytes() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name], "what is clean is not copied"
    old, new = read_path(source), read_path(tmp_path / "out" / name)
    assert (new.container, new.spec) == (old.container, old.spec)
    mended = new.package.card
    assert mended.first_mes == "{{char}} waits."
    assert mended.character_book.entries[0].keys == ["lamp", "oil"]
    assert mended.personality == FAULTY.personality
    if format_name == "tavernai":
        kept = [chunk for chunk in png_chunks(before) if chunk[0] != b"tEXt"]
        copy = png_chunks((tmp_path / "out" / name).read_bytes())
        assert [chunk for chunk in copy if chunk[0] != b"tEXt"] == kept
    report = next(file for file in json.loads(ended.out)["files"] if file["file"].endswith(name))
    assert {one["rule"] for one in report["mended"]} == {"half-macro", "key-comma"}
    assert report["output"]["path"] == str(Path("out", name))
    left = {one["rule"] for one in report["findings"]}
    assert "empty-field" in left
    assert not left & {"half-macro", "key-comma"}
    again = call("lint", "in", "--fix", "--out", "out")
    assert f"→ {Path('out', f'{Path(name).stem}_2{Path(name).suffix}')} (2 things mended)" in again.out


def test_a_lorebook_misses_no_greeting(call: Call, tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text(
        json.dumps({"entries": {"0": {"uid": 0, "key": [" lamp"], "content": "Oil.", "comment": ""}}}),
        "utf-8",
    )
    ended = call("lint", "world.json", "--json")
    findings = json.loads(ended.out)["files"][0]["findings"]
    assert {one["rule"] for one in findings} == {"key-spaces"}
    assert findings[0]["field"] == "character_book.entries[0].keys[0]"
    assert call("lint", "world.json", "--fix", "--out", "out").code == 0
    world = json.loads((tmp_path / "out" / "world.json").read_text("utf-8"))
    assert world["entries"]["0"]["key"] == ["lamp"]


def test_a_broken_file_fails_alone(call: Call, tmp_path: Path) -> None:
    write_card(tmp_path / "in" / "clean.json", CLEAN)
    (tmp_path / "in" / "list.json").write_text("[1]", encoding="utf-8")
    assert call("lint", "in").code == 0, "what is no card, in a folder, is nobody's fault"
    assert call("lint", "in/list.json").code == 1
    (tmp_path / "in" / "cut.json").write_text('{"spec"', encoding="utf-8")
    ended = call("lint", "in", "--json")
    assert ended.code == 1
    assert "failed: cut.json" in ended.err
    files = {Path(file["file"]).name: file for file in json.loads(ended.out)["files"]}
    assert files["cut.json"]["error"]["code"] == "CARD_DAMAGED"
    assert files["clean.json"]["findings"] == []
    assert files["list.json"]["skipped"] is True


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--rules"),
        (["missing.png"], "missing.png"),
        (["a.json", "--off", "no-such-rule"], "no-such-rule"),
        (["a.json", "--context", "0"], "--context"),
        (["a.json", "--context", "many"], "'many' is no whole number"),
        (["a.json", "--fix"], "--out"),
        (["a.json", "--out", "out"], "--fix"),
        (["a.json", "--tokenizer", "gpt2"], "o200k"),
    ],
)
def test_wrong_use_says_what_and_exits_with_2(
    call: Call, tmp_path: Path, arguments: list[str], words: str
) -> None:
    write_card(tmp_path / "a.json", FAULTY)
    ended = call("lint", *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert not (tmp_path / "out").exists()


def test_nothing_in_a_card_reaches_the_terminal_raw(call: Call, tmp_path: Path) -> None:
    entry = BookEntry(id=0, keys=[f"{HOSTILE}, b", HOSTILE * 9], content="{{" + "x\x1b[31m" * 3 + "}}")
    card = CLEAN.model_copy(
        update={"name": HOSTILE, "description": HOSTILE, "character_book": CharacterBook(entries=[entry])}
    )
    write_card(tmp_path / "a\x1b[2J.json", card)
    for more in ([], ["--json"], ["--explain"], ["--fix", "--out", "out"]):
        ended = call("lint", ".", *more)
        assert ended.code == 1
        assert not has_controls(ended.out + ended.err), more


def test_as_a_process(tmp_path: Path) -> None:
    write_card(tmp_path / "faulty.json", FAULTY)
    ended = cardforge("lint", "faulty.json", cwd=tmp_path)
    assert ended.returncode == 1
    assert "key-comma" in ended.stdout
    assert "Traceback" not in ended.stderr
