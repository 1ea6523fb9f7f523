"""The real command line in a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def example(name: str, folder: Path) -> Project:
    """Copy an example into an empty folder."""
    shutil.copytree(EXAMPLES / name, folder, dirs_exist_ok=True)
    return Project(folder)
