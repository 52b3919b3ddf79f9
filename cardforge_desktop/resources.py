"""The one place that knows where the shipped files are (icons, vocabularies, profiles, examples)."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Path of a shipped file or folder, ``resource("profiles", "default.json")``.

    A wheel and a frozen app carry the files inside the package as ``_resources``; a checkout has them
    at its top as ``resources``.

    Raises:
        FileNotFoundError: the file is not shipped.
    """
    for root in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"not shipped with CardForge: {'/'.join(parts)}")
