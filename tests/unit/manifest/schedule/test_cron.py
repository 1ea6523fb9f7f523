"""Cron is known, and answered in the words that say the same."""

from __future__ import annotations

import pytest

from pushctl.manifest.schedule.cron import is_cron, translated


@pytest.mark.parametrize(
    ("fields", "phrase"),
    [
        ("0 9 * * *", "every day at 09:00"),
        ("30 9,18 * * 1-5", "every weekday at 09:30,18:30"),
        ("0 9 ? * MON,wed", "every mon,wed at 09:00"),
        ("0 9 * * 0", "every sun at 09:00"),
        ("0 9 * * 5-7", "every fri,sat,sun at 09:00"),
        ("5 0 1,15 * *", "every 1,15 at 00:05"),
        ("@daily", "every day at 00:00"),
        ("*/5 * * * *", None),
        ("0 9 1 * 1", None),
        ("0 9 1 1 *", None),
        ("0 9 32 * *", None),
        ("0 0 9 * * ?", None),
    ],
)
def test_cron_is_known_and_said_in_our_words(fields: str, phrase: str | None) -> None:
    assert is_cron(fields)
    example = "write days and times, such as: every mon,wed at 09:45"
    assert translated(fields, phrase=True) == (f"write: {phrase}" if phrase else example)


def test_cron_is_said_in_the_words_of_the_manifest() -> None:
    assert translated("0 9 * * 1-5") == 'write `every: weekday` and `at: "09:00"`'
    assert translated("0 9,18 1 * *") == 'write `every: [1]` and `at: ["09:00", "18:00"]`'
    example = 'write days and times, such as `every: [mon, wed]` and `at: "09:45"`'
    assert translated("*/5 * * * *") == translated("") == example


@pytest.mark.parametrize("text", ["every day at 09:00", "mon wed fri sat sun", "", "9:00 * x y z"])
def test_other_words_are_not_taken_for_cron(text: str) -> None:
    assert not is_cron(text)
