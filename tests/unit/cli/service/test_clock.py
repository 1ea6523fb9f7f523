"""The clock of a command, and who may set it."""

from __future__ import annotations

import dataclasses
import threading
import time
from pathlib import Path
from unittest import mock

import pytest

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.service import sandbox_clock
from pushctl.cli.service.clock import CommandClock, clock_of, instant, offline_clock
from pushctl.cli.service.endpoint import SANDBOX_DATA, Endpoint
from pushctl.cli.service.sandbox_clock import SandboxClock
from pushctl.errors import ConfigError
from pushctl.sandbox import Sandbox

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


SHOWN = SandboxClock(5.0, 0)


def test_a_clock_starts_where_a_sandbox_is_and_goes_on() -> None:
    assert 0 <= CommandClock(SHOWN).now() - 5 < 60
    assert (CommandClock(SHOWN).sandbox, CommandClock(5.0).sandbox) == (SHOWN, None)


def test_only_a_sandbox_can_be_told_what_time_it_is() -> None:
    sandbox = Endpoint("http://127.0.0.1:1", True, SHOWN)
    real = Endpoint("https://x.example", False)
    assert clock_of(options(None), sandbox).sandbox == SHOWN
    assert clock_of(options(None), real).sandbox is None
    told = clock_of(options(MOMENT), sandbox)
    assert (told.sandbox, 0 <= told.now() - AT < 60) == (None, True)
    with pytest.raises(ConfigError, match="--now is only for a sandbox"):
        clock_of(options(MOMENT), real)


def test_a_sandbox_at_an_address_is_asked_unless_a_moment_is_typed() -> None:
    with mock.patch.object(sandbox_clock, "of_address", return_value=SHOWN) as asked:
        elsewhere = Endpoint("http://127.0.0.1:1", True)
        assert offline_clock(options(MOMENT), elsewhere.address).sandbox is None
        assert clock_of(options(MOMENT), elsewhere).sandbox is None
        assert not asked.called
        assert offline_clock(options(None), elsewhere.address).sandbox == SHOWN
        assert clock_of(options(None), elsewhere).sandbox == SHOWN


def test_an_embedded_sandbox_goes_its_own_way_after_its_birth(tmp_path: Path) -> None:
    here = dataclasses.replace(options(None), folder=tmp_path)
    assert offline_clock(here, "sandbox").sandbox is None
    assert offline_clock(here, "sandbox", MOMENT).sandbox == SandboxClock(AT, 0)
    assert list(tmp_path.iterdir()) == []
    with Sandbox(tmp_path / SANDBOX_DATA, now="2027-01-01T00:00:00+08:00"):
        pass
    later = SandboxClock(instant("2027-01-01T00:00:00+08:00"), 0)
    assert offline_clock(here, "sandbox", MOMENT).sandbox == later
    assert offline_clock(dataclasses.replace(here, now=MOMENT), "sandbox").sandbox is None
