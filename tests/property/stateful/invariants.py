"""What must hold at every moment, whatever happened: read from the sandbox's tasks alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from tests.faults.misbehaviour import STRANGER
from tests.property.stateful.model import day_of, local

Task = Mapping[str, Any]
Pair = tuple[int, str, int]
"""An entry, a person, and a moment in epoch seconds."""


class InvariantError(AssertionError):
    """An invariant that does not hold. Its text has no drawn ids, so that it can be compared."""


@dataclass
class Ledger:
    """Whose every delivery was, as they come in.

    `owners` maps the service's task ids to entries, which keep their number when they are renamed.
    `silent` are the entries that were stopped, and since when. On `forgiven` days nobody can know
    who had a recurrence already, because the state that knew it was lost.
    """

    owners: dict[str, int] = field(default_factory=dict)
    got: Counter[Pair] = field(default_factory=Counter)
    looped: Counter[tuple[int, str, dt.date]] = field(default_factory=Counter)
    silent: dict[int, float] = field(default_factory=dict)
    forgiven: set[dt.date] = field(default_factory=set)
    last: int = 0

    def take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Enter new deliveries; raises `InvariantError` for one that must not have been."""
        for row in rows:
            self.last = max(self.last, row["id"])
            owner = self.owners.get(row["task_id"])
            if owner is not None:
                self._take(owner, row["target"], row["due_ms"] // 1000, row["strategy_type"] == 2)

    def _take(self, owner: int, person: str, due: int, loop: bool) -> None:
        self.got[owner, person, due] += 1
        if self.got[owner, person, due] > 1:
            raise InvariantError(f"entry {owner} reached {person} twice at {local(due)}")
        day = day_of(due)
        self.looped[owner, person, day] += loop
        if self.looped[owner, person, day] > 1 and day not in self.forgiven:
            raise InvariantError(f"entry {owner} repeated for {person} twice on {day}")
        since = self.silent.get(owner)
        if since is not None and due > since:
            raise InvariantError(
                f"entry {owner} reached {person} at {local(due)}, after it was stopped"
            )

    def reached(self, owner: int, day: dt.date) -> bool:
        """Whether anybody had anything of an entry on a day."""
        return any(whose == owner and day_of(due) == day for whose, _, due in self.got)


def ours(tasks: Iterable[Task]) -> list[Task]:
    """Return the tasks that were made by a call of ours, not by a person or by somebody else."""
    return [task for task in tasks if task["created_by"] == "api" and task["name"] != STRANGER]


def keys_are_single(tasks: Sequence[Task], dropped: Set[str]) -> None:
    """No two messages have the same key, or the service could take them for one.

    Of a task that somebody `dropped` in the console nothing is listed any more, so that a call for
    it which was in doubt looks as if it had never arrived, and is made again as it was.
    """
    mine = [task for task in ours(tasks) if task["id"] not in dropped]
    used = Counter(key for task in mine for key in task["targets"].values())
    for task in mine:
        for person, key in task["targets"].items():
            if used[key] > 1:
                raise InvariantError(f"{task['name']} has {used[key]} messages with {person}'s key")


def coming(tasks: Iterable[Task], owners: Mapping[str, int]) -> Counter[Pair]:
    """Count what our tasks are going to deliver."""
    return Counter(
        (owners[task["id"]], person, item["at_ms"] // 1000)
        for task in ours(tasks)
        for item in task["occurrences"]
        if item["status"] == "waiting"
        for person in task["targets"]
    )
