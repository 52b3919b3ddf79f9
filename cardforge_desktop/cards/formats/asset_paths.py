"""Where the files of a card lie in its archive.

V3 wants ``assets/{type}/{images|audio|…}/`` and names of ASCII characters (SPEC_V3.md, "CHARX").
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from cardforge_desktop.cards.model import Asset
from cardforge_desktop.cards.package import embedded_path

_TYPES = ("icon", "background", "user_icon", "emotion")
_FOLDERS: Mapping[str, str] = MappingProxyType(
    {
        ext: folder
        for folder, exts in (
            ("images", "png jpg jpeg gif webp avif apng bmp jxl"),
            ("audio", "mp3 wav ogg opus flac m4a aac"),
            ("video", "mp4 webm mov avi mkv"),
            ("fonts", "otf ttf woff woff2"),
            ("code", "lua js ts"),
            ("3d", "mmd obj"),
            ("ai", "safetensors ckpt onnx"),
        )
        for ext in exts.split()
    }
)
#: Already compressed, or (fonts, models) better left for readers to map.
_PACKED = frozenset(ext for ext, folder in _FOLDERS.items() if folder in ("images", "audio", "video"))
_SIGNATURES = ((b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))

_LEADS_OUTSIDE = re.compile(r"[\\\x00-\x1f\x7f]|^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)")
_SAFE = re.compile(r"(?!.*(?:^|/)[. ]*(?:/|$))[A-Za-z0-9 _.()!@#$%&+,;=~'{}\[\]/-]{1,200}")
_UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


def stays_inside(path: str) -> bool:
    """Whether a path from an archive is relative, without ``..``, backslashes and control characters."""
    return path != "" and not _LEADS_OUTSIDE.search(path)


def is_packed(suffix: str) -> bool:
    """Whether files of this suffix (``.png``) are compressed already."""
    return suffix.lower().removeprefix(".") in _PACKED


def picture_ext(picture: bytes) -> str:
    """The extension of an image file, without a dot."""
    return next((ext for signature, ext in _SIGNATURES if picture.startswith(signature)), "png")


def in_archive(assets: Iterable[Asset], files: Mapping[str, bytes]) -> dict[str, str]:
    """Where each of `files` goes, by its path now: there, if that is safe and of ASCII, else V3's folders.

    A file that no asset names keeps any path that stays inside: another app looks for it there.
    """
    owners = {embedded_path(asset.uri): asset for asset in assets}
    paths = {path: path for path in files if _may_stay(path, path in owners)}
    free = FreePaths(paths)
    return {path: paths.get(path) or free.take(*_place(path, owners.get(path))) for path in files}


class FreePaths:
    """Gives out paths that nothing lies at, whatever their case."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {path.lower() for path in taken}
        self._last: dict[str, int] = {}

    def take(self, stem: str, ext: str) -> str:
        """``stem.ext``, or ``stem_2.ext`` and so on."""
        end = f".{ext}" if ext else ""
        wanted = (stem + end).lower()
        at = self._last.get(wanted, 0) + 1
        while (path := stem + (f"_{at}" if at > 1 else "") + end).lower() in self._taken:
            at += 1
        self._last[wanted] = at
        self._taken.add(path.lower())
        return path


def _may_stay(path: str, has_asset: bool) -> bool:
    if path.lower() == "card.json":
        return False
    return bool(_SAFE.fullmatch(path)) if has_asset else stays_inside(path) and not path.endswith("/")


def _place(path: str, asset: Asset | None) -> tuple[str, str]:
    """Path without its end, and extension, of a file that can't stay where it is."""
    old = PurePosixPath(path.replace("\\", "/"))
    ext = _word(old.suffix if asset is None or asset.ext in ("", "unknown") else asset.ext).lower()
    kind = "other" if asset is None else asset.type if asset.type in _TYPES else _word(asset.type) or "other"
    name = _word(old.stem if asset is None else asset.name) or _word(old.stem) or "file"
    return f"assets/{kind}/{_FOLDERS.get(ext, 'other')}/{name}", ext


def _word(text: str) -> str:
    """`text` as a part of a path: ASCII letters, digits, ``-`` and ``_``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _UNSAFE_IN_NAMES.sub("_", plain).strip("_")[:80]
