"""Where the manifest can be looked at in a browser: what a CI job knows. Never a reason to fail.

Sources: https://docs.github.com/en/actions/reference/variables-reference and
https://docs.gitlab.com/ci/variables/predefined_variables/
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from pushctl.text.regex import regex

_SHA = regex(r"[0-9a-f]{40}([0-9a-f]{24})?")


def source(place: PurePosixPath | None, environ: Mapping[str, str]) -> str:
    """Return the address of a folder at the commit of this CI job; empty where nobody knows.

    `place` leads to the folder from the root of its repository; None if it is in none.
    """
    base = _github(environ) or _gitlab(environ)
    if not base or place is None:
        return ""
    prefix = place.as_posix()
    return base if prefix == "." else f"{base}/{quote(prefix, errors='surrogatepass')}"


def _github(environ: Mapping[str, str]) -> str:
    server, repository = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY")
    sha = _head(environ.get("GITHUB_EVENT_PATH", "")) or environ.get("GITHUB_SHA", "")
    if server and repository and _SHA.fullmatch(sha):
        return f"{server}/{repository}/blob/{sha}"
    return ""


def _head(event: str) -> str:
    """Return the last commit of a pull request; the merge that is tried out does not stay."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        sha = json.loads(Path(event).read_bytes())["pull_request"]["head"]["sha"]
        return sha if isinstance(sha, str) else ""
    return ""


def _gitlab(environ: Mapping[str, str]) -> str:
    project, sha = environ.get("CI_PROJECT_URL"), environ.get("CI_COMMIT_SHA", "")
    return f"{project}/-/blob/{sha}" if project and _SHA.fullmatch(sha) else ""
