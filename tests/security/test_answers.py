"""Answers of a service that is broken, or not the service at all.

Whatever comes back: a call ends, a write is never taken for done or undone without evidence, and a
list is whole or refused.
"""

from __future__ import annotations

import functools
import gc
import gzip
import json
import re
import socket
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pushctl.credentials import Credentials
from pushctl.errors import ServiceError
from pushctl.http import client as http_client
from pushctl.mpaas import pagination, responses
from pushctl.mpaas.client import CloudPushService
from pushctl.mpaas.interface import Accepted, Created, NotSent, Refused, Unknown
from pushctl.plan.guards.quota import Quota
from pushctl.plan.plan import Plan
from pushctl.push.task import ActualTask
from pushctl.render import json_output
from pushctl.render.text import plan as plan_text
from tests.builders import NOW
from tests.examples import share
from tests.fakes import ZONE
from tests.loopback import Behaviour, Request, loopback, reply
from tests.security.hostile import TEXTS, offences

ID = "0123456789abcdef"
MADE = {"ResultCode": "OK", "RequestId": "R", "PushResult": {"Success": True, "Data": ID}}
ROW = {
    "UniqueId": ID,
    "ParentId": ID,
    "PushTime": NOW * 1000,
    "ExecutedStatus": 0,
    "PushTitle": "t",
    "PushContent": "c",
    "DeliveryType": 3,
    "StrategyType": 1,
    "GmtCreate": NOW * 1000,
}
LISTED = {"ResultCode": "OK", "ResultContent": {"Data": {"TotalCount": 2, "List": [ROW, ROW]}}}
PUSH = {"Title": "t", "TargetMsgkey": '{"u1":"k1"}', "StrategyType": 1}

ODD = st.sampled_from(
    [
        None, True, False, 0, -1, 1.5, 10**400, -(10**400), 10**18, 253_402_300_800_000, 1e308, "",
        float("nan"), float("inf"), "OK", "100", 100, "true", "NaN", "1e3", "0x10", "٣", " 1 ", [],
        {}, [[]], {"": None}, "{", '{"Success":true}', "\ud800", "\x00", "x" * 5000,
        *TEXTS.values(),
    ]
)  # fmt: skip
JSON = st.recursive(
    ODD | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found += paths(inner, (*path, key))
    return found


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    whole = dict(document) if isinstance(document, dict) else list(document)
    whole[path[0]] = changed(whole[path[0]], path[1:], value)
    return whole


def spoiled(document: Any) -> st.SearchStrategy[str]:
    """The text of an answer with something odd in one to three places."""
    places = st.lists(st.tuples(st.sampled_from(paths(document)), JSON), min_size=1, max_size=3)

    def spoil(changes: list[tuple[tuple[Any, ...], Any]]) -> str:
        whole = document
        for path, value in changes:
            try:
                whole = changed(whole, path, value)
            except (KeyError, IndexError, TypeError):
                continue
        return json.dumps(whole)

    return places.map(spoil)


def succeeds(document: Any) -> bool:
    """Read an answer as the documentation says, in the plainest way."""
    try:
        result = document["PushResult"]
        result = json.loads(result) if isinstance(result, str) else result
        code, success, task_id = document["ResultCode"], result["Success"], result["Data"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return False
    return (
        code in ("OK", "100", 100)
        and not isinstance(code, float)
        and (success is True or str(success).lower() == "true")
        and re.fullmatch(r"[\w.:\-]{1,128}", str(task_id), re.ASCII) is not None
    )


def listing_of(row: dict[str, Any]) -> str:
    return json.dumps({"ResultCode": "OK", "ResultContent": {"Data": {"List": [row]}}})


@given(spoiled(MADE) | JSON.map(json.dumps))
def test_a_push_is_created_only_where_everything_says_so(text: str) -> None:
    outcome = responses.created(text, scheduled=True)
    assert isinstance(outcome, Created | Refused | Unknown)
    if isinstance(outcome, Created):
        assert succeeds(json.loads(text))
        assert outcome.task_id


@given(spoiled(MADE) | JSON.map(json.dumps))
def test_a_refusal_needs_a_code_and_no_sign_of_success(text: str) -> None:
    outcome = responses.created(text, scheduled=True)
    if isinstance(outcome, Refused):
        assert re.fullmatch(r"-?[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}", outcome.code)
        assert ID not in text or not succeeds(json.loads(text))
    assert isinstance(responses.accepted(text), Accepted | Refused | Unknown)


def shown(tasks: tuple[ActualTask, ...]) -> str:
    """Show tasks as `plan` and `plan --format json` do."""
    plan = Plan(
        *("app", "test", None, "lineage"),
        serial=1,
        manifest_digest="",
        policy_digest="",
        created_at=NOW,
        valid_until=None,
        timezone=ZONE,
        service_zone=ZONE,
        changes=(),
        quota=Quota(100, 0, 0, 0),
        unmanaged=tasks,
    )
    return plan_text.plan(plan) + json_output.text(json_output.plan(plan, version="1"))


@given(spoiled(LISTED) | JSON.map(json.dumps))
@settings(max_examples=share(300))
def test_a_list_is_whole_or_refused_and_can_be_shown(text: str) -> None:
    page = responses.page(text)
    assert isinstance(page, responses.Page | Refused | Unknown)
    if isinstance(page, responses.Page):
        content = json.loads(text)["ResultContent"]
        content = json.loads(content) if isinstance(content, str) else content
        data = content["Data"]
        data = json.loads(data) if isinstance(data, str) else data
        assert len(page.rows) == len(data["List"])
        assert offences(shown(responses.tasks(page.rows))) == []


@pytest.mark.parametrize("value", [10**17, 253_402_300_800_000, -1, 10**400, 1e300, "9" * 18])
def test_a_moment_that_no_calendar_has_spoils_the_list_or_is_unknown(value: Any) -> None:
    def read(name: str) -> object:
        rows = [{**ROW, name: value}]
        text = json.dumps({"ResultCode": "OK", "ResultContent": {"Data": {"List": rows}}})
        return responses.page(text)

    assert isinstance(read("PushTime"), Unknown)
    page = read("GmtCreate")
    assert isinstance(page, responses.Page)
    assert page.rows[0].created_at == 0


def test_the_last_moment_can_be_shown_in_every_zone() -> None:
    row = {**ROW, "PushTime": responses._LAST_SECOND * 1000 + 499}
    page = responses.page(
        json.dumps({"ResultCode": "OK", "ResultContent": {"Data": {"List": [row]}}})
    )
    assert isinstance(page, responses.Page)
    assert "9999" in shown(responses.tasks(page.rows))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_an_id_that_is_more_than_an_id_is_none(text: str) -> None:
    """Ids are sent back in lists, and stand in commands that people paste."""
    made = {**MADE, "PushResult": {"Success": True, "Data": text}}
    outcome = responses.created(json.dumps(made), scheduled=True)
    assert isinstance(outcome, Unknown)
    for name in ("UniqueId", "ParentId"):
        page = responses.page(listing_of({**ROW, name: text, "StrategyType": 2}))
        assert isinstance(page, Unknown)


def service(endpoint: str, **options: Any) -> CloudPushService:
    return CloudPushService(
        app_id="APP",
        workspace_id="test",
        tenant_id=None,
        endpoint=endpoint,
        credential=Credentials("k", "s"),
        **{"read_timeout": 2, "sleep": lambda seconds: None, **options},
    )


def packed(body: bytes, encoding: str, **more: str) -> Behaviour:
    return reply(body, 200, {"Content-Encoding": encoding, **more})


@functools.cache
def bomb(layers: int) -> bytes:
    return gzip.compress(bomb(layers - 1) if layers > 1 else b" " * (16 << 20), 1)


def raw(head: bytes, forever: bytes, pause: float = 0.0) -> Behaviour:
    """Send a beginning, then the same again and again until the other side has had enough."""

    def behave(connection: socket.socket, request: Request) -> None:
        try:
            connection.sendall(head)
            while forever:
                connection.sendall(forever)
                time.sleep(pause)
        except OSError:
            pass

    return behave


OK = b"HTTP/1.1 200 OK\r\n"
JUNK = json.dumps(MADE).encode()
BODIES: dict[str, Behaviour] = {
    "gzip bomb": packed(bomb(1), "gzip"),
    "gzip bomb in a bomb": packed(bomb(2), "gzip, gzip"),
    "gzip cut short": packed(gzip.compress(JUNK)[:-9], "gzip"),
    "gzip that is none": packed(JUNK, "gzip"),
    "deflate": packed(zlib.compress(JUNK), "deflate"),
    "brotli": packed(JUNK, "br"),
    "many encodings": packed(JUNK, ", ".join(["gzip"] * 500)),
    "deep lists": reply("[" * 1_000_000),
    "deep maps": reply('{"a":' * 200_000 + "1" + "}" * 200_000),
    "deep in a text": reply({**MADE, "PushResult": "[" * 500_000}),
    "long number": reply('{"ResultCode":"OK","PushResult":{"Success":' + "9" * 100_000 + "}}"),
    "not a number": reply('{"ResultCode":NaN,"PushResult":{"Success":Infinity,"Data":-Infinity}}'),
    "same key twice": reply('{"ResultCode":"OK","PushResult":{},"pushResult":{"Success":true},'
                            '"PushResult":null}'),
    "not UTF-8": reply(JUNK.replace(b"OK", b"O\xff\xfeK")),
    "UTF-16": reply(json.dumps(MADE).encode("utf-16")),
    "unknown charset": reply(b"\xff" + JUNK, 200, {"Content-Type": "text/plain; charset=x\x7f"}),
    "two lengths": reply(JUNK, 200, {"content-length": "5"}),
    "negative length": raw(OK + b"Content-Length: -1\r\nConnection: close\r\n\r\n", b""),
    "no status": raw(b"HTTP/1.1 \r\n\r\n", b""),
    "status of words": raw(b"HTTP/1.1 OK 200\r\n\r\n", b""),
    "status beyond all": reply(JUNK, 999),
    "no HTTP": raw(b"\x16\x03\x01\x02\x00\x01\x00", b""),
    "endless header": raw(OK + b"X: ", b"x" * 65536),
    "endless headers": raw(OK, b"X: y\r\n" * 1000),
    "bad chunk": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b""),
    "huge chunk": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", b"x" * 65536),
    "endless body": raw(OK + b"\r\n", b" " * 65536),
}  # fmt: skip


# What urllib3 cannot even make a response of, it leaves to the garbage collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("only_new_garbage")
@pytest.mark.parametrize("name", BODIES)
def test_no_body_makes_a_call_more_than_unknown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "LARGEST_ANSWER", 2 << 20)
    with loopback(BODIES[name]) as server:
        asking = service(server.url)
        outcome = asking.create(PUSH)
        assert isinstance(outcome, Unknown), outcome
        assert offences(outcome.reason + outcome.request_id) == []
        assert len(server.requests) == 1
        with pytest.raises(ServiceError):
            asking.list(since=0, until=1)
    gc.collect()


def test_answers_are_asked_for_unpacked_and_unpacked_all_the_same() -> None:
    with loopback(packed(gzip.compress(JUNK), "gzip")) as server:
        assert service(server.url).create(PUSH) == Created(ID, "R")
        assert server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "behaviour",
    [
        raw(OK + b"Content-Length: 1000000\r\n\r\n", b" ", 0.05),
        raw(OK + b"\r\n", b" ", 0.05),
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", 0.05),
        raw(OK, b"X: y\r\n", 0.05),
        raw(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
    ],
    ids=["length", "until closed", "chunks", "headers", "continue"],
)
def test_an_answer_that_drips_is_given_up(
    behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out for each read alone would wait for ever, and hold the lock meanwhile."""
    monkeypatch.setattr(http_client, "LONGEST_ANSWER", 0.5)
    with loopback(behaviour) as server:
        begun = time.monotonic()
        outcome = service(server.url).create(PUSH)
        assert time.monotonic() - begun < 10
        assert isinstance(outcome, Unknown)
        assert re.fullmatch(r"no answer of 127\.0\.0\.1:\d+ came in time", outcome.reason)


def test_a_deadline_of_one_call_does_not_end_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "LONGEST_ANSWER", 0.3)
    with loopback(reply(MADE)) as server:
        asking = service(server.url)
        begun = time.monotonic()
        while time.monotonic() - begun < 0.8:
            assert asking.create(PUSH) == Created(ID, "R")


Rows = Callable[[int], list[dict[str, Any]]]


def pages(rows: Rows, total: Callable[[int], Any]) -> Behaviour:
    def behave(connection: socket.socket, request: Request) -> None:
        number = int(request.form["PageNumber"])
        data = {"TotalCount": total(number), "List": rows(number)}
        reply({"ResultCode": "OK", "ResultContent": {"Data": data}})(connection, request)

    return behave


def some(number: int) -> list[dict[str, Any]]:
    return [{**ROW, "UniqueId": f"{number}-{at}"} for at in range(10)]


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        (some, lambda number: number * 10 + 1),
        (some, lambda number: 10**9),
        (some, lambda number: None),
        (lambda number: some(1), lambda number: 11),
        (lambda number: [], lambda number: 1),
        (lambda number: some(1)[: 10 - number], lambda number: 10),
    ],
    ids=["one more each time", "a billion", "no count", "the same again", "none", "fewer"],
)
def test_a_list_that_lies_about_its_length_is_refused(
    rows: Rows, total: Callable[[int], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagination, "MOST_PAGES", 12)
    with (
        loopback(pages(rows, total)) as server,
        pytest.raises(ServiceError, match=r"incomplete|does not end"),
    ):
        service(server.url, page_size=10).list(since=0, until=1)


def test_a_list_of_too_many_rows_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "MOST_ROWS", 35)
    with loopback(pages(some, lambda number: 10**6)) as server:
        with pytest.raises(ServiceError, match="4 pages with 40 rows"):
            service(server.url, page_size=10).list(since=0, until=1)
        assert len(server.requests) == 4


@pytest.mark.parametrize("task_id", ["", "a,b", "a b", "x; rm -rf ~", "$(x)", "\x1b[2J", "a" * 129])
def test_what_is_no_id_is_never_cancelled(task_id: str) -> None:
    """With a comma in it, another task would be cancelled along."""
    with loopback(reply({"ResultCode": "OK"})) as server:
        assert isinstance(service(server.url).cancel(task_id), Refused)
        assert server.requests == []


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_no_outcome_names_a_target_that_must_not_be_named(text: str, targets: list[str]) -> None:
    parameters = {"TargetMsgkey": json.dumps(dict.fromkeys(targets, "k"))}
    for outcome in (Refused("1", text, "R"), Unknown(text), NotSent(text)):
        nameless = responses.nameless(outcome, parameters)
        assert type(nameless) is type(outcome)
        assert nameless == outcome or targets
    created = Created(ID, "R")
    assert responses.nameless(created, parameters) is created
    told = responses.nameless(Refused("1", f"no user {'+'.join(targets)}!", "R"), parameters)
    assert isinstance(told, Refused)
    assert replace(told, message="") == Refused("1", "", "R")
