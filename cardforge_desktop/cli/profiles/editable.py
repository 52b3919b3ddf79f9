"""A profile as a person edits it in a text editor: YAML, its prompts as they are, line by line.

All values are read as texts and become what their field holds (`values.typed`), so that a language
``no`` stays one; YAML's aliases, tags and types are not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from cardforge_desktop.cli.profiles.values import PATHS, is_list, typed
from cardforge_desktop.profiles.files import unreadable
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.templates import OF_BOOK, OF_FIELD, OF_TASK

_PREFIX = "tag:yaml.org,2002:"
_TAGS = {str: "str", bool: "bool", int: "int", float: "float", type(None): "null"}
# What YAML would take for the end of a line, or would not read at all.
_UNFIT = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
#: In the place of a list or a group where a single value belongs: the rules refuse it by its field.
_NO_TEXT: tuple[()] = ()
_LONG = 60
_DEEPEST = 8
_LARGEST = 2 * 1024 * 1024
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_ENDLESS = 2**31 - 1

_COMMENTS = {
    "name": "",
    "type": "character, scenario, group or lorebook",
    "config": (
        "engine: of `cardforge engines`; '' = the one chosen in the app. model: '' = the engine's own.\n"
        "sampling: null leaves it to the server. words: 0 = as the instruction says.\n"
        "language, style: your words, '' = as the source has it. point_of_view: first, second, third or ''.\n"
        "tense: past, present or ''. content_rating: everyone, teen, mature or ''."
    ),
    "prompts": (
        "system and task may name: {task}\nfields may name: {field}\nbook may name: {book}\n"
        "Lines of a prompt stand below `|-`, two blanks further in."
    ),
}


def as_text(content: ProfileContent, head: str = "") -> str:
    """The whole profile; `head` and a word on each part stand in it as comments."""
    known = {"task": _listed(OF_TASK), "field": _listed(OF_FIELD), "book": _listed(OF_BOOK)}
    parts = [_commented(head)] if head else []
    for name, value in content.model_dump(mode="json").items():
        about = _COMMENTS.get(name, "")
        for word, names in known.items():
            about = about.replace("{" + word + "}", names)
        if about and head:
            parts.append(f"\n{_commented(about)}")
        parts.append(_written({name: value}))
    return "".join(parts)


def values_in(data: bytes, name: str) -> dict[str, Any]:
    """The profile, or what of it stands in the text, as plain JSON; what has no field keeps its place.

    Raises:
        ProfileError: PROFILE_FILE_UNREADABLE: it is no YAML, or no profile; names the file and the place.
    """
    if len(data) > _LARGEST:
        raise unreadable(name, f"it is larger than {_LARGEST // 1024**2} MB")
    try:
        text = data.decode("utf-8-sig")
        _check_shape(text)
        stored = _built(text)
    except (yaml.YAMLError, ValueError) as error:
        raise unreadable(name, _reason(error), "Correct that place in a text editor.") from error
    if not isinstance(stored, Mapping):
        raise unreadable(name, "it has no fields, such as `name: Noir`")
    return dict(_read(stored, ""))


def _check_shape(text: str) -> None:
    """Refuse what is nested deeper than a profile, and aliases, before anything is built of it.

    Raises:
        ValueError: says what is where.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise ValueError(f"{_place(event.start_mark)}it is nested deeper than a profile")
        if isinstance(event, yaml.AliasEvent):
            raise ValueError(f"{_place(event.start_mark)}a word that begins with * needs quotes")


def _built(text: str) -> Any:
    """Mappings, lists and texts; the loader makes nothing else.

    Raises:
        ValueError: a field stands twice in one group: one of the two would be lost.
    """
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _check_keys(node)
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _check_keys(node: yaml.Node) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name and name in seen:
            raise ValueError(f"{_place(key.start_mark)}“{name}” stands here for the second time")
        seen.add(name)
        _check_keys(value)


def _read(stored: Mapping[Any, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in stored.items():
        name = str(key)
        path = f"{above}{name}"
        if path in PATHS:
            yield name, _value(path, value)
        elif isinstance(value, Mapping) and any(known.startswith(f"{path}.") for known in PATHS):
            yield name, dict(_read(value, f"{path}."))
        elif value == "" and any(known.startswith(f"{path}.") for known in PATHS):
            yield name, {}  # a group whose lines were all taken out
        else:
            yield name, value if isinstance(value, str) else _NO_TEXT  # nothing the rules know


def _value(path: str, value: Any) -> Any:
    if isinstance(value, str):
        return typed(path, value)
    if is_list(path) and isinstance(value, list):
        return [each if isinstance(each, str) else _NO_TEXT for each in value]
    return _NO_TEXT


def _written(value: Any) -> str:
    return str(
        yaml.serialize(
            _node(value), Dumper=yaml.SafeDumper, allow_unicode=True, width=_ENDLESS, line_break="\n"
        )
    )


def _node(value: Any, above: str = "") -> yaml.Node:
    if isinstance(value, dict):
        pairs = [(_scalar(name), _node(each, f"{above}{name}.")) for name, each in value.items()]
        # The plan of a field is one line.
        in_a_line = above.startswith("config.fields.") and above.count(".") > 2
        return yaml.MappingNode(f"{_PREFIX}map", pairs, flow_style=in_a_line)
    if isinstance(value, list):
        return yaml.SequenceNode(f"{_PREFIX}seq", [_scalar(each) for each in value], flow_style=True)
    return _scalar(value, is_prompt=above.startswith("prompts."))


def _scalar(value: Any, *, is_prompt: bool = False) -> yaml.ScalarNode:
    if not isinstance(value, str):
        words = {None: "null", True: "true", False: "false"}
        text = words[value] if value is None or isinstance(value, bool) else repr(value)
        return yaml.ScalarNode(f"{_PREFIX}{_TAGS[type(value)]}", text)
    style = None
    if _UNFIT.search(value):
        style = '"'
    elif (is_prompt and value) or "\n" in value or len(value) > _LONG:
        style = "|" if _stands_in_lines(value) else '"'
    return yaml.ScalarNode(f"{_PREFIX}str", value, style=style)


def _stands_in_lines(text: str) -> bool:
    """Whether YAML keeps a text that is written line by line.

    Blank lines at its end would run together with those behind it.
    """
    first, *rest = text.split("\n")
    return (
        bool(first.strip()) and not text.endswith("\n\n") and all(not line or line.strip() for line in rest)
    )


def _commented(text: str) -> str:
    return "".join(f"# {line}".rstrip() + "\n" for line in text.split("\n"))


def _listed(names: tuple[str, ...]) -> str:
    return " ".join(f"{{{name}}}" for name in names)


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is no UTF-8 text"
    problem = str(getattr(error, "problem", None) or error).partition("\n")[0]
    return _place(getattr(error, "problem_mark", None)) + problem


def _place(mark: Any) -> str:
    return "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: "
