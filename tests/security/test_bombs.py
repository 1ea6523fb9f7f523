"""Small manifests that want to become large: each ends soon, in bounded memory, with a finding.

All of them are read in a process with little memory, in which a reading that takes too long or too
much dies.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HEAD = "version: 1\napp: {id: ONEX570DA89211721, workspace: prod}\ntimezone: Asia/Shanghai\n"
WHEN = "    schedule: {every: day, at: '09:45'}\n"
TEXT = "    message: {title: a, body: b}\n"
TO = "    to: {users: [a]}\n"
PUSH = WHEN + TO + TEXT


def keys(count: int, prefix: str = "k") -> str:
    return "[" + ",".join(f"{prefix}{number}" for number in range(count)) + "]"


def each(count: int, rest: str) -> str:
    return f"pushes:\n  p:\n    for_each: {keys(count)}\n{rest}"


def audience(name: str) -> str:
    return HEAD + "pushes:\n  p:\n" + WHEN + f"    to: {{users_from: {name}}}\n" + TEXT


def alone(text: str) -> dict[str, str]:
    return {"pushctl.yaml": text}


Bomb = Callable[[], dict[str, str]]

QUICK: dict[str, tuple[str, Bomb]] = {
    "deep lists": ("PSH108", lambda: alone("a: " + "[" * 2_000_000)),
    "laughs": (
        "PSH103",
        lambda: alone(
            HEAD
            + "a0: &a0 [x, x]\n"
            + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
        ),
    ),
    "a huge file": ("PSH108", lambda: alone("x" * 100_000_000)),
    "a text for each": (
        "PSH108",
        lambda: alone(
            HEAD
            + f"defaults: {{message: {{title: a, body: {'a' * 2_000_000}}}}}\n"
            + each(20_000, WHEN + TO)
        ),
    ),
    "an audience for each": (
        "PSH108",
        lambda: {
            **alone(HEAD + each(5000, WHEN + "    to: {users_from: a.txt}\n" + TEXT)),
            "a.txt": "".join(f"u{number}\n" for number in range(99_000)),
        },
    ),
    "a variable many times": (
        "PSH108",
        lambda: alone(
            HEAD
            + f"vars: {{a: {'x' * 100_000}}}\npushes:\n  p:\n"
            + WHEN
            + TO
            + f"    message: {{title: '{'${a}' * 500_000}', body: b}}\n"
        ),
    ),
}

THOROUGH: dict[str, tuple[str, Bomb]] = {
    "deep maps": ("PSH108", lambda: alone("{a: " * 1_000_000)),
    "deep dashes": ("PSH108", lambda: alone("- " * 2_000_000)),
    "deep blocks": (
        "PSH108",
        lambda: alone("".join(" " * level + "a:\n" for level in range(2000))),
    ),
    "one long text": ("PSH104", lambda: alone(HEAD + "x: " + "a" * 4_900_000 + "\n")),
    "one long key": ("PSH100", lambda: alone(HEAD + "a" * 4_900_000 + ": 1\n")),
    "a huge audience": (
        "PSH108",
        lambda: {**alone(audience("a.txt")), "a.txt": "u\n" * 30_000_000},
    ),
    "a list for each": (
        "PSH108",
        lambda: alone(
            HEAD + f"defaults: {{to: {{users: {keys(20_000)}}}}}\n" + each(5000, WHEN + TEXT)
        ),
    ),
    "a map for each": (
        "PSH108",
        lambda: alone(
            HEAD
            + "vars: {a: {"
            + ",".join(f"k{n}: 1" for n in range(50_000))
            + "}}\n"
            + each(5000, PUSH + "    transparent_payload: '${a}'\n")
        ),
    ),
    "a variable in itself": (
        "PSH105",
        lambda: alone(
            HEAD
            + "vars:\n  a0: x\n"
            + "".join(f'  a{n}: "' + f"${{a{n - 1}}}" * 10 + '"\n' for n in range(1, 30))
            + "pushes:\n  p:\n"
            + WHEN
            + TO
            + "    message: {title: '${a29}', body: b}\n"
        ),
    ),
    "mistakes for each": (
        "PSH113",
        lambda: alone(HEAD + each(90_000, WHEN + "    to: {users: []}\n    message: {titel: a}\n")),
    ),
    "every row wrong": (
        "PSH514",
        lambda: {**alone(audience("a.jsonl")), "a.jsonl": "[\n" * 20_000_000},
    ),
    "an open quote": (
        "PSH514",
        lambda: {**alone(audience("a.csv")), "a.csv": 'user\n"a\n' + "b\n" * 5_000_000},
    ),
    "deep JSON": ("PSH514", lambda: {**alone(audience("a.jsonl")), "a.jsonl": "[" * 40_000_000}),
    "many items": ("PSH108", lambda: alone(HEAD + "x: [" + "a," * 2_400_000 + "a]\n")),
    "many keys": (
        "PSH108",
        lambda: alone(HEAD + "".join(f"p{number}: 1\n" for number in range(500_000))),
    ),
    "the same key": ("PSH102", lambda: alone(HEAD + "a: 1\n" * 900_000)),
    "aliases": (
        "PSH103",
        lambda: alone(
            HEAD + "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(100_000))
        ),
    ),
    "merges": (
        "PSH103",
        lambda: alone(
            HEAD + "pushes:\n" + "".join(f"  p{n}:\n    <<: *x\n" for n in range(100_000))
        ),
    ),
    "broken brackets": (
        "PSH100",
        lambda: alone(HEAD + "x: [" + "a, " * 300_000 + " 'b':c, {? a}:: ]\n"),
    ),
    "wrong pushes": (
        "PSH104",
        lambda: alone(
            HEAD + "pushes:\n" + "".join(f"  P{n}: {{x: 1, y: 2}}\n" for n in range(150_000))
        ),
    ),
    "pushes and keys": (
        "PSH108",
        lambda: alone(
            HEAD
            + "pushes:\n"
            + "".join(f"  p{n}:\n    for_each: {keys(30_000)}\n{PUSH}" for n in range(15))
        ),
    ),
    "unknown variables": (
        "PSH105",
        lambda: alone(
            HEAD
            + "vars: {"
            + ",".join(f"abcdefgh{n}: 1" for n in range(20_000))
            + "}\npushes:\n"
            + "".join(
                f"  p{n}:\n{WHEN}{TO}    message: {{title: '${{abcdefg{n}x}}', body: b}}\n"
                for n in range(3000)
            )
        ),
    ),
    "one name ten million times": (
        "PSH503",
        lambda: {**alone(audience("a.txt")), "a.txt": "u\n" * 10_000_000},
    ),
    "includes of includes": (
        "PSH107",
        lambda: {
            **alone(HEAD + "include: [" + ",".join(["'*.yaml'"] * 1000) + "]\npushes: {}\n"),
            **{f"t{n}.yaml": "include: ['*.yaml']\npushes: {}\n" for n in range(100)},
        },
    ),
    "a long chain": (
        "PSH108",
        lambda: {
            **alone(HEAD + "include: [t0.yaml]\npushes: {}\n"),
            **{f"t{n}.yaml": f"include: [t{n + 1}.yaml]\npushes: {{}}\n" for n in range(1900)},
        },
    ),
    "large includes": (
        "PSH108",
        lambda: {
            **alone(HEAD + "include: ['t/*.yaml']\npushes: {}\n"),
            **{f"t/{n}.yaml": "x: " + "a" * 4_900_000 for n in range(60)},
        },
    ),
}

READ = """
import resource, sys
sys.path[:0] = {path!r}
from pathlib import Path
from pushctl.cli.project.source_lines import attached
from pushctl.manifest.read import read_manifest
from pushctl.render.text.findings import findings
resource.setrlimit(resource.RLIMIT_AS, ({memory} << 20, {memory} << 20))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
found = attached(read_manifest(Path(".")).diagnostics, Path("."))
assert len(findings(found)) < 1_000_000
print(*sorted({{item.code for item in found}}))
"""


def read(folder: Path, bomb: Bomb, *, memory: int, seconds: int) -> str:
    """Return the codes that are found with so many megabytes and seconds."""
    for name, content in bomb().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    done = subprocess.run(
        [sys.executable, "-c", READ.format(path=sys.path, memory=memory, seconds=seconds)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    return done.stdout


def test_the_limits_are_felt(tmp_path: Path) -> None:
    """The tests below prove something only if a reading that takes too much dies."""
    with pytest.raises(AssertionError, match="MemoryError"):
        read(tmp_path, lambda: alone("x: " + "y" * 4_000_000), memory=1, seconds=10)


@pytest.mark.parametrize("name", QUICK)
def test_a_bomb_ends_as_a_finding(name: str, tmp_path: Path) -> None:
    code, bomb = QUICK[name]
    assert code in read(tmp_path, bomb, memory=800, seconds=20)


@pytest.mark.slow
@pytest.mark.parametrize("name", THOROUGH)
def test_a_large_bomb_ends_as_a_finding(name: str, tmp_path: Path) -> None:
    code, bomb = THOROUGH[name]
    assert code in read(tmp_path, bomb, memory=1500, seconds=60)
