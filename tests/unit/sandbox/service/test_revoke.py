"""Withdrawing what was delivered."""

from __future__ import annotations

from tests.unit.sandbox.client import Client


def test_revoke_within_seven_days(client: Client) -> None:
    def revoke(message: str, target: str) -> str:
        answer = client.call(
            "RevokePushMessage", AppId="A", WorkspaceId="w", MessageId=message, TargetId=target
        )
        return str(answer.body["ResultCode"])

    client.create()
    assert revoke("k1", "u1") == "3028"
    client.advance(3600)
    assert revoke("k1", "u2") == "3028"
    assert revoke("k1", "u1") == "OK"
    assert client.deliveries()[0]["revoked"] == "2026-12-01T11:00:00+08:00"
    client.advance(7 * 86_400 + 1)
    assert revoke("k1", "u1") == "3028"
    assert revoke("", "u1") == "3028"
