"""What people do with a manifest after the first apply, against the embedded sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.acceptance.cli import Here, Project, Ran, example

SCHEMAS = Path(__file__).parents[2] / "schemas"

HEAD = """\
version: 1
app:
  id: ONEX0000000000000
  workspace: test
  endpoint: sandbox
  sandbox: {now: "2026-12-01T09:00:00+08:00"}
timezone: Asia/Shanghai
defaults: {expires_after: 4h}
"""

SALE = """\
pushes:
  sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1, u2]}
    message: {title: Sale, body: Tonight}
  digest:
    schedule: {every: day, at: "09:45"}
    to: {users: [u1]}
    message: {title: Digest, body: Daily}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Here(tmp_path)
    made.write(HEAD + SALE)
    return made


@pytest.fixture
def applied(project: Project) -> Project:
    ok(project.run("apply", "--yes"))
    return project


def ok(ran: Ran, code: int = 0) -> Ran:
    assert ran.code == code, ran
    return ran


def plan(project: Project, *options: str) -> dict[str, int]:
    """Return what a plan would do, no-ops left out."""
    summary = ok(project.run("plan", "--format", "json", *options)).json["summary"]
    return {action: count for action, count in summary.items() if count and action != "noop"}


def settled(project: Project) -> None:
    """Nothing is left to do."""
    ok(project.run("plan", "--detailed-exitcode"))


def task_ids(project: Project, id: str) -> list[str]:
    tasks = project.state()["pushes"][id]["tasks"]
    return [task["task_id"] for task in tasks if task["phase"] == "scheduled"]


def test_plan_and_state_fit_their_published_schemas(applied: Project) -> None:
    applied.write(HEAD + SALE.replace("Tonight", "Tomorrow"))
    document = ok(applied.run("plan", "--format", "json", "--show-unchanged")).json
    jsonschema.validate(document, json.loads((SCHEMAS / "plan.schema.json").read_text()))
    assert {change["action"] for change in document["changes"]} == {"replace", "noop"}
    state = json.loads((SCHEMAS / "state.schema.json").read_text())
    jsonschema.validate(applied.state(), state)


def test_what_does_not_reach_a_phone_changes_nothing(applied: Project) -> None:
    refactored = """\
# a comment
pushes:
  digest:
    message: {body: Daily, title: "${name}"}
    to: {users: [u1]}
    owner: somebody@else.example
    expires_after: 14400
    schedule: {at: "09:45:00", every: day}
  sale:
    labels: {team: crm}
    message: {title: Sale, body: "Tonight"}
    schedule: {at: 2026-12-24T20:00:00}
    to: {users: [u2, u1]}
vars: {name: Digest}
"""
    applied.write(HEAD + refactored)
    settled(applied)
    ok(applied.run("apply", "--yes"))
    assert applied.state()["pushes"]["digest"]["owner"] == "somebody@else.example"
    settled(applied)


def test_an_edit_replaces_exactly_its_push(applied: Project) -> None:
    kept = task_ids(applied, "digest")
    applied.write(HEAD + SALE.replace("Tonight", "Tomorrow"))
    assert plan(applied) == {"replace": 1}
    ran = ok(applied.run("apply", "--yes"))
    assert "0 created, 1 replaced, 0 cancelled" in ran.out
    assert task_ids(applied, "digest") == kept
    settled(applied)


def test_a_removed_push_is_cancelled_and_can_come_back(applied: Project) -> None:
    keys = applied.state()["pushes"]["sale"]["tasks"][0]["targets"]
    _, _, digest = SALE.partition("  digest:")
    applied.write(HEAD + "pushes:\n  digest:" + digest)
    assert plan(applied) == {"cancel": 1}
    ok(applied.run("apply", "--yes"))
    settled(applied)
    assert "sale" not in {
        id
        for id, push in applied.state()["pushes"].items()
        if any(task["phase"] == "scheduled" for task in push["tasks"])
    }
    applied.write(HEAD + SALE)
    assert plan(applied) == {"create": 1}
    ok(applied.run("apply", "--yes"))
    again = [
        task["targets"]
        for task in applied.state()["pushes"]["sale"]["tasks"]
        if task["phase"] == "scheduled"
    ]
    assert set(again[0].values()).isdisjoint(keys.values()), "a message key was used twice"
    settled(applied)


def test_moved_renames_without_a_call(applied: Project) -> None:
    kept = task_ids(applied, "sale")
    moved = "moved: [{from: sale, to: xmas-sale}]\n" + SALE.replace("  sale:", "  xmas-sale:")
    applied.write(HEAD + moved)
    assert plan(applied) == {"rename": 1}
    ok(applied.run("apply", "--yes"))
    assert task_ids(applied, "xmas-sale") == kept
    settled(applied)


def test_removed_without_cancel_lets_it_run_out(applied: Project) -> None:
    _, _, digest = SALE.partition("  digest:")
    gone = "removed: [{id: sale, cancel: false}]\npushes:\n  digest:" + digest
    applied.write(HEAD + gone)
    assert plan(applied) == {"forget": 1}
    ok(applied.run("apply", "--yes"))
    document = ok(applied.run("plan", "--format", "json")).json
    assert [task["title"] for task in document["unmanaged"]] == ["Sale"]


def test_disabled_cancels_and_enabled_again_recreates(applied: Project) -> None:
    paused = SALE.replace("  sale:\n", "  sale:\n    enabled: false\n")
    applied.write(HEAD + paused)
    assert plan(applied) == {"cancel": 1}
    ok(applied.run("apply", "--yes"))
    settled(applied)
    applied.write(HEAD + SALE)
    assert plan(applied) == {"create": 1}
    ok(applied.run("apply", "--yes"))
    settled(applied)


def test_protect_refuses_with_exit_code_3(applied: Project) -> None:
    protected = SALE.replace("  sale:\n", "  sale:\n    protect: true\n")
    applied.write(HEAD + protected)
    ok(applied.run("apply", "--yes"))
    applied.write(HEAD + protected.replace("Tonight", "Tomorrow"))
    ran = ok(applied.run("apply", "--yes"), 3)
    assert "protect" in ran.err
    assert plan_code(applied) == 3


def plan_code(project: Project) -> int:
    return project.run("plan").code


def test_the_danger_window_refuses_unless_now_or_never(applied: Project) -> None:
    late = {"PUSHCTL_NOW": "2026-12-24T19:55:00+08:00"}
    applied.write(HEAD + SALE.replace("Tonight", "Tomorrow"))
    ran = ok(applied.run("apply", "--yes", env=late), 3)
    assert "--now-or-never" in ran.out + ran.err


def test_a_saved_plan_runs_once_and_then_is_stale(project: Project) -> None:
    ok(project.run("plan", "--out", "p.json"))
    ok(project.run("apply", "p.json"))
    settled(project)
    ran = ok(project.run("apply", "p.json"), 5)
    assert "stale" in ran.err


@pytest.mark.parametrize(
    ("edit", "why"),
    [("manifest", "manifest"), ("file", "changed after it was written"), ("clock", "valid until")],
)
def test_a_saved_plan_that_no_longer_holds_is_refused(
    project: Project, edit: str, why: str
) -> None:
    ok(project.run("plan", "--out", "p.json"))
    env = {}
    if edit == "manifest":
        project.write(HEAD + SALE.replace("Tonight", "Tomorrow"))
    if edit == "file":
        path = project.folder / "p.json"
        path.write_text(path.read_text().replace('"serial": 0', '"serial": 1'))
    if edit == "clock":
        env["PUSHCTL_NOW"] = "2026-12-01T09:44:00+08:00"
    ran = project.run("apply", "p.json", env=env)
    assert ran.code == (1 if edit == "file" else 5), ran
    assert why in ran.err
    assert not (project.folder / "pushctl.state.json").exists()


@pytest.mark.parametrize("before", [False, True], ids=["the first apply", "a later one"])
def test_a_saved_plan_says_what_overtook_it(project: Project, before: bool) -> None:
    if before:
        ok(project.run("apply", "--yes"))
        project.write(HEAD + SALE.replace("Tonight", "Tomorrow"))
    ok(project.run("plan", "--out", "p.json"))
    env = {"GITHUB_ACTOR": "lin", "PUSHCTL_RUN_URL": "https://ci.example/42"}
    ok(project.run("apply", "--yes", env=env))
    ran = ok(project.run("apply", "p.json"), 5)
    assert "The saved plan is stale" in ran.err
    assert "last changed by apply: Apply complete!" in ran.err
    assert "lin@" in ran.err
    assert "https://ci.example/42" in ran.err
    assert ran.err.count("the state is #") == 1
    history = ok(project.run("state", "history")).out.splitlines()
    assert len(history) == 1 + before
    assert history[-1].endswith("https://ci.example/42")


def test_one_newcomer_costs_at_most_one_cancel_and_one_create(tmp_path: Path) -> None:
    project = example("audience-230", tmp_path, Here)
    ok(project.run("apply", "--yes"))
    path = tmp_path / "audiences" / "vip.csv"
    head, _, rest = path.read_text().partition("\n")
    path.write_text(f"{head}\nvip-00000,2026\n{rest}")
    document = ok(project.run("plan", "--format", "json")).json
    (change,) = document["changes"]
    assert change["tasks"]["cancel"] <= 1
    assert change["tasks"]["create"] == 1
    assert change["targets"]["after"] == 231
    ok(project.run("apply", "--yes"))
    settled(project)
    path.write_text(path.read_text().replace("vip-00000,2026\n", ""))
    (change,) = ok(project.run("plan", "--format", "json")).json["changes"]
    assert change["tasks"]["cancel"] + change["tasks"]["create"] <= 2
    ok(project.run("apply", "--yes"))
    settled(project)


def test_apply_reports_events_as_json_lines(project: Project) -> None:
    ran = ok(project.run("apply", "--yes", "--format", "jsonl"))
    events = [json.loads(line) for line in ran.out.splitlines()]
    types = [event["type"] for event in events]
    assert types[0] == "run.start"
    assert types[-1] == "run.end"
    assert "lock.acquired" in types
    for id in ("sale", "digest"):
        own = [event["type"] for event in events if event.get("id") == id]
        assert own == ["task.create.intent", "task.create.created", "entry.done"]
    assert events[-1]["create"] == 2
    assert all("ts" in event for event in events)


def test_apply_asks_and_takes_only_yes(project: Project) -> None:
    ran = project.run("apply", stdin="")
    assert ran.code == 64, ran
    assert "--yes" in ran.err


def test_target_and_exclude_restrict_the_plan(project: Project) -> None:
    assert plan(project, "--target", "sale") == {"create": 1}
    ok(project.run("apply", "--yes", "--exclude", "sale"))
    assert plan(project) == {"create": 1}


def test_offline_plan_believes_the_state(applied: Project) -> None:
    document = ok(applied.run("plan", "--offline", "--format", "json")).json
    assert document["offline"] is True
    assert document["summary"]["noop"] == 2


def test_status_and_state_tell_what_is_scheduled(applied: Project) -> None:
    shown = ok(applied.run("status")).out
    assert "digest" in shown
    assert "Quota 2 of 100" in shown
    document = ok(applied.run("status", "--format", "json")).json
    assert {row["id"]: row["state"] for row in document["pushes"]} == {
        "sale": "scheduled",
        "digest": "scheduled",
    }
    assert "sale" in ok(applied.run("state", "list")).out
    one = ok(applied.run("state", "show", "sale")).out
    assert task_ids(applied, "sale")[0] in one
    assert ok(applied.run("state", "unlock")).out == "The state is not locked.\n"


def test_state_surgery_leaves_a_line_in_the_history(applied: Project) -> None:
    ok(applied.run("state", "mv", "sale", "other"))
    ok(applied.run("state", "rm", "other"))
    history = (applied.folder / "pushctl.state.history").read_text()
    assert "state mv sale other" in history
    assert "state rm other" in history
    document = ok(applied.run("plan", "--format", "json"), 3).json
    assert document["summary"]["blocked"] == 1, "what was let go may still be delivered"
    assert len(document["unmanaged"]) == 1


def test_a_forgotten_task_can_be_adopted_again(applied: Project) -> None:
    (task,) = task_ids(applied, "sale")
    ok(applied.run("state", "rm", "sale"))
    refused = ok(applied.run("adopt", "digest", task), 3)
    assert "title" in refused.err
    ok(applied.run("adopt", "sale", task))
    settled(applied)


def test_adopt_in_the_manifest_takes_over_a_task(applied: Project) -> None:
    (task,) = task_ids(applied, "sale")
    ok(applied.run("state", "rm", "sale"))
    applied.write(HEAD + f"adopt: [{{id: sale, task: {task}}}]\n" + SALE)
    assert plan(applied) == {"adopt": 1}
    ok(applied.run("apply", "--yes"))
    settled(applied)


def test_hashed_targets_appear_nowhere_in_clear(project: Project) -> None:
    secret = "customer-4711"
    text = (
        (HEAD + SALE)
        .replace("u1", secret)
        .replace("  workspace: test\n", "  workspace: test\n  targets: hashed\n")
    )
    project.write(text)
    outputs = [
        ok(project.run("plan", "--out", "p.json")),
        ok(project.run("apply", "--yes", "--format", "jsonl")),
        ok(project.run("state", "show")),
        ok(project.run("status", "sale")),
    ]
    settled(project)
    written = [path.read_bytes() for path in project.folder.glob("pushctl.state*")]
    written.append((project.folder / "p.json").read_bytes())
    assert all(secret not in ran.out + ran.err for ran in outputs)
    assert all(secret.encode() not in data for data in written)


def test_a_name_that_means_nothing_is_wrong_usage(applied: Project) -> None:
    for command in (("plan",), ("apply", "--yes")):
        ran = ok(applied.run(*command, "--target", "slae"), 64)
        assert "Did you mean sale?" in ran.err


def test_an_emptied_manifest_is_not_believed(applied: Project) -> None:
    applied.write(HEAD + "pushes: {}\n")
    ran = ok(applied.run("apply", "--yes"), 3)
    assert "no pushes at all" in ran.err
    ok(applied.run("apply", "--yes", "--max-cancels", "2"))


def test_a_plan_is_written_through_a_link_and_never_over_a_pipe(applied: Project) -> None:
    (applied.folder / "link.json").symlink_to("real.json")
    ok(applied.run("plan", "--json", "link.json"))
    assert (applied.folder / "link.json").is_symlink()
    assert json.loads((applied.folder / "real.json").read_text())["app"]
    ran = ok(applied.run("plan", "--json", "nowhere/p.json"), 1)
    assert "nowhere/p.json" in ran.err


def test_drift_says_drift(applied: Project) -> None:
    assert "No drift." in ok(applied.run("drift")).out


def test_a_bad_manifest_answers_in_json_too(applied: Project) -> None:
    applied.write(HEAD + SALE.replace("body: Daily", "bodi: Daily"))
    ran = ok(applied.run("plan", "--format", "json"), 1)
    assert "PSH104" in [item["code"] for item in ran.json["diagnostics"]]


def test_commands_survive_a_closed_stdout(applied: Project) -> None:
    command = f"'{sys.executable}' -m pushctl plan >&-"
    done = subprocess.run(
        command, shell=True, cwd=applied.folder, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr
