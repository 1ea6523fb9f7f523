"""One case of the matrix: a scenario whose step goes wrong once, the recovery, and the verdict."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.faults import checker
from tests.faults.checker import SystemUnderTest, Violation
from tests.faults.effects import Effects
from tests.faults.modes import MODES
from tests.faults.scenarios import APPLY, PLAN, SCENARIOS, Scenario
from tests.faults.simulation import LONGEST_WAIT, Ran, Simulation

ROUNDS = 8
"""How often a person runs the command again before asking for help."""

BREATH = 5
"""Virtual seconds between two runs."""

MEANWHILE = 2
"""How often a person runs the command again while the service goes on misbehaving."""

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
    """`then` is what goes wrong during the first recovery, if anything.

    `engine` keeps the state, in files if it is empty.
    """

    scenario: str
    first: Strike
    then: Strike | None = None
    engine: str = ""

    def __str__(self) -> str:
        more = f"/then/{self.then}" if self.then else ""
        at = f"@{self.engine}" if self.engine else ""
        return f"{self.scenario}{at}/{self.first}{more}"


@dataclass
class Verdict:
    """What came of a case. `handed` tells that the tool leaves the rest to a person.

    `kills` counts the processes that died by SIGKILL, `deep` those that left a journal behind.
    """

    case: Case | str
    violations: list[Violation] = field(default_factory=list)
    handed: bool = False
    kills: int = 0
    deep: int = 0
    seconds: float = 0.0
    story: str = ""

    @property
    def wrong(self) -> bool:
        """Whether it did not end as it has to; a case that is left to a person did not either."""
        return bool(self.violations) or self.handed

    def count(self, kind: str) -> int:
        return sum(violation.kind == kind for violation in self.violations)


def parse(text: str) -> Case:
    """Read a case as it is printed; of a place only the number counts."""
    scenario, _, rest = text.partition("/")
    first, _, then = rest.partition("/then/")
    scenario, _, engine = scenario.partition("@")
    return Case(scenario, _strike(first), _strike(then) if then else None, engine)


def _strike(text: str) -> Strike:
    where, _, mode = text.partition("/")
    at, _, name = where.partition(":")
    return Strike(int(at), name, mode)


@cache
def clean(scenario: Scenario, engine: str = "") -> list[str]:
    """Return the effects of the step when nothing goes wrong."""
    place = tempfile.TemporaryDirectory()
    with place as folder, Simulation(Path(folder), engine=engine) as system:
        begin(system, scenario)
        effects = Effects()
        ran = system.run(*scenario.step, effects=effects)
        assert ran.code == 0, ran
        violations = [*recovered(system, scenario)[0], *checker.delivered(system, scenario.wanted)]
        assert not violations, [str(violation) for violation in violations]
    return effects.names


def begin(system: SystemUnderTest, scenario: Scenario) -> None:
    """Bring a system to where the step begins."""
    scenario.begin(system)
    system.advance(REST)


def run(case: Case) -> Verdict:
    """Play a case through, and check what came of it."""
    began = time.perf_counter()
    verdict = Verdict(case)
    scenario = SCENARIOS[case.scenario]
    place = tempfile.TemporaryDirectory()
    with place as folder, Simulation(Path(folder), engine=case.engine) as system:
        try:
            begin(system, scenario)
            system.ran.clear()
            verdict.violations += _attack(system, scenario, case)
            found, verdict.handed = recovered(system, scenario)
            found += checker.delivered(system, scenario.wanted)
            if verdict.handed:
                found = [violation for violation in found if violation.kind == "duplicate"]
            verdict.violations += found
        except Exception as error:  # one broken case must not hide the others
            verdict.violations.append(Violation("disagreement", f"{type(error).__name__}: {error}"))
        if verdict.wrong:
            verdict.story = "\n".join(str(ran) for ran in system.ran)
    verdict.seconds = time.perf_counter() - began
    return verdict


def _attack(system: Simulation, scenario: Scenario, case: Case) -> list[Violation]:
    violations: list[Violation] = []
    for step, strike in ((scenario.step, case.first), (scenario.again, case.then)):
        if strike is None:
            continue
        ran, effects = system.attacked(*step, at=strike.at, mode=MODES[strike.mode])
        violations += _judged(system, scenario, ran)
        # After another failure a command may be refused, as a saved plan is that is stale now.
        if strike is case.first and MODES[strike.mode].harmless and ran.code != 0:
            violations.append(Violation("disagreement", f"{strike} ended it: exit {ran.code}"))
        if strike.name and effects.struck != strike.name:
            violations.append(Violation("disagreement", f"{strike} struck {effects.struck}"))
        if MODES[strike.mode].lasts:
            for _ in range(MEANWHILE):
                system.advance(BREATH)
                violations += _judged(system, scenario, system.run(*scenario.again))
            system.behave()
    return violations


def _judged(system: Simulation, scenario: Scenario, ran: Ran) -> list[Violation]:
    """Whoever says that it is done must not need a second run to be right."""
    done = ran.code == 0 and scenario.whole
    wrong = checker.scheduled(system, scenario.wanted) if done else []
    return [*_bugs(ran), *checker.doubled(system), *wrong]


def recovered(system: SystemUnderTest, scenario: Scenario) -> tuple[list[Violation], bool]:
    """Run again until it is quiet, and compare; tells whether a person has to take over."""
    violations: list[Violation] = []
    for step in dict.fromkeys((scenario.again, APPLY)):
        last = _until_quiet(system, step, violations)
        if last in (IN_DOUBT, REFUSED):
            return violations, True
        if last not in (0, STALE):
            violations.append(Violation("disagreement", f"it does not come to rest: exit {last}"))
            return violations, False
    return [*violations, *_rest(system, scenario)], False


def _until_quiet(
    system: SystemUnderTest, step: Sequence[str], violations: list[Violation]
) -> int | None:
    """Return the exit code of the last run: 0 if it had nothing to do any more.

    A saved plan that is stale is none the less so the next time.
    """
    last: int | None = None
    for _ in range(ROUNDS):
        system.advance(BREATH)
        writes = system.control.writes()
        ran = system.run(*step)
        violations += [*_bugs(ran), *checker.doubled(system)]
        last = ran.code
        if (last == STALE and PLAN in step) or (last == 0 and system.control.writes() == writes):
            return last
    return NEVER if last == 0 else last


def _rest(system: SystemUnderTest, scenario: Scenario) -> list[Violation]:
    """Check a system that is said to be quiet: one more run must not change a byte."""
    violations = checker.scheduled(system, scenario.wanted)
    before = (system.state(), system.control.writes())
    codes = [system.run(*APPLY).code, system.run("plan", "--detailed-exitcode").code]
    if codes != [0, 0]:
        violations.append(Violation("disagreement", f"quiet, and then apply and plan exit {codes}"))
    if (system.state(), system.control.writes()) != before:
        violations.append(
            Violation("disagreement", "a run that had nothing to do changed something")
        )
    return violations


def _bugs(ran: Ran) -> list[Violation]:
    if "has a bug" in ran.err or "Traceback" in ran.err:
        return [Violation("disagreement", ran.err.strip())]
    if ran.waited > LONGEST_WAIT:
        return [Violation("disagreement", f"it waits for {ran.waited:.0f} s")]
    return []
