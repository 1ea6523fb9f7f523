"""The clock of a command, and who may set it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.service.clock import CommandClock, instant, start_of
from pushctl.cli.service.endpoint import Endpoint
from pushctl.errors import ConfigError

MOMENT = "2026-12-01T09:00:00+08:00"
AT = 1_796_086_800.0


def options(now: str | None) -> GlobalOptions:
    return GlobalOptions(Path(), "pushctl.yaml", None, Output(), now)


def test_a_clock_goes_on_from_where_it_starts() -> None:
    assert 0 <= CommandClock(AT).now() - AT < 60
    assert abs(CommandClock().now() - time.time()) < 60


def test_nobody_sleeps_on_who_was_asked_to_stop() -> None:
    stop = threading.Event()
    stop.set()
    before = time.monotonic()
    CommandClock(stop=stop).sleep(60)
    CommandClock().sleep(-1)
    assert time.monotonic() - before < 30


@pytest.mark.parametrize("text", [MOMENT, "2026-12-01T01:00:00Z", "2026-12-01 01:00+00:00"])
def test_a_moment_has_an_offset(text: str) -> None:
    assert instant(text) == AT


@pytest.mark.parametrize("text", ["", "now", "2026-12-01T09:00:00", "2026-12-01", "1796086800"])
def test_a_moment_without_one_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        instant(text)
    assert raised.value.detail == f"{text!r} is not a date, time and offset"


def test_only_a_sandbox_can_be_told_what_time_it_is() -> None:
    sandbox, real = Endpoint("http://127.0.0.1:1", True, 5.0), Endpoint("https://x.example", False)
    assert (start_of(options(None), sandbox), start_of(options(None), real)) == (5.0, None)
    assert start_of(options(MOMENT), sandbox) == AT
    with pytest.raises(ConfigError, match="--now is only for a sandbox"):
        start_of(options(MOMENT), real)
