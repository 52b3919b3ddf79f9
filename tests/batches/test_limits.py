"""Limits where cards are made: who is stopped, with which reason, and what lets it go on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from cardforge_desktop.batches.model import BatchOptions, Options
from cardforge_desktop.costs.errors import LimitError
from cardforge_desktop.costs.limits import Limit
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with open_workspace("http://127.0.0.1:9/v1") as workspace:
        yield workspace


def limit_of(workspace: Workspace, batch_id: str) -> Limit | None:
    return workspace.batches.summary_of(batch_id).options.limit


def test_a_batch_is_made_with_its_limit_or_not_at_all_and_it_can_be_changed(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 1)
    with pytest.raises(LimitError) as refused:
        workspace.queue.submit(sources, options, batch=BatchOptions(limit=Limit(tokens=-1)))
    assert refused.value.code == ErrorCode.LIMIT_INVALID
    assert workspace.batches.batches() == ()
    limit = Limit(500_000, Decimal("2.5"))
    batch_id = workspace.queue.submit(sources, options, batch=BatchOptions(limit=limit))
    assert workspace.limits.get(batch_id) == limit_of(workspace, batch_id) == limit
    ids = workspace.drafts.add(sources, options)
    drafted = workspace.queue.start(ids, BatchOptions(limit=limit))
    assert limit_of(workspace, drafted) == limit
    heard: list[Changed] = []
    workspace.hub.changed.connect(heard.append)
    workspace.queue.change_batch(batch_id, limit=Limit(tokens=7))
    assert limit_of(workspace, batch_id) == Limit(tokens=7)
    workspace.queue.change_batch(batch_id, limit=Limit())
    assert limit_of(workspace, batch_id) is None
    for kind in (Kind.LIMIT, Kind.BATCH):
        assert Changed(kind, frozenset({batch_id})) in heard
