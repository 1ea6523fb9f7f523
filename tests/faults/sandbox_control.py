"""A client of the sandbox's control pages: its tasks, its clock and its faults."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any

KEPT = 60.0
"""Seconds of silence after which a connection is not used any more; a sandbox ends it after 120."""


class SandboxControl:
    """One keep-alive connection to the control side of a sandbox."""

    def __init__(self, url: str) -> None:
        self._address = url.removeprefix("http://")
        self._connection = http.client.HTTPConnection(self._address, timeout=30)
        self._faulty = False
        self._used = 0.0

    def ask(self, method: str, page: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body)
        if time.monotonic() - self._used > KEPT:
            self._connection.close()  # then it is opened anew
        self._used = time.monotonic()
        self._connection.request(method, f"/_sandbox/{page}", data, {})
        answer = self._connection.getresponse()
        found = json.loads(answer.read())
        assert answer.status == 200, found
        return found

    def tasks(self) -> list[dict[str, Any]]:
        """Return every task that ever was, oldest first."""
        found: list[dict[str, Any]] = self.ask("GET", "tasks")["tasks"]
        return found

    def deliveries(self) -> list[dict[str, Any]]:
        """Return what reached whom, in order."""
        found: list[dict[str, Any]] = self.ask("GET", "deliveries")["deliveries"]
        return found

    def requests(self) -> list[dict[str, Any]]:
        """Return every API call, in order."""
        found: list[dict[str, Any]] = self.ask("GET", "requests")["requests"]
        return found

    def writes(self) -> int:
        """Count the calls that ask for a change."""
        return sum(item["op"] != "QueryPushSchedulerList" for item in self.requests())

    def advance(self, seconds: float) -> float:
        """Move the clock on; returns what it shows then (epoch seconds)."""
        return float(self.ask("POST", "clock", {"advance": seconds})["epoch"])

    def now(self) -> float:
        return float(self.ask("GET", "clock")["epoch"])

    def fault(self, rule: dict[str, Any]) -> None:
        """Let a call go wrong."""
        self._faulty = True
        self.ask("POST", "faults", rule)

    def calm(self) -> None:
        """Let nothing go wrong any more."""
        if self._faulty:
            self._faulty = False
            self.ask("DELETE", "faults")

    def close(self) -> None:
        self._connection.close()
