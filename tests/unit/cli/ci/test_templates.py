"""The files of a CI system: their names, and what is filled in."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from pushctl.cli.ci.templates import LISTS, TemplateValues, added, files, state_address, steps
from pushctl.errors import ConfigError

HERE = PurePosixPath()


def test_the_branch_is_filled_in() -> None:
    texts = files("github", TemplateValues(HERE, None, "trunk"))
    assert "branches: [trunk]" in texts[LISTS["github"]]
    assert not [name for name, text in texts.items() if "__" in text]


def test_another_folder_is_another_line_and_the_same_one_is_none() -> None:
    values = TemplateValues(PurePosixPath("a 今/b"), "prod", "main")
    before = files("github", TemplateValues(HERE, None, "main"))[LISTS["github"]]
    after = added(before, "github", values)
    assert after.count('- "a 今/b/**"') == 2
    assert after.count('- "**"') == 2
    assert added(after, "github", values) == after
    other = TemplateValues(PurePosixPath("a 今/b"), "staging", "main")
    assert added(after, "github", other).count('- "a 今/b/**"') == 2


@pytest.mark.parametrize(
    ("folder", "env", "target"),
    [
        (".", None, "pushctl.yaml"),
        (".", "prod", "pushctl.yaml (prod)"),
        ("shop", None, "shop"),
        ("apps/shop", "prod", "apps/shop (prod)"),
    ],
)
def test_people_pick_a_folder_and_an_environment(folder: str, env: str | None, target: str) -> None:
    assert TemplateValues(PurePosixPath(folder), env, "main").target == target


@pytest.mark.parametrize(
    ("folder", "name"),
    [(".", "pushctl"), ("shop", "shop"), ("apps/shop", "apps-shop"), ("营销", "pushctl")],
)
def test_each_folder_has_a_state_of_its_own_at_gitlab(folder: str, name: str) -> None:
    values = TemplateValues(PurePosixPath(folder), None, "main")
    assert state_address("gitlab", values) == f"gitlab:{name}"


@pytest.mark.parametrize(
    ("folder", "env", "branch"),
    [
        ("a*b", None, "main"),
        ("${{ x }}", None, "main"),
        ('a"b', None, "main"),
        ("a\nb", None, "main"),
        (".", "a b", "main"),
        (".", "", "main"),
        (".", "../x", "main"),
        (".", None, "-x"),
        (".", None, "a b"),
        (".", None, "main\n"),
    ],
)
def test_names_that_mean_something_to_a_workflow_are_refused(
    folder: str, env: str | None, branch: str
) -> None:
    with pytest.raises(ConfigError, match="does not fit into a workflow"):
        TemplateValues(PurePosixPath(folder), env, branch)


# --- what is left to do by hand -------------------------------------------------------------------

TOLD = """\
#!/bin/sh
for word in "${0##*/}" "$@"; do printf '%s\\0' "$word"; done >>"$TOLD"
printf '\\n' >>"$TOLD"
case "$*" in
*GetCallerIdentity*) echo '{"AccountId": "42"}' ;;
*"repo view"*) echo acme/pushes ;;
*projects/:id) echo '{"path_with_namespace": "acme/pushes"}' ;;
esac
"""


def typed(ci: str, folder: Path) -> list[list[str]]:
    """Run the steps with programs that only write down how they are called."""
    wanted = [TemplateValues(PurePosixPath("a b"), env, "trunk") for env in ("prod", "test")]
    for name in ("gh", "glab", "aliyun"):
        (folder / name).write_text(TOLD)
        (folder / name).chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "TOLD": str(folder / "told"), "SOURCE": "1.2", "TOKEN": "secret"}
    subprocess.run(["bash", "-euo", "pipefail", "-c", steps(ci, wanted)], env=env, check=True)
    lines = (folder / "told").read_text("utf-8").split("\n")
    return [line.split("\0")[:-1] for line in lines if line]


def roles(calls: list[list[str]]) -> dict[str, Any]:
    """Return the subjects that each role trusts."""
    made = [call for call in calls if "CreateRole" in call]
    policies = {call[4]: json.loads(call[6])["Statement"][0]["Condition"] for call in made}
    return {
        name: next(of["oidc:sub"] for of in policy.values() if "oidc:sub" in of)
        for name, policy in policies.items()
    }


def test_the_steps_at_github_can_be_pasted(tmp_path: Path) -> None:
    calls = typed("github", tmp_path)
    put = [call for call in calls if "PUT" in call]
    names = ["prod", "prod-stop", "test", "test-stop"]
    assert [call[4].rpartition("/")[2] for call in put] == names
    assert sum(call[-1] == "name=trunk" for call in calls) == len(names)
    of = "repo:acme/pushes:"
    assert roles(calls) == {
        "pushctl-plan": [f"{of}pull_request", f"{of}ref:refs/heads/trunk"],
        "pushctl-apply": [f"{of}environment:prod", f"{of}environment:test"],
        "pushctl-stop": [f"{of}environment:prod-stop", f"{of}environment:test-stop"],
    }
    variables = {call[3]: call[5] for call in calls if call[1:3] == ["variable", "set"]}
    assert variables["PUSHCTL_SOURCE"] == "1.2"
    assert variables["PUSHCTL_STOP_ROLE_ARN"] == "acs:ram::42:role/pushctl-stop"
    assert variables["PUSHCTL_OIDC_PROVIDER_ARN"] == "acs:ram::42:oidc-provider/github"
    assert shlex.join(calls[-1]).endswith("-f command=doctor -f 'target=a b (prod)'")


def test_the_steps_at_gitlab_can_be_pasted(tmp_path: Path) -> None:
    calls = typed("gitlab", tmp_path)
    protected = [call for call in calls if "projects/:id/protected_environments" in call]
    assert [call[6] for call in protected] == [
        f"name={name}" for name in ("prod", "prod-stop", "test", "test-stop")
    ]
    of = "project_path:acme/pushes:ref_type:branch:ref:"
    assert roles(calls) == {
        "pushctl-plan": [f"{of}*"],
        "pushctl-apply": [f"{of}trunk"],
        "pushctl-stop": [f"{of}trunk"],
    }
    kept = [call for call in calls if "--protected" in call]
    assert [call[3] for call in kept] == ["PUSHCTL_APPLY_ROLE_ARN", "PUSHCTL_STOP_ROLE_ARN"]


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_roles_may_do_what_their_jobs_call_and_no_more(ci: str, tmp_path: Path) -> None:
    made = [call for call in typed(ci, tmp_path) if "CreatePolicy" in call]
    may = {call[4]: set(json.loads(call[6])["Statement"][0]["Action"]) for call in made}
    listing, cancel = "mpaas:QueryPushSchedulerList", "mpaas:CancelPushScheduler"
    assert may == {
        "pushctl-plan": {listing},
        "pushctl-apply": {listing, "mpaas:PushSimple", cancel},
        "pushctl-stop": {listing, cancel, "mpaas:RevokePushMessage"},
    }
