"""GitLab's own state in jobs without a GitLab: on the branch where the other jobs keep theirs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from pushctl.cli.project.state_engine import ENGINES
from pushctl.state.git_branch import log as git_branch
from pushctl.state.git_branch.log import GitLog


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> GitLog:
    """Open the branch; what GitLab does is tested with its engine."""
    return git_branch.open_log(
        "git+origin:#pushctl-state", suffix=suffix, folder=folder, environ=environ
    )


def install() -> None:
    """Take the place of GitLab in this process."""
    ENGINES["gitlab"] = "shared"
    sys.modules["pushctl.state.shared.log"] = sys.modules[__name__]
