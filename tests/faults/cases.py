"""One case of the matrix: a scenario whose step goes wrong once, the recovery, and the verdict."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import judge
from tests.faults.effects import Effects
from tests.faults.judge import Fault, Living
from tests.faults.modes import MODES
from tests.faults.scenarios import APPLY, PLAN, SCENARIOS, Scenario
from tests.faults.world import Ran, World

ROUNDS = 8
"""How often a person runs the command again before asking for help."""

BREATH = 5
"""Virtual seconds between two runs."""

REST = 600
"""Virtual seconds before the step: what was made before is not new any more."""

IN_DOUBT, REFUSED, STALE, NEVER = 6, 3, 5, -1


@dataclass(frozen=True)
class Strike:
    """Which effect goes wrong, and how. `name` is what it is expected to be; empty if unknown."""

    at: int
    name: str
    mode: str

    def __str__(self) -> str:
        where = f"{self.at}:{self.name}" if self.name else str(self.at)
        return f"{where}/{self.mode}"


@dataclass(frozen=True)
class Case:
    """`then` is what goes wrong during the first recovery, if anything."""

    scenario: str
    first: Strike
    then: Strike | None = None

    def __str__(self) -> str:
        more = f"/then/{self.then}" if self.then else ""
        return f"{self.scenario}/{self.first}{more}"


@dataclass
class Verdict:
    """What came of a case. `handed` tells that the tool leaves the rest to a person.

    `kills` counts the processes that died by SIGKILL, `deep` those that left a journal behind.
    """

    case: Case | str
    faults: list[Fault] = field(default_factory=list)
    handed: bool = False
    kills: int = 0
    deep: int = 0
    seconds: float = 0.0
    story: str = ""

    @property
    def wrong(self) -> bool:
        """Whether it did not end as it has to; a case that is left to a person did not either."""
        return bool(self.faults) or self.handed

    def count(self, kind: str) -> int:
        return sum(fault.kind == kind for fault in self.faults)


def parse(text: str) -> Case:
    """Read a case as it is printed; of a place only the number counts."""
    scenario, _, rest = text.partition("/")
    first, _, then = rest.partition("/then/")
    return Case(scenario, _strike(first), _strike(then) if then else None)


def _strike(text: str) -> Strike:
    where, _, mode = text.partition("/")
    at, _, name = where.partition(":")
    return Strike(int(at), name, mode)


def clean(scenario: Scenario) -> list[str]:
    """Return the effects of the step when nothing goes wrong."""
    with tempfile.TemporaryDirectory() as folder, World(Path(folder)) as world:
        begin(world, scenario)
        effects = Effects()
        ran = world.run(*scenario.step, effects=effects)
        assert ran.code == 0, ran
        faults = [*recovered(world, scenario)[0], *judge.delivered(world, scenario.wanted)]
        assert not faults, [str(fault) for fault in faults]
    return effects.names


def begin(world: Living, scenario: Scenario) -> None:
    """Lead a world up to the step."""
    scenario.begin(world)
    world.advance(REST)


def run(case: Case) -> Verdict:
    """Play a case through, and judge it."""
    began = time.perf_counter()
    verdict = Verdict(case)
    scenario = SCENARIOS[case.scenario]
    with tempfile.TemporaryDirectory() as folder, World(Path(folder)) as world:
        try:
            begin(world, scenario)
            world.ran.clear()
            verdict.faults += _attack(world, scenario, case)
            found, verdict.handed = recovered(world, scenario)
            found += judge.delivered(world, scenario.wanted)
            if verdict.handed:
                found = [fault for fault in found if fault.kind == "duplicate"]
            verdict.faults += found
        except Exception as error:  # one broken case must not hide the others
            verdict.faults.append(Fault("disagreement", f"{type(error).__name__}: {error}"))
        if verdict.wrong:
            verdict.story = "\n".join(str(ran) for ran in world.ran)
    verdict.seconds = time.perf_counter() - began
    return verdict


def _attack(world: World, scenario: Scenario, case: Case) -> list[Fault]:
    faults: list[Fault] = []
    for step, strike in ((scenario.step, case.first), (scenario.again, case.then)):
        if strike is None:
            continue
        ran, effects = world.attacked(*step, at=strike.at, mode=MODES[strike.mode])
        faults += [*_bugs(ran), *judge.doubled(world)]
        if strike.name and effects.struck != strike.name:
            faults.append(Fault("disagreement", f"{strike} struck {effects.struck}"))
        if ran.code == 0 and scenario.whole:
            # Whoever says that it is done must not need a second run to be right.
            faults += judge.scheduled(world, scenario.wanted)
    return faults


def recovered(world: Living, scenario: Scenario) -> tuple[list[Fault], bool]:
    """Run again until it is quiet, and compare; tells whether a person has to take over."""
    faults: list[Fault] = []
    for step in dict.fromkeys((scenario.again, APPLY)):
        last = _until_quiet(world, step, faults)
        if last in (IN_DOUBT, REFUSED):
            return faults, True
        if last not in (0, STALE):
            faults.append(Fault("disagreement", f"it does not come to rest: exit {last}"))
            return faults, False
    return [*faults, *_rest(world, scenario)], False


def _until_quiet(world: Living, step: Sequence[str], faults: list[Fault]) -> int | None:
    """Return the exit code of the last run: 0 if it had nothing to do any more.

    A saved plan that is stale is none the less so the next time.
    """
    last: int | None = None
    for _ in range(ROUNDS):
        world.advance(BREATH)
        writes = world.desk.writes()
        ran = world.run(*step)
        faults += [*_bugs(ran), *judge.doubled(world)]
        last = ran.code
        if (last == STALE and PLAN in step) or (last == 0 and world.desk.writes() == writes):
            return last
    return NEVER if last == 0 else last


def _rest(world: Living, scenario: Scenario) -> list[Fault]:
    """Judge a world that is said to be quiet: one more run must not change a byte."""
    faults = judge.scheduled(world, scenario.wanted)
    before = (world.state(), world.desk.writes())
    codes = [world.run(*APPLY).code, world.run("plan", "--detailed-exitcode").code]
    if codes != [0, 0]:
        faults.append(Fault("disagreement", f"quiet, and then apply and plan exit {codes}"))
    if (world.state(), world.desk.writes()) != before:
        faults.append(Fault("disagreement", "a run that had nothing to do changed something"))
    return faults


def _bugs(ran: Ran) -> list[Fault]:
    if "has a bug" in ran.err or "Traceback" in ran.err:
        return [Fault("disagreement", ran.err.strip())]
    return []
