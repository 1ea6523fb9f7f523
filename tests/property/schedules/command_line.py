"""The same project as `simulation.py`, by the real command line over HTTP: nothing is left out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.faults.simulation import Simulation
from tests.property.schedules import oracle
from tests.property.schedules.simulation import Setting, write
from tests.property.schedules.strategies import Schedule


class CommandLineProject:
    """A folder, and a sandbox on a port. Use it as a context manager."""

    def __init__(self, folder: Path, setting: Setting) -> None:
        self._setting = setting
        start = dt.datetime.fromtimestamp(setting.start, dt.UTC)
        self._system = Simulation(folder, now=start.isoformat())
        self._system.env["PUSHCTL_FORCE"] = "1"
        self._system.control.ask("POST", "knobs", setting.knobs)

    def __enter__(self) -> CommandLineProject:
        return self

    def __exit__(self, *_: object) -> None:
        self._system.__exit__()

    def now(self) -> int:
        return int(self._system.now)

    def wait_until(self, moment: int) -> None:
        self._system.advance(moment - self._system.now)

    def write(self, schedules: Mapping[str, Schedule], calendars: oracle.Calendars) -> None:
        write(self._system.folder, self._setting, schedules, calendars)

    def apply(self) -> set[str]:
        """Apply, where nothing may be left alone."""
        ran = self._system.run("apply", "--yes")
        assert ran.code == 0, ran
        return set()

    def delivered(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for item in self._system.control.deliveries():
            found[item["target"]].append(item["at_ms"] // 1000)
        return found
