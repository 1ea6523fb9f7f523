"""Keys and passwords: found, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Severity
from tests.unit.lint.found import ENTRY, linted, message, of_entry

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
