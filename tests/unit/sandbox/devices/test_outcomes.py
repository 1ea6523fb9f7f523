"""What becomes of a message on a phone, by the rules of its vendor."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pushctl.sandbox.devices.outcomes import Message, Outcome, Phone, decide

ZONE = timezone(timedelta(hours=8))
HOUR = 3_600_000


def ms(clock: str) -> int:
    return round(datetime.fromisoformat(f"2026-12-01T{clock}+08:00").timestamp() * 1000)


def on(
    vendor: str | None,
    title: str = "t",
    content: str = "c",
    at: str = "12:00",
    kept: int = HOUR,
    before: int = 0,
    undeclared: str = "service",
    phone: Any = None,
    **params: object,
) -> Outcome:
    message = Message(title, content, params, ms(at), ms(at) + kept)
    return decide(Phone(1, vendor, **(phone or {})), message, before, undeclared, ZONE)


@pytest.mark.parametrize(
    ("vendor", "title", "content"),
    [
        ("xiaomi", 50, 128),
        ("huawei", 40, 0),  # 1024 wide characters are more than 2 KB
        ("oppo", 32, 200),
        ("vivo", 20, 50),
        ("honor", 30, 0),
        ("harmony", 30, 2048),
    ],
)
def test_a_longer_text_is_rejected(vendor: str, title: int, content: int) -> None:
    assert on(vendor, "长" * title).outcome == "shown"
    too_long = on(vendor, "长" * title + "a")
    assert too_long.outcome == "rejected"
    assert too_long.rule is not None
    assert "title" in too_long.rule
    if content:
        assert on(vendor, content="长" * content).outcome == "shown"
        assert on(vendor, content="长" * content + "a").outcome == "rejected"


def test_the_rule_is_said_in_words() -> None:
    rule = "vivo takes 40 units (a wide character is 2) of title; this one has 42"
    assert on("vivo", "长" * 21).rule == rule
    assert (
        on("oppo", content="a" * 201).rule
        == "OPPO takes 200 characters of content; this one has 201"
    )


@pytest.mark.parametrize("vendor", ["mps", "fcm", None])
def test_some_have_no_lengths(vendor: str | None) -> None:
    assert on(vendor, "a" * 900, "a" * 1000).outcome == "shown"


def test_an_iphone_cuts() -> None:
    assert on("ios", "a" * 40, "a" * 110).outcome == "shown"
    cut = on("ios", "a" * 41, "长" * 60)
    assert cut.outcome == "cut"
    assert (cut.title, cut.content) == ("a" * 39 + "…", "长" * 54 + "…")
    assert on("ios", "a" * 41).content == "c"


@pytest.mark.parametrize("vendor", ["mps", "huawei", "ios", "fcm"])
def test_two_kilobytes_are_the_most(vendor: str) -> None:
    extended = {"k": "长" * 600}
    assert on(vendor, ExtendedParams=extended).outcome == "shown"
    outcome = on(vendor, Uri="u" * 300, ExtendedParams=extended)
    assert outcome.rule is not None
    assert "2048 bytes; these are" in outcome.rule


@pytest.mark.parametrize(
    ("vendor", "params", "undeclared", "most"),
    [
        ("vivo", {"Classification": "0"}, "service", 2),
        ("vivo", {"Classification": "1"}, "marketing", 0),
        ("vivo", {}, "marketing", 0),
        ("huawei", {"ThirdChannelCategory": {"hms": "14"}}, "service", 2),
        ("huawei", {"ThirdChannelCategory": {"hms": "9"}}, "marketing", 0),
        ("huawei", {"ThirdChannelCategory": {"vivo": "1"}}, "marketing", 2),
        ("huawei", {}, "service", 0),
        ("honor", {}, "marketing", 2),
        ("harmony", {}, "marketing", 2),
        ("oppo", {}, "marketing", 2),
        ("oppo", {"ThirdChannelCategory": {"oppo": "x"}}, "marketing", 0),
        ("xiaomi", {}, "marketing", 5),
        ("xiaomi", {"MiChannelId": "7"}, "marketing", 0),
        ("ios", {}, "marketing", 0),
        ("fcm", {}, "marketing", 0),
        ("mps", {}, "marketing", 0),
        (None, {}, "marketing", 0),
    ],
)
def test_so_much_marketing_a_day(vendor: str, params: Any, undeclared: str, most: int) -> None:
    last = on(vendor, before=max(most - 1, 0), undeclared=undeclared, **params)
    assert last.outcome == "shown"
    next_one = on(vendor, before=most or 99, undeclared=undeclared, **params)
    assert next_one.outcome == ("capped" if most else "shown")
    assert (last.marketing, next_one.marketing) == (bool(most) or vendor is None, vendor is None)


def test_mps_own_channel_has_no_rules_of_vendors() -> None:
    assert on("vivo", "长" * 21, NotifyType="transparent").outcome == "shown"
    assert on("vivo", "长" * 21, AndroidChannel="1").outcome == "shown"
    assert on("vivo", "长" * 21, NotifyType="notify").outcome == "rejected"
    assert on("ios", "长" * 21, NotifyType="transparent").outcome == "cut"


@pytest.mark.parametrize(
    ("at", "outcome"),
    [("06:59", "rejected"), ("07:00", "shown"), ("22:59", "shown"), ("23:00", "rejected")],
)
def test_vivo_takes_operational_messages_by_day(at: str, outcome: str) -> None:
    assert on("vivo", at=at, Classification="0").outcome == outcome
    assert on("vivo", at=at, Classification="1").outcome == "shown"


def test_quiet_hours_hold_marketing_back() -> None:
    held = on("huawei", at="03:00", kept=4 * HOUR, undeclared="marketing")
    assert (held.outcome, held.ends_ms) == ("shown", ms("06:00"))
    assert held.waits == "Huawei holds marketing back until 2026-12-01T06:00:00+08:00"
    assert on("huawei", at="03:00", kept=HOUR, undeclared="marketing").outcome == "expired"
    assert on("huawei", at="03:00", undeclared="service").ends_ms == ms("03:00")


def test_an_offline_phone_waits_until_it_is_online_or_it_expires() -> None:
    phone = {"online": "08:00-23:00"}
    waits = on("vivo", at="06:00", kept=2 * HOUR, phone=phone)
    assert (waits.outcome, waits.ends_ms) == ("shown", ms("08:00"))
    assert waits.waits == "the phone is offline until 2026-12-01T08:00:00+08:00"
    expires = on("vivo", at="06:00", kept=2 * HOUR - 1, phone=phone)
    assert (expires.outcome, expires.ends_ms) == ("expired", ms("08:00") - 1)
    never = on("vivo", phone={"online": "never"})
    assert (never.outcome, never.rule) == ("expired", "the phone is offline")


def test_it_waits_for_both_the_phone_and_the_vendor() -> None:
    late = on(
        *("honor", "t", "c"),
        at="01:00",
        kept=30 * HOUR,
        undeclared="marketing",
        phone={"online": "05:00-06:00"},
    )
    assert late.outcome == "expired"  # online only while Honor holds it back
    day = on(
        "honor", at="01:00", kept=9 * HOUR, undeclared="marketing", phone={"online": "08:00-09:00"}
    )
    assert (day.outcome, day.ends_ms) == ("shown", ms("08:00"))


def test_switched_off_notifications_block_after_the_vendor_took_it() -> None:
    off = {"notifications": False}
    assert on("vivo", phone=off).outcome == "blocked"
    assert on("vivo", "长" * 21, phone=off).outcome == "rejected"
