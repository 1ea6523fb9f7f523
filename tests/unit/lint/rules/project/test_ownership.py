"""Whom to call, and what goes out at once."""

from __future__ import annotations

from pathlib import Path

from tests.unit.lint.found import ENTRY, linted


def test_who_answers_for_it(tmp_path: Path) -> None:
    nobody = {name: value for name, value in ENTRY.items() if name != "owner"}
    assert [item.code for item in linted(tmp_path, {"a": nobody})] == ["PSH801"]
    assert linted(tmp_path, {"a": nobody}, defaults={"owner": "crm@acme.example"}) == ()


def test_what_goes_out_at_once(tmp_path: Path) -> None:
    now = {**ENTRY, "schedule": {"now": True}}
    assert [item.code for item in linted(tmp_path, {"a": now})] == ["PSH804"]
    assert linted(tmp_path, {"a": now}, recorded=frozenset({"a"})) == ()
    assert linted(tmp_path, {"a": now}, policy={"allow_immediate": True}) == ()
