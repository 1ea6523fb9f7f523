"""The state behind every entrance: a transaction that first lets due tasks fire.

One reason to change: what happens before any request is looked at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pushctl.sandbox.assumptions import KnobValue
from pushctl.sandbox.clock import Clock
from pushctl.sandbox.database import Database
from pushctl.sandbox.storage import Session


class Service:
    """Sessions over one database; a session that raises leaves no trace."""

    def __init__(
        self, database: Database, clock: Clock | None, knobs: Mapping[str, KnobValue]
    ) -> None:
        self._database = database
        with database.transaction() as connection:
            session = Session(connection, time.time())
            session.start_clock(clock or Clock())
            if knobs:
                session.set_knobs(knobs)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The present: nothing due is left waiting."""
        with self._database.transaction() as connection:
            session = Session(connection, time.time())
            session.fire_due()
            yield session

    def close(self) -> None:
        """Waits for the session in flight; later ones raise DatabaseClosedError."""
        self._database.close()
