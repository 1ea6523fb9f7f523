"""The parameters of one call."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from pushctl.manifest.schema import models
from pushctl.mpaas import encode
from pushctl.mpaas.encode import encoded, parameters, shared_parameters, strategy_content
from pushctl.push.message import LiveActivity, Sms, VendorOptions
from pushctl.push.task import NewTask, Slot
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot, Schedule
from tests.builders import NOW, changed, days, desired, loop
from tests.fakes import ZONE


def new(schedule: Schedule) -> NewTask:
    return NewTask(
        slot=Slot(1, 2, 3),
        message_keys={"änn": "key"},
        labels={"änn": "h:1"},
        schedule=schedule,
        first=NOW + 5,
        last=NOW + 5,
        deliveries=1,
    )


def test_parameters_of_a_one_shot() -> None:
    wanted = parameters(desired(), new(OneShot(NOW + 5)), zone=ZONE)
    assert wanted == {
        "TaskName": "promo",
        "Title": "Title",
        "Content": "Content",
        "DeliveryType": 3,
        "ExpiredSeconds": 600,
        "PushStyle": 0,
        "TargetMsgkey": '{"änn":"key"}',
        "StrategyType": 1,
        "StrategyContent": '{"fixedTime":1780000005000}',
    }


def test_parameters_of_an_immediate_push_have_no_strategy_content() -> None:
    wanted = parameters(desired(), new(Immediate()), zone=ZONE)
    assert wanted["StrategyType"] == 0
    assert "StrategyContent" not in wanted


def test_strategy_content_of_a_loop() -> None:
    loop = Loop(Every.WEEK, (1, 5), dt.time(9, 30), dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    assert strategy_content(loop, ZONE) == {
        "startTime": 1780243200000,
        "endTime": 1782748800000,
        "circleType": 2,
        "circleValue": [1, 5],
        "time": "09:30:00",
    }


def test_strategy_content_of_a_daily_loop_has_no_days() -> None:
    content = strategy_content(loop("09:00", days(0), days(1)), ZONE)
    assert content is not None
    assert "circleValue" not in content
    assert json.dumps(content)


def message_of(**changes: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in shared_parameters(changed(desired(), **changes)).items()
        if name not in shared_parameters(desired())
    }


@pytest.mark.parametrize(
    ("changes", "wire"),
    [
        ({"url": "https://a.example"}, {"PushAction": 0, "Uri": "https://a.example"}),
        ({"intent": "app://x"}, {"PushAction": 1, "Uri": "app://x"}),
        ({"image": {"default": "d", "xiaomi": "x"}},
         {"ImageUrls": '{"defaultUrl":"d","miuiUrl":"x"}'}),
        ({"silent": False}, {"Silent": 0}),
        ({"extras": {"b": 1, "a": True}}, {"ExtendedParams": '{"a":true,"b":1}'}),
        ({"transparent_payload": [1]}, {"TransparentMessagePayload": "[1]"}),
        ({"via": "mps"}, {"NotifyType": "transparent"}),
        ({"vendors": VendorOptions({"huawei": "marketing", "oppo": "raw:NEWS"}, {"huawei": "low"})},
         {"ThirdChannelCategory": '{"hms":"14","oppo":"NEWS"}', "NotifyLevel": '{"hms":"1"}'}),
        ({"sms": Sms("fallback", "S", "T", {"code": "1"})},
         {"SmsStrategy": 1, "SmsSignName": "S", "SmsTemplateCode": "T",
          "SmsTemplateParam": '{"code":"1"}'}),
        ({"live_activity": LiveActivity("end", {"x": 1}, NOW)},
         {"ActivityEvent": "end", "ActivityContentState": '{"x":1}', "DismissalDate": NOW}),
    ],
)  # fmt: skip
def test_what_a_field_becomes(changes: dict[str, Any], wire: dict[str, Any]) -> None:
    assert message_of(**changes) == wire


def test_raw_wins_over_what_is_derived() -> None:
    push = changed(desired(), silent=True, raw={"Silent": 0, "Novel": "x"})
    assert shared_parameters(push)["Silent"] == 0
    assert shared_parameters(push)["Novel"] == "x"


def test_the_name_counts_only_if_it_is_not_the_id() -> None:
    assert "TaskName" not in encoded(desired())
    assert '"TaskName":"Summer"' in encoded(changed(desired(), name="Summer"))


CODES = tomllib.loads(Path(encode.__file__).with_name("codes.toml").read_text("utf-8"))
ORDERED: list[tuple[dict[str, Any], type, str, list[Any]]] = [
    (CODES["styles"], models.Message, "style", [0, 1, 2]),
    (CODES["sms_strategies"], models.Sms, "mode", [1, 2]),
    (CODES["vivo"], models.Vivo, "class_", ["0", "1"]),
    (CODES["categories"]["vivo"], models.Vivo, "category", ["1"]),
    (CODES["categories"]["huawei"], models.Huawei, "category", [str(n) for n in range(1, 15)]),
    (CODES["levels"]["huawei"], models.Huawei, "level", ["1", "2"]),
    (CODES["levels"]["oppo"], models.Oppo, "level", ["1", "2", "3"]),
]


@pytest.mark.parametrize(("codes", "model", "field", "numbers"), ORDERED)
def test_the_vendor_counts_words_in_the_order_of_the_manifest(
    codes: dict[str, Any], model: type, field: str, numbers: list[Any]
) -> None:
    hint = get_type_hints(model)[field]
    words = next(get_args(x) for x in (hint, *get_args(hint)) if get_origin(x) is Literal)
    assert codes == dict(zip(words, numbers, strict=True))


def test_two_channels_have_another_name_at_the_vendor() -> None:
    other = {name: key for name, key in CODES["channels"].items() if name != key}
    assert other == {"huawei": "hms", "harmony": "harmonyos"}
