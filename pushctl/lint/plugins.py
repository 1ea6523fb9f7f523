"""A team's own rules: installed packages with an entry point in the group `pushctl.lints`.

Each entry point is a function that takes a `Project` and yields pairs of a `LintTarget` (None for
the manifest itself) and a `Finding`. Codes are the team's own, such as ACME001; PSH is taken.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from pushctl import schemas
from pushctl.errors import ConfigError
from pushctl.lint.check import Finding, LintTarget, Project, ProjectCheck

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "pushctl.lints"


def own_checks() -> tuple[ProjectCheck, ...]:
    """Return the installed checks; raises `ConfigError` when one cannot be loaded."""
    return tuple(_loaded(point.name, point) for point in _entry_points())


def packages() -> tuple[str, ...]:
    """Return the packages that bring rules, with what they call for it."""
    return tuple(
        f"{point.dist.name} {point.dist.version} ({point.value})" if point.dist else point.value
        for point in sorted(_entry_points(), key=lambda point: point.value)
    )


def _entry_points() -> tuple[EntryPoint, ...]:
    """Return the entry points of the group; what knows them all loads slowly, and few have any."""
    if not any(map(_may_have_some, sys.path)):
        return ()
    from importlib.metadata import entry_points  # noqa: PLC0415  (see above)

    return tuple(entry_points(group=GROUP))


def _may_have_some(place: str) -> bool:
    """Tell whether a package that is installed in a place names the group."""
    if os.path.isfile(place):
        return True  # an archive
    with suppress(OSError), os.scandir(place or ".") as found:
        for item in found:
            if item.name.endswith((".dist-info", ".egg-info")):
                with suppress(OSError), open(f"{item.path}/entry_points.txt", "rb") as file:
                    if GROUP.encode() in file.read():
                        return True
    return False


def _loaded(name: str, point: EntryPoint) -> ProjectCheck:
    try:
        check: ProjectCheck = point.load()
    except Exception as error:
        detail = f"{name}: {type(error).__name__}: {error}"
        fix = f"mend the package that declares it in `{GROUP}`, or uninstall it"
        raise ConfigError("A rule of your own cannot be loaded", detail, fix=fix) from error

    def guarded(project: Project) -> Iterator[tuple[LintTarget | None, Finding]]:
        try:
            for subject, item in check(project):
                if not schemas.matches("rule_code", item.code) or item.code.startswith("PSH"):
                    raise ValueError(f"{item.code!r} is no code of your own, such as ACME001")
                yield subject, item
        except Exception as error:
            detail = f"{name}: {type(error).__name__}: {error}"
            fix = "mend it, or uninstall the package that brings it"
            raise ConfigError("A rule of your own has failed", detail, fix=fix) from error

    return guarded
