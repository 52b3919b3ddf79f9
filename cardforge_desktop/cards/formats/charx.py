"""CHARX: a zip with ``card.json`` at its root and the files of the card's assets beside it.

Sources: github.com/kwaroran/character-card-spec-v3, SPEC_V3.md, "CHARX"; RisuAI's reader and writer,
src/ts/process/processzip.ts and src/ts/characterCards.ts: it also writes the zip behind a JPEG, names two
icons ``main`` and keeps ``module.risum`` and ``x_meta/`` beside the card.
"""

import io
import itertools
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from cardforge_desktop.cards.formats import asset_paths, json_text, png_chunks, v2, v3
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.losses import Loss, card_losses
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.model import Asset, Card
from cardforge_desktop.cards.package import CardPackage, embedded_path, main_icon
from cardforge_desktop.errors import ErrorCode

CARD = "card.json"
#: Members of an archive, and bytes of all of them unpacked: a card with more is refused.
MOST_MEMBERS = 10_000
LARGEST_CONTENT = 256 * 1024 * 1024

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_LARGEST_DIRECTORY = 4 * 1024 * 1024
_DIRECTORY_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = 30  # bytes of it before the name
# Only these two inflate in bounded steps; zipfile unpacks a whole block of bz2 or LZMA at once.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PIECE = 1024 * 1024
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
# What zipfile and zlib raise over bytes that are not as they should be.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
)
_ASSET_FILE = re.compile(r"^assets\[\d+\]\.(uri|ext)$")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same card is the same file at any time


def recognises(head: bytes, data: bytes) -> bool:
    """Whether `data`, which begins with `head`, is a zip, or a picture with a card's zip behind it."""
    if head.startswith(_ZIP):
        return True
    # A PNG may end in "PK…" by chance, or carry its card in a chunk and some other zip behind.
    if not head.startswith(_PICTURES) or not zipfile.is_zipfile(io.BytesIO(data)):
        return False
    try:
        with _opened(data) as archive:
            return CARD in archive.namelist()
    except CardFormatError:
        return False


def read(data: bytes, notes: Notes) -> tuple[Any, Mapping[str, bytes]]:
    """The JSON value of the card in an archive, and its other members by path.

    Raises:
        CardFormatError: CARD_MISSING: a zip without a card; CARD_ENCRYPTED; CARD_TOO_LARGE; CARD_DAMAGED.
    """
    with _opened(data) as archive:
        members = _members(archive, notes)
        if CARD not in members:
            raise _no_card()
        left = LARGEST_CONTENT
        files: dict[str, bytes] = {}
        for path, info in members.items():
            content = _content(archive, info, left, notes)
            if content is not None:
                left -= len(content)
                files[path] = content
    return json_text.load(files.pop(CARD), notes), files


def read_card(file: io.FileIO, notes: Notes) -> Any:
    """The JSON value of the card in an open archive; other members stay unread.

    Raises:
        CardFormatError: as `read`.
    """
    with _WithinBounds(file) as bounded, _archive(bounded) as archive:
        info = _members(archive, notes).get(CARD)
        if info is None:
            raise _no_card()
        content = _content(archive, info, LARGEST_CONTENT, notes)
    return json_text.load(content or b"", notes)


def cover(data: bytes) -> bytes | None:
    """The picture that the archive stands behind, None where the file begins with the archive.

    Raises:
        CardFormatError: as `read` does.
    """
    if not data.startswith(_PICTURES):
        return None
    with _opened(data) as archive:
        begin = min((info.header_offset for info in archive.infolist()), default=0)
    return data[:begin] if begin > 0 else None


def picture(card: Card, files: Mapping[str, bytes], cover: bytes | None = None) -> bytes | None:
    """The character's picture: the main icon's file, else the `cover`, else another icon's file."""
    main = main_icon(card)
    own = None if main is None else files.get(embedded_path(main.uri) or "")
    if own is not None or cover is not None:
        return cover if own is None else own
    icons = (embedded_path(asset.uri) or "" for asset in card.assets or () if asset.type == "icon")
    return next((files[path] for path in icons if path in files), None)


def write(package: CardPackage) -> bytes:
    """The archive of `package`: the card first, then every file. The same package gives the same bytes.

    Raises:
        CardFormatError: CARD_UNWRITABLE: the card holds what JSON can't.
    """
    ready = _ready(package)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(*_member(CARD, json_text.dump(v3.write(ready.card), indent=2)))
        for path, content in ready.files.items():
            archive.writestr(*_member(path, content))
    return buffer.getvalue()


def losses(package: CardPackage) -> tuple[Loss, ...]:
    """What of `package` a CHARX does not hold as it is."""
    ready = _ready(package)
    written = v2.read(json_text.load(json_text.dump(v3.write(ready.card))), Notes())
    # An asset that names its file otherwise than before loses nothing.
    found = [loss for loss in card_losses(package.card, written) if not _ASSET_FILE.search(loss.field)]
    if package.picture is not None and not _is_same(picture(ready.card, ready.files), package.picture):
        reason = (
            "stays as another icon: the card's main icon has a picture of its own, which is shown instead"
        )
        found.append(Loss("picture", reason))
    return tuple(found)


# Reading


class _WithinBounds(io.BufferedReader):
    """A file of which zipfile, which reads the directory at once, gets only one of bearable size."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LARGEST_DIRECTORY:
            raise _too_many()
        return super().read(size)


def _opened(data: bytes) -> zipfile.ZipFile:
    # zipfile reads the whole directory at once, some kilobyte for an entry of 46 bytes.
    if data.count(_DIRECTORY_ENTRY) > 5 * MOST_MEMBERS:
        raise _too_many()
    return _archive(io.BytesIO(data))


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGE as error:
        raise CardFormatError(
            ErrorCode.CARD_DAMAGED,
            "the zip is cut off or damaged: its directory can't be read. Download or export the card again.",
            {"reason": str(error)},
        ) from error
    _check(archive)
    return archive


def _check(archive: zipfile.ZipFile) -> None:
    """Refuse what no card is: too many members, too large ones, encrypted ones, one inside another."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _too_many()
    if sum(info.file_size for info in infos) > LARGEST_CONTENT:
        raise _too_large()
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise CardFormatError(
            ErrorCode.CARD_ENCRYPTED,
            "this zip is encrypted, which cards never are. "
            "Unpack it with its password and zip it again without.",
        )
    # David Fifield's zip bomb, "A better zip bomb" (2019): many entries share one run of packed bytes.
    ordered = sorted(infos, key=lambda info: info.header_offset)
    ends = [info.header_offset + _LOCAL_HEADER + info.compress_size for info in ordered]
    if any(end > info.header_offset for end, info in zip(ends, ordered[1:], strict=False)):
        raise CardFormatError(
            ErrorCode.CARD_DAMAGED, "files in this zip overlap, as in a zip bomb, so it is not opened."
        )


def _members(archive: zipfile.ZipFile, notes: Notes) -> dict[str, zipfile.ZipInfo]:
    """The members that are files with a path that stays inside, the last of several with one path."""
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        path = _path(info)
        if path.endswith("/"):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            notes.add("", f"The file {path[:100]!r} in the zip was a link and is left out")
        elif not asset_paths.stays_inside(path):
            notes.add("", f"The file {path[:100]!r} in the zip had a path that leads outside and is left out")
        else:
            if path in members:
                notes.add("", f"The zip held {path[:100]!r} more than once; the last is kept")
                del members[path]
            members[path] = info
    return members


def _path(info: zipfile.ZipInfo) -> str:
    """The member's path as written: zipfile cuts names at NUL, and reads unmarked UTF-8 as code page 437."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, notes: Notes) -> bytes | None:
    """The bytes of a member, at most `left` of them; None of a damaged one that is not the card."""
    try:
        if info.compress_type not in _METHODS:
            raise zipfile.BadZipFile(f"compression method {info.compress_type}")
        return _unpacked(archive, info, left)
    except _DAMAGE as error:
        path = _path(info)
        if path == CARD:
            raise CardFormatError(
                ErrorCode.CARD_DAMAGED,
                f"{CARD} in the zip is damaged. Download or export the card again.",
                {"reason": str(error)},
            ) from error
        notes.add("", f"The file {path[:100]!r} in the zip was damaged and is left out")
        return None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    # In pieces: the sizes in the headers may lie.
    buffer = io.BytesIO()
    with archive.open(info) as member:
        while piece := member.read(_PIECE):
            if buffer.tell() + len(piece) > left:
                raise _too_large()
            buffer.write(piece)
    return buffer.getvalue()


def _no_card() -> CardFormatError:
    return CardFormatError(
        ErrorCode.CARD_MISSING,
        f"this zip holds no card: there is no {CARD} at its root. "
        "If the card lies inside, unpack the zip and open that file.",
    )


def _too_many() -> CardFormatError:
    return CardFormatError(
        ErrorCode.CARD_TOO_LARGE,
        f"the zip holds more than {MOST_MEMBERS:,} files, more than a card may have.",
    )


def _too_large() -> CardFormatError:
    return CardFormatError(
        ErrorCode.CARD_TOO_LARGE,
        f"the zip unpacks to more than {LARGEST_CONTENT // 1024**2} MB, more than a card may have.",
    )


# Writing


def _member(path: str, content: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.create_system = 3  # Unix, on every system
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    packed = asset_paths.is_packed(PurePosixPath(path).suffix)
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    return info, content


def _ready(package: CardPackage) -> CardPackage:
    """`package` with the picture among the files, safe paths, and uris that name them as V3 does."""
    full = _with_picture(package)
    assets = _with_one_main(full.card.assets or [])
    paths = asset_paths.in_archive(assets, full.files)
    renamed = [
        asset if (path := embedded_path(asset.uri)) not in paths else _at(asset, f"embeded://{paths[path]}")
        for asset in assets
    ]
    card = full.card if full.card.assets is None else _with_assets(full.card, renamed)
    return replace(full, card=card, files={paths[path]: content for path, content in full.files.items()})


def _with_picture(package: CardPackage) -> CardPackage:
    """`package` with an icon that carries its picture.

    The main icon takes it where it has no file; a file of its own, one on the web or in a data uri is the
    author's choice, and the picture becomes an icon beside it.
    """
    shown = picture(package.card, package.files)
    if (
        package.picture is None
        or package.picture in package.files.values()
        or _is_same(shown, package.picture)
    ):
        return package
    icon = main_icon(package.card)
    ext = asset_paths.picture_ext(package.picture)
    path = asset_paths.FreePaths(package.files).take("assets/icon/images/main", ext)
    assets = list(package.card.assets or ())
    inside = None if icon is None else embedded_path(icon.uri)
    if icon is not None and (icon.uri == "ccdefault:" or inside is not None) and inside not in package.files:
        update: dict[str, Any] = {"uri": f"embeded://{path}", "ext": ext}
        assets = [item.model_copy(update=update) if item is icon else item for item in assets]
    else:
        name = "main" if icon is None else "picture"
        assets.append(Asset(type="icon", uri=f"embeded://{path}", name=name, ext=ext))
    files = {**package.files, path: package.picture}
    return replace(package, card=_with_assets(package.card, assets), files=files)


def _is_same(first: bytes | None, second: bytes) -> bool:
    """Whether two image files show the same as the picture of a card, whatever texts stand in them."""
    if first is None or first == second:
        return first == second
    from cardforge_desktop.cards.avatar import AvatarError, load_avatar

    try:
        drawn = [png_chunks.split(load_avatar(image)) for image in (first, second)]
    except (AvatarError, CardFormatError):
        return False
    one, other = ([chunk for chunk in chunks if chunk.type not in png_chunks.TEXTS] for chunks in drawn)
    return one == other


def _with_one_main(assets: list[Asset]) -> list[Asset]:
    """`assets` with exactly one main icon where there are several icons (V3, "icon")."""
    icons = [asset for asset in assets if asset.type == "icon"]
    if len(icons) < 2:
        return assets
    main = next((asset for asset in icons if asset.name == "main"), icons[0])
    taken = {asset.name for asset in icons}
    free = (name for at in itertools.count(2) if (name := f"main_{at}") not in taken)
    ready = []
    for asset in assets:
        name = asset.name
        if asset is main:
            name = "main"
        elif asset.type == "icon" and name == "main":
            name = next(free)
        ready.append(asset if name == asset.name else asset.model_copy(update={"name": name}))
    return ready


def _at(asset: Asset, uri: str) -> Asset:
    return asset if asset.uri == uri else asset.model_copy(update={"uri": uri})


def _with_assets(card: Card, assets: list[Asset]) -> Card:
    return card.model_copy(update={"assets": assets})
