"""The judge: reads the sandbox's own books and the state file, and nothing that pushctl says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.world import World

LIVE = ("creating", "scheduled", "cancelling")


@dataclass(frozen=True)
class Wanted:
    """One entry of the manifest, as the world should come to see it.

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
class Fault:
    """Something that must not be. `kind` is duplicate, loss or disagreement."""

    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


def scheduled(world: World, wanted: Sequence[Wanted]) -> list[Fault]:
    """Compare what the service is going to deliver with what is wanted, and with the state."""
    tasks = world.desk.tasks()
    waiting = [task for task in tasks if task["status"] == "waiting"]
    found = [*_pairs(waiting, wanted, world.now), *_tasks(waiting, wanted), *_keys(tasks)]
    return [*found, *_versions(world.desk.requests(), wanted), *_state(world, waiting, wanted)]


def delivered(world: World, wanted: Sequence[Wanted]) -> list[Fault]:
    """Let the service's time run until everything is delivered, and read whom it reached."""
    last = max((at for item in wanted for at in item.moments), default=world.now)
    ahead = [
        item["at_ms"] // 1000
        for task in world.desk.tasks()
        for item in task["occurrences"]
        if item["status"] == "waiting"
    ]
    world.advance(max([last, *ahead]) + 60 - world.now)
    got = Counter(
        (item["task_name"], item["target"], item["due_ms"] // 1000)
        for item in world.desk.deliveries()
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


def _pairs(waiting: list[dict[str, Any]], wanted: Sequence[Wanted], now: float) -> Iterator[Fault]:
    there = Counter(
        (task["name"], person, item["at_ms"] // 1000)
        for task in waiting
        for person in task["targets"]
        for item in task["occurrences"]
        if item["status"] == "waiting"
    )
    yield from _compared(there, _expected(wanted, since=now), "is scheduled")


def _compared(
    there: Counter[tuple[str, str, int]], expected: Counter[tuple[str, str, int]], verb: str
) -> Iterator[Fault]:
    for key, times in sorted((there - expected).items()):
        yield Fault("duplicate", f"{key} {verb} {times} times too often")
    for key in sorted(expected - there):
        yield Fault("loss", f"{key} is missing from what {verb}")


def _tasks(waiting: list[dict[str, Any]], wanted: Sequence[Wanted]) -> Iterator[Fault]:
    counted = Counter(task["name"] for task in waiting)
    for item in wanted:
        if item.moments and counted[item.known_as] != item.tasks:
            yield Fault(
                "disagreement", f"{item.id} has {counted[item.known_as]} tasks, not {item.tasks}"
            )
    texts = {item.known_as: (item.title, item.body) for item in wanted}
    for task in waiting:
        said = (task["title"], task["content"])
        if said != texts.get(task["name"], said):
            yield Fault("disagreement", f"{task['name']} says {said}")


def _keys(tasks: list[dict[str, Any]]) -> Iterator[Fault]:
    used = Counter(key for task in tasks for key in task["targets"].values())
    for key, times in used.items():
        if times > 1:
            yield Fault("disagreement", f"message key {key} was used {times} times")


def _versions(requests: list[dict[str, Any]], wanted: Sequence[Wanted]) -> Iterator[Fault]:
    """Every attempt at one intent has to use the same keys, whatever came of the one before."""
    keys: dict[tuple[str, str], set[str]] = {}
    for item in requests:
        if item["op"] == "PushSimple":
            given = item["params"].get("TargetMsgkey", {})
            # A call that went wrong before it was read is in the books as it came.
            for person, key in (json.loads(given) if isinstance(given, str) else given).items():
                keys.setdefault((item["params"]["TaskName"], person), set()).add(key)
    for entry in wanted:
        for person in entry.people:
            used = len(keys.get((entry.known_as, person), ()))
            if used > entry.versions:
                yield Fault("disagreement", f"{entry.id} tried {used} message keys for {person}")


def _state(
    world: World, waiting: list[dict[str, Any]], wanted: Sequence[Wanted]
) -> Iterator[Fault]:
    state = world.state()
    if state is None:
        if wanted or waiting:
            yield Fault("disagreement", "there is no state file")
        return
    if any(world.folder.glob("*.state.journal")):
        yield Fault("disagreement", "the journal was not folded into the state")
    recorded = {
        task["task_id"]: (id, task)
        for id, push in state["pushes"].items()
        for task in push["tasks"]
        if task["phase"] in LIVE
    }
    ids = {task["id"] for task in waiting}
    for task_id in sorted(recorded.keys() ^ ids):
        where = "only in the state" if task_id in recorded else "only on the service"
        yield Fault("disagreement", f"task {task_id} is {where}")
    entries = {item.id: item for item in wanted}
    for task in waiting:
        id, record = recorded.get(task["id"], ("", {}))
        entry = entries.get(id)
        if entry is None:
            continue
        if task["name"] != entry.known_as or record["phase"] != "scheduled":
            yield Fault("disagreement", f"{id} is recorded as {record['phase']} {task['name']}")
        if not _same_people(record["targets"], task["targets"], adopted=entry.adopted):
            yield Fault("disagreement", f"{id} is recorded with other people or message keys")


def _same_people(recorded: dict[str, str], there: dict[str, str], *, adopted: bool) -> bool:
    return recorded.keys() == there.keys() if adopted else recorded == there
