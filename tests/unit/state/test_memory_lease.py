"""A lease that writes nothing behaves like one that does, until it is over."""

from __future__ import annotations

import pytest

from pushctl.push.task import Slot
from pushctl.state.events import CancelBegan, CancelConfirmed
from pushctl.state.memory_lease import MemoryLease
from pushctl.state.state import Phase
from tests.builders import NOW, desired, scheduled


def test_events_count_at_once_and_change_nothing_else() -> None:
    begun = scheduled(desired())
    lease = MemoryLease(begun)
    (id,) = begun.pushes
    slot = begun.pushes[id].tasks[0].slot
    lease.record(CancelBegan(id, slot))
    assert list(lease.in_doubt()) == [id]
    lease.record(CancelConfirmed(id, slot, NOW))
    assert not lease.in_doubt()
    push = lease.push(id)
    assert push is not None
    assert push.tasks[0].phase is Phase.CANCELLED
    assert lease.state.pushes[id] == push
    assert begun.pushes[id].tasks[0].phase is Phase.SCHEDULED
    lease.close()


def test_an_event_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(KeyError):
        MemoryLease(scheduled(desired())).record(CancelBegan("no", Slot(0, 0, 1)))
