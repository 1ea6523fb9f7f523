"""A machine that runs single steps of the script, with a repository that was checked out."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.acceptance.ci.runner import PATH, REPOSITORY, git
from tests.acceptance.processes import manifest

ROOT = Path(__file__).parents[3]
ACTION = ROOT / ".github" / "actions" / "pushctl"
SCRIPT = ACTION / "pushctl.sh"
STATE = "pushctl-state"
SEEN = f"refs/pushctl/{STATE}"
REAL = f'#!/bin/sh\nexec "{sys.executable}" -m pushctl "$@"\n'
TELLS = """\
#!{python}
import json, os, sys
known = {{key: value for key, value in os.environ.items() if key.startswith("ALIBABA_CLOUD_")}}
path = os.environ.get("ALIBABA_CLOUD_OIDC_TOKEN_FILE")
mode = oct(os.stat(path).st_mode & 0o777) if path else ""
token = open(path).read() if path else ""
told = {{"argv": sys.argv[1:], "env": known, "mode": mode, "token": token}}
with open({told!r}, "w") as file:
    json.dump(told, file)
print("done")
sys.exit({code})
"""


@functools.cache
def _template() -> tempfile.TemporaryDirectory[str]:
    """Make a repository and a clone of it, once; copies of them are much cheaper."""
    held = tempfile.TemporaryDirectory()
    folder = Path(held.name)
    bare, work = folder / "bare", folder / "work"
    git(folder, "init", "--quiet", "--template=", "--bare", "--initial-branch=main", str(bare))
    git(folder, "init", "--quiet", "--template=", "--initial-branch=main", str(work))
    git(bare, "config", "receive.autogc", "false")
    (work / "pushctl.yaml").write_text(manifest("one"))
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "begin")
    git(work, "push", "--quiet", str(bare), "HEAD")
    return held


class Machine:
    """Runs steps of the script. Machines in the same folder share a repository, and no more."""

    def __init__(self, folder: Path, name: str = "machine", **env: str) -> None:
        template = Path(_template().name)
        self.folder = folder / name
        self.bare = folder / f"{REPOSITORY}.git"
        self.work = self.folder / "work"
        self.temp = self.folder / "temp"
        if not self.bare.exists():
            shutil.copytree(template / "bare", self.bare)
        self.temp.mkdir(parents=True)
        self.output = self.folder / "output"
        shutil.copytree(template / "work", self.work)
        self.env = {
            "PATH": PATH,
            "GITHUB_ACTIONS": "true",
            "GITHUB_SERVER_URL": f"file://{folder}",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": name,
            "GITHUB_OUTPUT": str(self.output),
            "RUNNER_TEMP": str(self.temp),
            "INPUT_COMMAND": "apply",
            "INPUT_STATE_BRANCH": STATE,
            "INPUT_PATIENCE": "0",
            "INPUT_PAUSE": "0",
            **env,
        }
        self.program(REAL)

    # --- what is on the machine -------------------------------------------------------------------

    def program(self, text: str) -> None:
        """Put a program in pushctl's place."""
        self._executable(self.temp / "pushctl" / "venv" / "bin" / "pushctl", text)

    def teller(self, code: int = 0) -> None:
        """Put a program in pushctl's place that writes down how it was called."""
        told = str(self.folder / "told.json")
        self.program(TELLS.format(python=sys.executable, told=told, code=code))

    @property
    def told(self) -> Any:
        return json.loads((self.folder / "told.json").read_text())

    def instead(self, name: str, script: str) -> dict[str, str]:
        """Have a shell script run instead of a tool; returns the environment for a step."""
        self._executable(self.folder / "bin" / name, f"#!/bin/bash\n{script}\n")
        return {"PATH": f"{self.folder / 'bin'}{os.pathsep}{PATH}"}

    def _executable(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def forbid_pushes(self) -> Path:
        """Have the code host take no push to a branch; returns the file to remove to end that."""
        hook = self.bare / "hooks" / "update"
        self._executable(hook, "#!/bin/sh\ncase $1 in refs/heads/*) exit 1 ;; esac\n")
        return hook

    # --- steps ------------------------------------------------------------------------------------

    def step(self, name: str, **env: str) -> subprocess.CompletedProcess[str]:
        process = self.begin(name, **env)
        out, _ = process.communicate(timeout=60)
        return subprocess.CompletedProcess([name], process.returncode, out, "")

    def begin(self, name: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", str(SCRIPT), name],
            cwd=self.work,
            env={**os.environ, **self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def fine(self, name: str, **env: str) -> str:
        """Run a step that must not fail; returns what it said."""
        done = self.step(name, **env)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def refused(self, name: str, **env: str) -> str:
        """Run a step that must fail; returns what it said."""
        done = self.step(name, **env)
        assert done.returncode != 0, done.stdout
        return done.stdout

    # --- what they left ---------------------------------------------------------------------------

    @property
    def outputs(self) -> dict[str, str]:
        lines = self.output.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def kept(self) -> dict[str, str]:
        """What would become an artifact."""
        folder = Path(self.outputs["kept"])
        return {path.name: path.read_text() for path in folder.iterdir()} if folder.exists() else {}

    def on_branch(self) -> dict[str, str]:
        """Return the files of the state branch; none if there is no such branch."""
        if not git(self.bare, "for-each-ref", f"refs/heads/{STATE}"):
            return {}
        names = git(self.bare, "ls-tree", "-r", "--name-only", STATE).splitlines()
        return {name: git(self.bare, "show", f"{STATE}:{name}") for name in names}

    def tip(self, ref: str = f"refs/heads/{STATE}") -> str:
        return git(self.bare, "for-each-ref", "--format=%(objectname)", ref)
