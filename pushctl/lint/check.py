"""What a check gets to see, and what it yields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterator, Mapping

from msgspec import Struct

from pushctl.diagnostics import Edit, Severity
from pushctl.lint.texts import Texts
from pushctl.manifest.resolved import ResolvedPush
from pushctl.manifest.schema.models import App, Policy, PushEntry
from pushctl.manifest.yaml.positions import Path
from pushctl.schedule.recurrence import Declared
from pushctl.schedule.service_schedule import Horizon
from pushctl.vendors.facts import ChannelFacts, Facts


class Finding(Struct, frozen=True):
    """What a check found.

    `path` leads to the value, from the entry or (for a finding about no entry) from the manifest.
    `severity` is None for that of the rule, `title` for its title; a team's own checks, whose rules
    are not known here, give both. `hidden` keeps the line of the file from being shown. `of_key`
    points to the key at `path`, not to its value.
    """

    code: str
    path: Path
    detail: str
    fix: str | None = None
    severity: Severity | None = None
    edits: tuple[Edit, ...] = ()
    title: str | None = None
    hidden: bool = False
    of_key: bool = False


class LintTarget(Struct, frozen=True):
    """One entry, as a check sees it.

    `schedule` is None if it cannot be understood (there is a finding about that already). `zone`
    is the one in which its times are meant, `channels` the ways on which it may reach a phone,
    `upcoming` its deliveries (epoch seconds, rising) that checks look at: those of the next weeks,
    or of the first if they begin later; `texts` all that it says.
    """

    push: ResolvedPush
    schedule: Declared | None
    zone: dt.tzinfo
    marketing: bool
    channels: tuple[ChannelFacts, ...]
    upcoming: tuple[int, ...]
    texts: Texts

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.push.id

    @property
    def entry(self) -> PushEntry:
        """What the manifest says, resolved."""
        return self.push.entry


class LintContext(Struct, frozen=True):
    """What is the same for all entries.

    `now` and `until`, the end of the time that checks look ahead, are in epoch seconds. `label`
    names a target: a digest of it where nobody may read the names. `recorded` holds the ids of
    entries that were applied before, `suppressed` the people who want no marketing,
    `not_suppressed` the kinds of target that their list cannot name.
    """

    app: App
    policy: Policy
    facts: Facts
    now: int
    until: int
    zone: dt.tzinfo
    service_zone: dt.tzinfo
    label: Callable[[str], str]
    recorded: Container[str] = frozenset()
    suppressed: frozenset[str] = frozenset()
    not_suppressed: frozenset[str] = frozenset()

    @property
    def horizon(self) -> Horizon:
        """How far ahead the service takes what is scheduled."""
        return Horizon(self.service_zone, self.app.behaviour.horizon_days)


class Project(Struct, frozen=True):
    """All entries together, for what only shows between them."""

    context: LintContext
    subjects: tuple[LintTarget, ...]

    @property
    def setting(self) -> LintContext:
        """`context`, by the name that it had when the first packages with rules were written."""
        return self.context

    @property
    def by_id(self) -> Mapping[str, LintTarget]:
        """The entries by their ids."""
        return {subject.id: subject for subject in self.subjects}


EntryCheck = Callable[[LintTarget, LintContext], Iterator[Finding]]
"""Looks at one entry."""

ProjectCheck = Callable[[Project], Iterator[tuple[LintTarget | None, Finding]]]
"""Looks at all of them; yields which entry each finding is about, None for the manifest."""
