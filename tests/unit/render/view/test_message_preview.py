"""What phones show of a message."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.mpaas import encode
from pushctl.push.message import AudienceKind, VendorOptions
from pushctl.render.view.message_preview import Device, Preview, State, devices_of, preview
from pushctl.vendors.facts import Channel, facts
from pushctl.vendors.screens import Alert, screens
from tests.builders import changed, desired
from tests.security.hostile import TEXTS

WIDE = "限时特惠全场六折会员优先抢购今晚到手价再送好礼"


def look(device: Device, state: State = State.COLLAPSED, **changes: Any) -> Preview:
    push = desired(title="Deal of the day", content="40% off.")
    return preview(changed(push, **changes), device, state)


def test_every_channel_has_a_screen_with_a_source() -> None:
    assert set(screens().by_channel) == set(Channel)
    for screen in screens().by_channel.values():
        assert len(screen.source) > 20


@pytest.mark.parametrize(
    ("kind", "devices"),
    [
        (AudienceKind.ANDROID, set(Device) - {Device.IPHONE, Device.HARMONY}),
        (AudienceKind.IOS, {Device.IPHONE}),
        (AudienceKind.USERS, set(Device)),
        (AudienceKind.ACTIVITY_IDS, {Device.IPHONE}),
        (AudienceKind.HARMONY, {Device.HARMONY}),
    ],
)
def test_a_kind_of_target_reaches_its_phones(kind: AudienceKind, devices: set[Device]) -> None:
    assert set(devices_of(changed(desired(), kind=kind))) == devices


@pytest.mark.parametrize("device", Device)
@pytest.mark.parametrize("state", State)
def test_a_short_message_is_shown_whole_everywhere(device: Device, state: State) -> None:
    shown = look(device, state)
    assert (shown.title.shown, shown.title.rest) == ("Deal of the day", "")
    assert shown.body.whole
    assert shown.arrives


def test_an_iphone_cuts_where_it_is_stated_and_others_about_there() -> None:
    iphone, android = look(Device.IPHONE, title=WIDE), look(Device.HUAWEI, title=WIDE)
    assert iphone.title.shown == WIDE[:20]
    assert iphone.title.rest == WIDE[20:]
    assert iphone.title.exact
    assert not android.title.exact


def test_an_opened_notification_shows_more() -> None:
    body = "word " * 30
    collapsed, expanded = (look(Device.OPPO, state, body=body) for state in State)
    assert len(collapsed.body.shown) == 45
    assert expanded.body.whole
    assert look(Device.IPHONE, State.EXPANDED, body=body * 9).body.whole


@pytest.mark.parametrize(
    ("device", "title", "reason"),
    [
        (Device.VIVO, WIDE[:20], None),
        (Device.VIVO, WIDE[:21], "the title is 42 of 40 long, where a Chinese character counts 2"),
        (Device.OPPO, "x" * 33, "the title is 33 of 32 characters long"),
        (Device.HUAWEI, "x" * 41, "the title is 41 of 40 characters long"),
        (Device.XIAOMI, "x" * 51, "the title is 51 of 50 characters long"),
        (
            Device.HONOR,
            WIDE + WIDE,
            "the title is 92 of 60 long, where a Chinese character counts 2",
        ),
        (Device.IPHONE, "x" * 60, None),
    ],
)
def test_what_a_vendor_refuses(device: Device, title: str, reason: str | None) -> None:
    shown = look(device, title=title)
    assert shown.rejected == (() if reason is None else (reason,))
    assert shown.arrives == (reason is None)


def test_a_style_can_leave_less_room_for_the_body() -> None:
    body = "x" * 60
    assert look(Device.OPPO, body=body, style="default").rejected == ()
    assert look(Device.OPPO, body=body, style="image").rejected == (
        "the body is 60 of 50 characters long",
    )


def test_where_nobody_says_what_happens_it_is_a_doubt() -> None:
    shown = look(Device.HARMONY, title=WIDE + WIDE)
    assert shown.arrives
    assert "nobody states" in shown.doubts[0]


@pytest.mark.parametrize("device", Device)
def test_empty_and_huge_messages_are_refused_everywhere(device: Device) -> None:
    assert look(device, title=" \t").rejected == ("the title is empty",)
    huge = look(device, extras={"x": "x" * 2048}).rejected
    assert any("bytes" in reason for reason in huge)


def test_the_channel_of_the_app_itself_has_no_vendor() -> None:
    long = {"title": "x" * 200, "via": "mps"}
    assert look(Device.VIVO, **long).rejected == ()
    assert look(Device.IPHONE, **long).arrives


PICTURES = {"default": "https://a.example/d.png", "oppo": "https://a.example/o"}


@pytest.mark.parametrize(
    ("device", "shown", "url"),
    [
        (Device.OPPO, True, "https://a.example/o"),
        (Device.HUAWEI, True, "https://a.example/d.png"),
        (Device.IPHONE, True, "https://a.example/d.png"),
        (Device.XIAOMI, False, "https://a.example/d.png"),
        (Device.VIVO, False, "https://a.example/d.png"),
        (Device.HARMONY, None, "https://a.example/d.png"),
    ],
)
def test_who_shows_a_picture(device: Device, shown: bool | None, url: str) -> None:
    picture = look(device, style="image", image=PICTURES).picture
    assert (picture.shown, picture.url) == (shown, url)


def test_a_picture_takes_its_room_and_needs_its_style() -> None:
    assert look(Device.OPPO, image=PICTURES).picture.shown is False
    body = "x" * 50
    beside = look(Device.OPPO, State.EXPANDED, style="image", image=PICTURES, body=body)
    assert len(beside.body.shown) == 45


@pytest.mark.parametrize(
    ("device", "changes", "alert"),
    [
        (Device.HUAWEI, {"levels": {"huawei": "normal"}}, Alert.LOUD),
        (Device.HUAWEI, {"levels": {"huawei": "low"}}, Alert.QUIET),
        (Device.HUAWEI, {"categories": {"huawei": "marketing"}}, Alert.QUIET),
        (Device.HUAWEI, {"categories": {"huawei": "finance"}}, Alert.OPEN),
        (Device.OPPO, {"levels": {"oppo": "full"}}, Alert.LOUD),
        (Device.OPPO, {"levels": {"oppo": "raw:9"}}, Alert.OPEN),
        (Device.HUAWEI, {"levels": {"huawei": "raw:2"}}, Alert.LOUD),
        (Device.HUAWEI, {"categories": {"huawei": "raw:14"}}, Alert.QUIET),
        (Device.XIAOMI, {}, Alert.OPEN),
    ],
)
def test_how_it_calls_for_attention(device: Device, changes: Any, alert: Alert) -> None:
    shown = look(device, vendors=VendorOptions(**changes))
    assert shown.alert is alert
    assert shown.arrives


def test_a_silent_message_is_not_displayed() -> None:
    shown = look(Device.XIAOMI, silent=True)
    assert shown.alert is Alert.HIDDEN
    assert not shown.arrives


def test_the_word_for_marketing_is_one_that_the_vendor_page_knows() -> None:
    assert "marketing" in facts().huawei_marketing
    assert "marketing" in encode.CATEGORIES["huawei"]


@pytest.mark.parametrize("text", [*TEXTS.values(), "[" * 100_000, "9" * 5000, "[1]", "null", "{"])
@pytest.mark.parametrize("device", Device)
def test_whatever_stands_in_a_message_something_is_said(device: Device, text: str) -> None:
    raw = VendorOptions(levels={"huawei": f"raw:{text}", "oppo": f"raw:{text}"})
    for state in State:
        shown = look(device, state, title=text, body=text, image={"default": text}, vendors=raw)
        assert shown.title.shown + shown.title.rest == text
