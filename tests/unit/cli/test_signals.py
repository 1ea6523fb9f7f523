"""The first signal asks, the second does not wait."""

from __future__ import annotations

import signal
import threading

import pytest

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
