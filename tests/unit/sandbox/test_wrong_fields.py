"""Mistakes in documents, in words that name no library and no class."""

from __future__ import annotations

import re

import pytest

from tests.unit.sandbox.client import Client


@pytest.mark.parametrize(
    ("page", "body", "said"),
    [
        ("clock", {"set": 5}, "set: must be a text"),
        ("clock", {"advance": -1}, "advance: must be at least 0"),
        ("clock", {"advance": 1e300}, "advance: must be at most"),
        ("clock", {"speed": "fast"}, "speed: must be a number"),
        ("clock", {"backwards": True}, "backwards: is no field"),
        ("console", {"title": "T", "content": "C", "targets": []}, "targets: must have at least 1"),
        ("faults", {"op": "*"}, "kind: is missing"),
        ("faults", {"kind": "slow", "times": 1.5}, "times: must be a whole number"),
        ("apps", {"apps": ["a/b/c"]}, "apps.0: must be written APP/WORKSPACE"),
        ("reset", {"all": "yes"}, "all: must be true or false"),
    ],
)
def test_a_mistake_is_said_in_plain_words(
    client: Client, page: str, body: dict[str, object], said: str
) -> None:
    error = client.control("POST", page, body, status=400)["error"]
    assert error.startswith(said)
    assert not re.search("[Ii]nput|valid|instance", error)
