"""A running sandbox as tests use it: its clock, its faults, and what arrived."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from pushctl.sandbox.gateway.signatures import DEFAULT_KEYS
from pushctl.sandbox.sandbox import Sandbox

Json = dict[str, Any]

_KEY = "sandbox"
_PAUSE = 0.02  # seconds between two looks


class SandboxClock:
    """The sandbox's clock; what becomes due while it moves is delivered, in order.

    A moment is ISO 8601 text or a datetime, in the service's zone without an offset. Each method
    returns what the clock shows then, and raises ValueError for a moment it cannot show.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    @property
    def now(self) -> datetime:
        """What it shows, in the service's zone."""
        return datetime.fromisoformat(self._sandbox.ask("GET", "clock")["now"])

    def freeze(self, at: str | datetime | None = None) -> datetime:
        """Lets it stand still, at a moment if one is given."""
        return self._change(freeze=True, **({} if at is None else {"set": _iso(at)}))

    def run(self, speed: float = 1.0) -> datetime:
        """Lets it run, at so many times real time."""
        return self._change(speed=speed)

    def advance(self, **length: float) -> datetime:
        """Moves it ahead by `days`, `hours`, `minutes` or `seconds`, as timedelta takes them."""
        return self._change(advance=timedelta(**length).total_seconds())

    def to(self, moment: str | datetime) -> datetime:
        """Sets it to a moment."""
        return self._change(set=_iso(moment))

    def next(self) -> datetime:
        """Moves it to the next delivery that waits, if there is one."""
        return self._change(next=True)

    def _change(self, **change: object) -> datetime:
        return datetime.fromisoformat(self._sandbox.ask("POST", "clock", change)["now"])


class PushSandbox:
    """A sandbox in the hands of a test; rows are as its control API gives them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.clock = SandboxClock(sandbox)

    @property
    def url(self) -> str:
        """Where it listens, such as http://127.0.0.1:4010."""
        return self._sandbox.url

    @property
    def env(self) -> dict[str, str]:
        """The variables by which a child process finds it: pushctl and the vendor's SDKs."""
        return {
            "PUSHCTL_ENDPOINT": self.url,
            "ALIBABA_CLOUD_ENDPOINT": self.url.removeprefix("http://"),
            "ALIBABA_CLOUD_ACCESS_KEY_ID": _KEY,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": DEFAULT_KEYS[_KEY],
        }

    def ask(self, method: str, page: str, body: object = None) -> Any:
        """Returns what a page below /_sandbox/ says; raises ValueError if it refuses."""
        return self._sandbox.ask(method, page, body)

    def deliveries(self, target: str | None = None) -> list[Json]:
        """Returns what the service sent, oldest first, to one target or to all."""
        rows: list[Json] = self.ask("GET", "deliveries")["deliveries"]
        return [row for row in rows if target in (None, row["target"])]

    def inbox(self, search: str = "") -> list[Json]:
        """Returns what phones show, newest first, of what a search such as `is:cut` finds."""
        messages: list[Json] = []
        before = ""
        while True:
            page = self.ask("GET", f"inbox?limit=1000&q={quote(search)}{before}")
            messages += page["messages"]
            if page["next"] is None:
                return messages
            before = f"&before={page['next']}"

    def wait_for(self, count: int, timeout: float = 10.0, target: str | None = None) -> list[Json]:
        """Returns the deliveries once there are `count`; raises AssertionError after `timeout` s.

        It waits for the program under test. The clock does not move meanwhile if it stands still.
        """
        deadline = time.monotonic() + timeout
        while len(found := self.deliveries(target)) < count:
            if time.monotonic() >= deadline:
                raise AssertionError(f"{len(found)} of {count} deliveries within {timeout:g} s")
            time.sleep(_PAUSE)
        return found

    def fault(self, kind: str, op: str = "*", times: int | None = None, **rule: object) -> Json:
        """Lets calls go wrong, of one operation or all; returns the rule. Raises ValueError."""
        made: Json = self.ask("POST", "faults", {"kind": kind, "op": op, "times": times, **rule})
        return made

    def knob(self, **values: str | int) -> None:
        """Sets knobs, dots in their names as underscores; raises ValueError."""
        self.ask("POST", "knobs", values)

    def reset(self) -> None:
        """Forgets everything: tasks, deliveries, faults, knobs, and where the clock was."""
        self.ask("POST", "reset", {"all": True})


def _iso(moment: str | datetime) -> str:
    return moment if isinstance(moment, str) else moment.isoformat()
