"""Where the jobs get pushctl from: `PUSHCTL_SOURCE`, an index, and never a guess."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pushctl.cli.ci.templates import ACTION, LISTS, templates
from tests.acceptance.ci.runner import yaml

ROOT = Path(__file__).parents[3]
GIT = "git+https://code.example/pushctl@0123abc"
WHEEL = "https://code.example/pushctl-1.2-py3-none-any.whl#sha256=00"
PYTHON = """\
#!/bin/sh
case "$*" in
*" venv "*) for last; do :; done; mkdir -p "$last/bin" && cp "$0" "$last/bin/python" ;;
*) printf '%s\\n' "$PIP_INDEX_URL|$PIP_CACHE_DIR|$*" >>"$TOLD" ;;
esac
"""
SOURCES = [
    ("1.2.3", "pushctl==1.2.3"),
    ("1.2.3rc1", "pushctl==1.2.3rc1"),
    (GIT, GIT),
    (WHEEL, WHEEL),
    ("a b/pushctl.whl", "{here}/a b/pushctl.whl"),
    ("installed", None),
]
REFUSED = ["", "pushctl", "latest", "nowhere/pushctl.whl", "--index-url=x", "http://code.example/x"]


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine whose Python writes down what it is asked to install."""
    for name in ("bin", "temp", "a b"):
        (tmp_path / name).mkdir()
    for name, text in (("python3", PYTHON), ("pushctl", "#!/bin/sh\n")):
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "a b" / "pushctl.whl").touch()
    return {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "TOLD": str(tmp_path / "told"),
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_ACTION_PATH": str(tmp_path / "a" / "b" / "c"),
        "NAME": "x",
        "MANIFEST": "x",
    }


def shell(script: str, folder: Path, env: dict[str, str], program: str = "bash") -> int:
    return subprocess.run([program, "-ec", script], cwd=folder, env=env, check=False).returncode


def steps() -> dict[str, Any]:
    return {step["name"]: step for step in yaml(ROOT / ACTION)["runs"]["steps"]}


def chosen(folder: Path, env: dict[str, str]) -> str | None:
    """Return what the action would install; None if it refuses."""
    Path(env["GITHUB_ACTION_PATH"]).mkdir(parents=True, exist_ok=True)
    if shell(steps()["Choose pushctl"]["run"], folder, env):
        return None
    lines = Path(env["GITHUB_OUTPUT"]).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)["what"]


@pytest.mark.parametrize(("source", "what"), SOURCES)
def test_the_action_installs_what_the_source_says(
    source: str, what: str | None, tmp_path: Path, machine: dict[str, str]
) -> None:
    found = chosen(tmp_path, {**machine, "SOURCE": source})
    assert found == (what or "").format(here=tmp_path)


@pytest.mark.parametrize("source", REFUSED)
def test_the_action_never_guesses(source: str, tmp_path: Path, machine: dict[str, str]) -> None:
    assert chosen(tmp_path, {**machine, "SOURCE": source}) is None


def test_in_its_own_repository_the_action_installs_that(
    tmp_path: Path, machine: dict[str, str]
) -> None:
    machine = {**machine, "SOURCE": "", "GITHUB_ACTION_PATH": str((ROOT / ACTION).parent)}
    assert chosen(tmp_path, machine) == str(ROOT)


@pytest.mark.parametrize("index", ["", "https://packages.example/simple"])
def test_the_action_passes_an_index_and_a_cache_to_pip(
    index: str, tmp_path: Path, machine: dict[str, str]
) -> None:
    found = steps()
    more = {"WHAT": GIT, "INDEX_URL": index, "PIP_CACHE_DIR": "cache", "PIP_INDEX_URL": "before"}
    assert shell(found["Install it"]["run"], tmp_path, {**machine, **more}) == 0
    told = Path(machine["TOLD"]).read_text("utf-8")
    assert told.startswith(f"{index or 'before'}|cache|-I -m pip install ")
    assert told.endswith(f" -- {GIT}\n")
    path = found["Keep what was downloaded"]["with"]["path"]
    assert path == found["Install it"]["env"]["PIP_CACHE_DIR"]


@pytest.mark.parametrize(("source", "what"), SOURCES)
@pytest.mark.parametrize("program", ["bash", "sh"])
def test_gitlab_installs_what_the_source_says(
    program: str, source: str, what: str | None, tmp_path: Path, machine: dict[str, str]
) -> None:
    jobs = yaml(ROOT / "pushctl" / "templates" / LISTS["gitlab"][1:])
    script = "\n".join(jobs[".pushctl"]["before_script"][:3])
    machine = {**machine, "PUSHCTL_SOURCE": source, "UV_INDEX_URL": "https://packages.example"}
    assert shell(script, tmp_path, machine, program) == 0
    told = Path(machine["TOLD"]).read_text("utf-8") if what else ""
    wanted = (what or "").format(here=".")
    assert told == (f"https://packages.example||{told.split('|')[-1]}" if what else "")
    assert told.endswith(f" -- {wanted}\n" if what else "")


def test_gitlab_never_guesses(tmp_path: Path, machine: dict[str, str]) -> None:
    jobs = yaml(ROOT / "pushctl" / "templates" / LISTS["gitlab"][1:])
    script = "\n".join(jobs[".pushctl"]["before_script"][:3])
    assert shell(script, tmp_path, {**machine, "UV_INDEX_URL": ""}) != 0
    for source in ("pushctl", "latest"):  # a name is a path, and never looked up
        shell(script, tmp_path, {**machine, "PUSHCTL_SOURCE": source, "UV_INDEX_URL": ""})
        assert Path(machine["TOLD"]).read_text("utf-8").endswith(f" -- ./{source}\n")


def test_the_former_name_of_the_variable_still_counts(
    tmp_path: Path, machine: dict[str, str]
) -> None:
    jobs = yaml(ROOT / "pushctl" / "templates" / LISTS["gitlab"][1:])
    script = "\n".join(jobs[".pushctl"]["before_script"][:3])
    assert shell(script, tmp_path, {**machine, "PUSHCTL_VERSION": "1.2", "UV_INDEX_URL": ""}) == 0
    assert Path(machine["TOLD"]).read_text("utf-8").endswith(" -- pushctl==1.2\n")
    assert steps()["Choose pushctl"]["env"]["SOURCE"] == "${{ inputs.source || inputs.version }}"
    workflow = templates("github")[LISTS["github"]]
    assert "source: ${{ vars.PUSHCTL_SOURCE || vars.PUSHCTL_VERSION }}" in workflow
