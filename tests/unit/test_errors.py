"""How commands end: exit codes are a promise to scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pushctl import errors
from pushctl.errors import ExitCode, PushctlError

CODES = {
    "IncompleteStateError": 5,
    "PushctlError": 1,
    "ManifestError": 1,
    "ConfigError": 1,
    "PlanRefusedError": 3,
    "StalePlanError": 5,
    "StateError": 1,
    "StateFormatError": 1,
    "StateLockedError": 5,
    "StateConflictError": 5,
    "StateMovedError": 5,
    "ServiceError": 1,
    "AuthError": 1,
    "CodeHostError": 1,
    "CodeHostDeniedError": 1,
}


def test_every_error_ends_with_its_code() -> None:
    found = {
        name: int(kind.exit_code)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, PushctlError)
    }
    assert found == CODES


def test_every_exit_code_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "exit-codes.md"
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", page.read_text("utf-8"), re.M)}
    assert documented == set(map(int, ExitCode))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (PushctlError("It failed"), "It failed"),
        (PushctlError("It failed", "no room"), "It failed: no room"),
        (PushctlError("It failed", "no room", fix="make room"), "It failed: no room"),
    ],
)
def test_the_text_of_an_error_is_summary_and_detail(error: PushctlError, text: str) -> None:
    assert str(error) == text
