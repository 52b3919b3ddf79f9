"""``cardforge books test``: what a chat does to a book."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cardforge_desktop.books.activation import Activation, Fired, ScanSettings, activate, chat_of
from cardforge_desktop.books.activation.telling import odds, position, why_asleep, why_fired
from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.cli.books.find import books_workspace
from cardforge_desktop.cli.card_files import UsageError
from cardforge_desktop.cli.profiles.find import read_bytes, shown_name
from cardforge_desktop.cli.terminal import counted, one_line, print_json, say
from cardforge_desktop.errors import ErrorCode

_LARGEST_CHAT = 50_000_000
_NOTHING_FIRED = 1


def test_book(arguments: argparse.Namespace) -> int:
    """Print what fires and why the rest does not; exit code 1 when nothing fires."""
    chat = chat_of(_text(arguments.chat))
    with books_workspace() as workspace:
        book = workspace.books.whole(workspace.books.by_name(arguments.book).id)
    found = activate(book, chat, _settings(arguments))
    names = [title_of(entry) or str(at) for at, entry in enumerate(book.entries, 1)]
    if arguments.json:
        print_json(_report(found, names))
    else:
        for line in _lines(found, names):
            print(one_line(line))
        say(
            f"{len(found.fired):,} of {len(names):,} entries fire: {found.used:,} of {found.budget:,} tokens."
        )
        say(f"{found.scanned:,} of {counted(found.messages, 'message')} searched.")
    return 0 if found.fired or found.cut else _NOTHING_FIRED


def _text(name: str) -> str:
    data = read_bytes(name, _LARGEST_CHAT)
    if len(data) > _LARGEST_CHAT:
        message = f"{shown_name(name)} is too large for a chat: 50 MB are the most."
        raise UsageError(ErrorCode.USAGE_OPTION, message, {"file": name})
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{shown_name(name)}: byte {error.start} is no UTF-8 text."
        raise UsageError(ErrorCode.USAGE_OPTION, message, {"file": name}) from error


def _settings(arguments: argparse.Namespace) -> ScanSettings:
    usual = ScanSettings()
    budget: int | None = arguments.budget
    return ScanSettings(
        scan_depth=arguments.depth or usual.scan_depth,
        context=arguments.context or usual.context,
        budget_percent=usual.budget_percent
        if budget is None
        else 100 * budget / (arguments.context or usual.context),
        recursive=not arguments.no_recursion,
        follows_book=arguments.as_book,
        user=arguments.user,
        char=arguments.char,
    )


def _lines(found: Activation, names: Sequence[str]) -> list[str]:
    lines = [_line("fires", each, names) for each in found.fired]
    lines += [_line("cut by the budget", each, names) for each in found.cut]
    return lines + [f"sleeps: {names[each.index]}: {why_asleep(each, names)}" for each in found.asleep]


def _line(what: str, fired: Fired, names: Sequence[str]) -> str:
    chance = odds(fired)
    parts = [
        f"{what}{f' in {chance} of the cases' if chance else ''}: {names[fired.index]}",
        why_fired(fired, names),
        position(fired.position, fired.depth, fired.role, fired.outlet),
        counted(fired.tokens, "token"),
    ]
    return " · ".join(parts)


def _report(found: Activation, names: Sequence[str]) -> dict[str, Any]:
    def entry(fired: Fired) -> dict[str, Any]:
        return {"name": names[fired.index], "why": why_fired(fired, names), **asdict(fired)}

    return {
        "budget": found.budget,
        "used": found.used,
        "steps": found.steps,
        "messages": found.messages,
        "scanned": found.scanned,
        "fired": [entry(each) for each in found.fired],
        "cut": [entry(each) for each in found.cut],
        "asleep": [
            {"name": names[each.index], "why": why_asleep(each, names), **asdict(each)}
            for each in found.asleep
        ],
    }
