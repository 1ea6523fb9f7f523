"""The bounds of the request log."""

from __future__ import annotations

from tests.unit.sandbox.client import Client


def test_a_big_body_is_logged_cut(client: Client) -> None:
    answer = client.push(Content="长" * 500_000)

    assert answer.body["ResultCode"] == "3050"
    (logged,) = client.requests()
    assert set(logged["params"]) == {"truncated"}
    assert len(str(logged)) < 64 * 1024
