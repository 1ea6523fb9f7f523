"""Every fault: what the client sees, what the service did, and how often."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import NOW_MS, Client

SCHEDULE = {"StrategyType": 1, "StrategyContent": {"fixedTime": NOW_MS + 60_000}}
LOST = (http.client.RemoteDisconnected, ConnectionResetError)


@pytest.mark.parametrize(("kind", "tasks"), [("lost-response", 1), ("reset-before", 0)])
def test_no_answer(client: Client, kind: str, tasks: int) -> None:
    client.fault(kind, times=1)

    with pytest.raises(LOST):
        client.push()

    assert len(client.tasks()) == tasks
    assert client.push().body["ResultCode"] == "OK"
    logged = client.requests()[0]
    assert (logged["faults"], logged["status"], logged["done"]) == ([kind], None, bool(tasks))


@pytest.mark.parametrize("effect", ["none", "done"])
@pytest.mark.parametrize(
    ("kind", "status"), [("http-500", 500), ("http-503", 503), ("http-502-html", 502)]
)
def test_server_errors(client: Client, kind: str, status: int, effect: str) -> None:
    client.fault(kind, effect=effect)

    answer = client.push()

    assert answer.status == status
    assert len(client.tasks()) == (effect == "done")
    assert answer.headers["content-type"].startswith(
        "text/html" if kind == "http-502-html" else "application/json"
    )


@pytest.mark.parametrize(("kind", "hint"), [("throttle", None), ("throttle-hint", "250")])
def test_throttling(client: Client, kind: str, hint: str | None) -> None:
    client.fault(kind, seconds=0.25)

    answer = client.push()

    assert (answer.status, answer.body["Code"]) == (400, "Throttling.User")
    assert answer.headers.get("x-acs-retry-after") == hint
    assert client.tasks() == []


@pytest.mark.parametrize("effect", ["none", "done"])
@pytest.mark.parametrize("code", ["9000", "8011", "8012", "8013", "8014", "3051"])
def test_result_codes(client: Client, code: str, effect: str) -> None:
    client.fault(f"business-{code}", effect=effect)

    answer = client.push()

    assert (answer.status, answer.body["ResultCode"]) == (200, code)
    message = answer.body["ResultMessage"]
    assert answer.body["PushResult"] == {"Success": False, "ResultMsg": message}
    assert len(client.tasks()) == (effect == "done")
    if code == "9000":
        assert answer.body["ResultMessage"] == "SYSTEM_ERROR"


@pytest.mark.parametrize("effect", ["none", "done"])
def test_ok_without_data(client: Client, effect: str) -> None:
    client.fault("ok-no-data", effect=effect)

    assert set(client.push().body) == {"RequestId", "ResultCode", "ResultMessage"}
    assert len(client.tasks()) == (effect == "done")


def test_half_an_answer(client: Client) -> None:
    client.fault("partial-json", times=1)
    client.fault("cut-body", times=1)

    answer = client.push()
    with pytest.raises(http.client.IncompleteRead):
        client.push()

    assert (answer.status, answer.body) == (200, None)
    assert len(client.tasks()) == 2


def test_shapes(client: Client) -> None:
    client.fault("string-result", op="PushSimple", times=1)
    assert json.loads(client.push(**SCHEDULE).body["PushResult"])["Success"] is True

    client.fault("camel-case", times=2)
    assert client.push(**SCHEDULE).body["pushResult"]["success"] is True
    listed = client.call(
        "QueryPushSchedulerList", AppId="A", WorkspaceId="w", StartTime=0, EndTime=NOW_MS * 2
    )
    assert len(listed.body["resultContent"]["data"]["list"][0]["uniqueId"]) == 32

    client.fault("wrong-types")
    body = client.push(**SCHEDULE).body
    assert body["ResultCode"] == "OK"
    assert body["PushResult"]["Success"] == "yes"
    assert isinstance(body["PushResult"]["Data"], list)
    assert len(client.tasks()) == 3


def test_both_shapes_at_once(client: Client) -> None:
    client.fault("camel-case")
    client.fault("string-result")

    assert json.loads(client.push().body["pushResult"])["success"] is True


def test_a_huge_answer(client: Client) -> None:
    client.fault("huge-body")

    answer = client.push()

    assert len(answer.raw) > 8_000_000
    assert answer.body["ResultCode"] == "OK"


def test_refused_credentials(client: Client) -> None:
    client.fault("auth-404", times=1)
    answer = client.push()
    assert (answer.status, answer.body["Code"]) == (404, "InvalidAccessKeyId.NotFound")

    client.fault("forbidden")
    answer = client.push()
    assert (answer.status, answer.body["Code"]) == (403, "Forbidden.RAM")
    assert answer.body["AccessDeniedDetail"]["AuthAction"] == "mpaas:PushSimple"


@pytest.mark.parametrize("effect", ["none", "done"])
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("Throttling.Api", 400),
        ("Forbidden.RAM", 403),
        ("ServiceUnavailable", 503),
        ("InvalidSecurityToken.Expired", 400),
        ("Nobody.Knows", 400),
    ],
)
def test_any_error_of_the_gateway(client: Client, code: str, status: int, effect: str) -> None:
    client.fault(f"gateway-{code}", effect=effect)

    answer = client.push()

    assert (answer.status, answer.body["Code"]) == (status, code)
    assert answer.body["Message"]
    assert len(client.tasks()) == (effect == "done")
    assert client.requests()[-1]["code"] == ("OK" if effect == "done" else code)


def test_a_fault_of_an_operation_that_nobody_has_names_those_there_are(client: Client) -> None:
    refused = client.control("POST", "faults", {"kind": "slow", "op": "PushSimpel"}, status=400)
    assert "'PushSimpel'" in refused["error"]
    assert "(did you mean PushSimple?)" in refused["error"]
    assert "CancelMpsScheduler, " in refused["error"]


@pytest.mark.parametrize(
    ("page", "body", "said"),
    [
        ("faults", {"kind": "lost-respnse"}, "(did you mean lost-response?)"),
        ("faults", {"kind": "slow", "times": 0}, "times"),
        ("knobs", {"quota.limt": 7}, "(did you mean quota.limit?)"),
    ],
)
def test_a_word_that_is_nearly_right_is_named(
    client: Client, page: str, body: dict[str, object], said: str
) -> None:
    assert said in client.control("POST", page, body, status=400)["error"]
    assert client.fault("slow", op="CancelMpsScheduler")["op"] == "CancelMpsScheduler"


def test_a_redirect_leads_elsewhere(client: Client) -> None:
    client.fault("redirect")

    answer = client.push()

    assert answer.status == 302
    assert answer.headers["location"].startswith(client.url)
    elsewhere = client.send("GET", answer.headers["location"].removeprefix(client.url))
    assert elsewhere.status == 200
    assert "ResultCode" not in elsewhere.body


def test_slow_commits_first(sandbox: Sandbox, client: Client) -> None:
    client.fault("slow", seconds=600)

    with pytest.raises(TimeoutError):
        Client(sandbox.url, timeout=0.02).push()

    deadline = time.monotonic() + 5
    while not client.tasks() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert len(client.tasks()) == 1


def test_slow_before_waits_first(sandbox: Sandbox, client: Client) -> None:
    client.fault("slow-before", seconds=600, times=1)

    with pytest.raises(TimeoutError):
        Client(sandbox.url, timeout=0.02).push()

    assert client.tasks() == []
    client.control("DELETE", "faults")
    client.fault("slow-before", seconds=0.01)
    assert client.push().body["ResultCode"] == "OK"
    assert len(client.tasks()) == 1


def test_closing_does_not_wait_for_slow_calls() -> None:
    with Sandbox() as sandbox:
        hasty = Client(sandbox.url, timeout=0.02)
        hasty.fault("slow", seconds=600)
        with pytest.raises(TimeoutError):
            hasty.push()
        started = time.monotonic()
    assert time.monotonic() - started < 2


def test_a_lagging_list(client: Client) -> None:
    client.create()
    rule = client.fault("list-lag", seconds=60)
    assert client.list()["TotalCount"] == 0
    client.advance(120)
    assert client.list()["TotalCount"] == 0, "the lag is real time"

    client.control("DELETE", f"faults/{rule['id']}")
    assert client.list()["TotalCount"] == 1
    client.fault("list-empty", times=1)
    assert client.list() == {"TotalCount": 0, "List": []}
    assert client.list()["TotalCount"] == 1


def test_a_duplicate_create(client: Client) -> None:
    client.fault("duplicate-create")

    task_id = client.create()

    assert client.list()["TotalCount"] == 2
    assert client.list(UniqueId=task_id)["TotalCount"] == 1


def test_a_cancel_that_comes_too_late(client: Client) -> None:
    task_id = client.create()
    client.fault("cancel-race", op="CancelPushScheduler")

    assert client.cancel(task_id) == {task_id: 0}
    assert len(client.deliveries()) == 1


def test_a_full_quota(client: Client) -> None:
    client.fault("quota-full")

    assert client.push(**SCHEDULE).body["ResultCode"] == "3051"
    assert client.tasks() == []


def test_times_and_after_count_matching_calls_only(client: Client) -> None:
    rule = client.fault("http-500", op="PushSimple", after=2, times=2, match="标题 1")
    codes = []
    for index in range(6):
        client.list()
        client.push(Title="other")
        codes.append(client.push(Title="标题 1", TaskName=f"t{index}").status)

    assert codes == [200, 200, 500, 500, 200, 200]
    (left,) = client.control("GET", "faults")["faults"]
    assert (left["id"], left["times"], left["after"], left["hits"]) == (rule["id"], 0, 0, 2)


def test_the_first_disruption_wins_and_the_next_waits(client: Client) -> None:
    client.fault("http-500", times=1)
    client.fault("http-503", times=1)

    assert [client.push().status for _ in range(3)] == [500, 503, 200]
    assert client.control("DELETE", "faults") == {"deleted": 2}


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "gremlins"},
        {"kind": "business-"},
        {"kind": "http-500", "times": -1},
        {"kind": "http-500", "times": 1.5},
        {"kind": "http-500", "after": "1"},
        {"kind": "http-500", "effect": "maybe"},
        {"kind": "lost-response", "effect": "none"},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "seconds": "long"},
        {"kind": "slow", "match": 5},
        {"kind": "slow", "typo": 1},
        {"kind": "slow", "op": "PushSimpel"},
        {"kind": "slow", "op": "pushsimple"},
        {"kind": "gateway-"},
        {"kind": "gateway-No spaces"},
    ],
)
def test_a_bad_rule_is_refused(client: Client, rule: dict[str, Any]) -> None:
    assert client.control("POST", "faults", rule, status=400)["error"]
    assert client.control("GET", "faults") == {"faults": []}


def test_deleting_what_is_not_there(client: Client) -> None:
    client.control("DELETE", "faults/7", status=404)
