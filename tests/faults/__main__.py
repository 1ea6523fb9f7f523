"""`python -m tests.faults`: the whole matrix, or a part of it.

`--engine postgresql` plays what is tried with the state on that engine, whose server it starts;
`--only 'create@s3/3:put event/entry lost'` plays one case of that.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Iterable, Sequence

from tests.faults import cases, kills, matrix
from tests.faults.cases import Case, Verdict
from tests.faults.engines import ENGINES, NOT_RUN, SERVERS, serving
from tests.faults.modes import MODES, USUAL
from tests.faults.mutations import MUTATIONS, Mutation
from tests.faults.report import Row, complaint, table
from tests.faults.scenarios import SCENARIOS
from tests.servers.process import REQUIRED

DEATHS = ("create", "change-whole", "renew")
PAIRS, KILLS = 1000, 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Play what was asked for; 1 if anything is wrong."""
    options = _options().parse_args(arguments)
    matrix.clean_environment()
    if options.only:
        return _only(options.only)
    began = time.perf_counter()
    with contextlib.ExitStack() as servers:
        bad = _played(options, servers)
    minutes = (time.perf_counter() - began) / 60
    print(f"\n{'Something is wrong' if bad else 'Exactly once'}: {minutes:.1f} minutes.")
    return 1 if bad else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS))
    parser.add_argument("--mode", action="append", choices=list(MODES))
    parser.add_argument(
        "--engine", action="append", choices=list(ENGINES), help="only what is tried on it"
    )
    parser.add_argument("--only", metavar="CASE", help="one case as it was printed, told in full")
    parser.add_argument("--sample", type=int, metavar="N", help="about N cases instead of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=PAIRS, metavar="N")
    parser.add_argument("--kills", type=int, default=KILLS, metavar="N")
    parser.add_argument("--no-mutations", dest="mutations", action="store_false")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return parser


def _played(options: argparse.Namespace, servers: contextlib.ExitStack) -> int:
    """Play everything, or the part that was asked for; return how much is wrong."""
    part = options.scenario or options.mode
    names = options.engine or ([] if part else ENGINES)
    engines = [name for name in names if _begun(name, servers)]
    bad = REQUIRED * (len(names) - len(engines))
    if options.engine:
        return bad + _engines(engines, options)
    whole = [
        case
        for scenario in options.scenario or SCENARIOS
        for case in matrix.every_case(scenario, options.mode or ())
    ]
    bad += _matrix(whole, options)
    if part:
        return bad
    bad += _deaths(options)
    bad += _kills(options)
    bad += _engines(engines, options)
    return bad + _mutations(whole, engines, options)


def _only(text: str) -> int:
    """Tell one case in full."""
    if text.startswith("kills/"):
        verdicts = list(kills.played([kills.series(int(text.split("/")[1]))], systems=1))
    elif text.startswith("death/"):
        _, scenario, *_ = text.split("/")
        verdicts = list(
            kills.played([play for name, play in kills.deaths(scenario) if name == text], systems=1)
        )
    else:
        case = cases.parse(text)
        with contextlib.ExitStack() as servers:
            if not _begun(case.engine, servers):
                return 1
            verdicts = [cases.run(case)]
    for verdict in verdicts:
        print(verdict.story)
        print("\n".join(str(violation) for violation in verdict.violations) or "as it should be")
    return 1 if _wrong(verdicts) else 0


def _told(verdicts: Iterable[Verdict], of: int) -> list[Verdict]:
    """Let trouble be seen at once, not at the end, and progress where somebody watches."""
    found = []
    for verdict in verdicts:
        if verdict.wrong:
            print(complaint(verdict), flush=True)
        found.append(verdict)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{len(found)} of {of}\x1b[K" + "\r" * (len(found) == of))
    return found


def _wrong(verdicts: Iterable[Verdict]) -> int:
    return sum(verdict.wrong for verdict in verdicts)


def _matrix(whole: Sequence[Case], options: argparse.Namespace) -> int:
    chosen = list(whole)
    if options.sample is not None:
        chosen = matrix.sample(whole, options.sample, options.seed)
    verdicts = _told(matrix.play(chosen, workers=options.workers), len(chosen))
    rows = [_row(name, verdicts) for name in dict.fromkeys(case.scenario for case in whole)]
    if options.pairs and not options.mode:
        again = matrix.pairs(whole, options.pairs, options.seed)
        told = _told(matrix.play(again, workers=options.workers), len(again))
        rows.append(Row("two in a row", verdicts=told))
    print(table(rows), flush=True)
    return sum(_wrong(row.verdicts) for row in rows)


def _row(scenario: str, verdicts: Sequence[Verdict]) -> Row:
    return _counted(scenario, [item for item in verdicts if item.case.scenario == scenario])


def _counted(name: str, verdicts: Sequence[Verdict]) -> Row:
    tried = [item.case for item in verdicts]
    points = len({(case.scenario, case.first.at) for case in tried})
    return Row(name, points, len({case.first.mode for case in tried}), list(verdicts))


def _engines(names: Iterable[str], options: argparse.Namespace) -> int:
    """The state is where a team keeps it; one line for each engine."""
    rows = []
    for name in names:
        chosen = [
            case
            for case in matrix.on_engine(name, options.seed, options.scenario or SCENARIOS)
            if case.first.mode in (options.mode or MODES)
        ]
        told = _told(matrix.play(chosen, workers=options.workers), len(chosen))
        rows.append(_counted(f"state on {name}", told))
    if rows:
        print("\n" + table(rows), flush=True)
    return sum(_wrong(row.verdicts) for row in rows)


def _begun(engine: str, servers: contextlib.ExitStack) -> bool:
    """Run the server of an engine; say so if it is not installed."""
    try:
        servers.enter_context(serving(engine))
    except NOT_RUN as error:
        print(f"state on {engine}: {error}", flush=True)
        return False
    return True


def _deaths(options: argparse.Namespace) -> int:
    """Real processes that kill themselves at every effect."""
    if not options.kills:
        return 0
    rows = []
    for scenario in DEATHS:
        jobs = [play for _, play in kills.deaths(scenario)]
        verdicts = _told(kills.played(jobs), len(jobs))
        rows.append(Row(f"SIGKILL, {scenario}", len(jobs) // 2, 2, verdicts))
    print("\n" + table(rows), flush=True)
    return sum(_wrong(row.verdicts) for row in rows)


def _kills(options: argparse.Namespace) -> int:
    """Real processes that are killed at any moment."""
    if not options.kills:
        return 0
    projects = options.kills // kills.PER_SERIES + 1
    verdicts = _told(kills.until(options.kills, seed=options.seed), projects)
    row = Row("SIGKILL at random", verdicts=verdicts)
    killed = sum(verdict.kills for verdict in verdicts)
    deep = sum(verdict.deep for verdict in verdicts)
    print(
        f"\n{killed} random SIGKILLs of real applies in {len(verdicts)} projects, {deep} of them "
        f"between the first event and the last: {row.count('duplicate')} duplicates, "
        f"{row.count('loss')} losses, {row.count('disagreement')} other, {row.handed} handed over.",
        flush=True,
    )
    return _wrong(verdicts)


def _mutations(whole: Sequence[Case], engines: list[str], options: argparse.Namespace) -> int:
    """Break the product on purpose; a mutation that nobody notices is a hole in the matrix.

    One that every case notices broke something else, and proves nothing.
    """
    if not options.mutations:
        return 0
    few = matrix.sample(whole, 0, options.seed)
    useless = 0
    print("\nBroken on purpose:")
    for mutation in MUTATIONS.values():
        for engine in engines if mutation.engine else [""]:
            chosen = _concerned(mutation, engine, whole, few)
            verdicts = list(matrix.play(chosen, workers=options.workers, mutation=mutation.name))
            noticed = sum(verdict.wrong for verdict in verdicts)
            doubled = sum(bool(verdict.count("duplicate")) for verdict in verdicts)
            counted = f"{noticed:3} of {len(verdicts):3} noticed, {doubled:3} double"
            name = f"{mutation.name} on {engine}" if engine else mutation.name
            print(f"  {name:34} {counted}  (no longer: {mutation.broken})", flush=True)
            useless += not 0 < noticed < len(verdicts)
    return useless


def _concerned(
    mutation: Mutation, engine: str, whole: Sequence[Case], few: Sequence[Case]
) -> list[Case]:
    """Choose the cases in which a mutation may show; on a server only where it has to."""
    if engine:
        modes = [mode for mode in USUAL if MODES[mode].fits("put event")]
        modes = [mutation.mode] if engine in SERVERS else modes
        return matrix.every_case(mutation.scenario, modes, engine)
    where = (mutation.scenario, mutation.mode)
    sure = [case for case in whole if (case.scenario, case.first.mode) == where]
    return list(dict.fromkeys((*few, *sure)))


if __name__ == "__main__":
    sys.exit(main())
