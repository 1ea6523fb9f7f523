"""Phones of a seed file, and what they show as the clock moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from pushctl.sandbox.storage.store import Store
from tests.unit.sandbox.client import NOW, Client

SEED = """
apps: [A/w]
users:
  li:
    - {id: li-vivo, vendor: vivo, system: Android 14, token: t-vivo, number: 13800000000}
    - {id: li-ipad, vendor: ios, token: t-ipad, online: 12:00-23:00}
  wang:
    - {id: wang-oppo, vendor: oppo, token: t-oppo, notifications: off, number: 13900000000}
  zhao:
    - {id: zhao-xiaomi, vendor: xiaomi, token: t-xiaomi, online: never, number: 13700000000}
phones:
  - {id: shelf, vendor: huawei, token: t-shelf}
sms_templates: {S1: "your code is ${code}"}
"""
SMS = {
    "SmsSignName": "Shop",
    "SmsTemplateCode": "S1",
    "SmsTemplateParam": {"code": "7"},
}


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "seed.yaml"
    path.write_text(SEED, "utf-8")
    return path


@pytest.fixture
def sandbox(seed: Path) -> Iterator[Sandbox]:
    with Sandbox(now=NOW, seed=seed) as running:
        yield running


def inbox(client: Client, query: str = "") -> list[Any]:
    found = client.control("GET", f"inbox?q={query}&limit=1000")
    assert found["total"] == len(found["messages"])
    return list(reversed(found["messages"]))


def outcomes(client: Client, query: str = "") -> list[tuple[str, str]]:
    return [(m["device"], m["outcome"]) for m in inbox(client, query)]


def store_of(sandbox: Sandbox) -> Store:
    assert sandbox._store is not None
    return sandbox._store


def test_a_user_gets_it_on_every_phone(client: Client) -> None:
    client.push(TargetMsgkey={"li": "k"})

    vivo, ipad = inbox(client)
    assert (vivo["device"], vivo["vendor"], vivo["system"]) == ("li-vivo", "vivo", "Android 14")
    assert (vivo["outcome"], vivo["rule"], vivo["until"]) == ("shown", None, None)
    assert (ipad["outcome"], ipad["until"]) == ("waiting", "2026-12-01T10:10:00+08:00")
    assert ipad["rule"] == "the phone is offline until 2026-12-01T12:00:00+08:00"
    assert len(client.deliveries()) == 1
    client.advance(600)
    assert outcomes(client, "user:li") == [("li-vivo", "shown"), ("li-ipad", "expired")]
    assert outcomes(client, "is:expired+vendor:ios") == [("li-ipad", "expired")]


def test_what_waits_is_shown_when_the_phone_comes_online(client: Client) -> None:
    client.push(TargetMsgkey={"li": "k"}, ExpiredSeconds=7200, Title="长" * 30)
    client.advance(7199)
    assert outcomes(client) == [("li-vivo", "rejected"), ("li-ipad", "waiting")]
    client.advance(1)

    ipad = inbox(client)[1]
    assert (ipad["outcome"], ipad["at"]) == ("cut", "2026-12-01T12:00:00+08:00")
    assert (ipad["title"], ipad["title_sent"]) == ("长" * 19 + "…", "长" * 30)


@pytest.mark.parametrize(
    ("kind", "target", "device"),
    [
        (1, "t-vivo", "li-vivo"),
        (2, "t-ipad", "li-ipad"),
        (1, "t-ipad", None),
        (7, "t-vivo", None),
        (1, "li", None),
        (3, "t-vivo", None),
        (1, "t-shelf", "shelf"),
    ],
)
def test_a_device_is_found_by_its_token_and_platform(
    client: Client, kind: int, target: str, device: str | None
) -> None:
    client.push(DeliveryType=kind, TargetMsgkey={target: "k"})

    assert [message["device"] for message in inbox(client)] == [device]


def test_switched_off_notifications_block(client: Client) -> None:
    client.push(TargetMsgkey={"wang": "k"})

    assert outcomes(client, "is:blocked") == [("wang-oppo", "blocked")]


def test_a_third_marketing_message_of_the_day_is_capped(client: Client) -> None:
    for _ in range(3):
        client.push(TargetMsgkey={"li": "k"}, Classification="0")
    client.push(TargetMsgkey={"li": "k"})
    client.advance(86_400)
    client.push(TargetMsgkey={"li": "k"}, Classification="0")

    found = [message["outcome"] for message in inbox(client, "vendor:vivo")]
    assert found == ["shown", "shown", "capped", "shown", "shown"]


def test_withdrawn_before_and_after_it_was_shown(client: Client) -> None:
    client.push(TargetMsgkey={"li": "k"}, ExpiredSeconds=7200)
    client.push(TargetMsgkey={"wang": "k"})
    for user in ("li", "wang"):
        revoked = {"AppId": "A", "WorkspaceId": "w", "MessageId": "k", "TargetId": user}
        client.call("RevokePushMessage", **revoked)
    client.advance(86_400)

    found = [("li-vivo", "revoked"), ("li-ipad", "revoked"), ("wang-oppo", "blocked")]
    assert outcomes(client) == found


def test_nobody_is_bound_until_somebody_logs_in(client: Client, sandbox: Sandbox) -> None:
    for key in ("late", "soon"):
        client.push(TargetMsgkey={"chen": key}, ExpiredSeconds=60 if key == "late" else 7200)
    client.push(TargetMsgkey={"chen": "gone"}, ExpiredSeconds=7200)
    revoked = {"AppId": "A", "WorkspaceId": "w", "MessageId": "gone", "TargetId": "chen"}
    client.call("RevokePushMessage", **revoked)
    assert outcomes(client) == [(None, "not-bound"), (None, "not-bound"), (None, "revoked")]
    client.advance(3600)
    with store_of(sandbox).session() as session:
        session.register_phone("t-shelf", user="chen")

    late, soon, gone = inbox(client)
    assert (late["device"], late["outcome"]) == (None, "expired")
    assert (soon["device"], soon["outcome"], soon["at"]) == (
        "shelf",
        "shown",
        "2026-12-01T11:00:00+08:00",
    )
    assert (gone["device"], gone["outcome"]) == (None, "revoked")
    client.push(TargetMsgkey={"chen": "k"})
    assert outcomes(client)[-1] == ("shelf", "shown")
    with store_of(sandbox).session() as session:
        assert session.phones.unbind("t-shelf", "chen")
        assert not session.phones.unbind("t-shelf", "chen")
    client.push(TargetMsgkey={"chen": "k"})
    assert outcomes(client)[-1] == (None, "not-bound")


def test_a_kept_message_of_a_token_is_delivered_to_it(client: Client, sandbox: Sandbox) -> None:
    client.push(DeliveryType=1, TargetMsgkey={"t-new": "k"})
    with store_of(sandbox).session() as session:
        session.register_phone("t-new", vendor="honor", system="Magic 9")

    (message,) = inbox(client)
    assert (message["device"], message["vendor"], message["outcome"]) == ("t-new", "honor", "shown")


def test_a_phone_may_be_registered_without_a_seed() -> None:
    with Sandbox(now=NOW) as sandbox:
        client = Client(sandbox.url)
        with store_of(sandbox).session() as session:
            session.register_phone("t", user="u1")
        client.push(TargetMsgkey={"u1": "a", "u2": "b"})
        assert outcomes(client) == [("t", "shown"), (None, "shown")]


def test_a_broadcast_reaches_phones_of_its_platform(sandbox: Sandbox) -> None:
    with store_of(sandbox).session() as session:
        phones = session.phones
        bound = phones.audience(1, {})
        everyone = phones.audience(1, {"PushStatus": "1"})
        unbound = phones.audience(1, {"PushStatus": 2})
        apples = phones.audience(2, {})

    assert bound == ["t-vivo", "t-oppo", "t-xiaomi"]
    assert everyone == [*bound, "t-shelf"]
    assert (unbound, apples) == (["t-shelf"], ["t-ipad"])


@pytest.mark.parametrize(
    ("user", "strategy", "numbers", "later"),
    [
        ("li", 1, [], []),
        ("li", 2, ["li-vivo"], []),
        ("wang", 1, ["wang-oppo"], []),
        ("wang", 2, ["wang-oppo"], []),
        ("zhao", 1, [], ["zhao-xiaomi"]),
        ("zhao", 2, ["zhao-xiaomi"], []),
        ("nobody", 1, [], []),
        ("wang", 0, [], []),
    ],
)
def test_an_sms_is_sent(
    client: Client, user: str, strategy: int, numbers: list[str], later: list[str]
) -> None:
    client.push(TargetMsgkey={user: "k"}, SmsStrategy=strategy, **SMS)

    def sent() -> list[str]:
        found = [m for m in inbox(client, "is:shown") if m["channel"] == "sms"]
        assert all(m["content"] == "【Shop】your code is 7" for m in found)
        assert all((m["title"], m["segments"]) == ("Shop", 1) for m in found)
        return [m["device"] for m in found]

    assert sent() == numbers
    client.advance(600)
    assert sent() == numbers + later


def test_an_sms_that_was_sent_cannot_be_withdrawn(client: Client) -> None:
    client.push(TargetMsgkey={"wang": "k"}, SmsStrategy=1, **{**SMS, "SmsTemplateCode": "S9"})
    client.push(TargetMsgkey={"zhao": "k"}, SmsStrategy=1, **SMS)
    for user in ("wang", "zhao"):
        revoked = {"AppId": "A", "WorkspaceId": "w", "MessageId": "k", "TargetId": user}
        client.call("RevokePushMessage", **revoked)
    client.advance(600)

    sms = [m for m in inbox(client) if m["channel"] == "sms"]
    assert [(m["device"], m["outcome"]) for m in sms] == [
        ("wang-oppo", "shown"),
        ("zhao-xiaomi", "revoked"),
    ]
    assert (sms[0]["segments"], sms[0]["content"][:3]) == (None, "S9 ")


def test_ids_follow_from_the_seed(seed: Path, tmp_path: Path) -> None:
    def ids(path: Path | None, data: Path | None = None) -> list[str]:
        with Sandbox(data, now=NOW, seed=path) as sandbox:
            client = Client(sandbox.url)
            client.loop()
            before = [o["id"] for task in client.tasks() for o in (task, *task["occurrences"])]
            client.control("POST", "reset", {"all": True})
            client.control("POST", "clock", {"set": NOW})
            client.loop()
            after = [o["id"] for task in client.tasks() for o in (task, *task["occurrences"])]
            assert (before == after) == (path is not None)
            assert len(set(before)) == 8
            return after

    other = tmp_path / "other.yaml"
    other.write_text(f"number: 2{SEED}", "utf-8")
    assert ids(seed) == ids(seed, tmp_path / "s.db")
    assert ids(other) != ids(seed)
    assert ids(None) != ids(None)


def test_a_seed_is_planted_once_and_again_when_it_is_another(seed: Path, tmp_path: Path) -> None:
    data = tmp_path / "s.db"

    def run(path: Path | None) -> list[tuple[str, str]]:
        with Sandbox(data, now=NOW, seed=path) as sandbox:
            client = Client(sandbox.url)
            client.push(TargetMsgkey={"chen": "k"}, ThirdChannelCategory={"hms": "9"})
            with store_of(sandbox).session() as session:
                session.register_phone("t-shelf", user="chen")
            return outcomes(client)

    run(seed)
    assert run(seed)[-1] == ("shelf", "shown")  # who logged in stays so
    assert run(None)[-1] == ("shelf", "shown")  # and the seed stays, too
    seed.write_text("users: {chen: [{id: new, vendor: ios}]}", "utf-8")
    assert run(seed)[-1] == ("new", "shown")
    with Sandbox(data) as sandbox:
        client = Client(sandbox.url)
        assert outcomes(client)[0] == ("shelf", "shown")  # what was is not forgotten
        client.control("POST", "reset")
        client.push(TargetMsgkey={"chen": "k", "li": "l"})
        assert outcomes(client) == [("new", "shown"), (None, "not-bound")]
