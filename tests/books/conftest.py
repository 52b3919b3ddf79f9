"""Books in a store of their own, with a library of cards beside them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books.shelves import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty store."""
    made = Shelf(tmp_path)
    yield made
    made.store.close()
