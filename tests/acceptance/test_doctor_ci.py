"""`doctor --ci`: the files, the state and the identity of a job; the rest stands with `doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.ci.runner import git
from tests.acceptance.cli import Here
from tests.unit.cli.ci.test_upgrade import old, write

MANIFEST = """\
version: 1
app: {id: ONEX0000000000000, workspace: test, endpoint: mpaas.cn-hangzhou.aliyuncs.com}
timezone: Asia/Shanghai
"""
STATE = 'state: "git+origin:#pushctl-state"\n'


@pytest.fixture
def here(tmp_path: Path) -> Here:
    git(tmp_path, "init", "--quiet")
    made = Here(tmp_path)
    made.write(MANIFEST + STATE)
    return made


def verdicts(here: Here, **env: str) -> dict[str, str]:
    job = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "", "CI_PROJECT_ID": "", **env}
    found = here.run("doctor", "--ci", "--format", "json", env=job).json
    return {check["check"]: check["verdict"] for check in found}


def test_files_of_an_earlier_version_are_named(here: Here) -> None:
    assert "CI files" not in verdicts(here)
    write(here.folder, old("gitlab"))
    assert verdicts(here)["CI files"] == "note"
    assert "init --ci gitlab --upgrade" in here.run("doctor", "--ci").out
    assert here.run("init", "--ci", "gitlab", "--upgrade", "--yes").code == 0
    assert verdicts(here)["CI files"] == "ok"


def test_a_job_needs_a_state_that_it_shares(here: Here) -> None:
    assert verdicts(here)["state"] == "ok"
    here.write(MANIFEST)
    assert verdicts(here)["state"] == "bad"


def test_a_job_needs_a_role_with_its_token_or_keys(here: Here) -> None:
    role = {"ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/plan"}
    token = here.folder / "token"
    assert verdicts(here)["identity"] == "bad"
    assert verdicts(here, **role)["identity"] == "bad"
    assert verdicts(here, **role, ALIBABA_CLOUD_OIDC_TOKEN_FILE=str(token))["identity"] == "bad"
    token.write_text("x")
    assert verdicts(here, **role, ALIBABA_CLOUD_OIDC_TOKEN_FILE=str(token))["identity"] == "ok"
    assert verdicts(here, ALIBABA_CLOUD_ACCESS_KEY_ID="x")["identity"] == "ok"
    assert "identity" not in verdicts(here, GITHUB_ACTIONS="")
    here.write(MANIFEST.replace("mpaas.cn-hangzhou.aliyuncs.com", "sandbox") + STATE)
    assert verdicts(here)["identity"] == "ok"
