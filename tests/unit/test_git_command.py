"""What the git program is told, and what is said when it cannot be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.errors import ConfigError
from pushctl.git_command import environment, run_git


def test_what_a_hook_sets_does_not_point_elsewhere() -> None:
    hook = {"GIT_DIR": "/elsewhere", "GIT_INDEX_FILE": "x", "GIT_ALLOW_PROTOCOL": "ext"}
    kept = {"PATH": "/bin", "GIT_SSH_COMMAND": "ssh -i key", "GIT_CONFIG_COUNT": "0"}
    made = environment({**hook, **kept})
    assert kept.items() <= made.items()
    assert not {"GIT_DIR", "GIT_INDEX_FILE"} & made.keys()
    assert made["GIT_ALLOW_PROTOCOL"] == "none"
    assert environment({}, protocols="https")["GIT_ALLOW_PROTOCOL"] == "https"


def test_no_hook_of_a_repository_runs(tmp_path: Path) -> None:
    assert run_git("init", "--quiet", "--bare", folder=tmp_path).returncode == 0
    hook = tmp_path / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    oid = run_git("hash-object", "-w", "--stdin", folder=tmp_path, data=b"text").stdout.decode()
    assert run_git("update-ref", "refs/tags/a", oid.strip(), folder=tmp_path).returncode == 0
    assert not (tmp_path / "ran").exists()


def test_a_machine_without_git_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="git is not installed"):
        run_git("version")


def test_a_git_that_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(TimeoutError, match="no answer within 0 s"):
        run_git("version", timeout=0.2)
