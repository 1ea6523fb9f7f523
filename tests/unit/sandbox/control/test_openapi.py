"""The OpenAPI document says what the control API does."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from pushctl.sandbox.control import openapi
from pushctl.sandbox.control.control import PREFIX, ROUTES
from tests.unit.sandbox.client import Client, push_params

BODIES: dict[str, dict[str, Any]] = {
    "POST clock": {"advance": 60, "freeze": True, "next": False, "speed": 0.5, "set": "2027-01-01"},
    "POST console": {"title": "t", "content": "c", "targets": ["u"], "app": "A/w", "name": "n"},
    "POST reset": {"all": False},
    "POST apps": {"apps": ["A/w", "B"]},
    "POST faults": {"kind": "slow", "op": "*", "times": 1, "after": 2, "seconds": 0.1},
    "POST knobs": {"month31": "last", "quota.limit": 7},
    "POST tasks": push_params(),
}
"""A body that is accepted for each page that takes one."""

ODD: list[Any] = [None, True, 1, -1, 0.5, "", "odd", [], ["odd"], {}, 10**20]


def document(client: Client) -> Any:
    return client.control("GET", "openapi.json")


def operation(document: Any, key: str) -> Any:
    method, path = key.split(" ")
    return document["paths"][PREFIX + path][method.lower()]


def schema_of(said: Any) -> Any:
    return said["content"]["application/json"]["schema"]


def test_it_is_an_openapi_document_of_every_route(client: Client) -> None:
    shown = document(client)
    validate(shown)
    assert shown["openapi"] == "3.1.0"
    pages = {
        (method, path) for path, methods in shown["paths"].items() for method in methods
    }  # fmt: skip
    assert pages == {(route.method.lower(), PREFIX + route.path) for route in ROUTES}
    facts = tomllib.loads(Path(openapi.__file__).with_suffix(".toml").read_text("utf-8"))
    assert {name for route in ROUTES for name in route.query} == set(facts["query"])
    keys = {f"{route.method} {route.path}" for route in ROUTES}
    assert keys >= set(facts["bodies"])


@pytest.mark.parametrize("key", BODIES)
def test_a_body_is_accepted_or_refused_as_it_says(client: Client, key: str) -> None:
    shown = document(client)
    schema = schema_of(operation(shown, key)["requestBody"])
    bodies = [BODIES[key], {}, {"odd": 1}, {**BODIES[key], "odd": []}]
    bodies += [{**BODIES[key], name: odd} for name in BODIES[key] for odd in ODD]
    method, page = key.split(" ")
    for body in bodies:
        answer = client.send(method, f"/_sandbox/{page}", json.dumps(body))
        status = answer.status
        if not Draft202012Validator(schema).is_valid(body):
            assert status in (400, 422), (body, status)
        elif body == BODIES[key]:
            assert status == 200, (body, answer.body)
    if schema.get("additionalProperties") is False:
        odd = client.send(method, f"/_sandbox/{page}", json.dumps({**BODIES[key], "odd": 1}))
        assert odd.status == 400, "a field that nobody knows is a mistake"
    silent = client.send(method, f"/_sandbox/{page}").status
    assert (silent == 200) is not operation(shown, key)["requestBody"]["required"]


def test_pages_with_a_body_are_those_that_say_so(client: Client) -> None:
    shown = document(client)
    said = {
        f"{method.upper()} {path.removeprefix(PREFIX)}"
        for path, methods in shown["paths"].items()
        for method, item in methods.items()
        if "requestBody" in item
    }
    assert said == set(BODIES)


def test_a_refusal_is_what_it_says(client: Client) -> None:
    shown = document(client)
    schema = schema_of(operation(shown, "GET clock")["responses"]["default"])
    Draft202012Validator(schema).validate(client.control("GET", "nothing", status=404))
