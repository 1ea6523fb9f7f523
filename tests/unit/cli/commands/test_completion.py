"""`completion`: a script for each shell that asks pushctl itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import Here


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_pushctl(shell: str, tmp_path: Path) -> None:
    ran = Here(tmp_path).run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_PUSHCTL_COMPLETE={shell}_complete" in ran.out


def test_another_shell_is_wrong_usage(tmp_path: Path) -> None:
    assert Here(tmp_path).run("completion", "tcsh").code == 64
