"""What the tests need to talk to a sandbox: raw bytes, calls, control requests."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

NOW = "2026-12-01T10:00:00+08:00"
NOW_MS = 1_796_090_400_000
DAY_MS = 86_400_000
MIDNIGHT_MS = NOW_MS - 10 * 3_600_000
FORM = {"content-type": "application/x-www-form-urlencoded"}


# Every client made, so that the fixture can close those a test did not.
OPENED: list[Client] = []


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    raw: bytes
    body: Any = None

    @property
    def hint(self) -> str:
        """What the sandbox itself had to say."""
        return unquote(self.headers.get("x-sandbox-hint", ""))


@dataclass
class Client:
    """One keep-alive connection to one sandbox."""

    url: str
    timeout: float = 10.0
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(self.address, timeout=self.timeout)
        OPENED.append(self)

    @property
    def address(self) -> str:
        return self.url.removeprefix("http://")

    def send(self, method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        try:
            self.connection.request(method, path, body, headers or {})
            response = self.connection.getresponse()
            raw = response.read()
        except Exception:
            self.connection.close()
            raise
        answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, raw)
        try:
            answer.body = json.loads(raw)
        except ValueError:
            answer.body = None
        return answer

    def call(self, action: str, version: str = "2020-10-28", **params: Any) -> Answer:
        signed = {"AccessKeyId": "test", "Signature": "x", "Format": "JSON"}
        signed |= {"Action": action, "Version": version}
        return self.send("POST", "/", urlencode({**signed, **encoded(params)}), FORM)

    def push(self, version: str = "2020-10-28", **changes: Any) -> Answer:
        """PushSimple with every mandatory parameter; None takes one away."""
        return self.call("PushSimple", version, **push_params(**changes))

    def create(self, **changes: Any) -> str:
        """A task that fires in an hour unless told otherwise; its id."""
        defaults = {
            "StrategyType": 1,
            "StrategyContent": {"fixedTime": NOW_MS + 3_600_000},
        }
        answer = self.push(**{**defaults, **changes})
        assert answer.body["ResultCode"] == "OK", answer.body
        return str(answer.body["PushResult"]["Data"])

    def loop(self, **content: Any) -> Answer:
        defaults = {
            "startTime": MIDNIGHT_MS,
            "endTime": MIDNIGHT_MS + 6 * DAY_MS,
            "circleType": 1,
            "time": "12:00:00",
        }
        return self.push(StrategyType=2, StrategyContent={**defaults, **content})

    def list(self, **params: Any) -> Any:
        """The Data of QueryPushSchedulerList over a wide window."""
        wide = {
            "AppId": "A",
            "WorkspaceId": "w",
            "StartTime": NOW_MS - 400 * DAY_MS,
            "EndTime": NOW_MS + 400 * DAY_MS,
        }
        answer = self.call("QueryPushSchedulerList", **{**wide, **params})
        assert answer.body["ResultCode"] == "OK", answer.body
        return answer.body["ResultContent"]["Data"]

    def cancel(self, ids: str, **params: Any) -> Any:
        """The decoded ResultContent of CancelPushScheduler."""
        answer = self.call(
            "CancelPushScheduler", AppId="A", WorkspaceId="w", UniqueIds=ids, **params
        )
        assert answer.body["ResultCode"] == "OK", answer.body
        return json.loads(answer.body["ResultContent"])

    def template(self, name: str = "T", **changes: Any) -> Answer:
        """CreateTemplate with everything that is mandatory, and one placeholder."""
        default = {"Title": "Hello #name#", "Content": "Content", "DescInfo": "d"}
        scope = {"AppId": "A", "WorkspaceId": "w", "TemplateName": name}
        return self.call("CreateTemplate", **{**default, **scope, **changes})

    def batch(self, *targets: dict[str, Any], **changes: Any) -> Answer:
        """PushMultiple of the template T; each target is what stands in TargetMsg.N."""
        params = push_params(Title=None, Content=None, TargetMsgkey=None, PushStyle=None)
        params |= {"TemplateName": "T", **changes}
        for number, target in enumerate(targets, 1):
            params |= {f"TargetMsg.{number}.{name}": value for name, value in target.items()}
        return self.call("PushMultiple", **params)

    def control(self, method: str, page: str, body: Any = None, status: int = 200) -> Any:
        data = None if body is None else json.dumps(body)
        answer = self.send(method, f"/_sandbox/{page}", data)
        assert answer.status == status, answer.raw
        return answer.body

    def fault(self, kind: str, **rule: Any) -> Any:
        return self.control("POST", "faults", {"kind": kind, **rule})

    def advance(self, seconds: float) -> Any:
        return self.control("POST", "clock", {"advance": seconds})

    def tasks(self) -> Any:
        return self.control("GET", "tasks")["tasks"]

    def deliveries(self) -> Any:
        return self.control("GET", "deliveries")["deliveries"]

    def requests(self) -> Any:
        return self.control("GET", "requests")["requests"]

    def raw(self, data: bytes) -> bytes:
        """Sends bytes as they are on a connection of their own; everything that comes back."""
        host, port = self.address.split(":")
        with socket.create_connection((host, int(port)), timeout=self.timeout) as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # refused in the middle: the answer is there all the same
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def close(self) -> None:
        self.connection.close()


def push_params(**changes: Any) -> dict[str, Any]:
    params = {
        "AppId": "A",
        "WorkspaceId": "w",
        "TaskName": "t",
        "Title": "Title",
        "Content": "Content",
        "DeliveryType": 3,
        "TargetMsgkey": {"u1": "k1"},
        "ExpiredSeconds": 600,
        "PushStyle": 0,
    }
    return {key: value for key, value in {**params, **changes}.items() if value is not None}


def encoded(params: dict[str, Any]) -> dict[str, str]:
    return {
        key: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
        for key, value in params.items()
    }
