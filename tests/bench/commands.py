"""What commands cost at several sizes, beside bare Python, octoDNS and Terraform, by turns."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

PYTHON = sys.executable
BIN = Path(PYTHON).parent
PUSHCTL = str(BIN / "pushctl")
OCTODNS = BIN / "octodns-sync"

FIRST = dt.date.today() + dt.timedelta(days=3)
"""The day of the first one-time push; commands go by real time."""


@dataclass(frozen=True)
class Cost:
    """Processor and wall time in seconds, the largest memory in megabytes."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True)
class Command:
    """A command in the folder that it is run in; `codes` are the exit codes that are right.

    A `cold` one finds no bytecode, as after an installation.
    """

    words: Sequence[str]
    folder: Path
    codes: tuple[int, ...] = (0,)
    cold: bool = False

    def run(self) -> Cost:
        """Run it once, its output thrown away."""
        env = {
            **{name: value for name, value in os.environ.items() if name != NO_BYTECODE},
            "PUSHCTL_ENDPOINT": "sandbox",
            **({"PYTHONPYCACHEPREFIX": tempfile.mkdtemp(dir=self.folder)} if self.cold else {}),
        }
        done = subprocess.run(
            [PYTHON, "-I", "-S", "-c", RUNNER, *self.words],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        code, *figures = done.stdout.split()
        assert int(code) in self.codes, (self.words, done.stderr[-2000:])
        return Cost(*map(float, figures))


RUNNER = """
import os, sys, time
began = time.monotonic()
out = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=out)
_, status, used = os.wait4(child, 0)
wall = time.monotonic() - began
cpu = used.ru_utime + used.ru_stime
print(os.waitstatus_to_exitcode(status), cpu, wall, used.ru_maxrss / 1024)
"""
"""Runs a command from a small process: the memory of whoever starts one counts as its own."""

NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def by_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, Cost]:
    """Run each once to warm up, then all of them by turns; return the medians."""
    for command in commands.values():
        command.run()
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            found[name].append(command.run())
    return {name: _median(costs) for name, costs in found.items()}


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        *(
            statistics.median(getattr(cost, field) for cost in costs)
            for field in ("cpu", "wall", "memory")
        )
    )


def pushctl(folder: Path, *words: str) -> Command:
    return Command((PUSHCTL, *words), folder, codes=(0, 2))


def python(folder: Path) -> Command:
    return Command((PYTHON, "-c", "pass"), folder)


def octodns(folder: Path, records: int) -> Command | None:
    """Return a plan without a change of so many records, or None where octoDNS is not installed."""
    if not OCTODNS.exists():
        return None
    zone = "".join(
        f"host-{number}:\n  type: A\n  ttl: 300\n  value: 10.{number >> 16 & 255}."
        f"{number >> 8 & 255}.{number & 255}\n"
        for number in range(records)
    )
    for name in ("wanted", "there"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "acme.example.yaml").write_text("---\n" + zone, "utf-8")
    (folder / "config.yaml").write_text(OCTODNS_CONFIG, "utf-8")
    return Command((str(OCTODNS), "--config-file", "config.yaml", "--quiet"), folder)


OCTODNS_CONFIG = textwrap.dedent(
    """\
    providers:
      wanted: {class: octodns.provider.yaml.YamlProvider, directory: ./wanted, enforce_order: false}
      there: {class: octodns.provider.yaml.YamlProvider, directory: ./there, enforce_order: false}
    zones:
      acme.example.: {sources: [wanted], targets: [there]}
    """
)


def terraform(folder: Path, resources: int) -> Command | None:
    """Return a plan of so many new resources, or None where Terraform is not installed."""
    program = shutil.which("terraform")
    if program is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(
        f'resource "terraform_data" "push_{number}" {{\n  input = "Title {number}"\n}}\n'
        for number in range(resources)
    )
    (folder / "main.tf").write_text(text, "utf-8")
    subprocess.run([program, "init", "-input=false"], cwd=folder, capture_output=True, check=True)
    return Command((program, "plan", "-input=false", "-lock=false"), folder)


def manifest(folder: Path, entries: int, *, per_file: int | None = None) -> Path:
    """Write so many pushes into one file, or into files of so many."""
    folder.mkdir(parents=True, exist_ok=True)
    if per_file is None:
        text = HEAD + "pushes:\n" + "".join(map(_entry, range(entries)))
        (folder / "pushctl.yaml").write_text(text, "utf-8")
        return folder
    (folder / "pushctl.yaml").write_text(HEAD + "include: [pushes/*.yaml]\n", "utf-8")
    (folder / "pushes").mkdir(exist_ok=True)
    for first in range(0, entries, per_file):
        text = "pushes:\n" + "".join(map(_entry, range(first, first + per_file)))
        (folder / "pushes" / f"{first:06}.yaml").write_text(text, "utf-8")
    return folder


@dataclass(frozen=True)
class Goal:
    """One command over another one in the same run: of which cost, and the most it should be."""

    what: str
    over: str
    most: float


GOALS = (
    Goal("--version", "python -c pass", 1.3),
    Goal("--help", "python -c pass", 5),
    Goal("validate 60", "octoDNS 60", 1.3),
    Goal("plan --offline 60", "octoDNS 60", 1.5),
    Goal("plan 60", "octoDNS 60", 2.5),
    Goal("validate 1000", "octoDNS 1000", 0.7),
    Goal("plan --offline 1000", "octoDNS 1000", 0.8),
    Goal("plan 1000", "octoDNS 1000", 1.6),
    Goal("validate 10000", "octoDNS 10000", 0.35),
    Goal("plan --offline 10000", "octoDNS 10000", 0.5),
    Goal("plan 10000", "octoDNS 10000", 1.0),
)
"""Of processor time."""

MOST_MEMORY = {"plan 60": 60, "plan 1000": 90, "plan 10000": 200}
"""Megabytes that a plan without a change may take."""


def commands(folder: Path, sizes: Sequence[int]) -> dict[str, Command]:
    """Return what is compared, after everything was applied once: from then on plans are no-ops."""
    found = {
        "python -c pass": python(folder),
        "--version": pushctl(folder, "--version"),
        "--help": pushctl(folder, "--help"),
    }
    for size in sizes:
        project = manifest(folder / f"pushes-{size}", size)
        pushctl(project, "apply", "--yes", "--force").run()
        found[f"validate {size}"] = pushctl(project, "validate")
        found[f"plan --offline {size}"] = pushctl(project, "plan", "--offline")
        found[f"plan {size}"] = pushctl(project, "plan")
        if size == FEW:
            found[f"validate {size}, cold"] = replace(pushctl(project, "validate"), cold=True)
        if size == MANY:
            found[f"plan --offline {size}, one file of 100 changed"] = edited(
                folder / "files", size
            )
        others = {
            "octoDNS": octodns(folder / f"records-{size}", size),
            "Terraform": terraform(folder / f"resources-{size}", size) if size <= 1000 else None,
        }
        found |= {f"{name} {size}": other for name, other in others.items() if other}
    return found


FEW, MANY = 60, 1000
"""The sizes at which a cold start and an edit are measured."""


def edited(folder: Path, size: int) -> Command:
    """Return a plan of one edit in a hundred files that were applied before."""
    project = manifest(folder, size, per_file=size // 100)
    pushctl(project, "apply", "--yes", "--force").run()
    first = min((project / "pushes").iterdir())
    first.write_text(first.read_text("utf-8").replace("Title 0\n", "Another title\n"), "utf-8")
    return pushctl(project, "plan", "--offline")


def are_met(costs: Mapping[str, Cost]) -> bool:
    """Tell whether nothing that was measured costs more than it should."""
    light = all(costs[name].memory <= most for name, most in MOST_MEMORY.items() if name in costs)
    return light and all(ratio <= goal.most for goal, ratio in ratios(costs).items())


def ratios(costs: Mapping[str, Cost]) -> dict[Goal, float]:
    """Return what can be compared of what was measured."""
    return {
        goal: costs[goal.what].cpu / costs[goal.over].cpu
        for goal in GOALS
        if goal.what in costs and goal.over in costs
    }


HEAD = textwrap.dedent(
    """\
    version: 1
    app: {id: ONEX0000000000000, workspace: test, quota: {limit: 1000000}}
    timezone: Asia/Shanghai
    defaults: {expires_after: 4h, owner: crm@acme.example}
    policy: {max_creates: 1000000, max_audience: 10000000}
    """
)
LOOPS = ('{every: day, at: "20:00"}', '{every: [mon, wed], at: "18:30"}')
"""The schedules of two pushes in fifty: the service lists each of their deliveries."""


def _entry(number: int) -> str:
    day, minute = FIRST + dt.timedelta(days=number % 25), number // 25 % 600
    once = f"{{at: {day}T{10 + minute // 60:02}:{minute % 60:02}}}"
    kind = number % 50
    schedule = LOOPS[kind] if kind < len(LOOPS) else once
    return (
        f"  push-{number}:\n"
        f"    schedule: {schedule}\n"
        f"    to: {{users: [user-{number}, user-{number}-b]}}\n"
        f"    message:\n      title: Title {number}\n      body: Body of push number {number}\n"
        f"      open: https://m.acme.example/sale/{number}\n"
    )
