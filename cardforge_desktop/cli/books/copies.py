"""``cardforge books put``: copies of a book in cards of the library."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from cardforge_desktop.books.copies import How, Proposal, PutItem
from cardforge_desktop.cards.service import LibraryError
from cardforge_desktop.cards.summaries import CardSummary
from cardforge_desktop.cli.books.find import books_workspace
from cardforge_desktop.cli.books.text import change_lines
from cardforge_desktop.cli.card_files import UsageError
from cardforge_desktop.cli.painting import Paint, has_colours
from cardforge_desktop.cli.terminal import one_line, print_json, say
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.workspace import Workspace

_SOME_FAILED = 1
_MOST_IDS = 10


def put_book(arguments: argparse.Namespace) -> int:
    """Put a book into cards, what would change printed first."""
    how: How = arguments.how or "replace"
    with books_workspace() as workspace:
        book = workspace.books.by_name(arguments.book)
        if book.card_id:
            raise UsageError(
                ErrorCode.USAGE_OPTION,
                f"“{book.name}” is kept in the card {book.card_name}. Export it and import the file: then it "
                "is a book of its own, which can be put into cards.",
            )
        ids = _cards(workspace, book.id, arguments)
        proposals = [workspace.card_copies.proposal(book.id, card_id, how) for card_id in ids]
        if not arguments.json:
            _tell(proposals)
        items: Sequence[PutItem] = ()
        if not arguments.dry_run:
            items = workspace.card_copies.put(
                book.id, {each.card_id: each.version for each in proposals}, how
            )
    if arguments.json:
        done = {item.card_id: item for item in items}
        print_json([_report(proposal, done.get(proposal.card_id)) for proposal in proposals])
    for item in items:
        if item.status == "failed":
            say(one_line(f"cardforge: {item.card_name or item.card_id}: {item.message}"))
        elif not arguments.json:
            told = "has it now" if item.status == "put" else "has it already"
            say(one_line(f"{item.card_name} {told}."))
    if arguments.dry_run:
        say("Nothing was changed (--dry-run).")
    elif not proposals:
        say(one_line(f"No copy of “{book.name}” is behind."))
    return _SOME_FAILED if any(item.status == "failed" for item in items) else 0


def _cards(workspace: Workspace, book_id: str, arguments: argparse.Namespace) -> list[str]:
    if arguments.behind == bool(arguments.cards):
        raise UsageError(ErrorCode.USAGE_OPTION, "name the cards, or write --behind.")
    if arguments.behind:
        return [copy.card_id for copy in workspace.card_copies.of_book(book_id) if copy.state == "behind"]
    cards = workspace.library.cards()
    return list(dict.fromkeys(_found(cards, text) for text in arguments.cards))


def _found(cards: Sequence[CardSummary], text: str) -> str:
    wanted = text.strip().casefold()
    same = [card for card in cards if card.id == text] or [
        card for card in cards if card.name.strip().casefold() == wanted
    ]
    if len(same) == 1:
        return same[0].id
    if same:
        ids = ", ".join(card.id for card in same[:_MOST_IDS])
        message = f"{len(same):,} cards are called “{text[:100]}”. Name one by its id: {ids}."
    else:
        message = f"There is no card “{text[:100]}” in the library."
    raise LibraryError(ErrorCode.CARD_NOT_FOUND, message, {"name": text[:100]})


def _tell(proposals: Sequence[Proposal]) -> None:
    paint = Paint(colours=has_colours())
    for proposal in proposals:
        print(paint.head(f"--- {proposal.before.name} ({proposal.card_id})"))
        lines = list(change_lines(proposal.before, proposal.after, paint))
        print(*(lines or ["  Nothing would change.", ""]), sep="\n")


def _report(proposal: Proposal, item: PutItem | None) -> dict[str, object]:
    return {
        "card_id": proposal.card_id,
        "card": proposal.before.name,
        "changes": proposal.changes,
        "status": None if item is None else item.status,
        "message": "" if item is None else item.message,
    }
