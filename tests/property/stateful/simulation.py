"""The simulation of the fault matrix, made repeatable, with a list that may lag for weeks."""

from __future__ import annotations

import contextlib
import random
import types
import uuid
from collections.abc import Iterator
from typing import Any
from unittest import mock

from pushctl.cli.commands import stop
from pushctl.sandbox.storage import store as sandbox_store
from pushctl.state.file import store
from tests.faults.effects import Effects, Hit
from tests.faults.modes import MODES, Mode, any_effect, stranger
from tests.faults.simulation import Patience, Ran, Simulation

APPLY = ("apply", "--yes", "--parallelism", "1")

KEPT = 3600.0
"""Virtual seconds for which the past of the books is kept; no list lags by more."""


class StorySimulation(Simulation):
    """A simulation for a long story: every command goes by its clock, and its past is forgotten."""

    @contextlib.contextmanager
    def _edges(
        self, effects: Effects, arguments: tuple[str, ...], patience: Patience
    ) -> Iterator[None]:
        quiet = contextlib.nullcontext()
        with (
            super()._edges(effects, arguments, patience),
            mock.patch.object(stop, "asks_to_stop", return_value=quiet),
        ):
            yield

    def _forward(self, to: float) -> None:
        """Keep what a lagging list is going to show: time alone changes the books, too."""
        if self.lag and to - self.now > self.lag:
            super()._forward(to - self.lag)
            self.changed()
        super()._forward(to)
        if self.lag:
            self.changed()
            self._past = [item for item in self._past if item[0] > self.now - KEPT]

    def calm(self) -> None:
        """Let the list show the truth again."""
        self.lag = self.blind_until = 0.0
        self._past.clear()
        self.behave()

    def struck(self, *arguments: str, at: int, on: str, mode: str) -> Ran:
        """Run a command of which one effect goes wrong: number `at` of those called `on`, if any.

        Without a mode nothing goes wrong.
        """
        if not mode:
            return self.run(*arguments)
        chosen = MODES.get(mode) or WITH_OTHERS[mode]
        return self.attacked(*arguments, at=at, on=on, mode=chosen)[0]

    @property
    def deceives(self) -> bool:
        """Whether the list shows something else than the truth, or this machine's clock does."""
        lies = self.service.lies or bool(self.skew)
        return bool(self.lag) or self.now < self.blind_until or lies

    @property
    def under_way(self) -> bool:
        """Whether a call is still on its way to the service."""
        return bool(self._coming)


def creating(name: str) -> bool:
    return name == "create"


def beside(system: Simulation, hit: Hit) -> Any:
    """Let somebody else apply, who finds the state locked, or is quicker."""
    system.run(*APPLY)
    return hit.do()


WITH_OTHERS = {
    mode.name: mode
    for mode in (
        Mode("beside another apply", any_effect, beside),
        Mode("a stranger makes its like and more", creating, stranger(0)),
        Mode("a stranger makes its like and more 40 s later", creating, stranger(40)),
    )
}
"""What can go wrong because somebody else works at the same time."""


@contextlib.contextmanager
def repeatable(seed: int = 0) -> Iterator[None]:
    """Draw every id from a seed, so that a story told again is the same to the last sort."""
    chance = random.Random(seed)

    def uuid4() -> uuid.UUID:
        return uuid.UUID(int=chance.getrandbits(128), version=4)

    drawn = types.SimpleNamespace(uuid4=uuid4)
    system = types.SimpleNamespace(urandom=chance.randbytes)
    with mock.patch.object(sandbox_store, "os", system), mock.patch.object(store, "uuid", drawn):
        yield
