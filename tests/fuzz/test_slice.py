"""A slice of `make fuzz`, and that it notices what it looks for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.kinds import KINDS, Kind
from tests.fuzz.run import made, play, run
from tests.property.growth import inputs

INPUTS = 12_000


@pytest.mark.parametrize("part", range(4))
def test_nothing_that_is_read_crashes(part: int, tmp_path: Path) -> None:
    tally = run(7, range(part, INPUTS, 4), KINDS, tmp_path)
    assert [str(trouble) for trouble in tally.troubles.values()] == []
    assert set(tally.played) == set(KINDS)


@pytest.mark.parametrize("target", ["x@a.example\\ny", "+4915112345678\\n1", "a b\\nc"])
def test_a_target_with_a_line_break_is_a_finding(target: str) -> None:
    text = inputs.HEAD + inputs.PUSHES + inputs.ENTRY.replace("user1024", f'"{target}"')
    assert play(KINDS["manifest"], text.encode()) is None


def kind(read: Callable[[bytes], object]) -> Kind:
    return Kind(1, lambda: [b"a b c"], read)


def crash(text: bytes) -> None:
    text.decode("ascii")


def hang(text: bytes) -> None:
    try:
        while True:
            pass
    except Exception:
        return


def test_a_crash_is_noticed_and_kept(tmp_path: Path) -> None:
    tally = run(1, range(200), {"planted": kind(crash)}, tmp_path)
    (trouble,) = tally.troubles.values()
    assert trouble.what.startswith("UnicodeDecodeError at ")
    assert play(kind(crash), trouble.file.read_bytes()) == trouble.what
    assert f"--play 'planted' {trouble.file}" in str(trouble)


def test_a_reader_without_an_end_is_noticed() -> None:
    assert play(kind(hang), b"", seconds=0.1) == "more than 0.1 s"


def test_a_reader_that_takes_all_memory_is_noticed() -> None:
    program = (
        "from tests.fuzz.run import play, with_little_memory\n"
        "from tests.fuzz.kinds import Kind\n"
        "with_little_memory()\n"
        "print(play(Kind(1, lambda: [b''], lambda text: bytearray(2_000_000_000)), b''))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "more than 300 MB\n"


def test_the_same_seed_makes_the_same_inputs() -> None:
    assert [made(3, number, KINDS) for number in range(50)] == [
        made(3, number, KINDS) for number in range(50)
    ]
    assert made(3, 1, KINDS) != made(4, 1, KINDS)
