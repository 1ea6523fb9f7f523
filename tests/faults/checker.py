"""Finds duplicates and losses in the sandbox's tasks and the state file, whatever pushctl says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.faults.sandbox_control import SandboxControl
from tests.faults.simulation import Ran

LIVE = ("creating", "scheduled", "cancelling")


class SystemUnderTest(Protocol):
    """What is checked: a `Simulation`, or `RealProcesses`."""

    folder: Path
    control: SandboxControl
    now: float

    def advance(self, seconds: float) -> None: ...
    def run(self, *arguments: str) -> Ran: ...
    def write(self, text: str, name: str = ...) -> None: ...
    def state(self) -> dict[str, Any] | None: ...
    def unfinished(self) -> str: ...


@dataclass(frozen=True)
class Wanted:
    """One entry of the manifest, as the system should come to see it.

    `moments` are all its deliveries (epoch seconds), `tasks` in how many tasks they are scheduled,
    `name` the tasks' name on the service where that is not the id, `versions` how many message
    keys one person may have had for it. `adopted` tells that nobody knows its keys.
    """

    id: str
    people: tuple[str, ...]
    moments: tuple[int, ...]
    title: str
    body: str
    tasks: int = 1
    name: str = ""
    versions: int = 1
    adopted: bool = False

    @property
    def known_as(self) -> str:
        return self.name or self.id


@dataclass(frozen=True)
class Violation:
    """Something that must not be. `kind` is duplicate, loss or disagreement."""

    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


def scheduled(system: SystemUnderTest, wanted: Sequence[Wanted]) -> list[Violation]:
    """Compare what the service is going to deliver with what is wanted, and with the state."""
    tasks = system.control.tasks()
    waiting = [task for task in tasks if task["status"] == "waiting"]
    found = [*_pairs(waiting, wanted, system.now), *_tasks(waiting, wanted), *_keys(tasks)]
    return [*found, *_versions(system.control.requests(), wanted), *_state(system, waiting, wanted)]


def doubled(system: SystemUnderTest) -> list[Violation]:
    """Find what would be delivered twice if nobody came back: that must not be at any time."""
    there = _there([task for task in system.control.tasks() if task["status"] == "waiting"])
    return [
        Violation("duplicate", f"{key} is scheduled {times} times meanwhile")
        for key, times in sorted(there.items())
        if times > 1
    ]


def delivered(system: SystemUnderTest, wanted: Sequence[Wanted]) -> list[Violation]:
    """Let the service's time run until everything is delivered, and read whom it reached."""
    last = max((at for item in wanted for at in item.moments), default=system.now)
    ahead = [
        item["at_ms"] // 1000
        for task in system.control.tasks()
        for item in task["occurrences"]
        if item["status"] == "waiting"
    ]
    system.advance(max([last, *ahead]) + 60 - system.now)
    got = Counter(
        (item["task_name"], item["target"], item["due_ms"] // 1000)
        for item in system.control.deliveries()
    )
    return list(_compared(got, _expected(wanted, since=0), "was delivered"))


def _expected(wanted: Sequence[Wanted], *, since: float) -> Counter[tuple[str, str, int]]:
    return Counter(
        (item.known_as, person, at)
        for item in wanted
        for person in item.people
        for at in item.moments
        if at > since
    )


def _there(waiting: list[dict[str, Any]]) -> Counter[tuple[str, str, int]]:
    return Counter(
        (task["name"], person, item["at_ms"] // 1000)
        for task in waiting
        for person in task["targets"]
        for item in task["occurrences"]
        if item["status"] == "waiting"
    )


def _pairs(
    waiting: list[dict[str, Any]], wanted: Sequence[Wanted], now: float
) -> Iterator[Violation]:
    yield from _compared(_there(waiting), _expected(wanted, since=now), "is scheduled")


def _compared(
    there: Counter[tuple[str, str, int]], expected: Counter[tuple[str, str, int]], verb: str
) -> Iterator[Violation]:
    for key, times in sorted((there - expected).items()):
        yield Violation("duplicate", f"{key} {verb} {times} times too often")
    for key in sorted(expected - there):
        yield Violation("loss", f"{key} is missing from what {verb}")


def _tasks(waiting: list[dict[str, Any]], wanted: Sequence[Wanted]) -> Iterator[Violation]:
    counted = Counter(task["name"] for task in waiting)
    for item in wanted:
        if item.moments and counted[item.known_as] != item.tasks:
            yield Violation(
                "disagreement", f"{item.id} has {counted[item.known_as]} tasks, not {item.tasks}"
            )
    texts = {item.known_as: (item.title, item.body) for item in wanted}
    for task in waiting:
        said = (task["title"], task["content"])
        if said != texts.get(task["name"], said):
            yield Violation("disagreement", f"{task['name']} says {said}")


def _keys(tasks: list[dict[str, Any]]) -> Iterator[Violation]:
    used = Counter(key for task in tasks for key in task["targets"].values())
    for key, times in used.items():
        if times > 1:
            yield Violation("disagreement", f"message key {key} was used {times} times")


def _versions(requests: list[dict[str, Any]], wanted: Sequence[Wanted]) -> Iterator[Violation]:
    """Every attempt at one intent has to use the same keys, whatever came of the one before."""
    keys: dict[tuple[str, str], set[str]] = {}
    for item in requests:
        if item["op"] == "PushSimple":
            given = item["params"].get("TargetMsgkey", {})
            # A call that went wrong before it was read is recorded as it came.
            for person, key in (json.loads(given) if isinstance(given, str) else given).items():
                keys.setdefault((item["params"]["TaskName"], person), set()).add(key)
    for entry in wanted:
        for person in entry.people:
            used = len(keys.get((entry.known_as, person), ()))
            if used > entry.versions:
                yield Violation(
                    "disagreement", f"{entry.id} tried {used} message keys for {person}"
                )


def _state(
    system: SystemUnderTest, waiting: list[dict[str, Any]], wanted: Sequence[Wanted]
) -> Iterator[Violation]:
    state = system.state()
    if state is None:
        if wanted or waiting:
            yield Violation("disagreement", "there is no state file")
        return
    if left := system.unfinished():
        yield Violation("disagreement", left)
    recorded = {
        task["task_id"]: (id, task)
        for id, push in state["pushes"].items()
        for task in push["tasks"]
        if task["phase"] in LIVE
    }
    ids = {task["id"] for task in waiting}
    for task_id in sorted(recorded.keys() ^ ids):
        where = "only in the state" if task_id in recorded else "only on the service"
        yield Violation("disagreement", f"task {task_id} is {where}")
    entries = {item.id: item for item in wanted}
    for task in waiting:
        id, record = recorded.get(task["id"], ("", {}))
        entry = entries.get(id)
        if entry is None:
            continue
        if task["name"] != entry.known_as or record["phase"] != "scheduled":
            yield Violation("disagreement", f"{id} is recorded as {record['phase']} {task['name']}")
        if not _same_people(record["targets"], task["targets"], adopted=entry.adopted):
            yield Violation("disagreement", f"{id} is recorded with other people or message keys")


def _same_people(recorded: dict[str, str], there: dict[str, str], *, adopted: bool) -> bool:
    return recorded.keys() == there.keys() if adopted else recorded == there
