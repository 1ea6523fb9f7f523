"""The people of a project, at the keyboard and in the console; they look before they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.faults.misbehaviour import STRANGER
from tests.property.stateful.invariants import InvariantError, ours
from tests.property.stateful.model import day_of, moment

if TYPE_CHECKING:
    from tests.property.stateful.project import Project

MIDNIGHT = "T00:00"
PATIENCE = 900
"""Seconds that somebody waits whose change comes too close to a delivery."""


class Operators:
    """The people who work with one project."""

    def __init__(self, story: Project) -> None:
        self._story = story
        self._made = 0
        self.excluded: set[str] = set()
        self.forced = False
        self.dropped: set[str] = set()
        """The tasks that were cancelled in the console."""

    # --- at the console -----------------------------------------------------------------------

    def waiting(self) -> list[dict[str, Any]]:
        """Return the waiting tasks, the oldest first."""
        tasks = self._story.system.control.tasks()
        return [task for task in tasks if task["status"] == "waiting"]

    def at_hand(self) -> list[dict[str, Any]]:
        """What people work on: not a stranger's tasks, the one sign that he was there."""
        return [task for task in self.waiting() if task["name"] != STRANGER]

    def cancel(self, task_id: str) -> None:
        if task_id in {task["id"] for task in self.waiting()}:
            self.dropped.add(task_id)
            self._story.system.control.ask("POST", f"tasks/{task_id}/cancel")
        self._story.system.changed()

    def make(self, twin: Mapping[str, Any]) -> None:
        self._made += 1
        params = dict(twin["params"])
        content = params.get("StrategyContent")
        if isinstance(content, dict) and "startTime" in content:
            today = moment(f"{day_of(self._story.now).isoformat()}{MIDNIGHT}") * 1000
            content = {**content, "startTime": max(content["startTime"], today)}
        made = {
            "TaskName": "by hand",
            "TargetMsgkey": {"guest": f"by-hand-{self._made}"},
            "StrategyContent": content,
        }
        self._story.system.control.ask("POST", "tasks", {**params, **made})
        self._story.system.changed()

    def cancel_strangers(self) -> None:
        """Cancel whatever was made by a call and belongs to no entry, as the plan lists it."""
        waiting = {task["id"] for task in ours(self.waiting())}
        self._story.forgive()
        for item in self._story.document("plan", "--format", "json").get("unmanaged", ()):
            if item["task_id"] in waiting:
                self.cancel(item["task_id"])

    # --- at the keyboard ----------------------------------------------------------------------

    def resolve(self) -> None:
        """Say of every call in doubt what really became of it, when none is under way any more."""
        self._story.system.advance(60)
        for id, task, words in list(self._truths()):
            where = ("--chunk", str(task["chunk"]), "--segment", str(task["segment"]))
            ran = self._story.run("state", "resolve", id, *words, *where, "--offline")
            if ran.code != 0:
                raise InvariantError(f"nobody can say {words[0]} of {id}: {ran.err.strip()}")

    def _truths(self) -> Iterator[tuple[str, dict[str, Any], tuple[str, ...]]]:
        books = self._story.system.control.tasks()
        state = self._story.document("state", "show")
        for id, push in state.get("pushes", {}).items():
            for task in push["tasks"]:
                if task["phase"] == "creating":
                    yield id, task, _created(task, books)
                elif task["phase"] == "cancelling":
                    yield id, task, _cancelled(task, books)

    def mend(self) -> None:
        """Read the plan, and do what it says about every entry that is blocked."""
        story = self._story
        if story.broken and not story.restore_files():
            story.rebuild_state()
        document = story.document("plan", "--format", "json")
        codes = {item["code"] for item in document.get("diagnostics", ())}
        for item in document.get("diagnostics", ()):
            if item["code"] in ("PSH201", "PSH207"):
                story.drop(story.entry_at(item["range"]["start"]["line"]))
            elif item["code"] == "PSH802" and item["severity"] == "error":
                story.drop(item["push"])  # it would say to the same people what they just had
        # Nobody insists on what a look into the console shows to be wrong.
        self.forced = "PSH606" in codes and not story.system.deceives
        for change in document.get("changes", ()):
            if change["action"] == "blocked":
                self._unblock(change)
        if document.get("in_doubt"):
            self.resolve()

    def _unblock(self, change: dict[str, Any]) -> None:
        id, cause, story = change["id"], change["cause"], self._story
        if not change["reason"] or not change["fix"]:
            raise InvariantError(f"{id} is blocked without a sentence")
        match cause:
            case "past":
                story.put_push(id, replace(story.pushes[id], enabled=False))
            case "danger-window":
                story.system.advance(PATIENCE)
            case "adoption":
                self._cancel_doubles(change["reason"])
            case "rename":
                story.unmove(id)
            case "in-doubt":
                pass  # all of them at the end
            case _:
                self.excluded.add(id)

    def _cancel_doubles(self, reason: str) -> None:
        """Cancel the tasks that stand in an entry's way; the sentence names the first of them."""
        self._story.forgive()
        for task in self.waiting():
            if task["id"] in reason:
                self.cancel(task["id"])


def _created(task: dict[str, Any], books: list[dict[str, Any]]) -> tuple[str, ...]:
    keys = set(task["targets"].values())
    found = [item for item in books if set(item["targets"].values()) == keys]
    if not found:
        return ("--not-created",)
    if found[0]["strategy_type"] != 2 and found[0]["status"] == "executed":
        return ("--sent",)
    return ("--created", found[0]["id"])


def _cancelled(task: dict[str, Any], books: list[dict[str, Any]]) -> tuple[str, ...]:
    found = next(item for item in books if item["id"] == task["task_id"])
    if found["status"] == "waiting":
        return ("--still-scheduled",)
    if found["status"] == "executed" and found["strategy_type"] != 2:
        return ("--sent",)
    return ("--cancelled",)
