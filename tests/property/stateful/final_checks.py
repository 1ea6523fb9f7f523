"""What must hold when a story ends: it comes to rest, and the service delivers what is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.faults.misbehaviour import STRANGER
from tests.property.stateful.invariants import InvariantError, coming, ours
from tests.property.stateful.model import DAY, Push, day_of, local, moment, moments

if TYPE_CHECKING:
    from tests.property.stateful.project import Project

ROUNDS = 16
MINUTE, SOON = 60, 300
RENEWED = 30 * 86_400
"""Seconds before its end within which a recurrence without one is renewed."""
LIVE = ("creating", "scheduled", "cancelling")


def end(story: Project) -> None:
    """Let a story end; raises `InvariantError` if it does not end well."""
    story.system.calm()
    _rest(story)
    _quiet(story)
    tasks = done(story)
    ahead = [
        item["at_ms"] // 1000
        for task in tasks
        for item in task["occurrences"]
        if item["status"] == "waiting"
    ]
    story.system.advance(max([story.now, *ahead]) + MINUTE - story.now)
    story.said_done = False


def done(story: Project) -> list[dict[str, Any]]:
    """Compare the service with the state and the manifest; returns the tasks."""
    tasks = story.system.control.tasks()
    state = story.document("state", "show")
    _agreed(story, tasks, state)
    _wanted(story, tasks, state)
    return tasks


def _apply(story: Project) -> tuple[str, ...]:
    operators = story.operators
    known = {*story.pushes, *story.document("state", "show").get("pushes", {})}
    excluded = [word for id in sorted(operators.excluded & known) for word in ("--exclude", id)]
    return ("apply", "--yes", "--parallelism", "1", *excluded, *["--force"] * operators.forced)


def _rest(story: Project) -> None:
    """Apply, and do what the product says, until it has nothing to do."""
    last = None
    for _ in range(ROUNDS):
        before = (story.system.control.writes(), story.ledger.last)
        last = story.run(*_apply(story))
        story.check()
        if last.code == 0 and (story.system.control.writes(), story.ledger.last) == before:
            return
        story.system.advance(MINUTE)
        story.operators.mend()
    assert last is not None
    raise InvariantError(f"it does not come to rest: exit {last.code}, {last.err.strip()}")


def _quiet(story: Project) -> None:
    """A second run has nothing to do."""
    before = (story.system.state(), story.system.control.writes())
    ran = story.run(*_apply(story))
    if ran.code != 0 or (story.system.state(), story.system.control.writes()) != before:
        raise InvariantError(f"the second run is no no-op: exit {ran.code}")
    if not story.operators.excluded:
        shown = story.run("plan", "--detailed-exitcode")
        if shown.code != 0:
            raise InvariantError(f"it is quiet, and plan exits {shown.code}: {shown.out.strip()}")


def _agreed(story: Project, tasks: list[dict[str, Any]], state: Mapping[str, Any]) -> None:
    """What waits on the service is what is recorded; all else is said to belong to nobody."""
    recorded = _recorded(state)
    waiting = {task["id"]: task for task in tasks if task["status"] == "waiting"}
    passed = {task["id"] for task in tasks if _over(task, story.now)}
    strangers = {task["id"] for task in tasks if task["name"] == STRANGER}
    for task_id, id in recorded.items():
        if task_id in strangers and not story.strayed:
            raise InvariantError(f"{id} is recorded as what somebody else has made")
        if task_id not in waiting and task_id not in passed and not _left_out(story, id):
            raise InvariantError(f"{id} is recorded as scheduled, and nothing of it waits")
    document = story.document("plan", "--format", "json")
    said = {item["task_id"] for item in document.get("unmanaged", ())}
    for task in ours(waiting.values()):
        if task["id"] in recorded:
            continue
        if not story.strayed:
            raise InvariantError(f"a task of {task['name']} waits, and nothing of it is recorded")
        if task["id"] not in said:
            raise InvariantError(f"a task of {task['name']} waits, and nobody is told")


def _recorded(state: Mapping[str, Any]) -> dict[str, str]:
    """Map the ids of the tasks that a state takes for scheduled to their entries."""
    return {
        task["task_id"]: id
        for id, push in state.get("pushes", {}).items()
        for task in push["tasks"]
        if task["phase"] in LIVE
    }


def _left_out(story: Project, id: str) -> bool:
    """Whether an entry is left out of every apply, under whatever name it is recorded."""
    excluded = {story.numbers.get(other) for other in story.operators.excluded}
    return story.numbers.get(id) in excluded


def _over(task: Mapping[str, Any], now: float) -> bool:
    """Tell whether nothing of a task can come any more, or too soon for anybody to act on it."""
    return max(item["at_ms"] // 1000 for item in task["occurrences"]) <= now + SOON


def _wanted(story: Project, tasks: list[dict[str, Any]], state: Mapping[str, Any]) -> None:
    """Everybody gets what the manifest says, once each."""
    there = coming(tasks, story.ledger.owners)
    by_hand = {task["id"] for task in tasks if task["created_by"] == "console"}
    wanted = {story.numbers[id]: id for id in story.pushes}
    for (owner, person, at), times in there.items():
        if times > 1:
            raise InvariantError(
                f"entry {owner} is going to reach {person} {times} times at {local(at)}"
            )
    if story.strayed:  # what belongs to no entry any more was told to be so
        recorded = _recorded(state)
        there = coming([item for item in tasks if item["id"] in recorded], story.ledger.owners)
    for owner, id in wanted.items():
        record = state.get("pushes", {}).get(id, {})
        foreign = any(task["task_id"] in by_hand for task in record.get("tasks", ()))
        if _left_out(story, id) or foreign or story.guessed:
            continue
        mine = {pair[1:]: n for pair, n in there.items() if pair[0] == owner}
        silent = not story.pushes[id].enabled or "stopped_at" in record
        if story.strayed and silent:
            continue
        _compare(story, id, owner, Counter(mine), silent=silent)
    for owner, person, at in there:
        if owner not in wanted and not story.strayed and not story.operators.excluded:
            raise InvariantError(
                f"entry {owner} left, and is going to reach {person} at {local(at)}"
            )


def _compare(
    story: Project, id: str, owner: int, there: Counter[tuple[str, int]], *, silent: bool
) -> None:
    push = story.pushes[id]
    people = set() if silent else set(push.names)
    for person, at in there:
        if person not in people:
            raise InvariantError(
                f"{id} is going to reach {person} at {local(at)}, whom nobody wants"
            )
    for person in sorted(people):
        mine = {at for whom, at in there if whom == person}
        _compare_times(story, owner, id, person, push, mine)


def _compare_times(
    story: Project, owner: int, id: str, person: str, push: Push, mine: set[int]
) -> None:
    since = story.now
    today = day_of(since)
    if push.loop and (story.ledger.reached(owner, today) or _maybe_reached(story, owner, today)):
        since = moment(f"{(today + DAY).isoformat()}T00:00") - 1
    horizon = story.now + RENEWED - 86_400
    must = {at for at in moments(push, since=since, until=_last(push, horizon)) if at > since}
    may = set(moments(push, since=story.now, until=story.now + 400 * 86_400))
    must = {at for at in must if at > story.now + SOON}
    for at in sorted(must - mine):
        raise InvariantError(f"{id} is not going to reach {person} at {local(at)}")
    for at in sorted(mine - may):
        raise InvariantError(
            f"{id} is going to reach {person} at {local(at)}, when nobody wants it"
        )
    gaps = [at for at in may if mine and min(mine) < at < max(mine) and at not in mine]
    if gaps:
        raise InvariantError(f"{id} leaves out {person} at {local(min(gaps))}")


def _maybe_reached(story: Project, owner: int, today: date) -> bool:
    """Tell whether a task that vanished was due today: nobody knows whether it was sent before."""
    return any(
        item["at_ms"] // 1000 <= story.now and day_of(item["at_ms"] // 1000) == today
        for task in story.system.control.tasks()
        if task["id"] in story.operators.dropped and story.ledger.owners.get(task["id"]) == owner
        for item in task["occurrences"]
    )


def _last(push: Push, horizon: float) -> float:
    """Return up to when everything must be scheduled already."""
    return horizon if push.loop else float("inf")
