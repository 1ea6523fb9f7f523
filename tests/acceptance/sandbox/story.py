"""A month of pushes to a few people and their phones, for the page to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import DAY_MS, Client

NOW = "2026-12-01T09:00:00+08:00"
HOUR_MS = DAY_MS // 24
DAY_0 = 1_796_054_400_000  # midnight before
APP = {"AppId": "ONEX0000000000000", "WorkspaceId": "prod"}
MEAN = "<img src=//evil.example/x onerror=document.title='owned'>\u202e</script>{0}"

SEED = """
number: 7
apps: [ONEX0000000000000/prod]
users:
  "0042": [{id: y200, vendor: vivo, system: OriginOS 4}]
  "0043": [{id: iphone-15, vendor: ios, system: iOS 18}]
  "0044": [{id: mate-60, vendor: huawei, system: HarmonyOS 4, online: "08:00-20:00"}]
  "0045": [{id: xiaomi-14, vendor: xiaomi, system: HyperOS}, {id: pura-70, vendor: harmony}]
  "0046": [{id: find-x7, vendor: oppo, notifications: false}]
"""

Push = dict[str, Any]


def at(day: int, hour: float) -> Push:
    """Once, on a day of December."""
    moment = DAY_0 + (day - 1) * DAY_MS + int(hour * HOUR_MS)
    return {"StrategyType": 1, "StrategyContent": {"fixedTime": moment}}


def each(kind: int, values: list[int], time: str) -> Push:
    """Again and again through December: every day (1) or on some days of the week (2)."""
    bounds = {"startTime": DAY_0, "endTime": DAY_0 + 30 * DAY_MS}
    loop = {**bounds, "circleType": kind, "circleValue": values, "time": time}
    return {"StrategyType": 2, "StrategyContent": loop}


def push(name: str, title: str, content: str, users: str, when: Push, **more: Any) -> Push:
    keys = {user: f"{name}-{user}" for user in users.split()}
    texts = {"TaskName": name, "Title": title, "Content": content, "TargetMsgkey": keys}
    return {**APP, **texts, **when, "ExpiredSeconds": 3600, **more}


LONG = "双十二大促今晚八点准时开抢：全场五折，先到先得，不要错过"
EVERY_DAY, SATURDAYS = each(1, [], "12:00:00"), each(2, [6], "10:50:00")


def month() -> list[Push]:
    """Every push: one is too long for vivo, one too late for a phone, one is withdrawn later."""
    some = "0042 0043 0044"
    recipe, packed = "Tomato and beef: everything in one pot.", "Your order is packed"
    return [
        push("daily-deal", "今日特价", "番茄牛腩 19.9 元，今晚六点前下单有效。", some, EVERY_DAY),
        push("weekend-recipe", "Weekend recipe", recipe, "0043 0045", SATURDAYS),
        push("double-twelve", LONG, "点此领取优惠券，数量有限。", f"{some} 0045 0046", at(12, 20)),
        push("evening-shift", "晚班签到提醒", "请在九点前签到。", "0044", at(5, 21.5)),
        push("night-order", packed, "It leaves now.", "0044", at(14, 22), ExpiredSeconds=86_400),
        push("wrong-price", "Coffee at ¥0.19", "Only today.", "0043 0045", at(10, 15)),
        push("mean", MEAN.format("title"), MEAN.format("content"), "0043", at(3, 9)),
    ]


def opened(folder: Path) -> Sandbox:
    """Return a sandbox with these phones, not started yet."""
    seed = folder / "seed.yaml"
    seed.write_text(SEED, "utf-8")
    return Sandbox(seed=seed, now=NOW)


def schedule(client: Client) -> None:
    for each_push in month():
        answer = client.push(**each_push)
        assert answer.body["ResultCode"] == "OK", answer.body
    by_hand = push("by-hand", "Made by hand", "Somebody did.", "0043", at(16, 9))
    client.control("POST", "tasks", {**by_hand, "DeliveryType": 3, "PushStyle": 0})


def withdraw(client: Client) -> None:
    revoked = client.call("RevokePushMessage", **APP, MessageId="wrong-price-0043", TargetId="0043")
    assert revoked.body["ResultCode"] == "OK", revoked.body
