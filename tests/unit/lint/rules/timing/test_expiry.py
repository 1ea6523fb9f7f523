"""How long a message is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, one, only

CODES = ("PSH404", "PSH406", "PSH407")


def codes(folder: Path, schedule: str, expires: str, **more: str) -> list[str]:
    text = manifest(entry("push", schedule, expires=expires, **more))
    return [item.code for item in only(found(folder, text), *CODES)]


@pytest.mark.parametrize(
    ("expires", "expected"),
    [("599s", ["PSH404"]), ("10m", []), ("28d", []), ("29d", ["PSH407"])],
)
def test_too_short_and_too_long(expires: str, expected: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, "at: 2026-12-24T20:00", expires) == expected


def test_what_no_channel_states_is_not_asked(tmp_path: Path) -> None:
    token = "{ios: ['" + "0" * 64 + "']}"
    assert codes(tmp_path, "at: 2026-12-24T20:00", "60d", to=token) == []


@pytest.mark.parametrize(
    ("schedule", "expires", "expected"),
    [
        ('every: day, at: "09:00"', "24h", []),
        ('every: day, at: "09:00"', "26h", ["PSH406"]),
        ('every: day, at: ["09:00", "21:00"]', "12h", []),
        ('every: day, at: ["09:00", "21:00"]', "1d", ["PSH406"]),
        ('every: mon, at: "09:00"', "3d", []),
        ('every: [1], at: "09:00"', "20d", []),
    ],
)
def test_messages_that_overlap(
    schedule: str, expires: str, expected: list[str], tmp_path: Path
) -> None:
    assert codes(tmp_path, schedule, expires) == expected


def test_an_hour_of_a_clock_change_is_no_overlap(tmp_path: Path) -> None:
    early = 1_804_500_000  # March 2027
    text = manifest(
        entry("push", 'every: day, at: "09:00", timezone: America/New_York', expires="1d")
    )
    assert only(found(tmp_path, text, now=early), "PSH406") == []


def test_a_day_is_kept_if_nothing_is_said(tmp_path: Path) -> None:
    text = manifest(entry("push", 'every: day, at: ["09:00", "15:00"]'))
    item = one(found(tmp_path, text.replace("    expires_after: 1h\n", "")), "PSH406")
    assert "kept for 1 d, and delivered again after 6 h" in item.detail
    assert item.fix == "write `expires_after: 6h`, or less"


def test_updates_of_an_activity_are_worth_nothing_later(tmp_path: Path) -> None:
    activity = "    live_activity: {event: update, state: {step: 1}}\n"
    to = "{activity_ids: [act-1]}"
    assert codes(tmp_path, "at: 2026-12-24T20:00", "60s", to=to, more=activity) == []
