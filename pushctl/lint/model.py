"""The old names of `pushctl.lint.check`, which installed packages with rules of a team import."""

from __future__ import annotations

from pushctl.lint.check import EntryCheck, Finding, Project, ProjectCheck
from pushctl.lint.check import LintContext as Setting
from pushctl.lint.check import LintTarget as Subject

__all__ = ["EntryCheck", "Finding", "Project", "ProjectCheck", "Setting", "Subject"]
