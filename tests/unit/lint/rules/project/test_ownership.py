"""Text messages, owners, secrets; and nobody's name where targets are hashed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pushctl.diagnostics import Severity
from tests.unit.lint.found import ENTRY, linted, message, of_entry

SMS = {"mode": "fallback", "sign": "Acme", "template": "SMS_1", "params": {"code": 1234}}
CONCURRENT = {"sms": {**SMS, "mode": "concurrent"}}
APP = {"id": "ONEX0000000000000", "workspace": "prod"}


@pytest.mark.parametrize(
    ("region", "codes"),
    [("cn-hangzhou", set()), ("cn-hangzhou-finance", {"PSH701"}), ("cn-shanghai", {"PSH701"})],
)
def test_where_there_are_text_messages(region: str, codes: set[str], tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, {"sms": SMS}, app={**APP, "region": region})) == codes


def test_what_text_messages_cost(tmp_path: Path) -> None:
    people = {"to": {"users": [f"user{number}" for number in range(40)]}}
    priced = {"sms": {"price": 0.05, "budget": 1.99}}
    found = of_entry(tmp_path, {**CONCURRENT, **people}, policy=priced)["PSH702"]
    assert found.severity is Severity.ERROR
    assert "at least 2.00 CNY (40 people, 1 part each); the budget is 1.99" in found.detail
    enough = {"sms": {"price": 0.05, "budget": 2}}
    assert of_entry(tmp_path, {**CONCURRENT, **people}, policy=enough) == {}
    assert of_entry(tmp_path, {"sms": SMS, **people}, policy=priced) == {}
    few = {"sms": {"max_people": 39}}
    many = of_entry(tmp_path, {**CONCURRENT, **people}, policy=few)["PSH702"]
    assert many.severity is Severity.WARNING
    # Nobody knows what it costs without a price, so a budget alone says nothing.
    assert of_entry(tmp_path, {**CONCURRENT, **people}, policy={"sms": {"budget": 0}}) == {}


@pytest.mark.parametrize(("length", "parts"), [(64, None), (65, 2), (128, 2), (129, 3)])
def test_parts(length: int, parts: int | None, tmp_path: Path) -> None:
    """The signature and its brackets take six of the seventy."""
    found = of_entry(tmp_path, {"sms": {**SMS, "params": {"shop": "x" * length}}})
    assert set(found) == (set() if parts is None else {"PSH703"})
    if parts is not None:
        assert f"in {parts} parts" in found["PSH703"].detail


def test_who_answers_for_it(tmp_path: Path) -> None:
    nobody = {name: value for name, value in ENTRY.items() if name != "owner"}
    assert [item.code for item in linted(tmp_path, {"a": nobody})] == ["PSH801"]
    assert linted(tmp_path, {"a": nobody}, defaults={"owner": "crm@acme.example"}) == ()


def test_what_goes_out_at_once(tmp_path: Path) -> None:
    now = {**ENTRY, "schedule": {"now": True}}
    assert [item.code for item in linted(tmp_path, {"a": now})] == ["PSH804"]
    assert linted(tmp_path, {"a": now}, recorded=frozenset({"a"})) == ()
    assert linted(tmp_path, {"a": now}, policy={"allow_immediate": True}) == ()


SECRETS = [
    "LTAI5t" + "AbCdEfGhIjKlMnOpQr",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "-----BEGIN RSA PRIVATE KEY-----",
    "sk-" + "abcdEFGH1234" * 3,
    "ghp_" + "a1B2" * 9,
    "glpat-" + "x" * 20,
    "xoxb-" + "1234567890-abc",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N",
    "postgres://crm:hunter2hunter2@db.acme.example/crm",
    "https://m.acme.example/?access_token=" + "9f8e7d6c5b4a39281706f5e4",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_found_and_never_shown(secret: str, tmp_path: Path) -> None:
    for entry in (
        message(extras={"value": secret}),
        message(body=f"Use {secret} to log in."),
        {"raw": {"Deep": [{"value": secret}]}},
        {"description": secret},
    ):
        found = linted(tmp_path, {"a": {**ENTRY, **entry}})
        (item,) = (item for item in found if item.code == "PSH808")
        assert item.snippet == ""
        assert secret not in repr(item)
        assert item.severity is Severity.ERROR


def test_a_name_makes_a_random_text_a_secret(tmp_path: Path) -> None:
    random = "9f8e7d6c5b4a39281706f5e4"
    assert set(of_entry(tmp_path, message(extras={"api_key": random}))) == {"PSH808"}
    assert of_entry(tmp_path, message(extras={"order": random})) == {}
    assert of_entry(tmp_path, message(extras={"api_key": "the one of the test shop"})) == {}


@pytest.mark.parametrize(
    "text",
    [
        "risk-free-for-thirty-days-and-more",
        "https://m.acme.example/p/9f8e7d6c5b4a39281706f5e4",
        "https://m.acme.example/@acme/posts/1234567890123456",
        "SMS_216070269",
        "https://m.acme.example/?utm_campaign=christmas-2026-members-first",
        "00000000-0000-4000-8000-000000000000",
    ],
)
def test_what_is_no_secret(text: str, tmp_path: Path) -> None:
    assert of_entry(tmp_path, {"description": text}) == {}
    assert of_entry(tmp_path, message(extras={"ref": text})) == {}


def test_nobody_is_named_where_targets_are_hashed(tmp_path: Path) -> None:
    entry: dict[str, Any] = {
        **ENTRY,
        **CONCURRENT,
        "to": {"users": ["alice-8841", "bob-8842"]},
        "schedule": {"every": "day", "at": ["10:00", "18:00"]},
        "labels": {"class": "marketing"},
    }
    policy = {"sms": {"max_people": 1}}
    app = {**APP, "targets": "hashed"}
    found = linted(
        tmp_path,
        {"a": entry, "b": entry},
        app=app,
        policy=policy,
        label=lambda name: f"#{len(name)}",
    )
    assert {"PSH325", "PSH702"} <= {item.code for item in found}
    assert "alice" not in repr(found)
    assert "bob" not in repr(found)
    assert {item.snippet for item in found} == {""}
