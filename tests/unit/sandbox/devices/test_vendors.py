"""The facts about vendors, and how texts are measured and cut."""

from __future__ import annotations

import pytest

from pushctl.sandbox.devices.vendors import Rules, vendors


def test_every_fact_has_a_source_and_every_vendor_a_platform() -> None:
    assert [*vendors()] == [
        "mps",
        "xiaomi",
        "huawei",
        "honor",
        "oppo",
        "vivo",
        "fcm",
        "harmony",
        "ios",
    ]
    for rules in vendors().values():
        assert rules.source.startswith("https://")
        assert rules.read is not None
        assert rules.platform in ("android", "ios", "harmony")
        assert rules.unit in ("character", "wide")
        assert rules.overflow in ("rejected", "cut")
        assert rules.outside in ("rejected", "waiting")
        assert rules.undeclared in ("", "service")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("abcdef", "abcdef"),
        ("abcdefg", "abcde…"),
        ("长长长", "长长长"),
        ("长长长a", "长长…"),
        ("a长长长", "a长长…"),
        ("é" * 4, "éé…"),
        ("x" * 1_000_000, "xxxxx…"),
    ],
)
def test_a_screen_cuts_a_text(text: str, shown: str) -> None:
    rules = Rules(title=6, content=6, unit="wide", overflow="cut")

    assert rules.shown(text, text) == (shown, shown)
