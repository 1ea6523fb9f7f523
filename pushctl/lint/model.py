"""Names that packages with rules of their own import; `pushctl.lint.rule` holds what they mean."""

from __future__ import annotations

from pushctl.lint.rule import EntryCheck, Finding, Project, ProjectCheck, Setting, Subject

__all__ = ["EntryCheck", "Finding", "Project", "ProjectCheck", "Setting", "Subject"]
