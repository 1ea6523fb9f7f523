"""The real command line in a folder of its own: in a process of its own, or in this one.

A process costs ten times as much; what is about processes (signals, kills, locks, streams, exit
codes as the system sees them) has one, the rest runs `Here`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from pushctl.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, results, talk."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def __str__(self) -> str:
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


@dataclass(frozen=True)
class Project:
    """A folder with a manifest."""

    folder: Path

    def run(self, *arguments: str, env: dict[str, str] | None = None, stdin: str = "") -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "pushctl", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONWARNINGS": "ignore", **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in ran.err, ran
        assert "has a bug" not in ran.err, ran
        return ran

    def write(self, text: str, name: str = "pushctl.yaml") -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def state(self, name: str = "pushctl") -> Any:
        return json.loads((self.folder / f"{name}.state.json").read_text("utf-8"))


class Here(Project):
    """The same commands in this process, which is much cheaper than one of their own."""

    def run(self, *arguments: str, env: dict[str, str] | None = None, stdin: str = "") -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch.object(sys, "argv", ["pushctl", *arguments]))
            stack.enter_context(mock.patch.object(sys, "stdin", io.StringIO(stdin)))
            stack.enter_context(mock.patch.dict(os.environ, env or {}))
            stack.enter_context(contextlib.chdir(self.folder))
            stack.enter_context(contextlib.redirect_stdout(out))
            stack.enter_context(contextlib.redirect_stderr(err))
            code = main._guarded()
        ran = Ran(int(code), out.getvalue(), err.getvalue())
        assert "has a bug" not in ran.err, ran
        return ran


def example(name: str, folder: Path, kind: type[Project] = Project) -> Project:
    """Copy an example into an empty folder."""
    shutil.copytree(EXAMPLES / name, folder, dirs_exist_ok=True)
    return kind(folder)
