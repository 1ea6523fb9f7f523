"""Which files are the manifest: the root, what it includes, and the environments beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.files.includes import FOLDER, gather
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.schema import patterns

ENDINGS = ("yaml", "yml")


@dataclass(frozen=True, slots=True)
class Members:
    """The names of the files, relative to the manifest's folder, and what keeps others away."""

    names: tuple[str, ...]
    findings: tuple[Diagnostic, ...] = ()


def members(files: Files, file: str) -> Members:
    """Find all files of a manifest; those that cannot be loaded are findings."""
    sources = gather(files, file, None)
    documents = [sources.root, *sources.included]
    found = [document.source.name for document in documents if document is not None]
    errors = tuple(item for item in sources.findings if item.severity is Severity.ERROR)
    found += (name for name in environment_files(files, file) if name not in found)
    return Members(tuple(found), errors)


def environment_files(files: Files, file: str) -> list[str]:
    """Return the files of environments beside a root manifest."""
    try:
        there = files.matches(files.name(f"{FOLDER}/*.y*ml", beside=file))
    except FileProblem:
        return []
    return [name for name in there if kind_of(name) == "environment"]


def kind_of(name: str) -> str:
    """Tell by its name what a file is to the schema: an `environment`, or a `file` like others."""
    *_, folder, last = ("", "", *name.split("/"))
    stem, _, ending = last.rpartition(".")
    named = ending in ENDINGS and re.fullmatch(patterns.ENVIRONMENT, stem)
    return "environment" if folder == FOLDER and named else "file"
