"""Which ids were applied before, and how often the state is read for it."""

from __future__ import annotations

from unittest import mock

from pushctl.cli.project.recorded import RecordedIds
from tests.builders import desired, recorded, state, task


def test_only_what_has_tasks_was_applied() -> None:
    push = desired("promo")
    read = mock.Mock(return_value=state({"promo": recorded(push, task(push)), "b": recorded(push)}))
    ids = RecordedIds(read)
    assert read.call_count == 0
    assert ("promo" in ids, "b" in ids, "c" in ids) == (True, False, False)
    assert read.call_count == 1


def test_where_nothing_is_recorded_nothing_was_applied() -> None:
    assert "promo" not in RecordedIds(lambda: None)
