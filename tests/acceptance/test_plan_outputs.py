"""One run writes a plan in every form, and all of them say the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.cli import Here, Project
from tests.acceptance.test_main_job import HEAD, SALE, ok, settled

MARKER = "<!-- pushctl:plan app=ONEX0000000000000 workspace=test env= -->\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Here(tmp_path)
    made.write(HEAD + SALE)
    return made


def read(project: Project, name: str) -> str:
    return (project.folder / name).read_text("utf-8")


def test_one_run_writes_every_form_and_the_saved_plan_still_applies(project: Project) -> None:
    outputs = ("--json", "plan.json", "--markdown", "plan.md", "--out", "plan.pushplan")
    ran = ok(project.run("plan", "--format", "markdown", *outputs))
    comment = read(project, "plan.md")
    assert ran.out == comment
    assert comment.startswith(MARKER)
    assert "Plan: 2 to create, 0 to replace, 0 to cancel, 0 unchanged." in comment
    document = json.loads(read(project, "plan.json"))
    assert document.pop("command") == "plan"
    assert document["digests"]["actions"][:12] in comment
    saved = json.loads(read(project, "plan.pushplan"))
    assert {key: saved[key] for key in document} == document
    ok(project.run("apply", "plan.pushplan"))
    settled(project)
    again = ok(project.run("plan", "--format", "markdown"))
    assert again.out.startswith(MARKER)
    assert "**No changes. 2 pushes as the manifest says.**" in again.out


def test_a_manifest_with_errors_is_told_where_the_plan_would_be(project: Project) -> None:
    project.write(HEAD + SALE.replace("20:00", "25:00"))
    ran = ok(project.run("plan", "--markdown", "plan.md", "--json", "plan.json"), 1)
    comment = read(project, "plan.md")
    assert ran.out == ""
    assert "**No plan: the manifest has errors.** 1 error" in comment
    assert "`pushctl.yaml:11`" in comment
    assert json.loads(read(project, "plan.json"))["error_count"] == 1


def test_a_comment_names_its_folder_and_links_its_lines(tmp_path: Path) -> None:
    """Two folders of a repository may be about one workspace, and have a comment each."""
    git = tmp_path / ".git"
    git.mkdir()
    project = Here(tmp_path / "ops" / "eu")
    project.write(HEAD + SALE)
    job = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "qinghe/pushes",
        "GITHUB_SHA": "1" * 40,
        "GITHUB_EVENT_PATH": "",
    }
    for _ in range(2):
        ran = ok(project.run("plan", "--offline", "--format", "markdown", env=job))
        assert ran.out.startswith(MARKER.replace(" -->", " path=ops/eu -->"))
        line = f"https://github.com/qinghe/pushes/blob/{'1' * 40}/ops/eu/pushctl.yaml#L10"
        assert f"- [`pushctl.yaml:10`]({line})" in ran.out
    project.write(HEAD + SALE.replace("20:00", "25:00"))
    ran = ok(project.run("plan", "--offline", "--format", "markdown", env=job), 1)
    assert ran.out.startswith("<!-- pushctl:plan ")
    assert " path=ops/eu -->" in ran.out
    assert "blob" in ran.out


def test_errors_that_are_found_late_are_told_under_the_marker_of_the_plan(
    project: Project,
) -> None:
    project.write(HEAD + SALE.replace("2026-12-24T20:00", "2026-11-24T20:00+09:00"))
    ok(project.run("plan", "--offline", "--markdown", "plan.md"), 1)
    assert read(project, "plan.md").startswith(MARKER)


def test_what_has_no_room_is_looked_up_in_the_run(project: Project) -> None:
    pushes = "".join(
        f"  p{number}:\n    schedule: {{at: 2026-12-24T20:00}}\n    to: {{users: [u1]}}\n"
        f"    message: {{title: Sale, body: {'All night long. ' * 6}}}\n"
        for number in range(90)
    )
    project.write(HEAD + "pushes:\n" + pushes)
    run = {"PUSHCTL_RUN_URL": "https://ci.example/runs/7"}
    ran = ok(project.run("plan", "--offline", "--format", "markdown", env=run))
    assert "[the run shows all of it](https://ci.example/runs/7)" in ran.out


def test_drift_can_be_a_comment_too(project: Project) -> None:
    ok(project.run("apply", "--yes"))
    ran = ok(project.run("drift", "--format", "markdown"))
    assert "### pushctl drift" in ran.out
    assert "No drift. The service is as the state says." in ran.out


def test_text_messages_cost_what_the_policy_says(project: Project) -> None:
    sms = "    sms: {mode: concurrent, sign: Acme, template: SMS_1, params: {code: '1'}}\n"
    policy = "policy: {sms: {price: 0.05, currency: CNY}}\n"
    project.write(HEAD + policy + SALE.replace("  digest:", sms + "  digest:"))
    ran = ok(project.run("plan"))
    assert "sale sends 2 text messages; 0.10 CNY if each is one part" in ran.out
    (item,) = ok(project.run("plan", "--format", "json")).json["irreversible"]
    assert (item["messages"], item["cost"], item["currency"]) == (2, 0.1, "CNY")
