"""`examples/team` makes a review worth reading: every kind of change, and much that stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import team
from tests.e2e.cli import Here, Ran


def ok(ran: Ran, code: int = 0) -> Ran:
    assert ran.code == code, ran
    return ran


@pytest.mark.parametrize("env", [(), ("--env", "prod"), ("--env", "staging")])
def test_nothing_is_to_be_said_about_it(env: tuple[str, ...], tmp_path: Path) -> None:
    team.branch(tmp_path)
    assert ok(Here(tmp_path).run(*env, "validate", "--format", "json")).json["diagnostics"] == []


def test_the_pull_request_shows_every_kind_of_change(tmp_path: Path) -> None:
    project = Here(tmp_path)
    team.before(tmp_path)
    ok(project.run("--env", "prod", "apply", "--yes"))
    team.branch(tmp_path)
    plan = ok(project.run("--env", "prod", "plan", "--format", "json")).json
    found = {change["id"]: change["action"] for change in plan["changes"]}
    assert found == {
        "christmas[ja-JP]": "create",
        "ios-widget": "create",
        "double-twelve-thanks": "cancel",
        "black-friday-extended": "forget",
        "vip-preview": "rename",
        "double-twelve-start": "replace",
        "courier-shift-evening": "replace",
        "christmas[zh-CN]": "replace",
        "newcomer-coupon": "replace",
        "newcomer-guide": "replace",
        "spring-lottery": "replace",
        "weekend-recipe": "replace",
    }
    ok(project.run("--env", "prod", "apply", "--yes"))
    again = ok(project.run("--env", "prod", "plan", "--detailed-exitcode"))
    assert "No changes. 60 pushes as the manifest says." in again.out
