"""Shapes of answers behind a knob."""

from __future__ import annotations

from tests.unit.sandbox.client import Client


def test_the_answer_can_be_text(client: Client) -> None:
    client.control("POST", "knobs", {"result_shape": "string"})

    assert client.push().body["PushResult"] == '{"Success": true, "ResultMsg": "OK", "Data": ""}'
