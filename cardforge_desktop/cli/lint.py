"""``cardforge lint``: what would go wrong with cards in the apps that read them.

The findings depend on the arguments alone, so that they are the same on every machine: the rules that are
switched off in the window's settings are not asked for, which would open the store besides.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.cli.card_files import (
    Input,
    UsageError,
    error_report,
    find_inputs,
    tokenizer_called,
)
from cardforge_desktop.cli.terminal import counted, one_line, print_json, say, whole_number
from cardforge_desktop.errors import CardForgeError, ErrorCode

if TYPE_CHECKING:
    from cardforge_desktop.cards.formats import CardFile
    from cardforge_desktop.cards.lint import Finding, LintContext, Severity
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cli.card_writing import Output

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")
_BOOK = "character_book"


@dataclass(frozen=True, slots=True)
class _Result:
    """What was found in one file, and with ``--fix`` what was mended and where the mended copy is."""

    path: Path
    findings: tuple[Finding, ...] = ()
    mended: tuple[Finding, ...] = ()
    output: Output | None = None
    error: CardForgeError | None = None
    skipped: bool = False

    @property
    def is_clean(self) -> bool:
        if self.error is not None or (self.output is not None and self.output.error is not None):
            return self.skipped
        return all(finding.severity == "hint" for finding in self.findings)


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "lint",
        help="say what would go wrong with cards in the apps that read them",
        description="Say what would go wrong with cards in the apps that read them. Exit code 1 when an "
        "error or a warning is found, 0 for clean cards and hints. What the window's settings switch off is "
        "looked for all the same: use --off.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a card file or a folder of them")
    parser.add_argument("--rules", action="store_true", help="list the rules and end")
    parser.add_argument("--off", action="append", default=[], metavar="RULE", help="a rule to leave out")
    parser.add_argument("--explain", action="store_true", help="say also why each rule matters")
    parser.add_argument(
        "--context", type=_positive, default=8192, metavar="N", help="tokens of the model's context (8192)"
    )
    parser.add_argument("--tokenizer", default="o200k", metavar="NAME", help="as for `cardforge inspect`")
    parser.add_argument(
        "--fix", action="store_true", help="write mended copies of the cards into --out, never in place"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the mended copies")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; exit code 1 when one is no mere hint."""
    off = _checked_rules(arguments.off)
    if arguments.rules:
        _print_rules(as_json=arguments.json)
        return 0
    if not arguments.files:
        raise UsageError(ErrorCode.USAGE_OPTION, "name a card file or a folder, or ask for --rules.")
    if arguments.fix != (arguments.out is not None):
        raise UsageError(
            ErrorCode.USAGE_OPTION, "--fix and --out DIR belong together: mended cards are copies there."
        )
    tokenizer = tokenizer_called(arguments.tokenizer)
    inputs = find_inputs(arguments.files)

    from cardforge_desktop.cards.lint import LintContext

    context = LintContext(tokenizer.tokenizer.count, arguments.context)
    results = []
    for one in inputs:
        results.append(_lint(one, context, off, arguments.out))
        if arguments.json:
            _tell_problems(results[-1])
        else:
            _tell(results[-1], explain=arguments.explain)
    if arguments.json:
        print_json(_report(results, explain=arguments.explain))
    else:
        _tell_end(results, fixed=arguments.fix)
    return 0 if all(result.is_clean for result in results) else 1


def _checked_rules(names: list[str]) -> frozenset[str]:
    from cardforge_desktop.cards.lint import RULES

    unknown = [name for name in names if name not in RULES]
    if unknown:
        raise UsageError(
            ErrorCode.USAGE_OPTION,
            f"there is no rule “{unknown[0]}”. `cardforge lint --rules` lists those there are.",
        )
    return frozenset(names)


def _lint(one: Input, context: LintContext, off: frozenset[str], out: Path | None) -> _Result:
    from cardforge_desktop.cards.formats import read_path
    from cardforge_desktop.cards.lint import lint, with_fixes

    try:
        file = read_path(one.path)
    except CardForgeError as error:
        return _Result(one.path, error=error, skipped=one.is_passed_over(error))
    card = file.package.card
    mended: tuple[Finding, ...] = ()
    output = None
    if out is not None:
        card, mended = with_fixes(card, context, off)
        output = _write_mended(file, card, one.path, out) if mended else None
    findings = [
        finding
        for finding in lint(card, context, off)
        if file.holds == "card" or finding.field.startswith(_BOOK)  # a lorebook has no greeting to miss
    ]
    findings.sort(key=lambda finding: _SEVERITIES.index(finding.severity))
    return _Result(one.path, tuple(findings), mended, output)


def _write_mended(file: CardFile, card: Card, source: Path, folder: Path) -> Output:
    """The mended card in the format it came in, under its own name."""
    from cardforge_desktop.cli.card_writing import own_format, write_files
    from cardforge_desktop.naming import names_after

    def names(extensions: Mapping[str, str], number: int) -> Mapping[str, str]:
        return names_after(source.stem, extensions, number)

    mended = replace(file, package=replace(file.package, card=card))
    return write_files(mended, source, (own_format(file),), folder, names, strict=False)[0]


def _tell(result: _Result, *, explain: bool) -> None:
    from cardforge_desktop.cards.lint import RULES

    for finding in result.findings:
        fix = f" [fix: {finding.fix.label}]" if finding.fix is not None else ""
        text = f"{result.path}: {finding.severity}: {finding.field}: {finding.message} ({finding.rule}){fix}"
        print(one_line(text), flush=True)
        if explain:
            print(one_line(f"    {RULES[finding.rule].reason}"), flush=True)
    if result.output is not None and result.output.path is not None:
        things = counted(len(result.mended), "thing")
        print(one_line(f"{result.path} → {result.output.path} ({things} mended)"), flush=True)
    _tell_problems(result)


def _tell_problems(result: _Result) -> None:
    written = None if result.output is None else result.output.error
    for error in (result.error, written):
        if error is not None and not result.skipped:
            say(f"failed: {one_line(error.message)}")


def _tell_end(results: list[_Result], *, fixed: bool) -> None:
    read = [result for result in results if result.error is None]
    counts = Counter(finding.severity for result in read for finding in result.findings)
    told = ", ".join(counted(counts[severity], severity) for severity in _SEVERITIES)
    say(f"{counted(len(read), 'card file')}: {told}{' left' if fixed else ''}.")


def _print_rules(*, as_json: bool) -> None:
    from cardforge_desktop.cards.lint import RULES

    if as_json:
        rules = [{"id": rule.id, "title": rule.title, "reason": rule.reason} for rule in RULES.values()]
        print_json({"rules": rules})
        return
    for rule in RULES.values():
        print(f"{rule.id}: {rule.title}\n    {rule.reason}")


def _report(results: list[_Result], *, explain: bool) -> dict[str, object]:
    counts = Counter(finding.severity for result in results for finding in result.findings)
    return {
        **{f"{severity}s": counts[severity] for severity in _SEVERITIES},
        "files": [_file_report(result, explain) for result in results],
    }


def _file_report(result: _Result, explain: bool) -> dict[str, object]:
    report: dict[str, object] = {"file": str(result.path), "skipped": result.skipped}
    if result.error is not None:
        return {**report, "error": error_report(result.error)}
    report["findings"] = [_finding_report(finding, explain) for finding in result.findings]
    if result.output is not None:
        report["mended"] = [_finding_report(finding, explain) for finding in result.mended]
        report["output"] = result.output.report()
    return report


def _finding_report(finding: Finding, explain: bool) -> dict[str, object]:
    from cardforge_desktop.cards.lint import RULES

    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "field": finding.field,
        "start": finding.start,
        "end": finding.end,
        "message": finding.message,
        "fix": None if finding.fix is None else finding.fix.label,
        **({"reason": RULES[finding.rule].reason} if explain else {}),
    }


def _positive(text: str) -> int:
    number = whole_number(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
