"""The store's own tests make every store by the scripts."""

import pytest


@pytest.fixture(autouse=True)
def quick_first_start() -> None:
    """Over the one of all tests: nothing is put in the scripts' place here."""
