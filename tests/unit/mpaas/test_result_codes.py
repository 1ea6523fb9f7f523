from __future__ import annotations

import pytest

from pushctl.mpaas.result_codes import SENTENCES, explain, is_auth, is_code, is_trouble


@pytest.mark.parametrize("text", ["OK", "100", "-1", "3029", "Throttling.User", "HTTP-4", "a" * 64])
def test_is_code_takes_what_a_code_can_be(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize("text", ["", "-", "a b", "<html>", "é", "a\n", "3029;", "a" * 66])
def test_is_code_takes_nothing_else(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize(
    "code", ["9000", "9999", "SYSTEM_ERROR", "InternalError", "SERVICE_BUSY", "timeout"]
)
def test_is_trouble_knows_what_leaves_the_outcome_open(code: str) -> None:
    assert is_trouble(code)


@pytest.mark.parametrize("code", ["3028", "90000", "OK", "who knows, SYSTEM", ""])
def test_is_trouble_leaves_refusals_alone(code: str) -> None:
    assert not is_trouble(code)


def test_no_documented_code_is_trouble() -> None:
    names = {name for name, _ in SENTENCES.values()}
    assert len(names) == len(SENTENCES)
    assert not any(is_trouble(code) for code in (*SENTENCES, *names))


@pytest.mark.parametrize(
    ("code", "auth"),
    [("-1", True), ("Forbidden.RAM", True), ("NoPermission", True), ("3028", False), ("", False)],
)
def test_is_auth_knows_that_no_call_will_succeed(code: str, auth: bool) -> None:
    assert is_auth(code) is auth


@pytest.mark.parametrize(
    ("code", "message", "text"),
    [
        ("3019", "", "The push has no task name."),
        ("3019", "TASKNAME_NULL", "The push has no task name. (TASKNAME_NULL)"),
        ("OK", "TASKNAME_NULL", "The push has no task name. (TASKNAME_NULL)"),
        ("3777", "who knows", "who knows"),
        ("3777", "", ""),
    ],
)
def test_explain_says_what_a_code_or_its_name_means(code: str, message: str, text: str) -> None:
    assert explain(code, message) == text
