"""Knobs take what they say, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from pushctl.sandbox.knobs import KNOBS, Knob, KnobError, Knobs, accept_knobs
from tests.unit.sandbox.client import Client


def test_every_knob_is_an_assumption(client: Client) -> None:
    client.control("POST", "knobs", {"month31": "last"})
    rows = client.control("GET", "assumptions")["assumptions"]
    knobs = client.control("GET", "knobs")["knobs"]

    assert {row["knob"] for row in rows if row["knob"]} == set(knobs)
    assert all(row["assumed"] != "" and row["verify"] for row in rows)
    assert next(row for row in rows if row["knob"] == "month31")["now"] == "last"


@pytest.mark.parametrize(
    "change",
    [
        {"quota.limit": -1},
        {"quota.limit": "many"},
        {"quota.limit": True},
        {"month31": "sometimes"},
        {"service_timezone": "Mars/Olympus"},
        {"service_timezone": "../../etc/passwd"},
        {"strict_auth": 1},
        {"unknown": 1},
    ],
)
def test_a_bad_knob_is_refused(client: Client, change: dict[str, Any]) -> None:
    before = client.control("GET", "knobs")
    client.control("POST", "knobs", {"month31": "error", **change}, status=400)

    assert client.control("GET", "knobs") == before
    with pytest.raises(KnobError):
        Sandbox(**{name.replace(".", "_"): value for name, value in change.items()})


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("quota.limit", "7", 7),
        ("quota_limit", 0, 0),
        ("quota.limit", 1_000_000, 1_000_000),
        ("strict_auth", True, "on"),
        ("strict_auth", False, "off"),
        ("month31", "last", "last"),
        ("quota.code", "x" * 64, "x" * 64),
        ("service_timezone", "Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_a_knob_is_stored_under_its_name(name: str, value: object, stored: object) -> None:
    assert accept_knobs({name: value}) == {name.replace("quota_", "quota."): stored}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("quota.limit", 1_000_001, "quota.limit takes 0 to 1000000"),
        ("window_days", 0, "window_days takes 1 to 3660"),
        ("quota.limit", "٣", "quota.limit takes a whole number"),
        ("quota.limit", "1" * 12, "quota.limit takes a whole number"),
        ("quota.limit", 1.0, "quota.limit takes a whole number"),
        ("month31", [], "month31 takes one of skip, last, error"),
        ("quota.code", "x" * 65, "quota.code takes a short text"),
        ("quota.code", 3051, "quota.code takes a short text"),
        ("service_timezone", "a\0b", "unknown time zone: 'a\\x00b'"),
        ("x" * 100, 1, f"no such knob: '{'x' * 60}'"),
    ],
)
def test_a_refusal_says_what_the_knob_takes(name: str, value: object, why: str) -> None:
    with pytest.raises(KnobError) as caught:
        accept_knobs({name: value})
    assert str(caught.value) == why


@pytest.mark.parametrize("knob", KNOBS, ids=[knob.name for knob in KNOBS])
def test_a_default_is_a_value_that_its_knob_takes(knob: Knob) -> None:
    assert knob.accept(knob.default) == knob.default
    assert Knobs({})[knob.name] == knob.default


def test_what_is_overridden_is_read_in_its_kind() -> None:
    knobs = Knobs({"quota.limit": 7, "strict_auth": "on", "service_timezone": "UTC"})
    assert (knobs.number("quota.limit"), knobs.on("strict_auth"), knobs.on("camel_params")) == (
        *(7, True, False),
    )
    assert knobs.zone.key == "UTC"
    assert len(knobs) == len(KNOBS)
