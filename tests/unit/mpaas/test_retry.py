"""Everybody slows down together, once per burst, and nobody calls after a stop."""

from __future__ import annotations

import threading

from pushctl.mpaas.interface import Created, CreateOutcome, NotSent, Refused
from pushctl.mpaas.retry import ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE, Pace
from tests.fakes import FakeClock

SLOW = NotSent("slow down", throttled=True)
DONE = Created("T", "R")


class Calls:
    """Answers one after another."""

    def __init__(self, *answers: CreateOutcome) -> None:
        self.answers = list(answers)

    def __call__(self) -> CreateOutcome:
        return self.answers.pop(0)


def paced() -> tuple[Pace, FakeClock, threading.Event]:
    clock, stop = FakeClock(), threading.Event()
    return Pace(clock, stop), clock, stop


def test_call_does_not_wait_without_a_reason() -> None:
    pace, clock, _ = paced()
    assert pace.call(Calls(DONE)) == DONE
    assert pace.call(Calls(Refused("1", "no", "R"))) == Refused("1", "no", "R")
    assert clock.slept == []


def test_call_doubles_its_pause() -> None:
    pace, clock, _ = paced()
    assert pace.call(Calls(SLOW, SLOW, SLOW, DONE)) == DONE
    lows = [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert len(clock.slept) == 3
    assert all(low <= got <= low * 1.3 for low, got in zip(lows, clock.slept, strict=True))
    assert pace.call(Calls(SLOW, DONE)) == DONE
    assert clock.slept[-1] <= FIRST_PAUSE * 1.3


def test_call_heeds_the_hint_within_reason() -> None:
    pace, clock, _ = paced()
    pace.call(Calls(NotSent("slow", retry_after=5), NotSent("slow", retry_after=9999), DONE))
    assert 5 <= clock.slept[0] <= 6.5
    assert LONGEST_PAUSE <= clock.slept[1] <= LONGEST_PAUSE * 1.3


def test_call_gives_up() -> None:
    pace, clock, _ = paced()
    assert pace.call(Calls(*[SLOW] * ATTEMPTS)) == SLOW
    assert len(clock.slept) == ATTEMPTS - 1


def test_call_makes_no_call_after_a_stop() -> None:
    pace, clock, stop = paced()
    stop.set()
    assert isinstance(pace.call(Calls()), NotSent)
    assert clock.slept == []


def test_a_burst_that_is_turned_away_together_counts_once() -> None:
    pace, clock, _ = paced()
    together = threading.Barrier(8)

    def turned_away() -> None:
        answers = iter([SLOW, DONE])

        def send() -> CreateOutcome:
            answer = next(answers)
            if answer is SLOW:
                together.wait(20)
            return answer

        pace.call(send)

    threads = [threading.Thread(target=turned_away) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert max(clock.slept) <= FIRST_PAUSE * 1.3
