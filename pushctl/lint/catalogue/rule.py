"""What is known about one kind of finding, for whoever meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pushctl.diagnostics import Severity

MOMENT = "2026-12-01T09:00:00+08:00"
"""When the examples are looked at: a Tuesday morning."""


@dataclass(frozen=True, slots=True)
class Example:
    """A manifest that shows a finding, or how it is done right; each of them is a test.

    `text` is what a reader sees: a whole manifest if it has a `version:`, otherwise what stands
    below the usual head (`version`, `app`, `timezone`). `files` are beside it. `before` is the
    manifest that was applied before (at `applied` if not `now`), where the finding is about a
    change. With `offline` false the finding is one of `plan`, which asks the service, with
    `options`. In between, somebody may have been at the vendor's console: `made` holds title, body
    and moment of tasks made there, `cancelled` tells that everything was cancelled.
    `environment` is what `--env` says. `commit` is the manifest that is committed, where the
    finding is about a comparison with that.
    """

    text: str
    files: Mapping[str, str] = field(default_factory=dict)
    before: str | None = None
    now: str = MOMENT
    offline: bool = True
    applied: str | None = None
    options: tuple[str, ...] = ()
    made: tuple[tuple[str, str, str], ...] = ()
    cancelled: bool = False
    environment: str | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue.

    `title` is constant: no names or values of a user. `severity` is what it counts if nobody says
    otherwise; where it depends, the worst. `why` and `fix` are for somebody who meets it for the
    first time. `sources` say who states the facts behind it. `settings` are the fields of `policy`
    that it goes by. `adjustable` tells that `policy.rules` and `allow` may change what it counts:
    false for whatever keeps an entry from being understood or done.
    """

    code: str
    title: str
    severity: Severity
    why: str
    fix: str
    bad: Example | None
    good: Example | None
    sources: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    adjustable: bool = False
