"""Runs the git program, so that nothing that a repository says is ever run.

A repository may bring any configuration it likes. Hooks, monitors, filters and pagers stay off, and
no terminal is asked. Who calls this uses plumbing that looks at objects and refs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.errors import ConfigError

if TYPE_CHECKING:
    from subprocess import CompletedProcess

COMMAND = (
    "git",
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.untrackedCache=false"),
    *("-c", "gc.auto=0"),
    *("-c", "log.showSignature=false"),
    *("-c", "maintenance.auto=false"),
    "--no-pager",
    "--literal-pathspecs",
)
KEPT = (
    "GIT_ASKPASS",
    "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_HTTP_",
    "GIT_PROXY",
    "GIT_SSH",
    "GIT_SSL",
)
"""Of git's own variables, those that say whom to trust and how to connect; a hook sets others that
point elsewhere."""

QUIET = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
if os.name == "nt":  # else a git.exe in the present folder would be taken for git
    os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")

TIMEOUT = 60.0
"""Seconds that one call may take."""


def environment(
    environ: Mapping[str, str] = os.environ, *, protocols: str = "none"
) -> dict[str, str]:
    """Return the environment of git, which may connect by `protocols` (names with colons)."""
    kept = {k: v for k, v in environ.items() if not k.startswith("GIT_") or k.startswith(KEPT)}
    # Older versions fetch what a partial clone lacks, unless no protocol is allowed.
    return {**kept, **QUIET, "GIT_ALLOW_PROTOCOL": protocols}


def run_git(
    *arguments: str,
    folder: Path | None = None,
    env: Mapping[str, str] | None = None,
    data: bytes = b"",
    timeout: float = TIMEOUT,
) -> CompletedProcess[bytes]:
    """Run git in a folder, `data` on its input; raises `ConfigError` without git, TimeoutError."""
    import subprocess  # noqa: PLC0415  (most commands run no git)

    try:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=folder,
            env=environment() if env is None else env,
            input=data,
            capture_output=True,
            timeout=timeout,
            check=False,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except FileNotFoundError:
        raise ConfigError("git is not installed", fix="install git") from None
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"git had no answer within {timeout:.0f} s") from None
