"""Links, pictures, silence, and what vendors are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pushctl.diagnostics import Severity
from pushctl.lint.rules.message.links import host_of, matches
from tests.unit.lint.found import ENTRY, linted, message, of_entry

IPHONE = {"to": {"ios": ["7" * 64]}}
HARMONY = {"to": {"harmony": ["harmony-1"]}}
MARKETING = {"labels": {"class": "marketing"}, "expires_after": "1h"}
OPERATIONAL = {"vivo": {"class": "operational"}}
LINKS = {"links": {"schemes": ["https", "acme"], "hosts": ["m.acme.example", "*.shop.example"]}}


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://m.acme.example/x", "m.acme.example"),
        ("HTTPS://M.ACME.example:443", "m.acme.example"),
        ("https://m.acme.example@evil.example/", "evil.example"),
        ("https://evil.example\\@m.acme.example/", "evil.example"),
        ("https://m.acme.example./", "m.acme.example"),
        ("https://[::1", None),
        ("https:///path", None),
        ("https:m.acme.example", None),
    ],
)
def test_the_host_that_a_browser_would_go_to(link: str, host: str | None) -> None:
    assert host_of(link) == host


@pytest.mark.parametrize(
    ("host", "pattern", "fits"),
    [
        ("m.acme.example", "m.acme.example", True),
        ("m.acme.example", "M.Acme.Example.", True),
        ("a.b.shop.example", "*.shop.example", True),
        ("shop.example", "*.shop.example", False),
        ("evilshop.example", "*.shop.example", False),
        ("m.acme.example.evil.example", "*.acme.example", False),
    ],
)
def test_hosts_of_the_policy(host: str, pattern: str, *, fits: bool) -> None:
    assert matches(host, pattern) is fits


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://m.acme.example/sale", False),
        ("https://a.shop.example", False),
        ({"intent": "acme://sale"}, False),
        ("https://acme.example/sale", True),
        ("https://m.acme.example@evil.example/", True),
        ({"intent": "other://sale"}, True),
        ({"intent": "sale"}, True),
    ],
)
def test_links_of_the_policy(link: Any, tmp_path: Path, *, found: bool) -> None:
    codes = of_entry(tmp_path, message(open=link), policy=LINKS)
    assert set(codes) == ({"PSH313"} if found else set())


def test_without_a_policy_links_lead_anywhere(tmp_path: Path) -> None:
    assert of_entry(tmp_path, message(open="https://elsewhere.example")) == {}


def test_a_link_of_the_policy_is_named_and_placed(tmp_path: Path) -> None:
    found = of_entry(tmp_path, message(open={"url": "https://evil.example/"}), policy=LINKS)
    item = found["PSH313"]
    assert "evil.example" in item.detail
    assert "m.acme.example, *.shop.example" in item.detail
    assert item.range is not None
    line = (tmp_path / "pushctl.yaml").read_text().splitlines()[item.range.start.line - 1]
    assert "https://evil.example/" in line


def test_what_is_not_encrypted(tmp_path: Path) -> None:
    picture = message(icon={"default": "https://a.example/i", "oppo": "HTTP://a.example/i"})
    assert of_entry(tmp_path, picture)["PSH309"].severity is Severity.ERROR
    assert of_entry(tmp_path, message(open="http://a.example"))["PSH309"].severity is (
        Severity.WARNING
    )
    assert of_entry(tmp_path, message(icon="https://a.example/i", open="https://a.example")) == {}


def test_who_does_not_see_a_picture(tmp_path: Path) -> None:
    picture = message(style="image", image="https://a.example/i")
    everybody = of_entry(tmp_path, picture)["PSH310"]
    assert everybody.severity is Severity.INFO
    assert "Honor, Xiaomi and vivo" in everybody.detail
    assert of_entry(tmp_path, {**picture, **IPHONE}) == {}
    # Nobody says whether HarmonyOS shows it, so nothing is said.
    assert of_entry(tmp_path, {**picture, **HARMONY}) == {}
    given = message(style="image", image={"xiaomi": "https://a.example/i"})
    assert "The one for Xiaomi is for nothing." in of_entry(tmp_path, given)["PSH310"].detail


def test_a_silent_push(tmp_path: Path) -> None:
    silent = message(silent=True)
    assert of_entry(tmp_path, silent) == {}
    assert of_entry(tmp_path, message(silent=True, icon="https://a.example/i"))[
        "PSH315"
    ].severity is (Severity.WARNING)
    sms = {"mode": "fallback", "sign": "Acme", "template": "SMS_1", "params": {}}
    assert of_entry(tmp_path, {**silent, "sms": sms})["PSH315"].severity is Severity.ERROR
    assert of_entry(tmp_path, {**message(silent=False), "sms": sms}) == {}


def test_vivo_is_told_of_marketing(tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, MARKETING)) == {"PSH321"}
    told = {**MARKETING, "vendors": {"vivo": {"class": "system"}}}
    assert set(of_entry(tmp_path, told)) == {"PSH321"}
    assert of_entry(tmp_path, {**MARKETING, "vendors": OPERATIONAL}) == {}
    assert of_entry(tmp_path, {**MARKETING, **IPHONE}) == {}
    assert of_entry(tmp_path, {**MARKETING, "via": "mps"}) == {}
    assert of_entry(tmp_path, {"labels": {"class": "service"}}) == {}


@pytest.mark.parametrize(
    ("labels", "huawei", "severity"),
    [
        ({"class": "marketing"}, "finance", Severity.ERROR),
        ({"class": "marketing"}, "im", Severity.ERROR),
        ({"class": "marketing"}, "marketing", None),
        ({"class": "marketing"}, "raw:99", None),
        ({"class": "service"}, "marketing", Severity.WARNING),
        ({}, "marketing", None),
        ({"class": "service"}, "finance", None),
    ],
)
def test_what_huawei_is_told(
    labels: dict[str, str], huawei: str, severity: Severity | None, tmp_path: Path
) -> None:
    vendors = {**OPERATIONAL, "huawei": {"category": huawei}}
    entry = {"labels": labels, "vendors": vendors, "expires_after": "1h"}
    found = of_entry(tmp_path, entry)
    assert {code: item.severity for code, item in found.items()} == (
        {} if severity is None else {"PSH322": severity}
    )


def test_a_chat_for_vivo_is_no_marketing(tmp_path: Path) -> None:
    vendors = {"vivo": {"class": "operational", "category": "im"}}
    assert set(of_entry(tmp_path, {**MARKETING, "vendors": vendors})) == {"PSH322"}
    assert of_entry(tmp_path, {"vendors": vendors}) == {}


def test_voices_are_for_transparent_messages(tmp_path: Path) -> None:
    vendors = {"vendors": {"huawei": {"category": "play-voice"}}}
    assert set(of_entry(tmp_path, vendors)) == {"PSH323"}
    transparent = message(transparent_payload={"say": "8.50"})
    assert of_entry(tmp_path, {**vendors, **transparent}) == {}


def test_loud_marketing(tmp_path: Path) -> None:
    for vendor, level in (("oppo", "full"), ("huawei", "normal")):
        vendors = {**OPERATIONAL, vendor: {"level": level}}
        assert set(of_entry(tmp_path, {**MARKETING, "vendors": vendors})) == {"PSH324"}
        assert of_entry(tmp_path, {"vendors": vendors}) == {}


DAILY = {"every": "day", "at": "09:00"}


def daily(at: Any = "09:00", *users: str, **more: Any) -> dict[str, Any]:
    return {
        **ENTRY,
        "schedule": {**DAILY, "at": at},
        "to": {"users": list(users or ("user1024",))},
        **more,
    }


def same_day(folder: Path, **pushes: dict[str, Any]) -> list[str]:
    return [item.detail for item in linted(folder, pushes) if item.code == "PSH325"]


def test_two_pushes_a_day_on_xiaomi(tmp_path: Path) -> None:
    (twice,) = same_day(tmp_path, a=daily("09:00", "u1", "u2"), b=daily("18:00", "u3", "u2"))
    # Today's 09:00 is the moment of looking: the first day with both is tomorrow.
    assert twice.startswith("On 2026-12-02 a and b are delivered to the same people.")
    (alone,) = same_day(tmp_path, a=daily(["10:00", "18:00"]))
    assert alone.startswith("On 2026-12-01 a is delivered more than once.")
    (three,) = same_day(tmp_path, a=daily("10:00"), b=daily("11:00"), c=daily("12:00"))
    assert "1 more push is like that." in three


def test_one_push_a_day_on_xiaomi(tmp_path: Path) -> None:
    named = {"vendors": {"xiaomi": {"channel": "1"}}}
    assert same_day(tmp_path, a=daily("09:00", "u1"), b=daily("18:00", "u2")) == []
    assert same_day(tmp_path, a=daily(), b=daily("18:00", **named)) == []
    assert same_day(tmp_path, a=daily(), b={**daily("18:00"), **IPHONE}) == []
    assert same_day(tmp_path, a=daily(), b=daily("18:00", via="mps")) == []
    once = {"schedule": {"at": "2026-12-24T20:00"}}
    other = {"schedule": {"at": "2026-12-25T20:00"}}
    assert same_day(tmp_path, a={**ENTRY, **once}, b={**ENTRY, **other}) == []


def test_days_are_those_of_china(tmp_path: Path) -> None:
    """Twelve hours apart in New York can be one day in Shanghai, or two."""
    zone = {"timezone": "America/New_York"}
    one = {**ENTRY, "schedule": {"at": "2026-12-24T12:00", **zone}}  # the 25th, 01:00
    two = {**ENTRY, "schedule": {"at": "2026-12-25T10:00", **zone}}  # the 25th, 23:00
    three = {**ENTRY, "schedule": {"at": "2026-12-25T12:00", **zone}}  # the 26th
    (found,) = same_day(tmp_path, a=one, b=two)
    assert found.startswith("On 2026-12-25 a and b")
    assert same_day(tmp_path, a=one, c=three) == []
