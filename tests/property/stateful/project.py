"""A project and what is known of it: which entry an id means, what was applied, what is lost.

`story.py` has the steps; here is what they are made of.
"""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from pathlib import Path
from typing import Any, Self

from tests.faults.simulation import LONGEST_WAIT, Ran
from tests.property.stateful.invariants import InvariantError, Ledger, keys_are_single, ours
from tests.property.stateful.model import Push, day_of, manifest
from tests.property.stateful.operators import Operators
from tests.property.stateful.simulation import StorySimulation, repeatable

FILES = "pushctl.state*"
STATE, BACKUP, JOURNAL = (f"pushctl.state.{end}" for end in ("json", "backup.json", "journal"))
ENTRY = re.compile(r"  (\w+):")
PASSED = re.compile(r"pushctl\.yaml:(\d+):\d+  PSH20[17] ")
"""What an apply says of an entry that was not created while there was time."""

Faults = tuple[tuple[str, str, str, int, int], ...]
"""Of each fault: the operation, the kind, the effect (or nothing), how often, after how many."""


class Project:
    """A context manager; leave it, and the system is gone."""

    def __init__(self) -> None:
        self.pushes: dict[str, Push] = {}
        self.moved: list[tuple[str, str]] = []
        self.hashed = False
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

    def __enter__(self) -> Self:
        self._stack.enter_context(repeatable())
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.system = self._stack.enter_context(StorySimulation(folder))
        self.operators = Operators(self)
        self.write()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def now(self) -> float:
        return self.system.now

    def put_push(self, id: str, push: Push) -> None:
        before = self.pushes.get(id)
        if before is None and self._means_another(id):
            self._new_number(id)
        if before is None or before.content != push.content:
            self.ledger.silent.pop(self.numbers[id], None)
            self.pending.add(self.numbers[id])
        self.pushes[id] = push
        self.write()

    def _means_another(self, id: str) -> bool:
        """Whether an id is new, or was left by an entry that has another one now."""
        held = {self.numbers[other] for other in self.pushes}
        return id not in self.numbers or self.numbers[id] in held

    def _new_number(self, id: str) -> None:
        self._count += 1
        self.numbers[id] = self._count

    def drop(self, id: str) -> None:
        del self.pushes[id]
        self.moved = [move for move in self.moved if move[1] != id]
        self.write()

    def unmove(self, after: str) -> None:
        """Take the line of a rename out again: what is there under the new id is another entry."""
        self.moved = [move for move in self.moved if move[1] != after]
        if after in self.pushes:
            self._new_number(after)
        self.write()

    def write(self) -> None:
        self.clean = False
        self.system.write(self._text())

    def _text(self) -> str:
        return manifest(self.pushes, self.moved, hashed=self.hashed)

    def entry_at(self, line: int) -> str:
        """Return the id of the entry in which a line of the manifest is."""
        lines = self._text().splitlines()[:line]
        return next(found[1] for item in reversed(lines) if (found := ENTRY.fullmatch(item)))

    def run(
        self, *arguments: str, at: int = 0, on: str = "", mode: str = "", faults: Faults = ()
    ) -> Ran:
        """Run a command; the product must never be at a loss, and never lie about its success."""
        for op, kind, effect, times, after in faults:
            rule = {"op": op, "kind": kind, "times": times, "after": after}
            self.system.control.fault({**rule, **({"effect": effect} if effect else {})})
        first = len(self.system.ran)
        ran = self.system.struck(*arguments, at=at, on=on, mode=mode)
        for item in self.system.ran[first:]:
            if "Traceback" in item.err or "has a bug" in item.err:
                raise InvariantError(f"{item.arguments[0]} is at a loss: {item.err.strip()}")
            if item.waited > LONGEST_WAIT:
                raise InvariantError(f"{item.arguments[0]} waits for {item.waited:.0f} s")
        plainly = not (mode or faults or self.broken or self.system.deceives)
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
            raise InvariantError(f"apply exits {ran.code}: {ran.err.strip()}")

    def _applied(self, ran: Ran) -> None:
        self.clean = ran.code == 0 and "--exclude" not in ran.arguments
        # Whoever says that it is done must not need a second run to be right.
        self.said_done = self.clean and not (self.system.deceives or self.system.under_way)
        if self.clean:
            self.pending.clear()
            for before, _ in self.moved:
                if before not in self.pushes:
                    self.numbers.pop(before, None)  # the id is free again
            self.moved.clear()
            self.system.write(self._text())
            state = self.system.folder / STATE
            self.copies += [state.read_bytes()] if state.exists() else []

    def drop_files(self) -> None:
        for path in self.system.folder.glob(FILES):
            path.unlink()

    def stray(self) -> None:
        """From now on some is forgotten: who was stopped, and who had today's already."""
        self.astray = self.strayed = True
        self.broken = False
        self.ledger.silent.clear()
        self.forgive()
        self.system.calm()

    def forgive(self) -> None:
        self.ledger.forgiven.add(day_of(self.now))

    def restore_files(self, **wrong: Any) -> bool:
        ran = self.run("state", "restore", **wrong)
        if ran.code == 0 and "nothing to restore" not in ran.out:
            self.broken = False
            if "It has all that these files tell of." not in ran.out:
                self.stray()
                self.clean, self.repeats = False, True
        return ran.code == 0

    def rebuild_state(self, unsure: bool = False, **wrong: Any) -> None:
        """Rebuild; what the command is not sure of, or leaves to nobody, is cancelled by hand."""
        more = ("--replace-unsure",) if unsure else ()
        ran = self.run("state", "rebuild", "--yes", *more, **wrong)
        if ran.code not in (0, 6):
            return
        if self.broken:
            self.stray()
            self.clean = False
            self.guessed = True
        if ran.code or not self.clean:
            self.operators.cancel_strangers()
        self.astray = False

    def check(self) -> None:
        tasks = self.system.control.tasks()
        for task in ours(tasks):
            if task["id"] not in self.ledger.owners:
                self.ledger.owners[task["id"]] = self.numbers[task["name"]]
        self.ledger.take(
            self.system.control.ask("GET", f"deliveries?after={self.ledger.last}")["deliveries"]
        )
        if not self.repeats:
            keys_are_single(tasks, self.operators.dropped)

    def document(self, *arguments: str) -> dict[str, Any]:
        """Return the JSON that a command prints, nothing if it fails."""
        ran = self.system.run(*arguments)
        try:
            found: dict[str, Any] = json.loads(ran.out)
        except ValueError:
            return {}
        return found
