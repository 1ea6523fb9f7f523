"""What is told while an apply runs."""

from __future__ import annotations

import json

import pytest

from pushctl.apply.result import Progress
from pushctl.cli.output import Output
from pushctl.cli.progress import LiveBoard, reporter
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from tests.builders import NOW, desired, plan_request, state

CREATED = Progress("task.create.created", NOW, "promo", "T1")
DONE = Progress("entry.done", NOW, "promo", data={"action": "create"})
FAILED = Progress("entry.failed", NOW, "\x1b[2J", data={"reason": "no"})


@pytest.mark.parametrize(
    ("output", "told"),
    [(Output(), "promo: created T1\n"), (Output(quiet=True), "")],
)
def test_a_log_has_a_line_for_each_task(
    output: Output, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    emit = reporter(None, output, "text")
    emit(CREATED)
    emit(DONE)
    assert capsys.readouterr() == ("", told)


def test_lines_of_json_are_results_and_never_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    emit = reporter(None, Output(quiet=True), "jsonl")
    emit(CREATED)
    emit(DONE)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["type"], line["id"]) for line in lines] == [
        ("task.create.created", "promo"),
        ("entry.done", "promo"),
    ]


def test_a_board_is_drawn_over_itself_and_gone_in_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan = make_plan(plan_request(desired()), state(), Listing((), NOW))
    board = LiveBoard(plan, Output("never"))
    board.take(CREATED)
    first = capsys.readouterr().err
    assert first.splitlines()[-1] == "1 of 1 calls made"
    board.take(FAILED)
    second = capsys.readouterr().err
    assert second.startswith(f"\x1b[{len(first.splitlines())}A\x1b[J")
    assert second.count("\x1b") == 2  # none of them out of a name
    board.take(DONE)
    assert "promo: create done\n" in capsys.readouterr().err
    board.take(Progress("run.end", NOW))
    assert capsys.readouterr().err == "\x1b[1A\x1b[J"
