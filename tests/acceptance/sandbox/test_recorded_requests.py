"""Requests of real clients, byte for byte, with strict signatures."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import Client

TEA = """\
POST / HTTP/1.1
Accept-Encoding: identity
host: 127.0.0.1:18080
x-acs-version: 2020-10-28
x-acs-action: PushSimple
user-agent: AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2
x-acs-date: 2026-11-23T20:41:46Z
x-acs-signature-nonce: 108e346df9298a3d9d0e6be4b52b9178
accept: application/json
content-type: application/x-www-form-urlencoded
x-acs-content-sha256: df635b719711dcb7df8d9361a1cb55eba2e53e2549c673c29180bfe66bfe6434
x-acs-credentials-provider: static_ak
Authorization: ACS3-HMAC-SHA256 Credential=LTAIFAKEKEYID,SignedHeaders=accept;content-type;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=b8b713b5aa872ea5913a6c6db25975b4f076169d3f05f56f64bc25b66c429e23
Content-Length: 353

ActivityContentState.score.home=1&AppId=ONEX0000000000001&Content=it%27s+~ok%2A+%2850%25%29&DeliveryType=3&ExpiredSeconds=300&List.1=1&List.2=2&PushStyle=0&StrategyContent=%7B%22fixedTime%22%3A+1800000000000%7D&StrategyType=1&TargetMsgkey=%7B%22user1%22%3A+%22k-1%22%7D&TaskName=t-1&ThirdChannelCategory.hms=9&Title=%E6%A0%87%E9%A2%98+A&WorkspaceId=test"""  # noqa: E501

CORE_OLD = """\
POST /?Version=2019-08-21&Action=PushSimple&Format=JSON&RegionId=cn-hangzhou&Timestamp=2026-11-23T20%3A42%3A25Z&SignatureMethod=HMAC-SHA1&SignatureType=&SignatureVersion=1.0&SignatureNonce=63e71349ac71c34b971933e2f6e9a58e&AccessKeyId=LTAIFAKEKEYID&Signature=l2cV4Rthv20DM1hXt%2B4A%2F%2FV41yM%3D HTTP/1.1
Host: 127.0.0.1:18080
User-Agent: AlibabaCloud (Linux 6.18.44-fc-v595;x86_64) Python/3.11.7 Core/2.16.1 python-requests/2.18.3
Accept-Encoding: identity
Accept: */*
Connection: keep-alive
x-acs-action: PushSimple
x-acs-version: 2019-08-21
x-sdk-invoke-type: normal
Content-Type: application/x-www-form-urlencoded
x-sdk-client: python/2.0.0
Content-MD5: ggwC9+sceEISiyqL5KvSIw==
Content-Length: 192

AppId=ONEX0000000000001&WorkspaceId=test&Title=%E6%A0%87%E9%A2%98+A&Content=it%27s+~ok%2A+%2850%25%29&DeliveryType=3&TaskName=t-1&ExpiredSeconds=600&TargetMsgkey=%7B%22user1%22%3A+%22k-1%22%7D"""  # noqa: E501

RPC_NODE = """\
POST /?Action=PushSimple&Format=json&Timestamp=2026-11-23T20%3A42%3A46Z&Version=2019-08-21&SignatureNonce=534d976c567cdfa5265029bb559ce8a1&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=LTAIFAKEKEYID&Signature=HQaSe2rM%2BKzkuq16Qo8erN41ecU%3D HTTP/1.1
x-acs-version: 2019-08-21
x-acs-action: PushSimple
host: 127.0.0.1:18080
user-agent: AlibabaCloud (linux; x64) Node.js/v20.20.2 Core/1.0.1 TeaDSL/1
content-type: application/x-www-form-urlencoded
Connection: keep-alive
Transfer-Encoding: chunked

AppId=A1&Title=%E6%A0%87%E9%A2%98%20A&Content=it's%20~ok*%20(50%25)&DeliveryType=3"""  # noqa: E501

OPENAPI_NODE = """\
POST / HTTP/1.1
host: 127.0.0.1:18080
x-acs-version: 2020-10-28
x-acs-action: PushSimple
user-agent: AlibabaCloud (linux; x64) Node.js/v20.20.2 Core/1.0.1 TeaDSL/2
x-acs-date: 2026-11-23T20:43:18Z
x-acs-signature-nonce: d991aff9ac26c1901dc4d85627abfafc7136c3a2048d535e4f2e9cc46be6f891
accept: application/json
content-type: application/x-www-form-urlencoded
x-acs-content-sha256: af817e010c548225eacd8bb4f537a54f5dccf1f245e81d7578a0ee680e144b1a
x-acs-credentials-provider: static_ak
Authorization: ACS3-HMAC-SHA256 Credential=LTAIFAKEKEYID,SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=45e188868e24c8f39ce16cc8ccfb946394f6c9af97eff58c3f19ed8d831bf2e1
Connection: keep-alive
Transfer-Encoding: chunked

AppId=A1&Title=%E6%A0%87%E9%A2%98%20A&Content=it's%20~ok*%20(50%25)&DeliveryType=3&ActivityContentState.score.home=1"""  # noqa: E501

POP_NODE = """\
POST / HTTP/1.1
x-sdk-client: Node.js(v20.20.2), @alicloud/pop-core: 1.8.0
x-acs-action: PushSimple
x-acs-version: 2019-08-21
content-type: application/x-www-form-urlencoded
Host: 127.0.0.1:18080
Content-Length: 336

AccessKeyId=LTAIFAKEKEYID&Action=PushSimple&AppId=A1&Content=it%27s%20~ok%2A%20%2850%25%29&DeliveryType=3&Format=JSON&SignatureMethod=HMAC-SHA1&SignatureNonce=26a298b89d177c3ada910ce6b6806d58&SignatureVersion=1.0&Timestamp=2026-11-23T20%3A42%3A26Z&Title=%E6%A0%87%E9%A2%98%20A&Version=2019-08-21&Signature=wo3kKXjscLX3n1LDZE6404kXSFU%3D"""

COMPLETE = {"tea": TEA, "core-old": CORE_OLD}
PARTIAL = {"rpc-node": RPC_NODE, "openapi-node": OPENAPI_NODE, "pop-node": POP_NODE}


def wire(text: str, chunk: int = 0) -> bytes:
    head, _, body = text.partition("\n\n")
    data = body.encode()
    lines = head.replace("\n", "\r\n").encode() + b"\r\n\r\n"
    if "chunked" not in head:
        return lines + data
    step = chunk or len(data)
    pieces = [data[start : start + step] for start in range(0, len(data), step)]
    return lines + b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


@pytest.fixture
def strict() -> Iterator[Client]:
    keys = {"LTAIFAKEKEYID": "fakeSecret000"}
    with Sandbox(now="2026-11-24T00:00:00+08:00", keys=keys, date_window=0) as sandbox:
        client = Client(sandbox.url)
        yield client
        client.close()


def body_of(raw: bytes) -> dict[str, object]:
    head, _, body = raw.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), raw
    return json.loads(body)


@pytest.mark.parametrize("name", COMPLETE)
def test_a_complete_capture_creates_a_task(strict: Client, name: str) -> None:
    assert body_of(strict.raw(wire(COMPLETE[name])))["ResultCode"] == "OK"

    (task,) = strict.tasks()
    assert (task["title"], task["content"]) == ("标题 A", "it's ~ok* (50%)")
    assert task["targets"] == {"user1": "k-1"}


def test_the_flattened_maps_are_folded(strict: Client) -> None:
    strict.raw(wire(TEA))

    params = strict.tasks()[0]["params"]
    assert params["ThirdChannelCategory"] == {"hms": "9"}
    assert params["ActivityContentState"] == {"score": {"home": "1"}}
    assert params["List"] == ["1", "2"]


@pytest.mark.parametrize("chunk", [0, 1, 7])
@pytest.mark.parametrize("name", PARTIAL)
def test_an_incomplete_capture_passes_the_signature(strict: Client, name: str, chunk: int) -> None:
    """These lack mandatory parameters, which only a call that got through can be told."""
    assert b'"Code":"MissingWorkspaceId"' in strict.raw(wire(PARTIAL[name], chunk))


@pytest.mark.parametrize("text", [*COMPLETE.values(), *PARTIAL.values()])
def test_a_changed_body_does_not_pass(strict: Client, text: str) -> None:
    changed = text.replace("DeliveryType=3", "DeliveryType=2")

    assert b"SignatureDoesNotMatch" in strict.raw(wire(changed))


@pytest.mark.parametrize("text", [*COMPLETE.values(), *PARTIAL.values()])
def test_a_replay_is_refused(strict: Client, text: str) -> None:
    strict.raw(wire(text))

    assert b"SignatureNonceUsed" in strict.raw(wire(text))


def test_the_date_window_is_real_time(strict: Client) -> None:
    strict.control("POST", "knobs", {"date_window": 900})

    assert b"InvalidTimeStamp.Expired" in strict.raw(wire(TEA))
