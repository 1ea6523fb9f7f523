"""What reads a manifest, each as one function of its files."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from pushctl.diagnostics import Position
from pushctl.lsp import code_actions, completion, hover
from pushctl.lsp.cursor import cursor_at
from pushctl.lsp.positions import Lines
from pushctl.lsp.project import CheckedProject, Surroundings, check_project
from pushctl.manifest.diff.versions import Version, compare
from pushctl.manifest.edit.apply import apply_edits, compatible, files_of
from pushctl.manifest.files.reader import Files as Folder
from pushctl.manifest.format.formatter import format_file
from pushctl.manifest.read import read_manifest
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.render import json_output
from pushctl.render.findings import github_annotations, gitlab_code_quality, sarif
from pushctl.render.html.page import PageOptions, page
from pushctl.render.markdown import plan as markdown_plan
from pushctl.render.text import plan as text_plan
from pushctl.render.text.findings import findings as text_findings
from pushctl.text.style import Style
from pushctl.vendors.facts import Hours
from tests.builders import plan_request, state
from tests.property.growth.inputs import NAME, Files

NOW = 1_796_086_800
"""2026-12-01 09:00 in Shanghai."""

NOWHERE = Path(tempfile.gettempdir()) / "no-such-folder"
PAGE = PageOptions("1", Hours(dt.time(22), dt.time(8)))


def checked(files: Files) -> CheckedProject:
    return check_project(
        NOWHERE,
        file=NAME,
        environment="test" if b"environments:" in files[NAME] else None,
        unsaved=files,
        surroundings=lambda manifest: Surroundings(NOW),
    )


def check(files: Files) -> None:
    """`validate`, with every way to show findings."""
    found = checked(files).diagnostics
    text_findings(found, Style(cells=80))
    json_output.text(json_output.findings(found))
    github_annotations.commands(found)
    json.dumps(gitlab_code_quality.document(found, manifest=NAME))
    json.dumps(sarif.document(found, version="1", manifest=NAME))


def fmt(files: Files) -> None:
    format_file(NAME, files[NAME])


def fix(files: Files) -> None:
    """`validate --fix`, one round."""
    wanted = compatible(checked(files).diagnostics)
    edits = [edit for item in wanted if files_of(item) == {NAME} for edit in item.edits]
    if edits:
        apply_edits(files[NAME], edits)


def editor(files: Files) -> None:
    """What the language server does with a text."""
    text = files[NAME].decode()
    project = checked(files)
    lines = Lines.of(text)
    for item in project.diagnostics:
        if item.range is not None and item.range.filename == NAME:
            lines.to_editor(item.range.start)
            lines.to_editor(item.range.end)
    last = lines.position(len(lines.lines) - 2, len(lines.lines[-2]) if len(lines.lines) > 1 else 0)
    for at in (Position(len(lines.lines) // 2 + 1, 5), last, lines.position(10, 1_000_000)):
        cursor = cursor_at(NAME, text, at)
        if cursor is not None:
            hover.hover(cursor, project)
        completion.proposals(lines.lines, at, ids=project.ids, gone=())
    code_actions.formatting(NAME, text)
    code_actions.replacement(NAME, text, text[: len(text) // 2] + "\n" + text[len(text) // 2 :])
    code_actions.fix_all(project.diagnostics, NAME)
    code_actions.quick_fixes(project.diagnostics, NAME, Position(1, 1), last)


def compared(files: Files) -> None:
    """`plan --base`, with every body another one."""
    former = {**files, NAME: files[NAME].replace(b"Hello", b"Hullo").replace(b"09:45", b"09:46")}
    versions = (
        Version(read_manifest(folder), folder, None)
        for folder in (Folder(NOWHERE, former), Folder(NOWHERE, files))
    )
    compare(*versions)


def plan_of(project: CheckedProject) -> Plan:
    pushes = tuple(project.pushes.values())
    return make_plan(
        plan_request(*pushes, now=NOW, quota_limit=100_000, diagnostics=project.diagnostics),
        state(),
        None,
    )


def shown(files: Files) -> None:
    """`plan`, with every way to show it."""
    made = plan_of(checked(files))
    text_plan.plan(made, Style(cells=80))
    markdown_plan.plan(made, version="1")
    page(made, PAGE)
    json_output.text(json_output.plan(made, version="1", with_noops=True))


READERS: Mapping[str, Callable[[Files], object]] = {
    "check": check,
    "fmt": fmt,
    "fix": fix,
    "editor": editor,
    "compared": compared,
    "shown": shown,
}
