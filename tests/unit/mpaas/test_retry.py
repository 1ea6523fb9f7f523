"""Everybody slows down together, once per burst, and nobody calls after a stop."""

from __future__ import annotations

import threading

from pushctl.mpaas.interface import Created, CreateOutcome, NotSent, Refused
from pushctl.mpaas.retry import WRITE_RETRIES, RateLimiter
from tests.fakes import FakeClock

SLOW = NotSent("slow down")
DONE = Created("T", "R")


class Calls:
    """Answers one after another."""

    def __init__(self, *answers: CreateOutcome) -> None:
        self.answers = list(answers)

    def __call__(self) -> CreateOutcome:
        return self.answers.pop(0)


def limited() -> tuple[RateLimiter, FakeClock, threading.Event]:
    clock, stop = FakeClock(), threading.Event()
    return RateLimiter(clock, stop), clock, stop


def test_call_does_not_wait_without_a_reason() -> None:
    limiter, clock, _ = limited()
    assert limiter.call(Calls(DONE)) == DONE
    assert limiter.call(Calls(Refused("1", "no", "R"))) == Refused("1", "no", "R")
    assert clock.slept == []


def test_call_doubles_its_pause() -> None:
    limiter, clock, _ = limited()
    assert limiter.call(Calls(SLOW, SLOW, SLOW, DONE)) == DONE
    lows = [WRITE_RETRIES.first_pause, 2 * WRITE_RETRIES.first_pause, 4 * WRITE_RETRIES.first_pause]
    assert len(clock.slept) == 3
    assert all(low <= got <= low * 1.3 for low, got in zip(lows, clock.slept, strict=True))
    assert limiter.call(Calls(SLOW, DONE)) == DONE
    assert clock.slept[-1] <= WRITE_RETRIES.first_pause * 1.3


def test_call_heeds_the_hint_within_reason() -> None:
    limiter, clock, _ = limited()
    limiter.call(Calls(NotSent("slow", retry_after=5), NotSent("slow", retry_after=9999), DONE))
    assert 5 <= clock.slept[0] <= 6.5
    assert WRITE_RETRIES.longest_pause <= clock.slept[1] <= WRITE_RETRIES.longest_pause * 1.3


def test_call_gives_up() -> None:
    limiter, clock, _ = limited()
    assert limiter.call(Calls(*[SLOW] * WRITE_RETRIES.attempts)) == SLOW
    assert len(clock.slept) == WRITE_RETRIES.attempts - 1


def test_call_makes_no_call_after_a_stop() -> None:
    limiter, clock, stop = limited()
    stop.set()
    assert isinstance(limiter.call(Calls()), NotSent)
    assert clock.slept == []


def test_pause_doubles_up_to_the_longest_whatever_the_number_of_failures() -> None:
    for failures, seconds in ((1, 0.5), (2, 1), (7, 32), (8, 60), (10**6, 60)):
        assert seconds <= WRITE_RETRIES.pause(failures) <= 1.25 * seconds


def test_a_burst_that_is_turned_away_together_counts_once() -> None:
    limiter, clock, _ = limited()
    together = threading.Barrier(8)

    def turned_away() -> None:
        answers = iter([SLOW, DONE])

        def send() -> CreateOutcome:
            answer = next(answers)
            if answer is SLOW:
                together.wait(20)
            return answer

        limiter.call(send)

    threads = [threading.Thread(target=turned_away) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert max(clock.slept) <= WRITE_RETRIES.first_pause * 1.3
