"""What an apply says while it runs and when it has ended."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.apply.result import ApplyResult, Failure, Progress
from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.plan.change import Action, Blocked, BlockReason
from pushctl.render.text.apply import Board, line, refusal, summary
from pushctl.text.style import Style
from pushctl.text.width import width
from tests.builders import desired


def event(type: str, id: str | None = "a", task: str | None = None, **data: Any) -> Progress:
    return Progress(type, 0.0, id, task, data)


def result(**changes: Any) -> ApplyResult:
    nothing: dict[str, Any] = {
        "done": {},
        "failures": (),
        "in_doubt": (),
        "interrupted": False,
        "denied": False,
        "tasks_created": 0,
        "tasks_cancelled": 0,
    }
    return ApplyResult(**{**nothing, **changes})


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (event("task.create.created", task="T1"), "a: created T1"),
        (event("task.create.created"), "a: created"),
        (event("task.cancel.cancelled", task="T1"), "a: cancelled T1"),
        (
            event("task.cancel.unknown", reason="no\x1b"),
            r"a: outcome unknown (no\x1b); looking for it",
        ),
        (event("task.settled", task="T1", outcome="created"), "a: settled, created T1"),
        (event("entry.failed", "\x1b[2J", reason="full"), r"\x1b[2J: full"),
        (event("wait", None, seconds=20), "waiting 20 s for the service's list to follow"),
        (event("task.create.intent"), None),
    ],
)
def test_an_event_is_a_line_of_a_log(item: Progress, said: str | None) -> None:
    assert line(item) == said


def test_the_board_shows_what_is_under_way_and_counts_all() -> None:
    board = Board({"a": 4, "b": 1, "c": 1})
    for item in (
        *[event("task.create.created")] * 3,
        event("task.cancel.cancelled", "b"),
        event("entry.done", "b"),
        event("task.create.created", "c"),
    ):
        board.update(item)
    assert board.lines(Style(), most=1) == [
        f"  {'a':24}  [{'#' * 12}····]  3/4",
        "… 1 more under way",
        "5 of 6 calls made",
    ]
    board.update(event("wait", None, seconds=20))
    assert board.lines(Style())[-1] == "waiting 20 s for the service's list to follow"
    assert max(map(width, board.lines(Style(cells=20)))) <= 20


def test_a_complete_apply_is_one_line() -> None:
    done = {Action.CREATE: 2, Action.RENEW: 1}
    assert summary(result(done=done, tasks_created=1, tasks_cancelled=3)) == (
        "Apply complete! 2 created, 0 replaced, 0 cancelled, 1 renewed."
        " (1 task created, 3 cancelled)\n"
    )


def test_what_was_not_done_is_listed_with_its_fix() -> None:
    failed, doubtful = Failure("a\u202e", "no\nroom", "wait"), Failure("b", "no answer")
    text = summary(result(failures=(failed,), in_doubt=(doubtful,)))
    assert text == (
        "Apply incomplete. 0 created, 0 replaced, 0 cancelled. (0 tasks created, 0 cancelled)\n"
        "Not done:\n  a\\u202e: no\\nroom\n    fix: wait\n"
        "In doubt:\n  b: no answer\n"
    )


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("denied", "Stopped: the service does not accept these credentials."),
        ("interrupted", "Interrupted: run it again to do the rest; nothing is done twice."),
    ],
)
def test_an_apply_that_was_cut_short_says_why(why: str, said: str) -> None:
    text = summary(result(**{why: True}), Style(color=True))
    assert text.startswith("\x1b[31;1mApply incomplete.")
    assert text.splitlines()[1:] == [said]


def error(code: str, number: int, push: str | None = "p") -> Diagnostic:
    place = Range.at("pushctl.yaml", number) if number else None
    return Diagnostic(Severity.ERROR, code, "Too long", "By 1.", place, push=push)


def test_a_refusal_names_each_place_and_entry() -> None:
    push = desired()
    blocked = Blocked("promo", push, BlockReason.PAST, "it is over", "--send-late")
    gone = Blocked("gone", None, BlockReason.PROTECTED, "it is protected", "unprotect it")
    assert list(refusal([blocked, gone], [error("PSH301", 9), error("PSH602", 0, None)])) == [
        f"{push.source.file}:{push.source.line}: promo: it is over",
        "gone: it is protected",
        "pushctl.yaml:9: p: PSH301 Too long. By 1.",
        "PSH602 Too long. By 1.",
    ]


@pytest.mark.parametrize(
    ("codes", "lines", "last"),
    [
        (["PSH301"] * 10, 10, "pushctl.yaml:9: p: PSH301 Too long. By 1."),
        (["PSH301"] * 32, 11, "and 22 more like that"),
        (["PSH301"] * 1500 + ["PSH302"], 7, "pushctl.yaml:1500: p: PSH302 Too long. By 1."),
        (["PSH301", "PSH302", "PSH303"] * 5, 12, "and 2 more like that"),
    ],
)
def test_of_many_alike_a_refusal_shows_few_and_counts_the_rest(
    codes: list[str], lines: int, last: str
) -> None:
    told = list(refusal([], (error(code, number) for number, code in enumerate(codes))))
    assert (len(told), told[-1]) == (lines, last)
