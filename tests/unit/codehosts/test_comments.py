"""One comment, whatever else is said: the same suite for every code host."""

from __future__ import annotations

import pytest

from pushctl.codehosts.comments import Upserted, upsert
from pushctl.errors import CodeHostDeniedError, CodeHostError
from tests.fake_code_hosts import STRANGER, CodeHost
from tests.unit.codehosts.conversations import MARK, PLAN, opened


def said(host: CodeHost) -> list[str]:
    return [note.body.replace("\r\n", "\n") for note in host.notes]


def test_the_first_plan_is_a_new_comment(host: CodeHost) -> None:
    assert upsert(opened(host), PLAN) is Upserted.CREATED
    assert said(host) == [PLAN.strip()]


def test_the_same_plan_again_is_no_call(host: CodeHost) -> None:
    upsert(opened(host), PLAN)
    del host.calls[:]
    assert upsert(opened(host), PLAN) is Upserted.UNCHANGED
    assert host.writes == []


def test_another_plan_edits_the_comment_in_place(host: CodeHost) -> None:
    host.add(STRANGER, "looks good")
    upsert(opened(host), PLAN)
    assert upsert(opened(host), f"{MARK}\nnothing to do") is Upserted.UPDATED
    assert said(host) == ["looks good", f"{MARK}\nnothing to do"]


def test_the_comment_is_found_on_a_later_page(host: CodeHost) -> None:
    for number in range(4):
        host.add(STRANGER, f"before {number}")
    upsert(opened(host), PLAN)
    for number in range(4):
        host.add(STRANGER, f"after {number}")
    assert upsert(opened(host), f"{MARK}\nnew") is Upserted.UPDATED
    assert said(host)[4] == f"{MARK}\nnew"
    assert len(host.notes) == 9


def test_a_strangers_comment_with_our_marker_is_left_alone(host: CodeHost) -> None:
    host.add(STRANGER, PLAN)
    assert upsert(opened(host), PLAN) is Upserted.CREATED
    assert upsert(opened(host), f"{MARK}\nnew") is Upserted.UPDATED
    assert said(host) == [PLAN, f"{MARK}\nnew"]


def test_a_marker_that_is_quoted_is_no_marker(host: CodeHost) -> None:
    host.add(host.me, f"see above:\n{MARK}")
    assert upsert(opened(host), PLAN) is Upserted.CREATED


def test_every_environment_has_a_comment_of_its_own(host: CodeHost) -> None:
    upsert(opened(host), PLAN)
    other = PLAN.replace("env=prod", "env=staging")
    assert upsert(opened(host), other) is Upserted.CREATED
    assert len(host.notes) == 2


def test_what_two_runs_created_at_once_becomes_one(host: CodeHost) -> None:
    upsert(opened(host), PLAN)
    host.add(host.me, PLAN)
    host.add(STRANGER, PLAN)
    assert upsert(opened(host), PLAN) is Upserted.UNCHANGED
    assert [note.author for note in host.notes] == [host.me, STRANGER]


def test_what_is_too_long_is_refused_before_anything_is_called(host: CodeHost) -> None:
    conversation = opened(host)
    fitting = PLAN + "x" * (conversation.longest - len(PLAN.encode("utf-16-le")) // 2)
    with pytest.raises(CodeHostError, match="too long"):
        upsert(conversation, fitting + "x")
    assert host.calls == []
    assert upsert(conversation, fitting) is Upserted.CREATED


@pytest.mark.parametrize("text", ["", "### plan", "<!-- other -->", f"x {MARK}", "<!-- pushctl:"])
def test_a_text_without_a_marker_is_refused(host: CodeHost, text: str) -> None:
    with pytest.raises(CodeHostError, match="no marker"):
        upsert(opened(host), text)
    assert host.calls == []


def test_a_token_that_may_only_read_is_denied(host: CodeHost) -> None:
    with pytest.raises(CodeHostDeniedError, match="403"):
        upsert(opened(host, "secret-reader"), PLAN)
    assert host.notes == []


def test_a_token_that_nobody_knows_is_denied(host: CodeHost) -> None:
    with pytest.raises(CodeHostDeniedError, match="401"):
        upsert(opened(host, "secret-nobody"), PLAN)
