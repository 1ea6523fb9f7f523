"""Who this process runs for, as locks and the history say it: a person, a machine, a CI run.

Sources: https://docs.github.com/en/actions/reference/variables-reference and
https://docs.gitlab.com/ci/variables/predefined_variables/
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from pushctl.masking import mask
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import LockInfo

RUN_URLS = ("PUSHCTL_RUN_URL", "CI_JOB_URL", "BUILD_URL")


def lock_info(operation: str, environ: Mapping[str, str]) -> LockInfo:
    """Describe this process as the holder of a lock, from now on."""
    from socket import gethostname  # noqa: PLC0415  (whoever only reads needs no network)

    return LockInfo(
        who=_user(environ),
        host=gethostname(),
        pid=os.getpid(),
        operation=operation,
        since=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        run=mask(run_url(environ)),
    )


def signed(entry: HistoryEntry, environ: Mapping[str, str]) -> HistoryEntry:
    """Complete an entry of the history with the present time and this process."""
    me = lock_info(entry.what, environ)
    # GitHub keeps the first one as the actor; who starts a run again is the triggering actor.
    starter = environ.get("GITHUB_TRIGGERING_ACTOR", "")
    return replace(
        entry,
        pushes={word: tuple(ids) for word, ids in entry.pushes.items()},
        calls=tuple(id for id in entry.calls if id)[:100],
        at=me.since,
        who=me.who,
        host=me.host,
        run=me.run,
        request=mask(request_url(environ)),
        starter="" if starter == me.who else starter,
    )


def _user(environ: Mapping[str, str]) -> str:
    try:
        user = getpass.getuser()
    except (ImportError, KeyError, OSError):
        user = f"uid {os.getuid()}" if hasattr(os, "getuid") else "somebody"
    return environ.get("GITHUB_ACTOR") or environ.get("GITLAB_USER_LOGIN") or user


def run_url(environ: Mapping[str, str]) -> str:
    """Return the address of the CI run that this process belongs to, or an empty text."""
    if environ.get("GITHUB_RUN_ID"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        repository = environ.get("GITHUB_REPOSITORY", "")
        return f"{server}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']}"
    return next((environ[name] for name in RUN_URLS if environ.get(name)), "")


def request_url(environ: Mapping[str, str]) -> str:
    """Return the address of the pull or merge request that a CI run is for, or an empty text."""
    if environ.get("PUSHCTL_REQUEST_URL"):
        return environ["PUSHCTL_REQUEST_URL"]
    ref = environ.get("GITHUB_REF", "").split("/")
    if ref[:2] == ["refs", "pull"] and environ.get("GITHUB_REPOSITORY"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{environ['GITHUB_REPOSITORY']}/pull/{ref[2]}"
    project = environ.get("CI_MERGE_REQUEST_PROJECT_URL")
    number = environ.get("CI_MERGE_REQUEST_IID")
    return f"{project}/-/merge_requests/{number}" if project and number else ""
