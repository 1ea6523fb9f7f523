"""The list of checks. Each looks at one kind of thing, and yields what it finds."""

from __future__ import annotations

from pushctl.lint import hours, lengths
from pushctl.lint.model import EntryCheck, ProjectCheck

ENTRY_CHECKS: tuple[EntryCheck, ...] = (lengths.check, hours.check)
PROJECT_CHECKS: tuple[ProjectCheck, ...] = ()
