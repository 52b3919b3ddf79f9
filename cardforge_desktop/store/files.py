"""Finished cards on the disk: whole or not at all, and over a file that is there only when asked to."""

import errno
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cardforge_desktop.errors import CardForgeError, ErrorCode

# More cards of one name than this in one folder is a mistake somewhere else.
MAX_NUMBER = 9999

_DISK_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name))
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
# What file systems without hard links answer (exFAT, FAT, some network shares, Android).
_NO_LINKS = frozenset(
    getattr(errno, name)
    for name in ("EPERM", "EACCES", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EXDEV", "EINVAL")
    if hasattr(errno, name)
)


#: Asks for names, all of them and those that files have: written by an earlier try, or to be replaced. True:
#: take them.
Claim = Callable[[Collection[Path], Collection[Path]], bool]


class FilesError(CardForgeError):
    """A file can't be written.

    Codes: FILES_NAME_REFUSED, FILES_FOLDER_IS_A_FILE, FILES_NOT_PERMITTED, FILES_DISK_FULL,
    FILES_NO_NAME_FREE, FILES_CHANGED (somebody else wrote it), FILES_UNWRITABLE (any other answer of the
    system).
    """


def write_new_files(
    folder: Path,
    contents: Mapping[str, bytes],
    names: Callable[[int], Mapping[str, str]],
    *,
    mark: str = "",
    resumed: bool = False,
    overwrite: bool = False,
    claim: Claim = lambda _all, _replaced: True,
) -> dict[str, Path]:
    """Write the files of one card; all of them are there and on the disk when this returns.

    Args:
        folder: made with its parents when it is missing.
        contents: format → bytes.
        names: gives format → file name for a number from 1 (`naming.file_names`). When one of the names is
            taken, the whole set goes to the next number, so that the files of a card stay together.
        mark: letters and digits in the temporary names, by which a later try knows them.
        resumed: an earlier try with the same mark and contents was killed: what it left half done is cleared
            away, and files it gave their names already, known by their content, count as written.
        overwrite: files that have the names are replaced, each in one step; links and folders never are.
        claim: asked before names are taken; at a no the set goes to the next number.

    Returns:
        format → path of its file, in the order of `contents`.

    Each content is written under a temporary name in the same folder, synced, then given its name in one step
    that fails when the name is taken, whoever else writes there at the same time. After an error nothing of
    the set is left, and what was replaced is back.

    Raises:
        FilesError: with the folder, the reason and the way out.
    """
    folder = Path(folder)
    with _errors_named(folder):
        _make_folder(folder)
        if resumed and mark:
            for left in folder.glob(f".cardforge-{mark}-*.tmp"):
                left.unlink(missing_ok=True)
        temporary: dict[str, Path] = {}
        try:
            for format_name, content in contents.items():
                temporary[format_name] = folder / f".cardforge-{mark}-{secrets.token_hex(8)}.tmp"
                _write_synced(temporary[format_name], content)
            known = contents if resumed else {}
            choice = _Choice(folder, names, known, overwrite, claim)
            placed = _place_under_free_number(choice, temporary)
        finally:
            for path in temporary.values():
                with suppress(OSError):
                    path.unlink()
        _sync_folder(folder)
    return placed


def replace_file(path: Path, content: bytes, sha256: str) -> None:
    """Put `content` in the place of a file that nobody changed; it is on the disk when this returns.

    Args:
        sha256: of what the file holds; it is looked at again right before its name is given to the new one.

    Raises:
        FilesError: FILES_CHANGED: it holds something else by now, or is gone; else as `write_new_files`.
    """
    with _errors_named(path.parent):
        temporary = path.parent / f".cardforge-{secrets.token_hex(8)}.tmp"
        try:
            _write_synced(temporary, content)
            if path.is_symlink() or not path.is_file() or _digest(path) != sha256:
                raise FilesError(
                    ErrorCode.FILES_CHANGED,
                    f"{path} was changed since CardForge wrote it, so it is left as it is.",
                    {"file": str(path)},
                )
            with suppress(OSError):  # some file systems have no permissions
                shutil.copymode(path, temporary)
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink()
        _sync_folder(path.parent)


def keep_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file of CardForge's own, over an earlier one; it is on the disk when this returns.

    Args:
        content: whole, or piece by piece; what getting a piece raises ends it, and leaves no file behind.

    Raises:
        FilesError: as `write_new_files`; an earlier file is as it was.
    """
    with _errors_named(path.parent):
        temporary = path.parent / f".cardforge-{secrets.token_hex(8)}.tmp"
        try:
            _write_synced(temporary, content)
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink()
        _sync_folder(path.parent)


def check_folder(folder: Path) -> None:
    """Find out whether files could be written in a folder that may not be there yet; nothing is left behind.

    Raises:
        FilesError: as `write_new_files` would.
    """
    folder = Path(folder)
    with _errors_named(folder):
        known = next(path for path in (folder, *folder.parents) if _is_there(path) or path == path.parent)
        if not known.is_dir():
            raise _no_folder(folder)
        probe = known / f".cardforge-{secrets.token_hex(8)}.tmp"
        _write_synced(probe, b"")
        probe.unlink()


def _is_there(path: Path) -> bool:
    """Whether something has this name. No right to look, or a name that is too long, is raised."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class _Choice:
    """What decides under which number a set is placed; see `write_new_files`."""

    folder: Path
    names: Callable[[int], Mapping[str, str]]
    known: Mapping[str, bytes]
    overwrite: bool
    claim: Claim


def _place_under_free_number(choice: _Choice, temporary: Mapping[str, Path]) -> dict[str, Path]:
    """Try one number after the other; files that hold their known content are there already."""
    folder = choice.folder
    for number in range(1, MAX_NUMBER + 1):
        chosen = choice.names(number)
        targets = {name: folder / _checked(chosen[name]) for name in temporary}
        if len({path.name.casefold() for path in targets.values()}) < len(targets):
            raise FilesError(
                ErrorCode.FILES_NAME_REFUSED,
                f"Two files of one card would get one name in {folder}. Choose another file name pattern.",
                {"names": {name: path.name for name, path in targets.items()}},
            )
        missing = {name: path for name, path in targets.items() if not _holds(path, choice.known.get(name))}
        taken = {path for path in missing.values() if os.path.lexists(path)}
        others = {path for path in taken if not (choice.known and _is_reserved(path))}
        if others and not (choice.overwrite and all(map(_is_plain, others))):
            continue
        # Also of what is there already: another card may be about to replace it.
        there = taken | (set(targets.values()) - set(missing.values()))
        if choice.claim(list(targets.values()), there) and _place(temporary, missing, taken):
            return targets
    raise FilesError(
        ErrorCode.FILES_NO_NAME_FREE,
        f"{folder} already holds {MAX_NUMBER} cards of this name. Choose another folder or pattern.",
        {"folder": str(folder)},
    )


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _is_reserved(path: Path) -> bool:
    """Whether a try that was killed may have taken this name and not filled it (`_move_to_free_name`)."""
    return _is_plain(path) and path.stat().st_size == 0


def _holds(path: Path, content: bytes | None) -> bool:
    """Whether a file is there, itself and not a link, with just this content."""
    if content is None or not _is_plain(path):
        return False
    return path.stat().st_size == len(content) and path.read_bytes() == content


def _place(temporary: Mapping[str, Path], targets: Mapping[str, Path], replaced: Collection[Path]) -> bool:
    """Give every file its name; False, with none of them given, when somebody else took one meanwhile.

    The order of the names is the order of taking them: of two writers after the same set, the second fails at
    the first name and no number is lost.

    Args:
        replaced: those of the targets that are there and give way.
    """
    placed: list[str] = []
    kept: dict[str, Path] = {}
    try:
        for name in sorted(targets, key=lambda key: targets[key].name):
            source, target = temporary[name], targets[name]
            if target in replaced:
                kept[name] = _second_name(target, source.with_name(f"{source.stem}-before.tmp"))
                with suppress(OSError):  # some file systems have no permissions
                    shutil.copymode(target, source)
                source.replace(target)
            else:
                _move_to_free_name(source, target)
            placed.append(name)
    except BaseException as error:
        for name in placed:
            if name in kept:
                with suppress(OSError):  # for the next number; what was there goes before it
                    _second_name(targets[name], temporary[name])
                kept.pop(name).replace(targets[name])
            else:
                _take_back(temporary[name], targets[name])
        if isinstance(error, FileExistsError):
            return False
        raise
    finally:
        for before in kept.values():
            with suppress(OSError):
                before.unlink()
    return True


def _second_name(path: Path, second: Path) -> Path:
    """Keep what a file holds under a second name."""
    try:
        os.link(path, second)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(path, second)
    return second


def _move_to_free_name(source: Path, target: Path) -> None:
    """Move within a folder.

    Raises:
        FileExistsError: the name is taken, be it by a link that leads nowhere.
    """
    if sys.platform == "win32":
        source.rename(target)  # refuses a taken name there
        return
    try:
        os.link(source, target)  # the temporary name goes when the set is complete
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            source.replace(target)
        except BaseException:
            target.unlink()
            raise


def _take_back(source: Path, target: Path) -> None:
    """Undo `_move_to_free_name`."""
    with suppress(OSError):
        if source.exists():
            target.unlink()
        else:
            target.replace(source)


def _write_synced(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file that does not exist yet, until it is on the disk."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.writelines((content,) if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new names survive a power cut; Windows keeps no handle on folders and needs none."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Some network file systems can't sync a folder; the files themselves are synced.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise _no_folder(folder) from error


def _no_folder(folder: Path) -> FilesError:
    return FilesError(
        ErrorCode.FILES_FOLDER_IS_A_FILE,
        f"Nothing can be saved in {folder}: it, or one above it, is a file. Choose another.",
        {"folder": str(folder)},
    )


def _checked(name: str) -> str:
    """The name, when it stays inside the folder."""
    lone_surrogate = any("\ud800" <= character <= "\udfff" for character in name)
    if name in ("", ".", "..") or lone_surrogate or any(character in name for character in "/\\:\0"):
        raise FilesError(
            ErrorCode.FILES_NAME_REFUSED,
            f"{name!r} is no file name. Choose another file name pattern.",
            {"name": name},
        )
    return name


@contextmanager
def _errors_named(folder: Path) -> Iterator[None]:
    """Turn the system's errors into sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            code, reason = (
                ErrorCode.FILES_DISK_FULL,
                "the disk is full. Free some space or choose another folder",
            )
        elif error.errno in _FORBIDDEN:
            code, reason = (
                ErrorCode.FILES_NOT_PERMITTED,
                "writing there is not permitted. Choose another folder",
            )
        else:
            answer = error.strerror or type(error).__name__
            code, reason = ErrorCode.FILES_UNWRITABLE, f"the system says “{answer}”. Choose another folder"
        raise FilesError(
            code,
            f"Nothing can be saved in {folder}: {reason}.",
            {"folder": str(folder), "errno": error.errno, "file": str(error.filename)},
        ) from error
