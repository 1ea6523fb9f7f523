"""What the sandbox can do: calls a second beside one constant answer, and how it grows."""

from __future__ import annotations

import contextlib
import http.client
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from pushctl.sandbox import Sandbox
from tests.bench import sandbox_server
from tests.signing import signed
from tests.unit.sandbox.client import DAY_MS, MIDNIGHT_MS, NOW, Client, push_params

CALLS = 4_000
WAITING = 100_000
STORED = (1_000, 1_000_000)
LOOPS, YEAR = 100, 365


@dataclass(frozen=True)
class Goal:
    """A number that was measured, and the least or the most that it should be."""

    what: str
    now: float
    least: float | None = None
    most: float | None = None

    @property
    def met(self) -> bool:
        """Whether it is as it should be."""
        return (self.least is None or self.now >= self.least) and (
            self.most is None or self.now <= self.most
        )


# --- calls a second -------------------------------------------------------------------------------


def bodies(count: int, *, scheduled: bool, start: int) -> list[str]:
    """Return forms of PushSimple; `start` keeps the targets of one run apart from another's."""
    later = {"StrategyType": "1", "StrategyContent": json.dumps({"fixedTime": sandbox_server.FAR})}
    form = {
        "AppId": "A",
        "WorkspaceId": "w",
        "TaskName": "t",
        "Title": "Title",
        "PushStyle": "0",
        "Content": "Content",
        "DeliveryType": "3",
        "ExpiredSeconds": "600",
        **(later if scheduled else {}),
    }
    return [
        urlencode({**form, "TargetMsgkey": json.dumps({f"user-{number}": f"key-{number}"})})
        for number in range(start, start + count)
    ]


@contextlib.contextmanager
def served(kind: str, waiting: int = 0) -> Iterator[int]:
    """Yield the port of a server in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.sandbox_server", kind, str(waiting)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.communicate()


def rate(port: int, forms: Sequence[str]) -> float:
    """Return answers a second over one connection that stays open; calls are signed before."""
    calls = [(form, signed("PushSimple", form)) for form in forms]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    for form, headers in calls:
        connection.request("POST", "/", form, headers)
        answer = connection.getresponse().read()
        assert b'"ResultCode":"OK"' in answer, answer
    took = time.perf_counter() - began
    connection.close()
    return len(calls) / took


def throughput(rounds: int = 3, count: int = CALLS, waiting: int = WAITING) -> dict[str, float]:
    """Return medians of calls a second, by turns in one run."""
    found: dict[str, list[float]] = {}
    with (
        served("constant") as constant,
        served("real") as empty,
        served("real", waiting) as full,
    ):
        for turn in range(rounds):
            for name, port, scheduled in (
                ("a constant", constant, False),
                ("immediate", empty, False),
                ("scheduled", empty, True),
                ("immediate, many wait", full, False),
                ("scheduled, many wait", full, True),
            ):
                forms = bodies(count, scheduled=scheduled, start=turn * count)
                found.setdefault(name, []).append(rate(port, forms))
    return {name: statistics.median(rates) for name, rates in found.items()}


# --- lists, and the start -------------------------------------------------------------------------


def stored(path: Path, count: int) -> None:
    """Make a data file in which so many tasks are stored, one of ten still waiting."""
    with Sandbox(path, now=NOW) as sandbox:
        Client(sandbox.url).create()
    with contextlib.closing(sqlite3.connect(path)) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(tasks)")][1:]
        database.row_factory = sqlite3.Row
        row = dict(database.execute("SELECT * FROM tasks").fetchone())
        due = database.execute("SELECT push_ms FROM occurrences").fetchone()[0]
        numbers = (
            f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        )
        columns = [
            "printf('%032x', i)" if name == "id" else "i % 10 = 0" if name == "pending" else "?"
            for name in names
        ]
        values = [row[name] for name in names if name not in ("id", "pending")]
        database.execute(
            f"{numbers} INSERT INTO tasks (seq, {', '.join(names)})"
            f" SELECT i, {', '.join(columns)} FROM n",
            values,
        )
        database.execute(
            f"{numbers} INSERT INTO occurrences (seq, id, task, push_ms, status) SELECT i,"
            f" printf('%032x', i), i, {due} + i % 86400 * 1000, i % 10 <> 0 FROM n"
        )
        database.commit()


def page_seconds(path: Path, times: int = 31) -> tuple[float, float]:
    """Return the seconds of the first page of a list, and the median of those after it."""
    with Sandbox(path, now=NOW) as sandbox:
        client = Client(sandbox.url, timeout=60)
        client.list(PageSize=1, StartTime=1, EndTime=2)
        taken = []
        for number in range(times + 1):
            began = time.perf_counter()
            listed = client.list(PageSize=20, PageNumber=1 + number % 7)
            taken.append(time.perf_counter() - began)
            assert len(listed["List"]) == 20
        client.connection.close()
    return taken[0], statistics.median(taken[1:])


def lists(sizes: tuple[int, int] = STORED) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return what pages of a list take in a small sandbox and in a large one."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            stored(Path(folder) / f"{size}.db", size)
            found.append(page_seconds(Path(folder) / f"{size}.db"))
    return found[0], found[1]


def ready(rounds: int = 7) -> tuple[float, float]:
    """Return the median seconds of `python -c pass`, and until a sandbox is ready."""
    python, started = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        python.append(time.perf_counter() - began)
        began = time.perf_counter()
        words = [sys.executable, "-m", "pushctl", "sandbox", "up", "--port", "0"]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        assert b"127.0.0.1" in process.stdout.readline()
        started.append(time.perf_counter() - began)
        process.terminate()
        process.communicate()
    return statistics.median(python), statistics.median(started)


def year(loops: int = LOOPS, days: int = YEAR) -> tuple[float, int]:
    """Return the seconds in which daily loops live through a year, and the messages of it."""
    with Sandbox(None, now=NOW, quota_limit=1_000_000) as sandbox:
        client = Client(sandbox.url, timeout=120)
        began = time.perf_counter()
        delivered = day = 0
        while day < days:
            length = min(180, days - day)
            for number in range(loops):
                first = MIDNIGHT_MS + day * DAY_MS
                assert daily(client, number, first, length)["ResultCode"] == "OK"
            delivered += client.advance(length * 86_400)["delivered"]
            day += length
        took = time.perf_counter() - began
        client.connection.close()
    return took, delivered


def daily(client: Client, number: int, first: int, length: int) -> dict[str, str]:
    """Create a loop of so many days; returns what the service said."""
    content = {"startTime": first + DAY_MS, "endTime": first + length * DAY_MS}
    params = push_params(
        TargetMsgkey={f"user-{number}": f"key-{number}-{first}"},
        StrategyType=2,
        StrategyContent={**content, "circleType": 1, "time": "09:00:00"},
    )
    said: dict[str, str] = client.call("PushSimple", **params).body
    return said


# --- goals ----------------------------------------------------------------------------------------


def goals(
    rates: dict[str, float],
    pages: tuple[tuple[float, float], tuple[float, float]],
    start: tuple[float, float],
    lived: tuple[float, int],
) -> list[Goal]:
    """Return what was measured as shares and times, with what each should be."""
    constant = rates["a constant"]
    shares = [
        Goal(f"{name} / a constant answer", found / constant, least=least)
        for name, found in rates.items()
        for kind, least in (("immediate", 0.6), ("scheduled", 0.45))
        if name.startswith(kind)
    ]
    (_, small), (_, large) = pages
    return [
        *shares,
        Goal(f"a list page at {STORED[1]:,} tasks / at {STORED[0]:,}", large / small, most=3),
        Goal("ready / python -c pass", start[1] / start[0], most=25),
        Goal(f"seconds for a year of {LOOPS} daily loops", lived[0], most=5),
    ]
