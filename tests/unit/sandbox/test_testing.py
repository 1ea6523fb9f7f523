from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest

from pushctl.sandbox import Sandbox, testing
from pushctl.sandbox.testing import PushSandbox
from tests.unit.sandbox.client import NOW, Client

CHINA = timezone(timedelta(hours=8))


@pytest.fixture
def held(sandbox: Sandbox) -> PushSandbox:
    return PushSandbox(sandbox)


def test_the_clock_stands_still_where_it_is_put(held: PushSandbox) -> None:
    shown = datetime.fromisoformat(NOW)
    assert held.clock.now == shown
    assert held.clock.advance(days=3, hours=1) == shown + timedelta(days=3, hours=1)
    assert held.clock.to("2026-12-24T20:00") == datetime(2026, 12, 24, 20, tzinfo=CHINA)
    held.ask("POST", "clock", {"freeze": False})
    assert held.clock.freeze(at=shown) == held.clock.now == held.clock.freeze() == shown
    with pytest.raises(ValueError, match="ISO 8601"):
        held.clock.to("tomorrow")


def test_what_is_due_next_arrives(held: PushSandbox, client: Client) -> None:
    client.create(TargetMsgkey={"u1": "k1", "u2": "k2"})
    assert held.deliveries() == []
    assert held.clock.next() == datetime.fromisoformat(NOW) + timedelta(hours=1)
    assert [row["target"] for row in held.deliveries()] == ["u1", "u2"]
    assert [row["message_key"] for row in held.deliveries(target="u2")] == ["k2"]


def test_the_inbox_is_searched_over_all_its_pages(
    held: PushSandbox, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        client.push(Title=f"No. {n}", TargetMsgkey={f"{n}-{m}": f"k{m}" for m in range(10)})
    monkeypatch.setattr(testing, "_PAGE", 4)
    assert [len(held.inbox(search)) for search in ("", 'title:"No. 1" is:shown', "is:cut")] == [
        *(30, 10, 0)
    ]
    assert [row["user"] for row in held.inbox("user:*-7")] == ["2-7", "1-7", "0-7"]
    with pytest.raises(ValueError, match="is: takes one of"):
        held.inbox("is:lost")


def test_it_waits_for_what_a_program_sends(held: PushSandbox, client: Client) -> None:
    sending = threading.Thread(target=client.push)
    sending.start()
    assert [row["target"] for row in held.wait_for(1)] == ["u1"]
    sending.join()
    with pytest.raises(AssertionError, match="0 of 1 deliveries within 0 s"):
        held.wait_for(1, timeout=0, target="u2")


def test_a_call_goes_wrong_as_often_as_asked(held: PushSandbox, client: Client) -> None:
    assert held.fault("throttle", op="PushSimple", times=1)["times"] == 1
    assert [client.push().status for _ in range(2)] == [400, 200]
    with pytest.raises(ValueError, match="no such kind"):
        held.fault("earthquake")


def test_a_knob_is_set(held: PushSandbox, client: Client) -> None:
    held.knob(quota_limit=0)
    assert client.loop().body["ResultCode"] == "3051"
    with pytest.raises(ValueError, match="no such knob"):
        held.knob(volume=11)


def test_a_child_finds_it(held: PushSandbox) -> None:
    address = held.url.removeprefix("http://")
    assert held.env == {
        "PUSHCTL_ENDPOINT": held.url,
        "ALIBABA_CLOUD_ENDPOINT": address,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "sandbox",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "sandbox",
    }
