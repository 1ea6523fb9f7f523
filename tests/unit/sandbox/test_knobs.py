"""Knobs take what they say, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.sandbox import KnobError, Sandbox
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
