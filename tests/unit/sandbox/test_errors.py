"""A refusal carries the code and the name that the service publishes for it."""

from __future__ import annotations

import pytest

from pushctl.sandbox.errors import (
    QUOTA_NAME,
    RESULT_NAMES,
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


def test_the_fields_of_a_gateway_error_are_its_own() -> None:
    given = {"Recommend": "https://x.example"}
    error = GatewayError(400, "MissingParameter", "why", extra=given)
    given.clear()
    assert (error.status, error.code, error.message, str(error), error.headers) == (
        *(400, "MissingParameter", "why", "why", ()),
    )
    assert error.extra == {"Recommend": "https://x.example"}
    assert GatewayError(400, "x", "y").extra == {}


def test_the_published_names_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        RESULT_NAMES["OK"] = "x"  # type: ignore[index]
