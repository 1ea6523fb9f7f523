"""Everything that can happen to a project, one step after another, and what must hold after each.

A step takes plain values, so that a story can be written down as a script; each is one method of
`Story`, named as a script calls it. The people in it are honest: what they say is true according to
the sandbox's books, and they do what the product's own documentation tells them to.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec

from tests.property.stateful import final_checks, script
from tests.property.stateful.model import Push, When
from tests.property.stateful.project import BACKUP, STATE, Faults, Project
from tests.property.stateful.simulation import APPLY

P = ParamSpec("P")

PLAN = "plan.json"
MINUTE = 60
"""Seconds that an edit, or a look into the console, takes a person."""


def step(method: Callable[P, None]) -> Callable[P, None]:
    """Write a step down before it is done, and look at the books afterwards."""

    @functools.wraps(method)
    def told(*given: P.args, **options: P.kwargs) -> None:
        story = given[0]
        assert isinstance(story, Story)
        story.calls.append(script.call(method.__name__, given[1:], options))
        method(*given, **options)
        story.check()
        if story.said_done:
            story.said_done = False
            final_checks.done(story)

    return told


class Story(Project):
    """A project, and its story so far as code."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    @step
    def put(
        self,
        id: str,
        when: When,
        people: tuple[int, int],
        text: str,
        enabled: bool = True,
        protect: bool = False,
    ) -> None:
        """Write an entry, or write it differently."""
        self.system.advance(MINUTE)
        self.put_push(id, Push(when, people, text, enabled, protect))

    @step
    def remove(self, id: str) -> None:
        """Take an entry out."""
        self.system.advance(MINUTE)
        self.drop(id)

    @step
    def rename(self, before: str, after: str) -> None:
        """Give an entry another id, as the manifest has it."""
        self.system.advance(MINUTE)
        self.pushes = {after if id == before else id: push for id, push in self.pushes.items()}
        self.numbers[after] = self.numbers[before]
        self.moved.append((before, after))
        self.write()

    @step
    def show_targets(self, hashed: bool) -> None:
        """Say that people are shown as they are, or by digests."""
        self.system.advance(MINUTE)
        self.hashed = hashed
        self.write()

    @step
    def apply(self, at: int = 0, on: str = "", mode: str = "", faults: Faults = ()) -> None:
        """Apply, and let an effect go wrong in a mode of the fault matrix.

        That is effect number `at`, of all or of those that are called `on`.
        """
        self.run(*APPLY, at=at, on=on, mode=mode, faults=faults)

    @step
    def plan(self) -> None:
        """Save a plan."""
        self.run("plan", "--out", PLAN)

    @step
    def apply_plan(self, at: int = 0, on: str = "", mode: str = "") -> None:
        """Apply the saved plan, which may be stale."""
        self.run("apply", PLAN, "--parallelism", "1", at=at, on=on, mode=mode)

    @step
    def stop(
        self, id: str, revoke: bool = False, at: int = 0, on: str = "", mode: str = ""
    ) -> None:
        """Stop an entry."""
        more = ("--revoke",) if revoke else ()
        ran = self.run("stop", id, *more, "--parallelism", "1", at=at, on=on, mode=mode)
        number = self.numbers[id]
        # An id that an entry left, and that was given away again, is another entry's now.
        given = any(self.numbers[other] == number for other in self.pushes if other != id)
        known = not self.astray and number not in self.pending and not given
        if ran.code == 0 and known:
            self.ledger.silent[self.numbers[id]] = self.now

    @step
    def resume(self, id: str) -> None:
        self.run("resume", id)
        self.ledger.silent.pop(self.numbers[id], None)

    @step
    def advance(self, seconds: int) -> None:
        """Let time pass."""
        self.system.advance(seconds)

    @step
    def calm(self) -> None:
        """Let the list show the truth again."""
        self.system.calm()

    @step
    def cancel_by_hand(self, number: int) -> None:
        """Cancel one of the waiting tasks in the console, counted from the oldest.

        Not at once: what was made a moment ago is not missed yet, because the list may lag.
        """
        task = self.operators.at_hand()[number]
        self.system.advance(MINUTE)
        self.operators.cancel(task["id"])

    @step
    def make_by_hand(self, number: int) -> None:
        """Make a task in the console that looks just like a waiting one, for somebody else."""
        self.operators.make(self.operators.at_hand()[number])

    @step
    def lose(self) -> None:
        """Delete all of it."""
        self.drop_files()
        self.stray()

    @step
    def put_back(self, number: int) -> None:
        """Put an older copy of the state in its place, and nothing else."""
        self.drop_files()
        (self.system.folder / STATE).write_bytes(self.copies[number])
        self.stray()
        self.repeats = True

    @step
    def delete_state(self) -> None:
        """Delete the snapshot, and leave what belongs to it."""
        (self.system.folder / STATE).unlink()
        self.broken = True

    @step
    def damage(self, name: str, place: int) -> None:
        """Change one byte of a file."""
        path = self.system.folder / name
        data = bytearray(path.read_bytes())
        data[place % len(data)] ^= 1
        path.write_bytes(data)
        self.broken = self.broken or name != BACKUP

    @step
    def restore(self, at: int = 0, on: str = "", mode: str = "") -> None:
        """Have damaged files put together again."""
        self.restore_files(at=at, on=on, mode=mode)

    @step
    def rebuild(self, unsure: bool = False, at: int = 0, on: str = "", mode: str = "") -> None:
        """Have a lost state found again."""
        self.rebuild_state(unsure, at=at, on=on, mode=mode)

    @step
    def resolve(self) -> None:
        """Say the truth about every call of which the outcome is unknown."""
        self.operators.resolve()

    @step
    def mend(self) -> None:
        """Do what a plan says has to be done, wherever it is blocked."""
        self.operators.mend()

    @step
    def end(self) -> None:
        """Let everything come to rest, compare, and let the time run out."""
        final_checks.end(self)
