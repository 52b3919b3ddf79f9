"""Every test gets a home of its own, an offscreen screen and no way to the user's keyring."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CARDFORGE_HOME of this test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("CARDFORGE_HOME", str(folder))
    return folder
