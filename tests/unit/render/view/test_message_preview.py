"""What phones show of a message."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pushctl.render.view.message_preview import Device, Seen, State, devices_of, seen
from pushctl.vendors.facts import Channel, facts
from pushctl.vendors.screens import Alert, screens
from tests.builders import desired
from tests.security.hostile import TEXTS

WIDE = "限时特惠全场六折会员优先抢购今晚到手价再送好礼"


def message(**changes: Any) -> dict[str, Any]:
    return {"Title": "Deal of the day", "Content": "40% off.", "PushStyle": 0, **changes}


def look(device: Device, state: State = State.COLLAPSED, **changes: Any) -> Seen:
    return seen(message(**changes), device, state)


def test_every_channel_has_a_screen_with_a_source() -> None:
    assert set(screens().by_channel) == set(Channel)
    for screen in screens().by_channel.values():
        assert len(screen.source) > 20


@pytest.mark.parametrize(
    ("kind", "devices"),
    [
        (1, {Device.HUAWEI, Device.HONOR, Device.XIAOMI, Device.OPPO, Device.VIVO}),
        (2, {Device.IPHONE}),
        (3, set(Device)),
        (6, {Device.IPHONE}),
        (7, {Device.HARMONY}),
    ],
)
def test_a_kind_of_target_reaches_its_phones(kind: int, devices: set[Device]) -> None:
    push = desired()
    push = replace(push, parameters={**push.parameters, "DeliveryType": kind})
    assert set(devices_of(push)) == devices


@pytest.mark.parametrize("device", Device)
@pytest.mark.parametrize("state", State)
def test_a_short_message_is_shown_whole_everywhere(device: Device, state: State) -> None:
    shown = look(device, state)
    assert (shown.title.shown, shown.title.rest) == ("Deal of the day", "")
    assert shown.body.whole
    assert shown.arrives


def test_an_iphone_cuts_where_it_is_stated_and_others_about_there() -> None:
    iphone, android = look(Device.IPHONE, Title=WIDE), look(Device.HUAWEI, Title=WIDE)
    assert iphone.title.shown == WIDE[:20]
    assert iphone.title.rest == WIDE[20:]
    assert iphone.title.exact
    assert not android.title.exact


def test_an_opened_notification_shows_more() -> None:
    body = "word " * 30
    collapsed, expanded = (look(Device.OPPO, state, Content=body) for state in State)
    assert len(collapsed.body.shown) == 45
    assert expanded.body.whole
    assert look(Device.IPHONE, State.EXPANDED, Content=body * 9).body.whole


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
    shown = look(device, Title=title)
    assert shown.rejected == (() if reason is None else (reason,))
    assert shown.arrives == (reason is None)


def test_a_style_can_leave_less_room_for_the_body() -> None:
    body = "x" * 60
    assert look(Device.OPPO, Content=body, PushStyle=0).rejected == ()
    assert look(Device.OPPO, Content=body, PushStyle=2).rejected == (
        "the body is 60 of 50 characters long",
    )


def test_where_nobody_says_what_happens_it_is_a_doubt() -> None:
    shown = look(Device.HARMONY, Title=WIDE + WIDE)
    assert shown.arrives
    assert "nobody states" in shown.doubts[0]


@pytest.mark.parametrize("device", Device)
def test_empty_and_huge_messages_are_refused_everywhere(device: Device) -> None:
    assert look(device, Title=" \t").rejected == ("the title is empty",)
    huge = look(device, ExtendedParams="x" * 2048).rejected
    assert any("bytes" in reason for reason in huge)


def test_the_channel_of_the_app_itself_has_no_vendor() -> None:
    long = {"Title": "x" * 200, "NotifyType": "transparent"}
    assert look(Device.VIVO, **long).rejected == ()
    assert look(Device.IPHONE, **long).arrives


PICTURES = json.dumps({"defaultUrl": "https://a.example/d.png", "oppoUrl": "https://a.example/o"})


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
    picture = look(device, PushStyle=2, ImageUrls=PICTURES).picture
    assert (picture.shown, picture.url) == (shown, url)


def test_a_picture_takes_its_room_and_needs_its_style() -> None:
    assert look(Device.OPPO, ImageUrls=PICTURES).picture.shown is False
    body = "x" * 50
    beside = look(Device.OPPO, State.EXPANDED, PushStyle=2, ImageUrls=PICTURES, Content=body)
    assert len(beside.body.shown) == 45


@pytest.mark.parametrize(
    ("device", "changes", "alert"),
    [
        (Device.HUAWEI, {"NotifyLevel": '{"hms":"2"}'}, Alert.LOUD),
        (Device.HUAWEI, {"NotifyLevel": '{"hms":"1"}'}, Alert.QUIET),
        (Device.HUAWEI, {"ThirdChannelCategory": '{"hms":"14"}'}, Alert.QUIET),
        (Device.HUAWEI, {"ThirdChannelCategory": '{"hms":"9"}'}, Alert.OPEN),
        (Device.OPPO, {"NotifyLevel": '{"oppo":"3"}'}, Alert.LOUD),
        (Device.OPPO, {"NotifyLevel": '{"oppo":"9"}'}, Alert.OPEN),
        (Device.XIAOMI, {}, Alert.OPEN),
        (Device.XIAOMI, {"Silent": 1}, Alert.HIDDEN),
    ],
)
def test_how_it_calls_for_attention(device: Device, changes: Any, alert: Alert) -> None:
    shown = look(device, **changes)
    assert shown.alert is alert
    assert shown.arrives == (alert is not Alert.HIDDEN)


def test_the_number_of_the_marketing_category_is_the_compilers() -> None:
    from pushctl.manifest.compile import CATEGORIES
    from pushctl.push.push import DELIVERY_TYPES
    from pushctl.render.view import message_preview

    assert CATEGORIES["huawei"]["marketing"] == message_preview.HUAWEI_MARKETING
    assert "marketing" in facts().huawei_marketing
    assert {kind: name for name, kind in DELIVERY_TYPES.items()} == message_preview.DIMENSIONS


@pytest.mark.parametrize("text", [*TEXTS.values(), "[" * 100_000, "9" * 5000, "[1]", "null", "{"])
@pytest.mark.parametrize("device", Device)
def test_whatever_stands_in_the_parameters_something_is_said(device: Device, text: str) -> None:
    names = ("Title", "Content", "PushStyle", "ImageUrls", "NotifyLevel", "Silent")
    for state in State:
        shown = seen(dict.fromkeys(names, text), device, state)
        assert shown.title.shown + shown.title.rest == text
