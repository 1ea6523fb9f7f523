"""What can be checked of the CI jobs, from inside of them or with a token of the code host."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pushctl.cli.ci.state import LINE
from pushctl.cli.ci.templates import LISTS, environment_name
from pushctl.cli.ci.upgrade import upgrades
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.planning.git import root_of
from pushctl.cli.project.project import read
from pushctl.cli.project.state_engine import address_of
from pushctl.cli.service import endpoint as endpoints
from pushctl.codehosts.environments import is_limited
from pushctl.errors import PushctlError
from pushctl.manifest.schema.models import Manifest
from pushctl.plan.doctor import Check, CheckResult


def checks(options: GlobalOptions) -> Iterator[Check]:
    """Look at the environments, the files, the state and the identity of the jobs."""
    yield from _environments(options)
    root = root_of(options.existing_folder)
    yield from (_files(root, ci) for ci, name in LISTS.items() if (root / name).is_file())
    if manifest := read(options).manifest:
        yield _state(manifest)
        if os.environ.get("GITHUB_ACTIONS") or os.environ.get("GITLAB_CI"):
            yield _identity(manifest, os.environ)


def _environments(options: GlobalOptions) -> Iterator[Check]:
    """Check that not everybody's branch may deploy where pushes are made and stopped."""
    deploying = environment_name(options.env)
    for name in (deploying, f"{deploying}-stop"):
        fix = "make it, and limit who may deploy to it, as `pushctl help ci` says"
        try:
            if is_limited(name, os.environ):
                yield Check(name, CheckResult.GOOD, "not every branch may deploy to it")
            else:
                yield Check(name, CheckResult.BAD, "any branch may deploy to it", fix)
        except PushctlError as error:
            yield Check(name, CheckResult.BAD, str(error), error.fix or fix)


def _files(root: Path, ci: str) -> Check:
    """Check that the jobs are those that this version would write."""
    try:
        older = ", ".join(item.name for item in upgrades(root, ci))
    except PushctlError as error:
        return Check("CI files", CheckResult.NOTE, str(error), error.fix)
    if not older:
        return Check("CI files", CheckResult.GOOD, "as this version writes them")
    way = f"pushctl init --ci {ci} --upgrade"
    return Check("CI files", CheckResult.NOTE, f"out of date: {older}", way)


def _state(manifest: Manifest) -> Check:
    if address := address_of(manifest, os.environ):
        return Check("state", CheckResult.GOOD, f"jobs and people share {address}")
    text = "the manifest does not say where it is, so each job begins without one"
    return Check("state", CheckResult.BAD, text, f"write into the manifest: {LINE}")


def _identity(manifest: Manifest, env: Mapping[str, str]) -> Check:
    """Check that a job has credentials; whether they are accepted, `status` tells."""
    sandbox = endpoints.chosen(manifest.app.endpoint, env) == endpoints.EMBEDDED
    token = Path(env.get("ALIBABA_CLOUD_OIDC_TOKEN_FILE") or os.devnull).is_file()
    if sandbox or env.get("ALIBABA_CLOUD_ACCESS_KEY_ID"):
        return Check("identity", CheckResult.GOOD, "the sandbox needs none" if sandbox else "keys")
    if token and (role := env.get("ALIBABA_CLOUD_ROLE_ARN")):
        return Check("identity", CheckResult.GOOD, f"a token for {role}")
    fix = "set PUSHCTL_PLAN_ROLE_ARN and the others, as `pushctl help ci` says"
    return Check("identity", CheckResult.BAD, "neither a role with its token nor keys", fix)
