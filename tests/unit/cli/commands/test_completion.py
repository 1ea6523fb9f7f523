"""`completion`: a script for each shell that asks pushctl itself, in the real shells."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.acceptance.cli import EXAMPLES, Here
from tests.servers.process import installed

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
SHELLS = {"bash": "--norc --noprofile -i", "zsh": "-f -i"}
SETUP = {"bash": "", "zsh": "autoload -Uz compinit; compinit -u -D; "}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_pushctl(shell: str, tmp_path: Path) -> None:
    ran = Here(tmp_path).run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_PUSHCTL_COMPLETE={shell}_complete" in ran.out


def test_another_shell_is_wrong_usage(tmp_path: Path) -> None:
    assert Here(tmp_path).run("completion", "tcsh").code == 64


@pytest.mark.parametrize("shell", ["bash", pytest.param("zsh", marks=pytest.mark.slow)])
def test_tab_completes_in_a_real_shell(shell: str) -> None:
    installed(shell)
    typed = {
        f'{SETUP[shell]}eval "$(pushctl completion {shell})"; echo rea""dy\n': "ready\r\n",
        "pushctl pla\t": "pushctl plan ",
        "--targ\tmemb\t": "member-day ",
        "--exclude=memb\t": "clude=member-day ",
        "--env st\t": "staging ",
        "\x15pushctl stop --label team=di\t": "team=dispatch ",
    }
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(EXAMPLES / "team")
        settings = {"PATH": PATH, "TERM": "dumb", "PS1": "$ ", "COLUMNS": "500"}
        os.execvpe(shell, [shell, *SHELLS[shell].split()], {**os.environ, **settings})
    try:
        for keys, expected in typed.items():
            os.write(terminal, keys.encode())
            shown = ""
            until = time.monotonic() + 30
            while expected not in shown:
                ready, _, _ = select.select([terminal], [], [], until - time.monotonic())
                assert ready, (keys, shown)
                shown += os.read(terminal, 65536).decode("utf-8", "replace")
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pushctl pla", "plan\tShow what apply would do."),
        ("pushctl plan --target memb", "member-day"),
        ("pushctl plan --target=memb", "--target=member-day"),
        ("pushctl stop --label team=di", "team=dispatch"),
        ("pushctl explain PSH301", "PSH301\tvivo will reject a text that is too long"),
    ],
)
def test_fish_completes(typed: str, expected: str) -> None:
    installed("fish")
    code = f"pushctl completion fish | source; complete -C '{typed}'"
    ran = subprocess.run(
        ["fish", "-N", "-c", code],
        cwd=EXAMPLES / "team",
        env={**os.environ, "PATH": PATH},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == [expected]
