"""Everything that can happen to a project, one step after another, and what must hold after each.

A step takes plain values, so that a story can be written down as a script; each is one method of
`Story`, named as a script calls it. The people in it are honest: what they say is true according to
the sandbox's books, and they do what the product's own documentation tells them to.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

from tests.faults.world import Ran
from tests.stateful import ending, script
from tests.stateful.model import Push, When, local, manifest
from tests.stateful.people import People
from tests.stateful.place import APPLY, Place, repeatable
from tests.stateful.promises import Broken, Ledger, keys_are_single, ours

P = ParamSpec("P")

FILES = "pushctl.state*"
STATE, BACKUP, JOURNAL = (f"pushctl.state.{end}" for end in ("json", "backup.json", "journal"))
PLAN = "plan.json"
ENTRY = re.compile(r"  (\w+):")
PASSED = re.compile(r"pushctl\.yaml:(\d+):\d+  PSH20[17] ")
"""What an apply says of an entry that was not created while there was time."""

Faults = tuple[tuple[str, str, str, int, int], ...]
"""Of each fault: the operation, the kind, the effect (or nothing), how often, after how many."""


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
            ending.done(story)

    return told


class Story:
    """A context manager; leave it, and the world is gone."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.pushes: dict[str, Push] = {}
        self.moved: list[tuple[str, str]] = []
        self.numbers: dict[str, int] = {}
        """Which entry an id means."""
        self.ledger = Ledger()
        self.clean = False
        """Whether the manifest is what was applied last, and completely."""
        self.pending: set[int] = set()
        """The entries with new content since then; to apply that lets a stopped one run again."""
        self.broken = False
        """Whether files of the state are damaged or missing while others are there."""
        self.astray = False
        """Whether the state does not know all that was made, and nobody has rebuilt it yet."""
        self.strayed = False
        """Whether it ever was so; and then promises are weaker."""
        self.guessed = False
        """Whether the manifest's word for the people was taken, though it had been edited."""
        self.said_done = False
        """Whether an apply has just claimed that all is as wanted."""
        self.repeats = False
        """Whether generations may be counted anew, because the state is an older one."""
        self.copies: list[bytes] = []
        self._count = 0
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Story:
        self._stack.enter_context(repeatable())
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.place = self._stack.enter_context(Place(folder))
        self.people = People(self)
        self._write()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def now(self) -> float:
        return self.place.now

    # --- the manifest -------------------------------------------------------------------------

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
        self.put_push(id, Push(when, people, text, enabled, protect))

    def put_push(self, id: str, push: Push) -> None:
        before = self.pushes.get(id)
        if before is None and self._means_another(id):
            self.place.advance(60)  # a call under way still means the former entry
            self._new_number(id)
        if before is None or before.content != push.content:
            self.ledger.silent.pop(self.numbers[id], None)
            self.pending.add(self.numbers[id])
        self.pushes[id] = push
        self._write()

    def _means_another(self, id: str) -> bool:
        """Whether an id is new, or was left by an entry that has another one now."""
        held = {self.numbers[other] for other in self.pushes}
        return id not in self.numbers or self.numbers[id] in held

    def _new_number(self, id: str) -> None:
        self._count += 1
        self.numbers[id] = self._count

    @step
    def remove(self, id: str) -> None:
        """Take an entry out."""
        self.drop(id)

    def drop(self, id: str) -> None:
        del self.pushes[id]
        self.moved = [move for move in self.moved if move[1] != id]
        self._write()

    @step
    def rename(self, before: str, after: str) -> None:
        """Give an entry another id, as the manifest has it."""
        self.pushes = {after if id == before else id: push for id, push in self.pushes.items()}
        self.numbers[after] = self.numbers[before]
        self.moved.append((before, after))
        self._write()

    def unmove(self, after: str) -> None:
        """Take the line of a rename out again: what is there under the new id is another entry."""
        self.moved = [move for move in self.moved if move[1] != after]
        if after in self.pushes:
            self._new_number(after)
        self._write()

    def _write(self) -> None:
        self.clean = False
        self.place.write(manifest(self.pushes, self.moved))

    def entry_at(self, line: int) -> str:
        """Return the id of the entry in which a line of the manifest is."""
        lines = manifest(self.pushes, self.moved).splitlines()[:line]
        return next(found[1] for item in reversed(lines) if (found := ENTRY.fullmatch(item)))

    # --- commands -----------------------------------------------------------------------------

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
        """Press the red button."""
        more = ("--revoke",) if revoke else ()
        ran = self.run("stop", id, *more, "--parallelism", "1", at=at, on=on, mode=mode)
        known = not self.astray and self.numbers[id] not in self.pending
        if ran.code == 0 and known:
            self.ledger.silent[self.numbers[id]] = self.now

    @step
    def resume(self, id: str) -> None:
        self.run("resume", id)
        self.ledger.silent.pop(self.numbers[id], None)

    def run(
        self, *arguments: str, at: int = 0, on: str = "", mode: str = "", faults: Faults = ()
    ) -> Ran:
        """Run a command; the product must never be at a loss, and never lie about its success."""
        for op, kind, effect, times, after in faults:
            rule = {"op": op, "kind": kind, "times": times, "after": after}
            self.place.desk.fault({**rule, **({"effect": effect} if effect else {})})
        first = len(self.place.ran)
        ran = self.place.struck(*arguments, at=at, on=on, mode=mode)
        for item in self.place.ran[first:]:
            if "Traceback" in item.err or "has a bug" in item.err:
                raise Broken(f"{item.arguments[0]} is at a loss: {item.err.strip()}")
        plainly = not (mode or faults or self.broken)
        if plainly and arguments[0] == "apply" and ran.code not in (0, 3, 4, 5, 6):
            self._judge_refusal(ran)
        if arguments[0] == "apply":
            self._applied(ran)
        return ran

    def _judge_refusal(self, ran: Ran) -> None:
        """An apply may call the manifest wrong, but only if an entry's time has really passed."""
        ids = [self.entry_at(int(line)) for line in PASSED.findall(ran.err)]
        sent = {owner for owner, _, _ in self.ledger.got}
        if not ids or any(self.numbers[id] in sent and not self.strayed for id in ids):
            raise Broken(f"apply exits {ran.code}: {ran.err.strip()}")

    def _applied(self, ran: Ran) -> None:
        self.clean = ran.code == 0 and "--exclude" not in ran.arguments
        # Whoever says that it is done must not need a second run to be right.
        self.said_done = self.clean and not (self.place.deceives or self.place.under_way)
        if self.clean:
            self.pending.clear()
            self.moved.clear()
            self.place.write(manifest(self.pushes, self.moved))
            state = self.place.folder / STATE
            self.copies += [state.read_bytes()] if state.exists() else []

    # --- time, and the console ----------------------------------------------------------------

    @step
    def advance(self, seconds: int) -> None:
        """Let time pass."""
        self.place.advance(seconds)

    @step
    def calm(self) -> None:
        """Let the list show the truth again."""
        self.place.calm()

    @step
    def cancel_by_hand(self, number: int) -> None:
        """Cancel one of the waiting tasks in the console, counted from the oldest.

        Not at once: what was made a moment ago is not missed yet, because the list may lag.
        """
        task = self.people.waiting()[number]
        self.place.advance(60)
        self.people.cancel(task["id"])

    @step
    def make_by_hand(self, number: int) -> None:
        """Make a task in the console that looks just like a waiting one, for somebody else."""
        self.people.make(self.people.waiting()[number])

    # --- the files of the state ---------------------------------------------------------------

    @step
    def lose(self) -> None:
        """Delete all of it."""
        self._drop_files()
        self._stray()

    @step
    def put_back(self, number: int) -> None:
        """Put an older copy of the state in its place, and nothing else."""
        self._drop_files()
        (self.place.folder / STATE).write_bytes(self.copies[number])
        self._stray()
        self.repeats = True

    def _drop_files(self) -> None:
        for path in self.place.folder.glob(FILES):
            path.unlink()

    def _stray(self) -> None:
        """From now on some is forgotten: who was stopped, and who had today's already."""
        self.astray = self.strayed = True
        self.broken = False
        self.ledger.silent.clear()
        self.forgive()
        self.place.calm()

    def forgive(self) -> None:
        self.ledger.forgiven.add(ending.day_of(self.now))

    @step
    def delete_state(self) -> None:
        """Delete the snapshot, and leave what belongs to it."""
        (self.place.folder / STATE).unlink()
        self.broken = True

    @step
    def damage(self, name: str, place: int) -> None:
        """Change one byte of a file."""
        path = self.place.folder / name
        data = bytearray(path.read_bytes())
        data[place % len(data)] ^= 1
        path.write_bytes(data)
        self.broken = self.broken or name != BACKUP

    @step
    def restore(self, at: int = 0, on: str = "", mode: str = "") -> None:
        """Have damaged files put together again."""
        self.restore_files(at=at, on=on, mode=mode)

    def restore_files(self, **wrong: Any) -> bool:
        ran = self.run("state", "restore", **wrong)
        if ran.code == 0 and "nothing to restore" not in ran.out:
            self.broken = False
            if "Nothing that was recorded is missing." not in ran.out:
                self._stray()
                self.clean, self.repeats = False, True
        return ran.code == 0

    @step
    def rebuild(self, unsure: bool = False, at: int = 0, on: str = "", mode: str = "") -> None:
        """Have a lost state found again."""
        self.rebuild_state(unsure, at=at, on=on, mode=mode)

    def rebuild_state(self, unsure: bool = False, **wrong: Any) -> None:
        """Rebuild; what the command is not sure of, or leaves to nobody, is cancelled by hand."""
        more = ("--replace-unsure",) if unsure else ()
        ran = self.run("state", "rebuild", "--yes", *more, **wrong)
        if ran.code not in (0, 6):
            return
        if self.broken:
            self._stray()
            self.clean = False
            self.guessed = True
        if ran.code or not self.clean:
            self.people.cancel_strangers()
        self.astray = False

    # --- people who do what they are told -----------------------------------------------------

    @step
    def resolve(self) -> None:
        """Say the truth about every call of which the outcome is unknown."""
        self.people.resolve()

    @step
    def mend(self) -> None:
        """Do what a plan says has to be done, wherever it is blocked."""
        self.people.mend()

    @step
    def end(self) -> None:
        """Let everything come to rest, compare, and let the time run out."""
        ending.end(self)

    # --- the promises -------------------------------------------------------------------------

    def check(self) -> None:
        tasks = self.place.desk.tasks()
        for task in ours(tasks):
            if task["id"] not in self.ledger.owners:
                self.ledger.owners[task["id"]] = self.numbers[task["name"]]
        self.ledger.take(
            self.place.desk.ask("GET", f"deliveries?after={self.ledger.last}")["deliveries"]
        )
        if not self.repeats:
            keys_are_single(tasks, self.people.dropped)

    def document(self, *arguments: str) -> dict[str, Any]:
        """Return the JSON that a command prints, nothing if it fails."""
        ran = self.place.run(*arguments)
        try:
            found: dict[str, Any] = json.loads(ran.out)
        except ValueError:
            return {}
        return found

    def __str__(self) -> str:
        return f"{local(self.now)} {manifest(self.pushes, self.moved)}"
