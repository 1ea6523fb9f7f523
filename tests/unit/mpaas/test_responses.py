from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.mpaas import responses
from pushctl.mpaas.interface import Accepted, Created, NotSent, Refused, Unknown
from pushctl.mpaas.responses import Page
from pushctl.push.task import ActualTask, Delivery
from pushctl.state.decoding import LATEST

ID = "0123456789abcdef0123456789abcdef"


def push(code: Any = "OK", **inner: Any) -> dict[str, Any]:
    result = {"Success": True, "ResultMsg": "", "Data": ID, **inner}
    return {"RequestId": "R", "ResultCode": code, "ResultMessage": "", "PushResult": result}


def created(body: Any, *, scheduled: bool = True) -> Any:
    return responses.created(
        body if isinstance(body, str) else json.dumps(body), scheduled=scheduled
    )


SUCCESSES = {
    "object": push(),
    "JSON text": {**push(), "PushResult": json.dumps(push()["PushResult"])},
    "camelCase": {
        "requestId": "R",
        "resultCode": "OK",
        "pushResult": {"success": True, "data": ID},
    },
    "success as text": push(Success="true"),
    "Success as Text": push(Success="True"),
}


@pytest.mark.parametrize("body", SUCCESSES.values(), ids=SUCCESSES.keys())
def test_created_reads_every_shape_of_success(body: Any) -> None:
    assert created(body) == Created(ID, "R")


@pytest.mark.parametrize("code", ["100", 100])
def test_created_accepts_the_old_success_code(code: Any) -> None:
    assert created(push(code)) == Created(ID, "R")


@pytest.mark.parametrize("data", [None, "", ID])
def test_created_needs_no_id_for_an_immediate_push(data: Any) -> None:
    assert created(push(Data=data), scheduled=False) == Created(data or "", "R")


UNKNOWNS = {
    "no id": push(Data=""),
    "null id": push(Data=None),
    "id of a wrong type": push(Data=17),
    "two ids": push(Data="a,b"),
    "huge id": push(Data="a" * 100_000),
    "no success": push(Success=None),
    "odd success": push(Success="yes"),
    "number for success": push(Success=1),
    "no inner": {"ResultCode": "OK"},
    "inner is a list": {"ResultCode": "OK", "PushResult": []},
    "inner is no JSON": {"ResultCode": "OK", "PushResult": "{"},
    "failure with an id": push(Success=False),
    "refusal with an id": push("3028"),
    "system error": {"ResultCode": "9000", "ResultMessage": "SYSTEM_ERROR"},
    "inner system error": push(Success=False, Data=None, ResultMsg="SYSTEM_ERROR"),
    "some other 9xxx": {"ResultCode": "9123", "ResultMessage": "x"},
    "busy": {"ResultCode": "SERVICE_BUSY"},
    "no code": {},
    "code is a list": {"ResultCode": ["OK"]},
    "code is true": {"ResultCode": True},
    "code is a novel": {"ResultCode": "x" * 100_000},
    "a list": [],
    "null": "null",
    "HTML": "<html>502</html>",
    "nothing": "",
    "half": json.dumps(push())[:-7],
    "deep": "[" * 100_000,
    "long number": "9" * 100_000,
}


@pytest.mark.parametrize("body", UNKNOWNS.values(), ids=UNKNOWNS.keys())
def test_created_leaves_everything_doubtful_unknown(body: Any) -> None:
    assert isinstance(created(body), Unknown)


def test_created_explains_documented_codes() -> None:
    body = {
        "RequestId": "R",
        "ResultCode": "3029",
        "ResultMessage": "SINGLE_PUSH_TARGET_TOO_MUCH",
    }
    assert created(body) == Refused(
        "3029", "The call has more than ten targets. (SINGLE_PUSH_TARGET_TOO_MUCH)", "R"
    )


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"ResultCode": "3777", "ResultMessage": "who knows"}, Refused("3777", "who knows", "")),
        (
            push(Success=False, Data=None, ResultMsg="param is invalid"),
            Refused("OK", "param is invalid", "R"),
        ),
        (
            push(Success="false", Data="", ResultMsg="3019"),
            Refused("3019", "The push has no task name. (3019)", "R"),
        ),
        (
            {"ResultCode": -1, "ResultMessage": ""},
            Refused("-1", "The service does not accept the signature of the call.", "", auth=True),
        ),
    ],
)
def test_created_refuses(body: Any, outcome: Refused) -> None:
    assert created(body) == outcome


LIVE = {"Success": False, "ResultMsg": "\u6ca1\u6709\u8fd9\u4e2a\u5e94\u7528"}


def refusals(code: str, name: str) -> dict[str, dict[str, Any]]:
    """Return how the service may say one code: outside, inside, by number and by name."""
    return {
        "as it was seen": {"RequestId": "R", "ResultCode": code, "PushResult": LIVE},
        "by its name": {"RequestId": "R", "ResultCode": code, "ResultMessage": name},
        "inside": push(Success=False, Data=None, ResultMsg=code),
        "inside, by its name": push(Success=False, Data=None, ResultMsg=name),
    }


@pytest.mark.parametrize("shape", refusals("", ""))
@pytest.mark.parametrize(
    ("code", "name", "auth"),
    [
        ("8012", "INVALID_INSTANCE_ID", False),
        ("8013", "INVALID_TENANT_ID", False),
        ("8014", "ACCOUNT_NO_PERMISSION", True),
    ],
)
def test_codes_of_an_account_are_refusals(shape: str, code: str, name: str, auth: bool) -> None:
    text = json.dumps(refusals(code, name)[shape])
    for outcome in (created(text), responses.accepted(text)):
        assert isinstance(outcome, Refused), outcome
        assert (outcome.code, outcome.auth, outcome.request_id) == (code, auth, "R")
        assert outcome.message.startswith("Th")


@pytest.mark.parametrize("shape", refusals("", ""))
def test_not_now_means_not_carried_out(shape: str) -> None:
    body = refusals("8011", "FLOW_CONTROL_ERROR")[shape]
    sent = NotSent("the service asked for fewer calls (8011)")
    assert created(body) == sent
    assert responses.accepted(json.dumps(body)) == sent
    if "PushResult" not in body:
        assert responses.page(json.dumps(body)) == sent


def test_not_now_beside_a_task_proves_nothing() -> None:
    assert isinstance(created(push("8011")), Unknown)
    inner = push(Success=False, ResultMsg="8011")  # and an id
    assert isinstance(created(inner), Unknown)


def test_accepted_reads_success_whatever_the_content() -> None:
    for content in ("", "1", {"a": 0}, '{"a": 1}', None, []):
        body = json.dumps({"RequestId": "R", "ResultCode": "OK", "ResultContent": content})
        assert responses.accepted(body) == Accepted("R")


def test_accepted_refuses_an_inner_failure() -> None:
    body = {"ResultCode": "OK", "PushResult": '{"Success": false, "ResultMsg": "too late"}'}
    assert responses.accepted(json.dumps(body)) == Refused("OK", "too late", "")


@pytest.mark.parametrize("body", ["[]", "{}", '{"ResultCode": "9000"}', "<html>"])
def test_accepted_leaves_everything_doubtful_unknown(body: str) -> None:
    assert isinstance(responses.accepted(body), Unknown)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
LIKELY = st.sampled_from(
    ["OK", "100", "3029", "9000", "true", "false", True, False, ID, "", "0", "SYSTEM_ERROR", "{}"]
)
LIKELY_KEY = st.sampled_from(
    [
        *("ResultCode", "resultcode", "PushResult", "pushResult", "Success", "Data", "ResultMsg"),
        *("ResultMessage", "RequestId", "ResultContent", "List", "TotalCount"),
    ]
)
LIKELY_JSON = st.recursive(
    LIKELY | ANY_JSON, lambda inner: st.dictionaries(LIKELY_KEY, inner), max_leaves=12
)


def holds(body: Any, *, scheduled: bool) -> bool:
    """The success predicate, written a second time and naively."""
    if not isinstance(body, dict):
        return False
    low = {key.lower(): value for key, value in sorted(body.items(), reverse=True)}
    inner = low.get("pushresult")
    if isinstance(inner, str):
        try:
            inner = json.loads(inner)
        except ValueError:
            return False
    if str(low.get("resultcode")) not in ("OK", "100") or not isinstance(inner, dict):
        return False
    low = {key.lower(): value for key, value in sorted(inner.items(), reverse=True)}
    return str(low.get("success")).lower() == "true" and bool(low.get("data") or not scheduled)


@given(body=ANY_JSON | LIKELY_JSON, scheduled=st.booleans())
def test_created_never_raises_and_never_invents_success(body: Any, scheduled: bool) -> None:
    outcome = created(json.dumps(body), scheduled=scheduled)
    if isinstance(outcome, Created):
        assert holds(body, scheduled=scheduled)
        assert outcome.task_id or not scheduled


@given(st.text() | LIKELY_JSON.map(json.dumps))
def test_no_text_makes_anything_raise(text: str) -> None:
    responses.created(text, scheduled=True)
    responses.accepted(text)
    responses.page(text)


def row(**fields: Any) -> dict[str, Any]:
    return {
        "UniqueId": "u1",
        "ParentId": "u1",
        "PushTime": 1_800_000_000_123,
        "PushTitle": "T",
        "PushContent": "C",
        "Type": 0,
        "DeliveryType": 3,
        "StrategyType": 1,
        "ExecutedStatus": "0",
        "GmtCreate": 1_790_000_000_000,
        **fields,
    }


def listing(*rows: Any, total: Any = None) -> dict[str, Any]:
    data = {"TotalCount": len(rows) if total is None else total, "List": list(rows)}
    return {"RequestId": "R", "ResultCode": "OK", "ResultContent": {"Data": data}}


def page(body: Any) -> Any:
    return responses.page(json.dumps(body))


def tasks(*rows: Any) -> tuple[ActualTask, ...]:
    found = page(listing(*rows))
    assert isinstance(found, Page), found
    return responses.tasks(found.rows)


ONE = ActualTask("u1", "T", "C", 3, 1, 1_790_000_000, (Delivery(1_800_000_000, False),))


def camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: camel(inner) for key, inner in value.items()}
    return [camel(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "body",
    [
        listing(row()),
        camel(listing(row())),
        {"ResultCode": "100", "ResultContent": json.dumps(listing(row())["ResultContent"])},
        listing(row(ExecutedStatus=0, PushTime="1800000000499", GmtCreate=1.79e12), total="1"),
    ],
)
def test_page_reads_every_shape(body: Any) -> None:
    found = page(body)
    assert isinstance(found, Page), found
    assert found.total == 1
    assert responses.tasks(found.rows) == (ONE,)


def test_tasks_groups_the_occurrences_of_a_loop_under_its_parent() -> None:
    loop = {"ParentId": "p", "StrategyType": 2}
    found = tasks(
        row(UniqueId="c2", PushTime=1_800_000_100_000, **loop),
        row(UniqueId="c1", PushTime=1_800_000_000_000, ExecutedStatus="1", **loop),
        row(),
    )
    deliveries = (Delivery(1_800_000_000, True), Delivery(1_800_000_100, False))
    assert found == (ActualTask("p", "T", "C", 3, 2, 1_790_000_000, deliveries), ONE)


def test_tasks_keeps_rows_of_a_status_that_nobody_knows() -> None:
    (found,) = tasks(row(ExecutedStatus=-1))
    assert found.deliveries == (Delivery(1_800_000_000, None, "-1"),)
    assert found.coming(1_799_999_999) == found.deliveries
    assert found.coming(1_800_000_000) == ()


def test_tasks_leaves_out_rows_of_a_status_that_means_gone() -> None:
    rows = page(listing(row(ExecutedStatus="2"), row(UniqueId="u2")))
    assert isinstance(rows, Page)
    assert [task.task_id for task in responses.tasks(rows.rows, ["2"])] == ["u2"]


def test_times_are_rounded_to_the_second_that_was_asked_for() -> None:
    assert tasks(row(PushTime=1_799_999_999_877)) == (ONE,)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"t1": 1}, Accepted),
        ('{"t1": "1"}', Accepted),
        (None, Accepted),
        ("", Accepted),
        ({"t1": 0}, Refused),
        ({"t1": False}, Refused),
        ({"t2": 1}, Unknown),
        ({"t1": 2}, Unknown),
        ({"t1": None}, Unknown),
        ({}, Unknown),
        ([], Unknown),
        ("[1]", Unknown),
        ("perhaps", Unknown),
        (7, Unknown),
    ],
    ids=repr,
)
def test_a_cancel_is_accepted_only_where_the_answer_does_not_say_otherwise(
    content: object, kind: type
) -> None:
    body = json.dumps({"ResultCode": "OK", "RequestId": "R", "ResultContent": content})
    assert type(responses.cancelled(body, "t1")) is kind


def test_tasks_says_zero_for_an_unknown_time_of_creation() -> None:
    assert tasks(row(GmtCreate=None))[0].created_at == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"PushTime": None},
        {"PushTime": "tomorrow"},
        {"PushTime": True},
        {"PushTime": 1.5},
        {"PushTime": -1},
        {"ExecutedStatus": None},
        {"ExecutedStatus": ""},
        {"ExecutedStatus": False},
        {"ExecutedStatus": []},
        {"UniqueId": None},
        {"UniqueId": 7},
        {"UniqueId": "a,b"},
        {"StrategyType": 2, "ParentId": None},
        {"StrategyType": None},
        {"DeliveryType": {}},
        {"PushTitle": 5},
        {"PushContent": ["x"]},
        {"GmtCreate": "now"},
        {"GmtCreate": True},
    ],
    ids=str,
)
def test_page_does_not_leave_out_what_it_cannot_read(odd: dict[str, Any]) -> None:
    assert isinstance(page(listing(row(), row(**odd))), Unknown)


@pytest.mark.parametrize(
    "stamp",
    [-1, 32_503_680_000_000, "32503680000000", 10**30, 1e300, float("nan")],
)
def test_a_moment_that_could_not_be_recorded_is_unknown(stamp: object) -> None:
    """The year 3000, say: the state file could not be read again with it."""
    assert tasks(row(GmtCreate=stamp))[0].created_at == 0


def test_the_last_moment_that_can_be_recorded_is_known() -> None:
    assert tasks(row(GmtCreate=LATEST * 1000))[0].created_at == LATEST
    assert tasks(row(GmtCreate=(LATEST + 1) * 1000))[0].created_at == 0


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"ResultCode": "OK"},
        {"ResultCode": "OK", "ResultContent": "x"},
        {"ResultCode": "OK", "ResultContent": {"Data": []}},
        {"ResultCode": "OK", "ResultContent": {"Data": {"List": {}}}},
        {"ResultCode": "OK", "ResultContent": {"Data": {"List": [None]}}},
        {"ResultCode": "OK", "ResultContent": {"Data": {"List": [], "TotalCount": "x"}}},
        {"ResultCode": "9000"},
    ],
    ids=str,
)
def test_page_never_guesses(body: Any) -> None:
    assert isinstance(page(body), Unknown)
