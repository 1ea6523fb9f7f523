"""A running sandbox as tests use it: its clock, its faults, and what arrived."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pushctl.sandbox.sandbox import Sandbox

Json = dict[str, Any]

_PAGE = 1000  # messages asked for at once


class SandboxClock:
    """The sandbox's clock; what becomes due while it moves is delivered, in order.

    A moment is ISO 8601 text or a datetime, in the service's zone without an offset. Each method
    returns what the clock shows then, and raises ValueError for a moment it cannot show.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._ask = sandbox.ask

    @property
    def now(self) -> datetime:
        """What it shows, in the service's zone."""
        return datetime.fromisoformat(self._ask("GET", "clock")["now"])

    def freeze(self, at: str | datetime | None = None) -> datetime:
        """Lets it stand still, at a moment if one is given."""
        return self._change(freeze=True, set=None if at is None else str(at))

    def advance(self, **length: float) -> datetime:
        """Moves it ahead by `days`, `hours`, `minutes` or `seconds`, as timedelta takes them."""
        return self._change(advance=timedelta(**length).total_seconds())

    def to(self, moment: str | datetime) -> datetime:
        """Sets it to a moment."""
        return self._change(set=str(moment))

    def next(self) -> datetime:
        """Moves it to the next delivery that waits, if there is one."""
        return self._change(next=True)

    def _change(self, **change: object) -> datetime:
        return datetime.fromisoformat(self._ask("POST", "clock", change)["now"])


class PushSandbox:
    """A sandbox in the hands of a test; rows are as its control API gives them.

    `url` is where it listens. `ask` (method, page below /_sandbox/, body) returns what a page of
    the control API says. What the sandbox refuses is a ValueError.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.url, self.ask = sandbox.url, sandbox.ask
        self.clock = SandboxClock(sandbox)

    @property
    def env(self) -> dict[str, str]:
        """The variables by which a child process finds it: pushctl and the vendor's SDKs."""
        keys = (f"ALIBABA_CLOUD_ACCESS_KEY_{name}" for name in ("ID", "SECRET"))
        address = self.url.removeprefix("http://")
        found = {"PUSHCTL_ENDPOINT": self.url, "ALIBABA_CLOUD_ENDPOINT": address}
        return {**found, **dict.fromkeys(keys, "sandbox")}

    def deliveries(self, target: str | None = None) -> list[Json]:
        """Returns what the service sent, oldest first, to one target or to all."""
        rows: list[Json] = self.ask("GET", "deliveries")["deliveries"]
        return [row for row in rows if target in (None, row["target"])]

    def inbox(self, search: str = "") -> list[Json]:
        """Returns what phones show, newest first, of what a search such as `is:cut` finds."""
        messages: list[Json] = []
        page: Json = {"next": ""}
        while page["next"] is not None:
            query = {"limit": _PAGE, "q": search, "before": page["next"]}
            page = self.ask("GET", f"inbox?{urlencode(query)}")
            messages += page["messages"]
        return messages

    def wait_for(self, count: int, timeout: float = 10.0, target: str | None = None) -> list[Json]:
        """Returns the deliveries once a program made `count`; AssertionError after `timeout` s."""
        deadline = time.monotonic() + timeout
        while len(found := self.deliveries(target)) < count:
            if time.monotonic() >= deadline:
                raise AssertionError(f"{len(found)} of {count} deliveries within {timeout:g} s")
            time.sleep(0.02)
        return found

    def fault(self, kind: str, op: str = "*", times: int | None = None, **rule: object) -> Json:
        """Lets calls go wrong, of one operation or all; returns the rule."""
        return dict(self.ask("POST", "faults", {"kind": kind, "op": op, "times": times, **rule}))

    def knob(self, **values: str | int) -> None:
        """Sets knobs; dots in their names are underscores."""
        self.ask("POST", "knobs", values)
