"""Requests of the SDKs for Java, Go and PHP, as `recordings` keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.sandbox.test_recorded_requests import wire
from tests.unit.sandbox.client import NOW, Client

RECORDINGS = Path(__file__).with_name("recordings")
SDKS = ("go", "java", "java-legacy", "php-legacy")
NOBODYS_ID = "903bf653c1b5442b9ba07684767bf9c2"


@pytest.fixture
def then() -> Iterator[Client]:
    """A sandbox that checks all of a signature but its date."""
    with Sandbox(now=NOW, date_window=0) as sandbox:
        yield Client(sandbox.url)


def requests(name: str) -> list[bytes]:
    text = (RECORDINGS / f"{name}.http").read_text("utf-8")
    return [wire(part.strip()) for part in text.split("\n%%\n")]


def answered(client: Client, request: bytes) -> tuple[int, Any]:
    head, _, body = client.raw(request).partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize("name", SDKS)
def test_what_an_sdk_asks_for_is_done(then: Client, name: str) -> None:
    answers = [answered(then, request) for request in requests(name)]

    assert [status for status, _ in answers] == [200] * 5 + [400]
    scheduled, listed, cancelled, _, revoked = (body for _, body in answers[:5])
    (row,) = listed["ResultContent"]["Data"]["List"]
    assert (row["UniqueId"], row["PushTitle"]) == (scheduled["PushResult"]["Data"], "标题 A")
    assert json.loads(cancelled["ResultContent"]) == {NOBODYS_ID: 0}
    assert revoked["PushResult"]["Success"] is True
    (delivery,) = then.deliveries()
    assert (delivery["target"], delivery["content"]) == ("user1", "it's ~ok* (50%) +&=")
    assert delivery["revoked"] is not None
    waiting = then.tasks()[0]
    assert waiting["params"]["ThirdChannelCategory"] == {"hms": "9"}
    assert [item["at_ms"] for item in waiting["occurrences"]] == [1_796_094_000_000]


@pytest.mark.parametrize("name", SDKS)
def test_a_wrong_secret_is_told_as_sdks_read_it(then: Client, name: str) -> None:
    """The legacy ones compare what stands behind the only colon with what they signed."""
    status, error = answered(then, requests(name)[-1])

    assert (status, error["Code"]) == (400, "SignatureDoesNotMatch")
    if "legacy" in name:
        assert error["Message"].count(":") == 1
        assert error["Message"].split(":")[1].startswith("POST&%2F&AccessKeyId%3Dsandbox%26")


@pytest.mark.parametrize("name", SDKS)
def test_a_changed_request_is_refused(then: Client, name: str) -> None:
    changed = requests(name)[0].replace(b"ONEX0000000000001", b"ONEX0000000000002")

    assert answered(then, changed)[1]["Code"] == "SignatureDoesNotMatch"
    assert then.tasks() == []


@pytest.mark.parametrize(
    ("name", "task", "target"),
    [("sample-java", "-", "push_test"), ("sample-php", "PHP Test Task", "userid1024")],
)
def test_a_sample_of_the_vendor_is_accepted(
    then: Client, name: str, task: str, target: str
) -> None:
    (request,) = requests(name)

    assert answered(then, request)[1]["ResultCode"] == "OK"
    (delivery,) = then.deliveries()
    assert (delivery["task_name"], delivery["target"]) == (task, target)
