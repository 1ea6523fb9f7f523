"""Texts of SMS and their parts."""

from __future__ import annotations

import pytest

from pushctl.sandbox.devices.sms import segments, text_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 76 + "a" + "€" * 76, 2),
        ("€" * 76 + "€" * 77, 3),  # the 77th would be torn apart
        ("长" * 70, 1),
        ("长" * 71, 2),
        ("长" * 134, 2),
        ("长" * 135, 3),
        ("a" * 70 + "长", 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),  # 33 and a half would fit
    ],
)
def test_parts(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_a_text_is_its_template_filled() -> None:
    params = {"SmsTemplateCode": "S1", "SmsSignName": "Shop"}
    templates = {"S1": "${name}, your code is ${code}"}

    given = {**params, "SmsTemplateParam": '{"name": "Li", "code": 7}'}
    assert text_of(given, templates) == "【Shop】Li, your code is 7"
    decoded = {**params, "SmsTemplateParam": {"name": "Li"}}
    assert text_of(decoded, templates) == "【Shop】Li, your code is ${code}"
    broken = {**params, "SmsTemplateParam": "{"}
    assert text_of(broken, templates) == "【Shop】${name}, your code is ${code}"
    assert text_of(given, {}) is None
