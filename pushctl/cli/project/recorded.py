"""What was applied before, asked of the state only when somebody wants to know."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from pushctl.state.state import State


class RecordedIds:
    """The ids that were applied before, as a set; the state is read when one is looked for."""

    def __init__(self, read: Callable[[], State | None]) -> None:
        self._read = cache(read)

    def __contains__(self, id: object) -> bool:
        state = self._read()
        record = state.pushes.get(str(id)) if state else None
        return record is not None and bool(record.tasks)
