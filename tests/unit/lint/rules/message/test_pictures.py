"""Which phones show a picture, and what a silent push shows nobody."""

from __future__ import annotations

from pathlib import Path

from pushctl.diagnostics import Severity
from tests.unit.lint.found import message, of_entry

IPHONE = {"to": {"ios": ["7" * 64]}}


HARMONY = {"to": {"harmony": ["harmony-1"]}}


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
