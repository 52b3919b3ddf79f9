"""Profiles as files that are shared: JSON that a diff reads well.

In a file is what a profile consists of and which version it was. Who saved it, on which machine, with which
key, is nobody's business there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.naming import names_after, sanitise
from cardforge_desktop.profiles.errors import ProfileError, ProfileFileInvalid
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.reading import TwiceError, each_once, read_content
from cardforge_desktop.profiles.report import utc
from cardforge_desktop.store.files import write_new_files

#: What the name of a profile file ends with, behind the dot.
EXTENSION = "cardforge-profile.json"
#: Bytes of a file that is read.
LARGEST_FILE = 8 * 1024 * 1024
#: Profiles in one file.
MOST_PROFILES = 500

_MARK = "cardforge_profile"
_FORMAT = 1
_WAY_OUT = "Choose another file, or export the profile again."
# A path on a machine: of the root, a drive, a share, a home.
_MACHINE_PATH = re.compile(r"[/\\~]|[A-Za-z]:[/\\]|file:", re.IGNORECASE)


def file_text(profiles: Sequence[Profile]) -> str:
    """The text of a file with these profiles; one alone stands in it without a list."""
    documents = [_document(profile) for profile in profiles]
    value = documents[0] if len(documents) == 1 else documents
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def shared(content: ProfileContent) -> ProfileContent:
    """The content as it leaves this machine: a model that is named by a path on it is not named."""
    if not _MACHINE_PATH.match(content.config.model.strip()):
        return content
    config = content.config.model_copy(update={"model": ""})
    return content.model_copy(update={"config": config})


def write_profile_file(
    folder: Path, profiles: Sequence[Profile], name: str = "", *, overwrite: bool = False
) -> Path:
    """Write a file with these profiles; returns its path. It is whole or not there at all.

    Args:
        name: of the file; "" = after the first profile, with a number where that is taken.
        overwrite: a file of that name is replaced.

    Raises:
        FilesError: it can't be written.
    """
    if name:
        names: Callable[[int], Mapping[str, str]] = lambda _number: {"profile": name}  # noqa: E731
    else:
        stem = sanitise(profiles[0].name, empty="profile")
        names = lambda number: names_after(stem, {"profile": EXTENSION}, number)  # noqa: E731
    content = {"profile": file_text(profiles).encode()}
    return write_new_files(folder, content, names, overwrite=overwrite)["profile"]


def documents_in(data: bytes, name: str) -> list[dict[str, Any]]:
    """The profiles in a file's bytes as plain JSON, for `content_in`.

    Args:
        name: of the file, for messages.

    Raises:
        ProfileError: PROFILE_FILE_UNREADABLE.
    """
    value = _loaded(data, name)
    documents = value if isinstance(value, list) else [value]
    if not documents or len(documents) > MOST_PROFILES:
        raise unreadable(name, f"it holds {len(documents):,} profiles, and 1 to {MOST_PROFILES} are read")
    return [_checked(document, name) for document in documents]


def content_in(document: dict[str, Any], name: str, over: ProfileContent | None = None) -> ProfileContent:
    """A profile from plain JSON.

    Args:
        name: of the file, for messages.
        over: what the document does not say is as it is there.

    Raises:
        ProfileFileInvalid: a field has what it can't have, or there is none of its name.
    """
    content, validation = read_content(document, over)
    if content is None:
        raise ProfileFileInvalid(name, validation)
    return content


def unreadable(name: str, reason: str, way_out: str = _WAY_OUT) -> ProfileError:
    """To be raised: the file as such is none."""
    return ProfileError(
        ErrorCode.PROFILE_FILE_UNREADABLE,
        f"{name} can't be read as a profile: {reason}. {way_out}",
        {"file": name, "reason": reason},
    )


def _document(profile: Profile) -> dict[str, Any]:
    plain = shared(profile.content).model_dump(mode="json")
    return {
        _MARK: _FORMAT,
        "name": plain["name"],
        "description": plain["description"],
        "type": plain["type"],
        "version": profile.version,
        "updated_at": utc(profile.updated_at),
        "config": plain["config"],
        "prompts": _in_lines(plain["prompts"]),
    }


def _in_lines(value: Any) -> Any:
    """Texts of more than one line as lists of lines: a diff then shows the line that changed."""
    if isinstance(value, dict):
        return {name: _in_lines(each) for name, each in value.items()}
    return value.split("\n") if isinstance(value, str) and "\n" in value else value


def _in_one(value: Any) -> Any:
    """The texts of `_in_lines` again; all else as it is."""
    if isinstance(value, dict):
        return {name: _in_one(each) for name, each in value.items()}
    if isinstance(value, list) and value and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    return value


def _loaded(data: bytes, name: str) -> Any:
    if len(data) > LARGEST_FILE:
        raise unreadable(name, f"it is larger than {LARGEST_FILE // 1024**2} MB")
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=each_once)
        return whole(value)
    except TwiceError as error:
        raise unreadable(name, str(error)) from error
    except UnicodeDecodeError as error:
        raise unreadable(name, f"byte {error.start} is no UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise unreadable(name, f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise unreadable(name, "it is nested too deep") from error
    except ValueError as error:  # a number of thousands of digits, NaN
        raise unreadable(name, "a number in it is none that JSON has") from error


def whole(value: Any) -> Any:
    """A JSON value in which no text has half a character (a lone surrogate), which no store can hold."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [whole(each) for each in value]
    if isinstance(value, dict):
        return {whole(name): whole(each) for name, each in value.items()}
    return value


def _no_number(name: str) -> float:
    raise ValueError(name)


def _finite(digits: str) -> float:
    return float(digits) if isfinite(float(digits)) else _no_number(digits)


def _checked(document: Any, name: str) -> dict[str, Any]:
    """The fields of a profile in one document of a file.

    Without the mark it counts where it has the parts of a profile: `cardforge profiles show --json` and the
    local API write those.
    """
    if not isinstance(document, dict):
        raise unreadable(name, "a profile in it is no JSON object")
    mark = document.get(_MARK, _FORMAT)
    is_number = isinstance(mark, int) and not isinstance(mark, bool)
    if is_number and mark > _FORMAT:
        raise unreadable(
            name,
            f"it has the format {mark} of a newer CardForge, and this one knows {_FORMAT}; update CardForge",
        )
    if not is_number or mark != _FORMAT or not ({_MARK, "config", "prompts"} & document.keys()):
        raise unreadable(name, "there is no profile in it")
    fields = {key: value for key, value in document.items() if key != _MARK}
    if "prompts" in fields:
        fields["prompts"] = _in_one(fields["prompts"])
    return fields
