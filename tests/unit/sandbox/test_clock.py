"""The sandbox's time: frozen, advanced, run, and kept over restarts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from pushctl.sandbox.clock import ClockError
from tests.unit.sandbox.client import DAY_MS, MIDNIGHT_MS, NOW, NOW_MS, Client


def test_it_starts_frozen_where_it_was_set(client: Client) -> None:
    shown = client.control("GET", "clock")
    assert shown == {"now": NOW, "epoch": NOW_MS / 1000, "frozen": True, "speed": 0.0}
    assert client.push().headers["date"] == "Tue, 01 Dec 2026 02:00:00 GMT"


def test_without_a_moment_it_is_real_time() -> None:
    with Sandbox() as sandbox:
        shown = Client(sandbox.url).control("GET", "clock")

    assert shown["frozen"] is False
    assert abs(shown["epoch"] - time.time()) < 5


def test_advancing_fires_everything_in_order(client: Client) -> None:
    client.create(StrategyContent={"fixedTime": NOW_MS + 2 * DAY_MS}, Title="fixed")
    client.loop(endTime=MIDNIGHT_MS + 2 * DAY_MS)
    client.advance(3 * 86_400)

    fired = [(d["title"], d["at"][5:16]) for d in client.deliveries()]
    assert fired == [
        ("Title", "12-01T12:00"),
        ("Title", "12-02T12:00"),
        ("fixed", "12-03T10:00"),
        ("Title", "12-03T12:00"),
    ]


def test_set_freeze_and_run(client: Client) -> None:
    assert client.control("POST", "clock", {"set": "2027-01-01T00:00:00Z"})["now"] == (
        "2027-01-01T08:00:00+08:00"
    )
    client.control("POST", "clock", {"speed": 2.0})
    assert client.control("POST", "clock", {"freeze": False})["speed"] == 2.0
    client.control("POST", "clock", {"freeze": True})
    running = client.control("POST", "clock", {"freeze": False})
    assert (running["frozen"], running["speed"]) == (False, 1.0)
    fast = client.control("POST", "clock", {"speed": 100_000})
    assert client.control("GET", "clock")["epoch"] > fast["epoch"]
    frozen = client.control("POST", "clock", {"freeze": True})
    assert {**client.control("GET", "clock"), "delivered": 0} == frozen


def test_what_fired_stays_fired(client: Client) -> None:
    client.create()
    client.advance(7200)
    client.control("POST", "clock", {"set": NOW})

    assert client.list()["List"][0]["ExecutedStatus"] == "1"
    client.advance(7200)
    assert len(client.deliveries()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"jump": 1},
        {"freeze": "yes"},
        {"advance": -1},
        {"advance": "1h"},
        {"advance": True},
        {"advance": 1e300},
        {"set": "tomorrow"},
        {"set": 5},
        {"set": "9999-12-31T23:59:59-12:00"},
        {"set": "0001-01-01T00:00:00+12:00"},
        {"speed": -1},
        {"speed": 1e9},
    ],
)
def test_a_bad_change_changes_nothing(client: Client, change: object) -> None:
    client.control("POST", "clock", change, status=400)

    assert client.control("GET", "clock")["now"] == NOW


def test_it_survives_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "sandbox.db"
    with Sandbox(data, now=NOW) as sandbox:
        client = Client(sandbox.url)
        task_id = client.create()
        client.advance(60)

    with Sandbox(data, now="2030-01-01T00:00:00Z") as sandbox:
        client = Client(sandbox.url)
        assert client.control("GET", "clock")["now"] == "2026-12-01T10:01:00+08:00"
        assert client.list()["List"][0]["UniqueId"] == task_id
        assert len(client.requests()) == 2


@pytest.mark.parametrize("now", ["2026-12-01", "soon", "2026-12-01T10:00:00"])
def test_a_moment_needs_an_offset(now: str) -> None:
    with pytest.raises(ClockError):
        Sandbox(now=now)


def test_a_time_without_an_offset_is_meant_where_the_service_is(client: Client) -> None:
    moved = client.control("POST", "clock", {"set": "2026-12-24T20:00"})
    assert moved["now"] == "2026-12-24T20:00:00+08:00"


def test_the_clock_goes_to_what_waits_next(client: Client) -> None:
    client.create()
    moved = client.control("POST", "clock", {"next": True})
    assert (moved["now"], moved["delivered"]) == ("2026-12-01T11:00:00+08:00", 1)
    again = client.control("POST", "clock", {"next": True})  # nothing waits any more
    assert (again["now"], again["delivered"]) == (moved["now"], 0)
