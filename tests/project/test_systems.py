"""What Windows lacks, and how its files and code pages differ: all that only reads works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pushctl import portable
from tests.acceptance.cli import Here, Project, Ran, example
from tests.acceptance.lsp.client import Client
from tests.acceptance.repository import git
from tests.without_posix import MODULES

ROOT = Path(__file__).parents[2]
NOW = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
FILES = pytest.mark.skipif(portable.fcntl is None, reason="a state in files is not written here")
PAGE = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "LC_ALL": "C"}


class Lacking(Project):
    """The command line without what Windows lacks, in a process of its own."""

    def run(self, *arguments: str, env: dict[str, str] | None = None, stdin: str = "") -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "tests.without_posix", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **NOW, **PAGE, **(env or {})},
            input=stdin.encode(),
            capture_output=True,
            timeout=60,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in ran.err, ran
        assert "has a bug" not in ran.err, ran
        return ran


@pytest.mark.parametrize(
    "words",
    [
        "validate",
        "plan --offline",
        "plan --offline --format json",
        "when morning-digest",
        "preview morning-digest",
        "fmt --check",
        "explain PSH104",
        "status",
        "state list",
    ],
)
def test_what_only_reads_says_the_same(words: str, tmp_path: Path) -> None:
    example("quickstart", tmp_path)
    here = Here(tmp_path).run(*words.split(), env=NOW)
    assert here.out
    assert Lacking(tmp_path).run(*words.split()) == here


def test_editors_are_served(tmp_path: Path) -> None:
    example("quickstart", tmp_path)
    client = Client(tmp_path, module="tests.without_posix", path=str(ROOT))
    client.open((tmp_path / "pushctl.yaml").read_text("utf-8").replace("title:", "titel:"))
    assert client.diagnostics()[0]["code"] == "PSH104"
    client.close()


def test_a_state_in_files_is_not_changed_and_the_way_out_is_said(tmp_path: Path) -> None:
    project = example("quickstart", tmp_path, Lacking)
    before = sorted(path.name for path in tmp_path.iterdir())
    ran = project.run("apply", "--yes")
    assert ran.code == 1
    assert "A state in files cannot be changed on this system" in ran.err
    assert "PUSHCTL_STATE=git+origin:" in ran.err
    assert sorted({path.name for path in tmp_path.iterdir()} - {".pushctl"}) == before
    assert "which is only read here" in project.run("doctor").out


@FILES
@pytest.mark.slow
def test_a_stop_goes_on_without_record(tmp_path: Path) -> None:
    project = example("quickstart", tmp_path, Lacking)
    assert Project(tmp_path).run("apply", "--yes", env=NOW).code == 0
    refused = project.run("stop", "--all")
    assert refused.code == 1
    assert "--without-record" in refused.err
    stopped = project.run("stop", "--all", "--without-record")
    assert "NOT RECORDED" in stopped.err
    assert project.run("plan").out.count("superseded") == 0


@pytest.mark.slow
def test_a_state_on_a_branch_is_applied(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "origin.git")
    (tmp_path / "work").mkdir()
    project = example("quickstart", tmp_path / "work", Lacking)
    there = {"PUSHCTL_STATE": f"git+{(tmp_path / 'origin.git').as_uri()}"}
    assert project.run("apply", "--yes", env=there).code == 0
    assert project.run("plan", "--detailed-exitcode", env=there).code == 0


@pytest.mark.parametrize("name", ["audience-230", "languages", "local-time", "team"])
def test_line_ends_of_windows_change_nothing(name: str, tmp_path: Path) -> None:
    example(name, tmp_path / "unix")
    shutil.copytree(tmp_path / "unix", tmp_path / "windows")
    for path in (tmp_path / "windows").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    for words in ("validate --format json", "plan --offline --format json"):
        unix, windows = (
            Here(tmp_path / each).run(*words.split(), env=NOW) for each in ("unix", "windows")
        )
        digest = re.compile('"manifest": "[0-9a-f]{64}"')  # of the bytes: a saved plan is for those
        assert digest.sub("", windows.out) == digest.sub("", unix.out)
        assert windows.code == unix.code
    assert Here(tmp_path / "windows").run("fmt", "--check").code == 0


@FILES
def test_a_state_with_line_ends_of_windows_is_read(tmp_path: Path) -> None:
    project = example("quickstart", tmp_path, Here)
    assert project.run("apply", "--yes", env=NOW).code == 0
    before = project.run("state", "list").out
    for path in tmp_path.glob("pushctl.state.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert project.run("state", "list").out == before != ""
    assert project.run("plan", "--detailed-exitcode", env=NOW).code == 0


def test_one_module_imports_what_only_posix_has() -> None:
    needed = re.compile(rf"^ *(import|from) ({'|'.join(sorted(MODULES))})\b", re.MULTILINE)
    needing = [
        path for path in (ROOT / "pushctl").rglob("*.py") if needed.search(path.read_text("utf-8"))
    ]
    assert needing == [ROOT / "pushctl" / "portable.py"]


GUARDED = {
    "portable.py": {"fcntl", "CLOCK_MONOTONIC"},
    "reader.py": {"O_DIRECTORY"},
    "lock.py": {"flock", "LOCK_EX", "LOCK_NB", "LOCK_SH", "LOCK_UN", "pread", "pwrite"},
    "journal.py": {"pwrite"},
}
"""Names that Windows lacks, by the modules that ask first, or run only under a lock."""


@pytest.mark.slow
def test_no_module_uses_another_name_that_windows_lacks() -> None:
    words = ("--platform", "win32", "--cache-dir", str(ROOT / ".mypy_cache" / "windows"))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, set[str]] = {}
    for name, lacking in re.findall(r'(\w+\.py):\d+: error: .*attribute "(\w+)"', done.stdout):
        found.setdefault(name, set()).add(lacking)
    assert found == GUARDED, done.stdout
