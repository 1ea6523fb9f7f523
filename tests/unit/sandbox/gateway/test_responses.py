"""Shapes of answers, and what the sandbox says besides."""

from __future__ import annotations

from urllib.parse import unquote

from pushctl.sandbox.errors import RefusedError
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.gateway.responses import CallContext, build_response
from tests.unit.sandbox.client import Client


def test_the_answer_can_be_text(client: Client) -> None:
    client.control("POST", "knobs", {"result_shape": "string"})

    assert client.push().body["PushResult"] == '{"Success": true, "ResultMsg": "OK", "Data": ""}'


def test_a_refusal_says_the_same_twice_and_the_reason_in_a_header(client: Client) -> None:
    answer = client.push(TaskName=None)

    assert answer.body["ResultMessage"] == "TASKNAME_NULL"
    assert answer.body["PushResult"] == {"Success": False, "ResultMsg": "TASKNAME_NULL"}
    assert answer.hint == client.requests()[-1]["detail"] == "TaskName is mandatory"
    assert "x-sandbox-hint" not in client.push().headers


def test_only_operations_that_have_a_push_result_refuse_with_one(client: Client) -> None:
    wrong = dict.fromkeys(("AppId", "WorkspaceId", "MessageId", "TargetId", "UniqueIds"), " ")
    for action, expected in (("RevokePushMessage", True), ("CancelPushScheduler", False)):
        assert ("PushResult" in client.call(action, **wrong).body) == expected


def test_a_hint_is_one_short_line_of_any_text() -> None:
    said = "标\r\nX-Evil: 100% \ud800" + "é" * 500
    context = CallContext("A", "R", "h", 0.0, hint=said)
    response = build_response(RefusedError("3028", ""), ActiveFaults(), "object", context)

    hint = dict(response.headers)["x-sandbox-hint"]
    assert hint.isascii()
    assert hint.isprintable()
    assert unquote(hint) == "标 X-Evil: 100% ?" + "é" * 384
