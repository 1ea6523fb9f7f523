"""The same project as `place.py`, by the real command line over HTTP: nothing is left out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.faults.world import World
from tests.property.schedules import oracle
from tests.property.schedules.place import Setting, write
from tests.property.schedules.written import Schedule


class Commanded:
    """A folder, and a sandbox on a port. Use it as a context manager."""

    def __init__(self, folder: Path, setting: Setting) -> None:
        self._setting = setting
        start = dt.datetime.fromtimestamp(setting.start, dt.UTC)
        self._world = World(folder, now=start.isoformat())
        self._world.env["PUSHCTL_FORCE"] = "1"
        self._world.desk.ask("POST", "knobs", setting.knobs)

    def __enter__(self) -> Commanded:
        return self

    def __exit__(self, *_: object) -> None:
        self._world.__exit__()

    def now(self) -> int:
        return int(self._world.now)

    def wait_until(self, moment: int) -> None:
        self._world.advance(moment - self._world.now)

    def write(self, schedules: Mapping[str, Schedule], calendars: oracle.Calendars) -> None:
        write(self._world.folder, self._setting, schedules, calendars)

    def apply(self) -> set[str]:
        """Apply, where nothing may be left alone."""
        ran = self._world.run("apply", "--yes")
        assert ran.code == 0, ran
        return set()

    def delivered(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for item in self._world.desk.deliveries():
            found[item["target"]].append(item["at_ms"] // 1000)
        return found
