"""The table, the comment and the exit code of many manifests."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from pushctl.codehosts.comments import marker
from pushctl.errors import ExitCode
from pushctl.render import fleet
from pushctl.render.fleet import FleetResult, ordered, worst
from pushctl.render.markdown.syntax import SHORTENED

NOTHING_SENT = (1, 2, 3, 5, 64)


def result(name: str, code: int = 0, **fields: Any) -> FleetResult:
    return FleetResult((name, None), code, **fields)


def plan(**fields: Any) -> dict[str, Any]:
    quota = {"limit": 100, "now": 2, "after": 5}
    return {"summary": {"create": 0}, "changes": [], "quota": quota, "in_doubt": [], **fields}


def test_the_worst_exit_code_decides() -> None:
    order = (6, 4, 130, 1, 64, 5, 3, 2, 0)
    assert {int(code) for code in ExitCode} == set(order)
    for worse, better in pairwise(order):
        assert worst([result("a", better), result("b", worse), result("c")]) == worse
    assert worst([]) == 0
    assert worst([result("a", 2), result("b", -9)]) == 1


@pytest.mark.parametrize("code", NOTHING_SENT)
@pytest.mark.parametrize(("other", "after"), [(0, 4), (4, 4), (6, 6), (-9, 4)])
def test_no_code_denies_what_another_member_sent(code: int, other: int, after: int) -> None:
    applied = [result("a", code), result("b", other)]
    assert worst([], applied) == after
    assert worst([result("c")], [result("a", code)]) == code


def test_the_most_urgent_is_first() -> None:
    soon = plan(changes=[{"action": "create", "next_delivery": "2026-12-01T09:00:00+08:00"}])
    later = plan(changes=[{"action": "create", "next_delivery": "2026-12-01T02:00:00+00:00"}])
    results = [
        result("a", 0),
        result("b", 2, document=later),
        result("c", 2, document=soon),
        result("d", 3),
        result("e", -9),
    ]
    assert [item.name[0] for item in ordered(results)] == ["e", "d", "c", "b", "a"]


def row(item: FleetResult) -> list[str]:
    table = fleet.text([item]).splitlines()[1]
    return [cell for cell in table.split("  ") if cell]


def test_a_row_of_a_plan() -> None:
    changes = [
        {"action": "cancel", "next_delivery": "2026-12-01T00:00:00+00:00"},
        {"action": "noop", "next_delivery": None},
        {"action": "noop", "next_delivery": "2026-12-02T08:00:00+08:00"},
    ]
    counts = {"create": 0, "cancel": 1, "noop": 2}
    data = plan(changes=changes, summary=counts, in_doubt=[{}], drift=[{}, {}])
    told = [cell.strip() for cell in row(result("shop", 2, document=data))]
    assert told == ["shop", "-", "1 cancel, 2 drifted", "Wed 2 Dec 2026 00:00 UTC", "5/100", "1"]


def test_a_row_of_a_status() -> None:
    pushes = [
        {"id": "a", "next_delivery": None, "first_unscheduled": "2026-12-31T00:00:00Z"},
        {"id": "b", "next_delivery": None, "first_unscheduled": "2027-01-02T00:00:00Z"},
        {"id": "c", "next_delivery": None, "first_unscheduled": None},
    ]
    data = {
        "at": "2026-12-01T00:00:00Z",
        "quota": {"limit": 50, "now": 7},
        "pushes": pushes,
        "attention": [{"need": "in doubt", "count": 3}, {"need": "stopped", "count": None}],
        "last_apply": "2026-11-30T10:00:00Z",
        "timezone": "Asia/Shanghai",
    }
    told = [cell.strip() for cell in row(result("shop", 6, document=data))]
    applied = "Mon 30 Nov 2026 18:00 Asia/Shanghai"
    assert told == ["shop", "-", "in doubt", "-", "7/50", "3", "a", applied]


def test_what_cannot_be_read_has_a_row_and_says_why() -> None:
    text = fleet.text([result("good"), result("bad", 1, err="Error: no file\n  fix: make one")])
    assert "bad       -    error: Error: no file" in text
    assert text.endswith("\nbad\nError: no file\n  fix: make one\n")


def test_a_comment_folds_the_plans_that_do_something() -> None:
    page = "<!-- pushctl:plan app=X -->\n### pushctl plan\n\nmuch"
    results = [result("a", 2, page=page, document=plan()), result("b", 1, err="a|b"), result("c")]
    comment = fleet.markdown(results, "plan")
    assert marker(comment) == "<!-- pushctl:fleet -->"
    assert comment.count("<details>") == 2
    assert "pushctl:plan" not in comment
    assert "### pushctl plan\n\nmuch" in comment
    assert "| c | \\- | ok |" in comment


def test_a_comment_says_what_it_has_no_room_for() -> None:
    page = "first\n" + "x" * 30_000
    comment = fleet.markdown([result(name, 2, page=page) for name in "abcd"], "plan")
    assert len(comment) <= 65_536
    assert comment.count("<details>") == 2
    assert comment.count(SHORTENED) == 2
    assert "| d |" in comment


def test_the_document_has_every_member() -> None:
    failed = FleetResult(("a", "prod"), 1, err="no")
    document = fleet.document([failed, result("b", 2, err="talk", document=plan())], 1)
    assert document["exit_code"] == 1
    first, second = document["members"]
    assert (first["manifest"], first["env"], first["error"]) == ("a", "prod", "no")
    assert first["report"] is None
    assert (second["error"], second["report"]["quota"]["after"]) == (None, 5)
