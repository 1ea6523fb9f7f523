"""Which branches may deploy to the environments that the jobs of `init --ci` use.

Sources: https://docs.github.com/en/rest/deployments/environments and
https://docs.gitlab.com/api/protected_environments/
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from pushctl.codehosts import github, gitlab
from pushctl.codehosts.client import typed
from pushctl.errors import ConfigError


def is_limited(name: str, environ: Mapping[str, str]) -> bool:
    """Tell whether an environment takes deployments of chosen branches only.

    At GitLab, of chosen people: its jobs run on the default branch. Raises `ConfigError` where
    nobody can be asked, and `CodeHostError`.
    """
    part = quote(name, safe="")
    if repository := environ.get("GITHUB_REPOSITORY"):
        found = github.api_of(environ).get(f"/repos/{repository}/environments/{part}")
        return typed(found, dict, "the environment").get("deployment_branch_policy") is not None
    if environ.get("CI_API_V4_URL") and (project := environ.get("CI_PROJECT_ID")):
        path = f"/projects/{quote(project, safe='')}/protected_environments/{part}"
        found = typed(gitlab.api_of(environ).get(path), dict, "it")
        return bool(typed(found.get("deploy_access_levels"), list, "who may deploy"))
    raise ConfigError(
        "Nobody says which repository this is",
        fix="set GITHUB_REPOSITORY and GITHUB_TOKEN; for GitLab CI_API_V4_URL, CI_PROJECT_ID and "
        "PUSHCTL_GITLAB_TOKEN",
    )
