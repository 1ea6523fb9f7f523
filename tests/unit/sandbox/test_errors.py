"""A refusal carries the code and the name that the service publishes for it."""

from __future__ import annotations

import pytest

from pushctl.sandbox.errors import (
    QUOTA_NAME,
    GatewayError,
    RefusedError,
    invalid,
    result_name,
)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("OK", "OK"),
        ("3019", "TASKNAME_NULL"),
        ("-1", "SIGNATURE_MISMATCH"),
        ("3051", "CODE_3051"),
        ("", "CODE_"),
    ],
)
def test_a_code_that_nobody_published_is_named_by_itself(code: str, name: str) -> None:
    assert (result_name(code), RefusedError(code, "why").name) == (name, name)


def test_a_refusal_can_have_a_name_of_its_own() -> None:
    error = RefusedError("3051", "100 tasks", QUOTA_NAME)
    assert (error.code, error.name, error.detail, str(error)) == (
        *("3051", "SCHEDULED_TASK_TOO_MUCH", "100 tasks", "100 tasks"),
    )


def test_a_parameter_without_a_code_of_its_own_is_invalid() -> None:
    error = invalid("Title must be a text")
    assert (error.code, error.name, error.detail) == (
        *("3028", "INVALID_PARAM", "Title must be a text"),
    )


def test_a_gateway_error_has_only_what_was_given() -> None:
    error = GatewayError(400, "MissingParameter", "why", extra={"Recommend": "https://x.example"})
    assert (error.status, error.code, error.message) == (400, "MissingParameter", "why")
    assert error.extra == {"Recommend": "https://x.example"}
    assert GatewayError(400, "x", "y").extra == {}
