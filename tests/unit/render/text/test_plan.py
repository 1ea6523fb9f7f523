"""A plan in a terminal: what cannot be taken back comes first, one changed digit is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.plan import Plan
from pushctl.plan.planner import Look, make_plan
from pushctl.render import json_output
from pushctl.render.text import plan as plan_text
from pushctl.text.style import Style
from pushctl.text.width import width
from tests.builders import NOW, actual, daily, days, desired, recorded, state, task, wishes

BODY = "全场六折，会员优先抢购，数量有限，先到先得。" * 6
WEEK = daily(first=days(1), last=days(7))


def edited() -> Plan:
    """A plan that changes one digit of a long text, cancels a push and makes another."""
    before = desired(content=f"{BODY}满299减50。{BODY}", body=f"{BODY}满299减50。{BODY}")
    after = desired(content=f"{BODY}满399减50。{BODY}", body=f"{BODY}满399减50。{BODY}")
    said = {"title": "Thank you", "body": "Your parcel leaves today."}
    gone = desired("a-cancelled-push-with-a-long-name", schedule=WEEK, message=said)
    new = desired("新春特惠", title="限时特惠" * 20, content=BODY)
    known = state({push.id: recorded(push, task(push)) for push in (before, gone)})
    listed = tuple(actual(item) for record in known.pushes.values() for item in record.live)
    return make_plan(wishes(after, new), known, Look(listed, NOW))


def test_one_changed_digit_of_a_long_text_is_marked_without_colour() -> None:
    shown = plan_text.plan(edited())
    assert "先到先得。满[-299-]{+399+}减50。全场六折" in shown
    assert len(next(line for line in shown.splitlines() if "[-299-]" in line)) < 100


def test_the_marks_are_there_with_colour_too() -> None:
    shown = plan_text.plan(edited(), Style(color=True))
    assert "\x1b[31m[-299-]\x1b[0m\x1b[32m{+399+}\x1b[0m" in shown


def test_what_will_not_be_sent_is_shown() -> None:
    shown = plan_text.plan(edited())
    assert "      “Thank you” · Your parcel leaves today.\n      not in the manifest" in shown


def test_what_cannot_be_taken_back_stands_before_everything_else() -> None:
    lines = plan_text.plan(edited()).splitlines()
    assert lines[2] == "! Cannot be taken back once applied:"
    assert lines[3].startswith("    a-cancelled-push-with-a-long-name loses 7 deliveries")


@pytest.mark.parametrize("cells", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(cells: int) -> None:
    shown = plan_text.plan(edited(), Style(color=True, cells=cells))
    assert [line for line in shown.splitlines() if width(line) > cells] == []
    assert "[-299-]" in shown
    assert "Plan: 1 to create, 1 to replace, 1 to cancel, 0 unchanged." in " ".join(
        shown.replace("\x1b[1m", "").split()
    )


def test_the_document_says_what_appears_disappears_and_moves() -> None:
    changes = {item["id"]: item for item in json_output.plan(edited(), version="0")["changes"]}
    gone = changes["a-cancelled-push-with-a-long-name"]
    assert gone["delivery_counts"]["disappear"]["count"] == 7
    assert len(gone["delivery_counts"]["disappear"]["first"]) == 5
    assert gone["targets"] == {"before": 1, "after": 0, "joined": 0, "left": 1}
    assert gone["message"] == {"title": "Thank you", "body": "Your parcel leaves today."}
    new = changes["新春特惠"]
    assert new["delivery_counts"]["appear"]["count"] == 1
    assert new["message"] == {"title": "限时特惠" * 20, "body": BODY}


def test_a_finding_names_its_push_where_it_is_about_one() -> None:
    about = Diagnostic(Severity.WARNING, "PSH301", "Too long", "It is.", push="promo")
    assert json_output.diagnostic(about)["push"] == "promo"
    assert "push" not in json_output.diagnostic(replace(about, push=None))
