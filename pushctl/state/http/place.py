"""The URL of a state on a server, and the login for it, from an address and the environment."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from pushctl.errors import ConfigError
from pushctl.git_command import run_git
from pushctl.http.loopback import is_loopback
from pushctl.text.regex import regex

_HOST = r"([A-Za-z0-9][\w.-]*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?"
_URL = regex(rf"(https?)://{_HOST}(?:/[\w.~%-]+)+", re.ASCII)
_REMOTE = regex(r"(?:(?:https?|ssh)://)?(?:[^@/]+@)?(\w[\w.-]*)(?::\d+)?[:/]([^/].*?)(?:\.git)?/?")


def place_of(
    address: str, suffix: str, folder: Path, environ: Mapping[str, str]
) -> tuple[str, str]:
    """Return the URL, and the login as `user:password` or empty; raises `ConfigError`."""
    if address.startswith("gitlab:"):
        name = quote(address.removeprefix("gitlab:"), safe="")
        url, login = f"{_project(folder, environ)}/terraform/state/{name}", _login(environ)
    else:
        url, user = address, environ.get("TF_HTTP_USERNAME")
        login = f"{user}:{environ.get('TF_HTTP_PASSWORD', '')}" if user else ""
    found = _URL.fullmatch(url)
    allowed = environ.get("PUSHCTL_PLAIN_HTTP", "").strip().lower() in ("1", "true", "yes", "on")
    if found and (found[1] == "https" or is_loopback(found[2].strip("[]")) or allowed):
        return url + suffix, login
    detail = "expected https://HOST/PATH or gitlab:NAME; http: is only for this machine"
    fix = "a login goes into TF_HTTP_USERNAME and TF_HTTP_PASSWORD"
    raise ConfigError("The address of the state is not valid", detail, fix=fix)


def _login(environ: Mapping[str, str]) -> str:
    if job := environ.get("CI_JOB_TOKEN"):
        return f"gitlab-ci-token:{job}"
    if token := environ.get("PUSHCTL_GITLAB_TOKEN"):
        return f"pushctl:{token}"
    fix = "create an access token with the scope api and the role Maintainer, and set it"
    raise ConfigError("There is no token for GitLab", "PUSHCTL_GITLAB_TOKEN is not set", fix=fix)


def _project(folder: Path, environ: Mapping[str, str]) -> str:
    """Return the URL of the project of this job, else of the one that `origin` leads to."""
    api, project = environ.get("CI_API_V4_URL"), environ.get("CI_PROJECT_ID")
    if not (api and project):
        remote = ""
        with contextlib.suppress(ConfigError, OSError):
            done = run_git("config", "--get", "remote.origin.url", folder=folder)
            remote = done.stdout.decode("utf-8", "replace").strip()
        found = _REMOTE.fullmatch(remote)
        if found is None:
            fix = "set CI_API_V4_URL (https://HOST/api/v4) and CI_PROJECT_ID"
            raise ConfigError("The project in GitLab is not known", "no origin names it", fix=fix)
        api, project = f"https://{found[1]}/api/v4", quote(found[2], safe="")
    return f"{api}/projects/{project}"
