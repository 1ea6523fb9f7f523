"""The first signal asks, the second does not wait."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from pushctl.cli import signals
from pushctl.cli.signals import asks_to_stop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_second_signal_leaves_at_once_and_handlers_come_back(number: signal.Signals) -> None:
    former = signal.getsignal(number)
    stop, told = threading.Event(), list[str]()
    with asks_to_stop(stop, told.append):
        signal.raise_signal(number)
        assert stop.is_set()
        assert told == ["Stopping after the calls in flight; press Ctrl-C again to leave at once."]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) == former
    assert len(told) == 1


def test_what_nohup_ignores_asks_for_nothing() -> None:
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stop = threading.Event()
        with asks_to_stop(stop, lambda text: None):
            signal.raise_signal(signal.SIGHUP)
        assert not stop.is_set()
    finally:
        signal.signal(signal.SIGHUP, former)


def test_signals_are_passed_on_until_the_process_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    former = signal.getsignal(signal.SIGTERM)
    sent: list[int] = []
    for at_terminal in (False, True):
        monkeypatch.setattr("os.isatty", lambda number, shown=at_terminal: shown)
        with signals.passed_on(sent.append):
            for number in signals.SIGNALS:
                signal.raise_signal(number)
    # What is typed at a terminal has reached it from there.
    assert sent == [*signals.SIGNALS, signal.SIGTERM, signal.SIGHUP]
    assert signal.getsignal(signal.SIGTERM) == former


def test_on_windows_what_is_typed_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getpgrp")
    monkeypatch.setattr(os, "isatty", lambda descriptor: False)
    sent: list[int] = []
    with signals.passed_on(sent.append):
        signal.raise_signal(signal.SIGINT)
    assert sent == []


def test_a_wait_is_made_of_short_ones_and_ends_with_its_event() -> None:
    asked: list[float | None] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            asked.append(timeout)
            return len(asked) == 3

    signals.wait(Stop())
    assert asked == [1.0, 1.0, 1.0]
    signals.wait(Stop(), 0.0)
    assert len(asked) == 3
