from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from urllib3.exceptions import NewConnectionError

from pushctl.credentials import CredentialChain, Credentials, CredentialSource
from pushctl.errors import AuthError, ConfigError, ServiceError
from pushctl.mpaas.client import CloudPushService
from pushctl.mpaas.interface import Accepted, Created, NotSent, Refused, Unknown
from tests.loopback import (
    Behaviour,
    Request,
    Serving,
    hang_up,
    in_turn,
    patience,
    reply,
    reset,
    silence,
)

ID = "0123456789abcdef0123456789abcdef"


PUSH = {
    "TaskName": "a",
    "Title": "标题 ~*'()+&",
    "Content": "c",
    "DeliveryType": 3,
    "ExpiredSeconds": 600,
    "PushStyle": 0,
    "TargetMsgkey": '{"u1":"k1"}',
    "StrategyType": 1,
    "StrategyContent": '{"fixedTime":1800000000000}',
}


MADE = reply(
    {
        "RequestId": "R",
        "ResultCode": "OK",
        "PushResult": {"Success": True, "ResultMsg": "", "Data": ID},
    }
)


EMPTY = reply({"ResultCode": "OK", "ResultContent": {"Data": {"TotalCount": 0, "List": []}}})


def service(endpoint: str, **options: Any) -> CloudPushService:
    chosen: dict[str, Any] = {
        "app_id": "APP",
        "workspace_id": "test",
        "tenant_id": None,
        "credential": Credentials("sandbox", "hush-hush"),
        "connect_timeout": 5,
        "read_timeout": 5,
        "sleep": lambda seconds: None,
        "plain_http": True,
        **options,
    }
    return CloudPushService(endpoint=endpoint, **chosen)


def test_importing_the_service_does_not_import_the_sdk() -> None:
    code = (
        "import sys, pushctl.mpaas.client;"
        "print([m for m in ('alibabacloud_tea_openapi', 'darabonba', 'Tea', 'requests',"
        " 'alibabacloud_credentials', 'urllib3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_create_sends_one_signed_form(serving: Serving) -> None:
    server = serving(MADE)
    assert service(server.url, tenant_id="TEN").create(PUSH) == Created(ID, "R")
    (request,) = server.requests
    assert request.line == "POST / HTTP/1.1"
    assert request.headers["x-acs-action"] == "PushSimple"
    assert request.headers["x-acs-version"] == "2020-10-28"
    assert request.headers["Authorization".lower()].startswith(
        "ACS3-HMAC-SHA256 Credential=sandbox"
    )
    sent = {key: str(value) for key, value in PUSH.items()}
    assert request.form == {"AppId": "APP", "WorkspaceId": "test", "TenantId": "TEN", **sent}


def test_create_sends_a_temporary_keys_token(serving: Serving) -> None:
    server = serving(MADE)
    service(server.url, credential=Credentials("id", "hush", "tok")).create(PUSH)
    assert server.requests[0].headers["x-acs-security-token"] == "tok"


def test_importing_the_client_imports_nothing_that_makes_calls() -> None:
    code = (
        "import sys, pushctl.mpaas.client;"
        "print([m for m in ('alibabacloud_tea_openapi', 'alibabacloud_credentials', 'Tea',"
        " 'aiohttp', 'urllib3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", [None, 0, 1])
def test_cancel_sends_its_type_only_if_told(serving: Serving, kind: int | None) -> None:
    server = serving(reply({"RequestId": "R", "ResultCode": "OK", "ResultContent": ""}))
    assert service(server.url, cancel_type=kind).cancel(ID) == Accepted("R")
    assert server.requests[0].headers["x-acs-action"] == "CancelPushScheduler"
    assert server.requests[0].form["UniqueIds"] == ID
    assert server.requests[0].form.get("Type") == (None if kind is None else str(kind))


def test_revoke_names_the_message_and_the_target(serving: Serving) -> None:
    server = serving(reply({"RequestId": "R", "ResultCode": "OK", "PushResult": {"Success": True}}))
    assert service(server.url).revoke("key", "u1") == Accepted("R")
    assert server.requests[0].headers["x-acs-action"] == "RevokePushMessage"
    assert server.requests[0].form["MessageId"] == "key"
    assert server.requests[0].form["TargetId"] == "u1"


UNKNOWN: dict[str, Behaviour] = {
    "no answer in time, after the effect": silence,
    "reset after sending": reset,
    "closed without an answer": hang_up,
    "500": reply({"Code": "InternalError", "Message": "x", "RequestId": "R"}, 500),
    "502 HTML": reply("<html>Bad Gateway</html>", 502, {"Content-Type": "text/html"}),
    "503": reply({"Code": "ServiceUnavailable", "Message": "x"}, 503),
    "503 with a hint": reply({"Code": "x"}, 503, {"x-acs-retry-after": "10"}),
    "403 HTML": reply("<html>WAF</html>", 403),
    "400 with a list": reply([], 400),
    "200 HTML": reply("<html>Log in to the hotel network</html>"),
    "200 nothing": reply(""),
    "204": reply("", 204),
    "half an answer": reply({"ResultCode": "OK", "PushResult": {"Success": True}}, cut=9),
    "half a JSON": reply('{"ResultCode": "OK", "PushResult": {"Succ'),
    "not UTF-8": reply(b'{"ResultCode": "\xff\xfe"}'),
    "no HTTP": lambda connection, request: connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "SYSTEM_ERROR": reply({"ResultCode": "9000", "ResultMessage": "SYSTEM_ERROR"}),
    "status nobody knows": reply({"Code": "x"}, 799),
    "not modified": reply("", 304),
}


@pytest.mark.parametrize("behaviour", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_create_is_made_once_and_left_unknown(serving: Serving, behaviour: Behaviour) -> None:
    server = serving(behaviour)
    assert isinstance(service(server.url, **patience(behaviour)).create(PUSH), Unknown)
    assert len(server.requests) == 1


def test_an_older_failure_does_not_colour_a_newer_one(serving: Serving) -> None:
    server = serving(reply([], 400))
    try:
        raise NewConnectionError(None, "refused")
    except NewConnectionError:
        assert isinstance(service(server.url).create(PUSH), Unknown)


@pytest.mark.parametrize(
    ("headers", "hint"), [({}, None), ({"x-acs-retry-after": "1500"}, 1.5)], ids=["bare", "hint"]
)
def test_create_reports_throttling_without_repeating(
    serving: Serving, headers: dict[str, str], hint: float | None
) -> None:
    body = {"Code": "Throttling.User", "Message": "slow down", "RequestId": "R"}
    server = serving(reply(body, 400, headers))
    outcome = service(server.url).create(PUSH)
    assert isinstance(outcome, NotSent)
    assert outcome.retry_after == hint
    assert len(server.requests) == 1


def test_create_refused_for_the_key(serving: Serving) -> None:
    body = {"Code": "SignatureDoesNotMatch", "Message": "No match. string:hush", "RequestId": "R"}
    server = serving(reply(body, 400))
    outcome = service(server.url).create(PUSH)
    assert outcome == Refused("SignatureDoesNotMatch", "No match", "R", auth=True)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_create_never_follows_a_redirection(serving: Serving, status: int) -> None:
    other = serving(MADE)
    location = {"Location": f"http://localhost:{other.port}/"}
    server = serving(reply("", status, location))
    credential = Credentials("id", "hush", "token")
    outcome = service(server.url, credential=credential).create(PUSH)
    assert isinstance(outcome, Unknown)
    assert f"redirection to {location['Location']}, which is never followed" in outcome.reason
    assert other.connections == 0
    assert len(server.requests) == 1


def test_create_stops_reading_an_endless_answer(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pushctl.http import client

    monkeypatch.setattr(client, "LARGEST_ANSWER", 100_000)

    def pour(connection: socket.socket, request: Request) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                connection.sendall(b" " * 65536)
        except OSError:
            pass

    server = serving(pour)
    assert service(server.url).create(PUSH) == Unknown(
        "the answer was larger than any answer of the service"
    )


def row(number: int) -> dict[str, Any]:
    return {
        "UniqueId": f"u{number}",
        "ParentId": f"u{number}",
        "PushTime": 1_800_000_000_000 + number * 1000,
        "PushTitle": "T",
        "PushContent": "C",
        "DeliveryType": 3,
        "StrategyType": 1,
        "ExecutedStatus": "0",
        "GmtCreate": 1_790_000_000_000,
    }


def paged(count: int) -> Behaviour:
    def behave(connection: socket.socket, request: Request) -> None:
        size, number = int(request.form["PageSize"]), int(request.form["PageNumber"])
        rows = [row(n) for n in range(count)][(number - 1) * size : number * size]
        data = {"TotalCount": count, "List": rows}
        reply({"ResultCode": "OK", "ResultContent": {"Data": data}})(connection, request)

    return behave


def test_list_reads_all_pages(serving: Serving) -> None:
    server = serving(paged(7))
    found = service(server.url, page_size=3).list(since=10, until=20)
    assert [task.task_id for task in found] == [f"u{n}" for n in range(7)]
    assert [request.form["PageNumber"] for request in server.requests] == ["1", "2", "3", "4"]
    form = server.requests[0].form
    assert (form["StartTime"], form["EndTime"], form["PageSize"]) == ("10000", "20000", "3")
    assert "UniqueId" not in form


def test_list_returns_one_task_even_if_the_service_gives_more(serving: Serving) -> None:
    server = serving(paged(3))
    assert [t.task_id for t in service(server.url).list(since=0, until=1, task_id="u1")] == ["u1"]
    assert server.requests[0].form["UniqueId"] == "u1"


def test_list_is_repeated_after_failures(serving: Serving) -> None:
    waits: list[float] = []
    server = serving(in_turn(hang_up, reset, reply("<html>", 502), EMPTY))
    assert service(server.url, sleep=waits.append).list(since=0, until=1) == ()
    assert len(waits) == 3


def test_list_gives_up(serving: Serving) -> None:
    server = serving(reply("<html>", 502))
    with pytest.raises(ServiceError, match="could not be read"):
        service(server.url).list(since=0, until=1)
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("behaviour", "told", "fix"),
    [
        (reply("<html><title>Login</title>"), 'answered with a web page "Login"', "app.endpoint"),
        (reply({"ResultCode": "OK"}), "the answer held no list (asked 127.0.0.1:", "app.endpoint"),
        (reply('"hello"'), "the answer was not a JSON object (asked 127.0.0.1:", "app.endpoint"),
        (reply({"Code": "Busy"}, 500), "the service failed (Busy) (asked 127.0.0.1:", "later"),
        (reply({"ResultCode": "8011"}), "the service asked for fewer calls (8011)", "later"),
        (hang_up, "the connection to 127.0.0.1:", "later"),
    ],
)
def test_list_says_who_did_not_answer_and_what_to_do(
    serving: Serving, behaviour: Behaviour, told: str, fix: str
) -> None:
    with pytest.raises(ServiceError) as caught:
        service(serving(behaviour).url).list(since=0, until=1)
    assert told in caught.value.detail
    assert fix in (caught.value.fix or "")


@pytest.mark.parametrize("code", ["3007", "8012", "8013"])
def test_list_names_the_app_that_the_service_does_not_know(serving: Serving, code: str) -> None:
    server = serving(reply({"ResultCode": code}))
    with pytest.raises(ServiceError, match=r"\(AppId APP, WorkspaceId test, TenantId TEN\)"):
        service(server.url, tenant_id="TEN").list(since=0, until=1)
    assert len(server.requests) == 1


def test_a_refusal_names_the_clock_of_this_machine(serving: Serving) -> None:
    headers = {"Date": "Tue, 01 Dec 2026 01:00:00 GMT"}
    answer = reply({"Code": "InvalidTimeStamp.Expired", "Message": "Expired."}, 400, headers)
    slow = service(serving(answer).url, now=lambda: 1_796_086_800 - 660)
    outcome = slow.create(PUSH)
    assert isinstance(outcome, Refused)
    assert outcome.message.endswith("this machine's clock is 11 min behind the service's: set it)")


def test_list_is_not_repeated_for_a_key_that_is_not_accepted(serving: Serving) -> None:
    server = serving(reply({"Code": "Forbidden.RAM", "Message": "no", "RequestId": "R"}, 403))
    with pytest.raises(AuthError, match=r"Forbidden\.RAM: no") as caught:
        service(server.url).list(since=0, until=1)
    assert len(server.requests) == 1
    assert caught.value.__context__ is None, "the vendor's exception holds the signed request"


def test_sixteen_threads_share_one_service(serving: Serving) -> None:
    server = serving(MADE)
    shared = service(server.url)
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda number: shared.create(PUSH), range(64)))
    assert outcomes == [Created(ID, "R")] * 64
    assert len({request.headers["x-acs-signature-nonce"] for request in server.requests}) == 64


def test_two_services_for_one_endpoint_do_not_disturb_each_other(serving: Serving) -> None:
    server = serving(MADE)

    def run(number: int) -> list[object]:
        return [service(server.url).create(PUSH) for _ in range(4)]

    with ThreadPoolExecutor(8) as pool:
        assert all(done == [Created(ID, "R")] * 4 for done in pool.map(run, range(8)))


@pytest.mark.parametrize(
    "endpoint",
    ["", "http://", "ftp://host", "host/path", "http://u:p@host", "host:port", "a b", "h?x=1"],
)
def test_an_endpoint_that_is_none_is_refused_at_once(endpoint: str) -> None:
    with pytest.raises(ConfigError, match="endpoint"):
        service(endpoint)


@pytest.mark.parametrize("value", [{"hms": "9"}, True, None, 1.5])
def test_create_takes_texts_and_numbers_only(value: Any) -> None:
    with pytest.raises(TypeError, match="NotifyLevel"):
        service("http://127.0.0.1:9").create({**PUSH, "NotifyLevel": value})


def test_create_refuses_what_utf_8_cannot_express() -> None:
    outcome = service("http://127.0.0.1:9").create({**PUSH, "Title": "\ud83d"})
    assert isinstance(outcome, Refused)
    assert "Title" in outcome.message


class Chain:
    """Stands in for the vendor's chain: a key that changes, or an error that tells too much."""

    calls = 0
    fails = False

    def get_credential(self) -> Any:
        from alibabacloud_credentials.models import CredentialModel

        if Chain.fails:
            raise RuntimeError("the metadata service said hush-hush")
        Chain.calls += 1
        return CredentialModel(
            access_key_id=f"id{Chain.calls}",
            access_key_secret="hush-hush",
            security_token=f"token{Chain.calls}",
            type="default",
            provider_name="default/fake",
        )


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> CredentialSource:
    monkeypatch.setattr("alibabacloud_credentials.client.Client", Chain)
    monkeypatch.setattr(Chain, "calls", 0)
    return CredentialChain()


def test_the_chain_is_asked_for_every_call(serving: Serving, chain: CredentialSource) -> None:
    server = serving(MADE)
    asking = service(server.url, credential=chain)
    assert Chain.calls == 0
    asking.create(PUSH)
    asking.create(PUSH)
    tokens = [request.headers["x-acs-security-token"] for request in server.requests]
    assert tokens == ["token1", "token2"]


def test_a_chain_without_a_key_is_explained_without_its_words(
    chain: CredentialSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Chain, "fails", True)
    asking = service("http://127.0.0.1:9", credential=chain)
    outcome = asking.create(PUSH)
    assert isinstance(outcome, Refused)
    assert outcome.auth
    assert "MPAAS_AK_ENV" in outcome.message
    assert "hush" not in repr(outcome)
    with pytest.raises(ConfigError, match="No credentials found") as caught:
        asking.list(since=0, until=1)
    assert "hush" not in str(caught.value)


def test_the_vendors_packages_keep_quiet(
    serving: Serving,
    chain: CredentialSource,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DEBUG", "sdk")
    root = logging.getLogger()
    seen: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = seen.append
    root.addHandler(handler)
    try:
        assert service(serving(MADE).url, credential=chain).create(PUSH) == Created(ID, "R")
        logging.getLogger("credentials").warning("refreshing hush-hush")
        logging.getLogger("alibabacloud-tea").debug("token hush-hush")
    finally:
        root.removeHandler(handler)
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""
    assert not [record for record in seen if record.name in ("alibabacloud-tea", "credentials")]


def test_answers_are_read_in_every_shape(serving: Serving) -> None:
    inner = {"success": "true", "data": ID}
    bodies = [
        {"requestId": "R", "resultCode": "OK", "pushResult": inner},
        {"RequestId": "R", "ResultCode": "OK", "PushResult": json.dumps(inner)},
    ]
    server = serving(in_turn(*(reply(body) for body in bodies)))
    asking = service(server.url)
    assert [asking.create(PUSH), asking.create(PUSH)] == [Created(ID, "R")] * 2
