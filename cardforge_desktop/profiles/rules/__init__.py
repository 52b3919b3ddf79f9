"""The one rule set of profiles for the window, the command line and the local API (specification 4).

A rule is a function in a module of its subject that yields what is wrong; `_RULES` names each of them once.
"""

from __future__ import annotations

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.profiles.reading import read_over
from cardforge_desktop.profiles.rules import context, engines, names, numbers, output, templates, texts
from cardforge_desktop.profiles.rules.subject import Rule, Subject
from cardforge_desktop.profiles.surroundings import Surroundings
from cardforge_desktop.profiles.validation import Finding, FindingCode, Validation, shortened

_RULES: tuple[Rule, ...] = (
    names.name_is_there,
    names.name_is_free,
    names.name_says_something,
    texts.lengths,
    texts.characters,
    numbers.ranges,
    numbers.lengths_fit,
    engines.engine_is_known,
    engines.model_has_its_engine,
    engines.sampling_has_effect,
    output.something_is_written,
    output.greetings_and_entries_are_some,
    output.card_has_a_name,
    output.formats_are_known,
    output.formats_fit_the_type,
    output.pattern_is_valid,
    templates.task_is_there,
    templates.task_names_what_it_needs,
    templates.instructions_are_there,
    templates.placeholders_are_known,
    templates.examples_are_there,
)
#: Rules that count tokens, which takes a moment: only where all else is right.
_LAST_RULES: tuple[Rule, ...] = (context.context_has_room,)


def check(content: ProfileContent, around: Surroundings, profile_id: str = "") -> Validation:
    """All that is wrong with a profile, in the order of a form. Never raises, whatever stands in it.

    Args:
        profile_id: its own id, so that it does not collide with its own name; "" = a new one.
    """
    subject = Subject(content, around, profile_id)
    verdicts = [verdict for rule in _RULES for verdict in rule(subject)]
    if not any(verdict.is_error for verdict in verdicts):
        verdicts += [verdict for rule in _LAST_RULES for verdict in rule(subject)]
    places = {path: place for place, path in enumerate(fields_of(content))}
    verdicts.sort(key=lambda verdict: places.get(verdict.finding.field, -1))
    return Validation(
        tuple(verdict.finding for verdict in verdicts if verdict.is_error),
        tuple(verdict.finding for verdict in verdicts if not verdict.is_error),
    )


def check_field(
    field: str, value: object, before: ProfileContent, around: Surroundings, profile_id: str = ""
) -> Validation:
    """What is wrong with a value for one field, or for a group of them (specification 4.1).

    Args:
        field: a path, ``name``, ``config`` or ``config.sampling.top_p``; "" = the whole profile.
        value: plain JSON of any shape.
        before: the profile it is to be a part of.

    Told is what is wrong in that field, and what elsewhere is wrong only with this value. Never raises.
    """
    try:
        content, misread = read_over(value, before, field)
    except KeyError:
        told = f"There is no field “{shortened(field)}” in a profile."
        return Validation((Finding(shortened(field), told, FindingCode.UNKNOWN_FIELD),))
    known, found = check(before, around, profile_id), check(content, around, profile_id)
    wrong = {finding.field for finding in misread}

    def told_of(findings: tuple[Finding, ...], before: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(
            finding
            for finding in findings
            if finding.field not in wrong and (_is_in(finding.field, field) or finding not in before)
        )

    return Validation(misread + told_of(found.errors, known.errors), told_of(found.warnings, known.warnings))


def _is_in(path: str, group: str) -> bool:
    return not group or path == group or path.startswith(f"{group}.")
