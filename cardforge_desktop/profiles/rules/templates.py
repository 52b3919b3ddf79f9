"""The words a model is given: is all there that must be, and does each placeholder stand for something?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from cardforge_desktop.profiles.budget import asks_for_book, fields_of_profile
from cardforge_desktop.profiles.rules.subject import Subject, Verdict, error, warning
from cardforge_desktop.profiles.rules.texts import longest_of, texts_of
from cardforge_desktop.profiles.templates import (
    MACROS,
    OF_BOOK,
    OF_FIELD,
    OF_TASK,
    Placeholder,
    known_placeholders,
    meant,
    placeholders_in,
)
from cardforge_desktop.profiles.validation import FindingCode

#: Findings of one template; further ones are of the same kind.
_MOST = 20
_DOUBLE = re.compile(r"(?<!\{)\{\{(\w{1,40})\}\}(?!\})")


def task_is_there(subject: Subject) -> Iterator[Verdict]:
    """Without a task a model is asked for nothing."""
    if not subject.content.prompts.task.strip():
        told = "Say what the model is to do: name {source} and {fields}."
        yield error("prompts.task", told, FindingCode.EMPTY)


def task_names_what_it_needs(subject: Subject) -> Iterator[Verdict]:
    """The field list and the source."""
    prompts = subject.content.prompts
    if not prompts.task.strip() or _is_too_long(subject):
        return
    named = {each.name for text in (prompts.system, prompts.task) for each in placeholders_in(text)}
    if "fields" not in named:
        told = "The task must name {fields}: there the list of fields stands that the model is to write."
        yield error("prompts.task", told, FindingCode.MISSING_PLACEHOLDER)
    if "source" not in named:
        told = "{source} stands nowhere, so that the source is appended to the task. Put it where it belongs."
        yield warning("prompts.task", told, FindingCode.MISSING_PLACEHOLDER)


def instructions_are_there(subject: Subject) -> Iterator[Verdict]:
    """A field's name alone tells a model little."""
    content = subject.content
    for name in fields_of_profile(content):
        if not content.prompts.fields[name].strip():
            told = "This field is written, but nothing says what belongs in it. Write an instruction."
            yield warning(f"prompts.fields.{name}", told, FindingCode.EMPTY)
    if asks_for_book(content) and not content.prompts.book.strip():
        told = "A book is written, but nothing says what its entries are about. Write an instruction."
        yield warning("prompts.book", told, FindingCode.EMPTY)


def placeholders_are_known(subject: Subject) -> Iterator[Verdict]:
    """One that is not known would reach the model as it stands; so would one in double braces."""
    for path, text in texts_of(subject):
        known = known_placeholders(path)
        if not known or len(text) > (longest_of(path) or 0):
            continue
        verdict = error if _is_used(subject, path) else warning
        unknown = (each for each in placeholders_in(text) if each.name not in known)
        for each in islice(unknown, _MOST):
            told = _told_unknown(each, known)
            yield verdict(path, told, FindingCode.UNKNOWN_PLACEHOLDER, each.start, each.end)
        doubled = (found for found in _DOUBLE.finditer(text) if found[1] in known)
        for found in islice(doubled, _MOST):
            told = f"{found[0]} in double braces stays as it is. Do you mean {{{found[1]}}}?"
            yield warning(path, told, FindingCode.UNKNOWN_PLACEHOLDER, found.start(), found.end())


def examples_are_there(subject: Subject) -> Iterator[Verdict]:
    """``{examples}`` without examples is a hole in a prompt."""
    prompts = subject.content.prompts
    if prompts.examples.strip() or _is_too_long(subject):
        return
    for path, text in (("prompts.system", prompts.system), ("prompts.task", prompts.task)):
        for each in placeholders_in(text):
            if each.name == "examples":
                told = "{examples} stands for nothing: there are no examples. Write some, or remove it."
                yield warning(path, told, FindingCode.NO_EFFECT, each.start, each.end)
                return


def _told_unknown(found: Placeholder, known: tuple[str, ...]) -> str:
    shown = f"{{{found.name}}}"
    if found.name.lower() in MACROS:
        return f"{shown} is no placeholder. Do you mean the macro {{{shown.lower()}}}, in double braces?"
    places = {"the system prompt and the task": OF_TASK, "a field's instruction": OF_FIELD}
    places["the book's instruction"] = OF_BOOK
    where = [place for place, names in places.items() if found.name in names]
    if where:
        return f"{shown} can be used in {' and '.join(where)}, not here. Remove it."
    if guess := meant(found.name, known):
        return f"{shown} is no placeholder. Do you mean {{{guess}}}?"
    listed = ", ".join(f"{{{name}}}" for name in known)
    return (
        f"{shown} is no placeholder. Known here: {listed}. For braces as they are write blanks inside: "
        f"{{ {found.name} }}."
    )


def _is_used(subject: Subject, path: str) -> bool:
    """Whether the template at a path is part of any prompt."""
    if path == "prompts.book":
        return asks_for_book(subject.content)
    field = path.removeprefix("prompts.fields.")
    return field == path or field in fields_of_profile(subject.content)


def _is_too_long(subject: Subject) -> bool:
    """Another rule says so; then nobody waits for what else is in it."""
    prompts = subject.content.prompts
    return max(len(prompts.system), len(prompts.task)) > (longest_of("prompts.task") or 0)
