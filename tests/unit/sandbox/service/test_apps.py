"""Once apps are named, calls for others are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from pushctl.sandbox.service.operations import OPERATIONS
from tests.unit.sandbox.client import Client


def code(client: Client, app: str = "A", workspace: str = "w") -> str:
    return str(client.push(AppId=app, WorkspaceId=workspace).body["ResultCode"])


def test_any_app_is_accepted_until_one_is_named(client: Client) -> None:
    assert client.control("GET", "apps") == {"apps": []}
    assert (code(client), code(client, "B")) == ("OK", "OK")

    assert client.control("POST", "apps", {"apps": ["A/w", "C"]}) == {"apps": ["A/w", "C"]}
    assert [code(client), code(client, "C", "w"), code(client, "C", "x")] == ["OK"] * 3
    assert [code(client, "A", "x"), code(client, "B"), code(client, "c")] == ["8012"] * 3
    assert len(client.tasks()) == 5
    assert client.control("POST", "apps", {"apps": []}) == {"apps": []}
    assert code(client, "B") == "OK"


def test_a_refusal_says_which_apps_there_are(client: Client) -> None:
    client.control("POST", "apps", {"apps": ["A/w", "C"]})

    answer = client.push(AppId="B")

    assert answer.body["ResultMessage"] == "INVALID_INSTANCE_ID"
    assert answer.headers["x-sandbox-hint"] == "there is no app B/w, only A/w, C"


@pytest.mark.parametrize("action", OPERATIONS["2020-10-28"])
def test_every_operation_refuses_an_unknown_app(client: Client, action: str) -> None:
    client.control("POST", "apps", {"apps": ["B"]})
    named = ("Title", "Content", "DeliveryType", "TargetMsgkey", "ExpiredSeconds", "TemplateName",
             "TargetMsg", "Msgkey", "StartTime", "EndTime", "UniqueIds", "MessageId", "TargetId",
             "TaskId", "TaskName", "DeliveryToken", "OsType", "UserId")  # fmt: skip
    scope = {"AppId": "A", "WorkspaceId": "w"}

    body = client.call(action, **scope, **dict.fromkeys(named, "1")).body

    assert body.get("ResultCode", body.get("Code")) == "8012"


def test_a_person_cannot_create_for_an_unknown_app(client: Client) -> None:
    client.control("POST", "apps", {"apps": ["B"]})
    assert (
        client.control("POST", "tasks", {"AppId": "A", "WorkspaceId": "w"}, 422)["code"] == "8012"
    )


@pytest.mark.parametrize("app", ["", "/w", "a/b/c", "x" * 201])
def test_a_name_that_no_app_can_have(client: Client, app: str) -> None:
    client.control("POST", "apps", {"apps": ["A"]})
    client.control("POST", "apps", {"apps": ["B", app]}, status=400)

    assert client.control("GET", "apps") == {"apps": ["A"]}
    with pytest.raises(ValueError, match="APP/WORKSPACE"):
        Sandbox(apps=[app]).start()


def test_a_start_adds_to_the_apps_of_a_data_file(tmp_path: Path) -> None:
    for app in ("A/w", "B"):
        with Sandbox(tmp_path / "s.db", apps=[app]) as sandbox:
            names = Client(sandbox.url).control("GET", "apps")
    assert names == {"apps": ["A/w", "B"]}
