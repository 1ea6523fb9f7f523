"""`examples/team` makes a review worth reading: every kind of change, and much that stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import team_example as team
from tests.acceptance.cli import Here, Ran


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


def test_status_ends_with_what_to_do(tmp_path: Path) -> None:
    project = Here(tmp_path)
    team.branch(tmp_path)
    ok(project.run("--env", "prod", "apply", "--yes"))
    calm = ok(project.run("--env", "prod", "status"))
    assert "\n60 pushes: 60 scheduled\n" in calm.out
    assert calm.out.endswith("\nNothing needs attention.\n")
    ok(project.run("--env", "prod", "stop", "christmas[ja-JP]", "--yes"))
    (tmp_path / "ops" / "payments.yaml").write_text("pushes: {}\n")
    (tmp_path / "pushctl.yaml").write_text(
        (tmp_path / "pushctl.yaml").read_text().replace("  savers: audiences/savers.csv\n", "", 1)
    )
    document = ok(project.run("--env", "prod", "status", "--format", "json")).json
    assert document["summary"] == {"scheduled": 59, "stopped": 1}
    needs = {item["id"]: item["need"] for item in document["attention"]}
    assert needs.pop("christmas[ja-JP]") == "stopped"
    assert set(needs.values()) == {"differs"}
    assert len(needs) == 7
    text = ok(project.run("--env", "prod", "status")).out
    assert text.endswith(
        "~ 7 pushes are not as the manifest says\n"
        "  type: pushctl --env prod resume 'christmas[ja-JP]'\n"
        "  type: pushctl --env prod plan\n"
    )
