"""What a release does: the version is the tag, and nothing is published that was not tried."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pushctl import __version__
from pushctl.cli.ci.templates import templates
from tests.servers.process import installed

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
JOBS: dict[str, Any] = YAML(typ="safe").load(WORKFLOW.read_text("utf-8"))["jobs"]
EARLIER = ROOT / "pushctl" / "templates" / "earlier"


def refused(tag: str, folder: Path = ROOT) -> str:
    """Run the step that looks at the tag; returns why it fails, or nothing."""
    (script,) = (step["run"] for step in JOBS["build"]["steps"] if "tag" in step.get("name", ""))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "GITHUB_REF_NAME": tag}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is (done.stderr == ""), done
    return done.stderr


def test_a_tag_must_be_the_version(tmp_path: Path) -> None:
    for name in ("pushctl/__init__.py", "scripts/release_version.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {__version__} - 2026-12-01\n")
    (tmp_path / "pushctl" / "templates" / "earlier" / __version__).mkdir(parents=True)
    assert refused(f"v{__version__}", tmp_path) == ""
    for tag in (__version__, f"v{__version__}.1", "v0", "", "v$(touch owned)"):
        assert "The tag is" in refused(tag, tmp_path)
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n")
    assert "CHANGELOG.md has no section" in refused(f"v{__version__}", tmp_path)


def test_the_ci_files_of_a_released_version_are_kept(request: pytest.FixtureRequest) -> None:
    """A later version finds out by them what their owner changed."""
    released = re.findall(r"(?m)^## (\d[^ \n]*)", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    texts = {name[1:]: text for ci in ("github", "gitlab") for name, text in templates(ci).items()}
    if __version__ in released and request.config.getoption("--update-golden"):
        for name, text in texts.items():
            (EARLIER / __version__ / name).parent.mkdir(parents=True, exist_ok=True)
            (EARLIER / __version__ / name).write_text(text, "utf-8")
    assert {path.name for path in EARLIER.iterdir()} == {"0.0", *released}
    for name, text in texts.items() if __version__ in released else ():
        assert (EARLIER / __version__ / name).read_text("utf-8") == text


def test_nothing_is_published_before_it_was_tried() -> None:
    def before(name: str) -> set[str]:
        needs = JOBS[name].get("needs", [])
        direct = {needs} if isinstance(needs, str) else set(needs)
        return direct.union(*map(before, direct))

    assert before("test") == {"build"}
    assert before("publish") == {"build", "test", "attest", "image"}
    assert before("page") >= {"publish"}
    assert JOBS["test"]["strategy"]["matrix"]["kind"] == ["whl", "tar.gz"]


def test_no_token_is_kept_for_it_and_jobs_may_do_what_they_need() -> None:
    assert "secrets." not in WORKFLOW.read_text("utf-8")
    rights = {
        name: {key for key, value in job["permissions"].items() if value == "write"}
        for name, job in JOBS.items()
    }
    assert rights == {
        "build": set(),
        "test": set(),
        "attest": {"attestations", "id-token"},
        "image": {"attestations", "id-token", "packages"},
        "publish": {"id-token"},
        "page": {"contents"},
    }


def test_its_scripts_have_no_known_weakness() -> None:
    scripts = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    command = [installed("shellcheck"), "--shell=bash", "-"]
    for script in scripts:
        assert "${{" not in script
        done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_addresses_are_left_out_where_nobody_knows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from hatch_build import ProjectUrls

    found: dict[str, Any] = {}
    hook = ProjectUrls(str(ROOT), {})
    monkeypatch.delenv("PUSHCTL_PROJECT_URL", raising=False)
    hook.update(found)
    assert found == {"urls": {}}
    monkeypatch.setenv("PUSHCTL_PROJECT_URL", "https://code.example/acme/pushctl/")
    hook.update(found)
    assert found["urls"]["Issues"] == "https://code.example/acme/pushctl/issues"
    (step,) = (step for step in JOBS["build"]["steps"] if "env" in step)
    assert set(step["env"]) == {"PUSHCTL_PROJECT_URL"}
