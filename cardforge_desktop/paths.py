"""Where CardForge keeps its files on this machine."""

import os
from dataclasses import dataclass
from pathlib import Path

from cardforge_desktop.errors import CardForgeError, ErrorCode

APP = "CardForge"
HOME_VARIABLE = "CARDFORGE_HOME"


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders of one installation; all absolute, none created here.

    Attributes:
        data: the store and what belongs to it.
        logs: log files.
        cache: what may be deleted at any time.
        models: .gguf files the user keeps for the built-in engine.
        output: the window's default folder for finished cards.
    """

    data: Path
    logs: Path
    cache: Path
    models: Path
    output: Path

    @property
    def store(self) -> Path:
        """The SQLite file."""
        return self.data / "cardforge.db"

    def make(self) -> None:
        """Create the folders that the app itself writes to (not ``output``: its first card does).

        Raises:
            CardForgeError: HOME_UNWRITABLE.
        """
        for folder in (self.data, self.logs, self.cache, self.models):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise CardForgeError(
                    ErrorCode.HOME_UNWRITABLE,
                    f"CardForge can't make its folder {folder}: {error.strerror}. Check what stands in "
                    f"the way, or set {HOME_VARIABLE} to a folder that can be written.",
                    {"folder": str(folder), "errno": error.errno},
                ) from error


def find_paths() -> Paths:
    """The folders in force: all under ``$CARDFORGE_HOME`` when set, else the platform's own."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = Path(home).expanduser().absolute()
        return Paths(root / "data", root / "logs", root / "cache", root / "models", root / "output")
    import platformdirs

    data = Path(platformdirs.user_data_dir(APP, appauthor=False))
    return Paths(
        data=data,
        logs=Path(platformdirs.user_log_dir(APP, appauthor=False)),
        cache=Path(platformdirs.user_cache_dir(APP, appauthor=False)),
        models=data / "models",
        output=Path(platformdirs.user_documents_dir()) / APP,
    )
