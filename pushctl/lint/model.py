"""The old names of `pushctl.lint.rule`, which installed packages with rules of a team import."""

from __future__ import annotations

from pushctl.lint.rule import EntryCheck, Finding, Project, ProjectCheck
from pushctl.lint.rule import LintContext as Setting
from pushctl.lint.rule import LintTarget as Subject

__all__ = ["EntryCheck", "Finding", "Project", "ProjectCheck", "Setting", "Subject"]
