"""Whether a state that is not here is kept by the repository's CI, as far as this clone knows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.planning import git
from pushctl.cli.project.state_engine import address_of
from pushctl.errors import StateConflictError

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest

BRANCH = "pushctl-state"
LINE = f"state: git+origin:#{BRANCH}"
JOBS = (".github/workflows/pushctl*.yml", ".gitlab/pushctl*.yml")


def kept_on_branch(options: GlobalOptions, manifest: Manifest | None) -> StateConflictError | None:
    """Return what to say where a branch has the state and nothing says so; None elsewhere."""
    if address_of(manifest, os.environ):
        return None
    names = (f"{options.state_name}.chain", f"{options.state_name}.state.json")
    ref = git.branch_with(options.existing_folder, BRANCH, names)
    if not ref:
        return None
    fix = f"write into the manifest: {LINE}"
    return StateConflictError("The state is not in this folder", f"{ref} has it", fix=fix)


def hint(options: GlobalOptions, manifest: Manifest | None) -> str:
    """Return a note for commands that find nothing recorded here; empty if that is no wonder."""
    if error := kept_on_branch(options, manifest):
        return f"{error}; {error.fix}"
    root = git.root_of(options.existing_folder)
    jobs = [path.name for pattern in JOBS for path in root.glob(pattern)]
    if not jobs or address_of(manifest, os.environ):
        return ""
    way = f"fetch the branch {BRANCH}, or write into the manifest where they keep the state: {LINE}"
    return f"CI jobs apply this ({sorted(jobs)[0]}), and nothing is recorded here; {way}"
