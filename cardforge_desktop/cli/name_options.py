"""The options that say how names of files are made, whatever their pattern."""

from __future__ import annotations

import argparse

from cardforge_desktop.cli.terminal import whole_number
from cardforge_desktop.naming import LONGEST_STEM_BYTES, SHORTEST_STEM_BYTES, NameRules


def add_name_options(parser: argparse.ArgumentParser, usual: str) -> None:
    """Declare them; `usual` says what counts where they are not given."""
    parser.add_argument(
        "--sanitize",
        action=argparse.BooleanOptionalAction,
        help=f"gandalf_the_grey, or with --no-sanitize Gandalf the Grey (default: {usual})",
    )
    parser.add_argument(
        "--max-name-length",
        type=_length,
        metavar="BYTES",
        help=f"longest name without extension, {SHORTEST_STEM_BYTES} to {LONGEST_STEM_BYTES} bytes "
        f"(default: {usual})",
    )


def rules_of(arguments: argparse.Namespace, usual: NameRules) -> NameRules | None:
    """The rules that were asked for, where needed with what is usual; None: there was no such option."""
    if arguments.sanitize is None and arguments.max_name_length is None:
        return None
    sanitise = usual.sanitise if arguments.sanitize is None else arguments.sanitize
    return NameRules(sanitise, arguments.max_name_length or usual.max_bytes)


def _length(text: str) -> int:
    number = whole_number(text)
    if not SHORTEST_STEM_BYTES <= number <= LONGEST_STEM_BYTES:
        raise argparse.ArgumentTypeError(f"must be {SHORTEST_STEM_BYTES} to {LONGEST_STEM_BYTES}")
    return number
