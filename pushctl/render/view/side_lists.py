"""What a plan tells besides its changes: unchanged entries, the queue, drift, unmanaged tasks."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from pushctl.plan.change import NoOp
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.plan import Plan
from pushctl.plan.reconcile.refresh import Drift, DriftKind
from pushctl.push.task import ActualTask
from pushctl.render.words import WORDS
from pushctl.text.local_times import moment
from pushctl.text.messages import _, count, local

TITLE = 60
"""Characters of the title of an unmanaged task."""


class Quoted(Struct, frozen=True):
    """A text of somebody else within a sentence; `code` is what can be copied, such as an id."""

    text: str
    code: bool = False


Sentence: TypeAlias = tuple[str | Quoted, ...]
"""Words of this program, which need no escaping, and quoted texts, which do."""


class Topic(StrEnum):
    """What a list is about, as its title."""

    UNCHANGED = "Unchanged, with something to say"
    WAITING = "Waiting for room"
    IN_DOUBT = "In doubt"
    DRIFT = "Not as the state says"
    UNMANAGED = "On the service, and not in the manifest"


class SideList(Struct, frozen=True):
    """Lines about one topic, each with the id of an entry or a task."""

    topic: Topic
    lines: tuple[tuple[str, Sentence], ...]

    @property
    def counted(self) -> str:
        """How many lines there are, where there is no room for them."""
        return count(len(self.lines), *WORDS["topics_counted"][self.topic])


def side_lists(plan: Plan) -> tuple[SideList, ...]:
    """Return the lists that have anything in them."""
    queued = {item.id for item in plan.waiting}
    lines: dict[Topic, list[tuple[str, Sentence]]] = {
        Topic.UNCHANGED: [
            (item.id, (Quoted(local(item.reason)),))
            for item in plan.changes
            if isinstance(item, NoOp) and item.telling and item.id not in queued
        ],
        Topic.WAITING: [(item.id, _waiting(item, plan)) for item in plan.waiting],
        Topic.IN_DOUBT: [
            (item.id, (_("in doubt: "), Quoted(local(item.reason)))) for item in plan.doubts
        ],
        Topic.DRIFT: [(item.id, _drift(item)) for item in plan.drift],
        Topic.UNMANAGED: [(task.task_id, _unmanaged(task, plan)) for task in plan.unmanaged],
    }
    return tuple(SideList(topic, tuple(found)) for topic, found in lines.items() if found)


def _waiting(item: Waiting, plan: Plan) -> Sentence:
    tasks = count(item.tasks, "task waits", "tasks wait")
    return (_("{tasks} for room, the first due {when}", tasks, moment(item.first, plan.timezone)),)


def _drift(item: Drift) -> Sentence:
    what = _("lost {missing} of {expected} deliveries on the service", item.missing, item.expected)
    if item.kind is DriftKind.GONE:
        what = _("is not on the service any more")
    return (_("task "), Quoted(item.task_id, code=True), f" {what}")


def _unmanaged(task: ActualTask, plan: Plan) -> Sentence:
    coming = task.unexecuted
    due = _(", due {when}", moment(coming[0].at, plan.timezone)) if coming else ""
    title = task.title if len(task.title) <= TITLE else f"{task.title[: TITLE - 1]}…"
    return ("“", Quoted(title), _("”{due}, not in the manifest (pushctl adopt ID TASK)", due))
