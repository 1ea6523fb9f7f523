"""Plays inputs, and keeps those on which a reader crashes, takes too long or too much memory."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import resource
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.kinds import ANSWERS, KINDS, Kind

SECONDS = 5.0
"""Seconds of the processor that one input may take."""

MEMORY = 300_000_000
"""Bytes that a process may take beyond what it has to begin with."""

FOLDER = Path(tempfile.gettempdir()) / "pushctl-fuzz"
"""Where inputs are kept that something is wrong with."""


class TooSlow(BaseException):
    """Nothing that a reader catches."""


@dataclass(frozen=True)
class Trouble:
    """An input that something is wrong with, and what."""

    kind: str
    what: str
    file: Path

    def __str__(self) -> str:
        play = f"python -m tests.fuzz --play '{self.kind}' {self.file}"
        return f"{self.kind}: {self.what}\n    play it again: {play}"


@dataclass
class Tally:
    """How many inputs of each kind were played, in what time, and the first of each trouble."""

    played: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    troubles: dict[tuple[str, str], Trouble] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        self.played += other.played
        self.seconds += other.seconds
        for kind, taken in other.slowest.items():
            self.slowest[kind] = max(taken, self.slowest.get(kind, 0.0))
        self.troubles = {**other.troubles, **self.troubles}


def play(kind: Kind, text: bytes, *, seconds: float = SECONDS) -> str | None:
    """Return what is wrong with how a reader takes an input; None if nothing is."""
    try:
        with _limit(seconds):
            kind.read(text)
    except ANSWERS:
        return None
    except TooSlow:
        return f"more than {seconds} s"
    except MemoryError:
        return f"more than {MEMORY // 1_000_000} MB"
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/pushctl/" in frame.filename] or frames
        at = f"{'/'.join(Path(ours[-1].filename).parts[-3:])}:{ours[-1].lineno}"
        return f"{type(error).__name__} at {at}"
    return None


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def made(seed: int, number: int, kinds: Mapping[str, Kind]) -> tuple[str, bytes]:
    """Return the kind and the text of one input; the same for the same seed and number."""
    chance = random.Random(f"{seed}/{number}")
    names = list(kinds)
    (name,) = chance.choices(names, [kinds[name].share for name in names])
    return name, kinds[name].make(chance)


def run(
    seed: int, numbers: Sequence[int], kinds: Mapping[str, Kind] = KINDS, folder: Path = FOLDER
) -> Tally:
    """Play some inputs."""
    tally = Tally()
    for number in numbers:
        name, text = made(seed, number, kinds)
        begin = time.process_time()
        what = play(kinds[name], text)
        taken = time.process_time() - begin
        tally.played[name] += 1
        tally.seconds[name] += taken
        tally.slowest[name] = max(taken, tally.slowest.get(name, 0.0))
        if what is not None and (name, what) not in tally.troubles:
            tally.troubles[name, what] = Trouble(name, what, _kept(folder, text))
    return tally


def _kept(folder: Path, text: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / hashlib.sha256(text).hexdigest()[:16]
    file.write_bytes(text)
    return file


def with_little_memory() -> None:
    """Forbid this process to take much more memory than it has."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
