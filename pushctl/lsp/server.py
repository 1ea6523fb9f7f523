"""The language server: requests and notices of editors, turned into calls of the parts around it.

Whole texts are exchanged, not changes of them: the library would have to split lines as the
protocol does, and splits them as Python does, which is not the same for every title.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types
from msgspec import Struct, field
from pygls import uris
from pygls.lsp.server import LanguageServer

from pushctl.diagnostics import Diagnostic, Edit, Position, Range, Severity
from pushctl.lsp import code_actions, completion, hover
from pushctl.lsp.cursor import cursor_at
from pushctl.lsp.positions import Lines, Units
from pushctl.lsp.project import CheckedProject
from pushctl.manifest.files.includes import kind_of

PAUSE = 0.15
"""Seconds without a keystroke before a project is checked."""

LEVELS = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

Check = Callable[[Path, Mapping[str, bytes]], CheckedProject]
"""Checks the project in a folder, with these unsaved texts by file name."""


class OpenProject(Struct):
    """A manifest's folder, and the last check of it.

    `readable` is the last one of a manifest that could be read: while something is typed, it rarely
    can. `version` counts what was typed, `shown` are the files whose findings an editor shows.
    """

    folder: Path
    checked: CheckedProject | None = None
    readable: CheckedProject | None = None
    version: int = 0
    running: bool = False
    shown: set[str] = field(default_factory=set)

    def keep(self, checked: CheckedProject) -> None:
        """Remember a check."""
        self.checked = checked
        if checked.readable:
            self.readable = checked


class Server(LanguageServer):
    """Serves every project that an open file belongs to."""

    def __init__(self, version: str, file: str, check: Check) -> None:
        super().__init__("pushctl", version, types.TextDocumentSyncKind.Full)
        self._file = file
        self._check = check
        self._projects: dict[Path, OpenProject] = {}
        self.left_properly = False
        _listen(self)

    def find_project(self, uri: str) -> tuple[OpenProject, str] | None:
        """Return the project of a file and its name there; None for files of none."""
        real = _path(uri)
        if real is None:
            return None
        opened = {_path(other) for other in self.workspace.text_documents}
        for folder in real.parents:
            root = folder / self._file
            if root in opened or root.is_file():
                project = self._projects.setdefault(folder, OpenProject(folder))
                return project, real.relative_to(folder).as_posix()
        return None

    def text(self, uri: str) -> str:
        """Return what is in the editor, or in the file if it is not open."""
        return str(self.workspace.get_text_document(uri).source)

    def lines(self, uri: str) -> Lines:
        """Return the lines of a file, for places in it."""
        return Lines.of(self.text(uri), Units(_word(self.workspace.position_encoding or "utf-16")))

    def uri(self, project: OpenProject, name: str) -> str:
        """Return the address of a file; the one that the editor uses, if it is open."""
        path = project.folder / name
        for uri in self.workspace.text_documents:
            if _path(uri) == path:
                return str(uri)
        return uris.from_fs_path(str(path)) or path.as_uri()

    def unsaved(self, project: OpenProject) -> dict[str, bytes]:
        """Return the texts of all open files of a project."""
        found: dict[str, bytes] = {}
        for uri, document in self.workspace.text_documents.items():
            placed = self.find_project(uri)
            if placed is not None and placed[0] is project:
                found[placed[1]] = document.source.encode("utf-8", "surrogatepass")
        return found

    def touched(self, uri: str) -> None:
        """Check the project of a file as soon as nobody types any more."""
        placed = self.find_project(uri)
        if placed is None:
            return
        project = placed[0]
        project.version += 1
        if not project.running:
            project.running = True
            asyncio.get_running_loop().create_task(self._follow(project))

    async def _follow(self, project: OpenProject) -> None:
        try:
            while True:
                version = project.version
                await asyncio.sleep(PAUSE)
                if version != project.version:
                    continue
                unsaved = self.unsaved(project)
                checked = await asyncio.to_thread(self._check, project.folder, unsaved)
                if version == project.version:
                    project.keep(checked)
                    self._publish(project, checked)
                    return
        finally:
            project.running = False

    def check(self, project: OpenProject) -> CheckedProject:
        """Check a project, with the texts as they are in the editor."""
        checked = self._check(project.folder, self.unsaved(project))
        project.keep(checked)
        return checked

    def latest(self, project: OpenProject) -> CheckedProject:
        """Return the last check of a project; it is checked now if it never was."""
        return project.checked or self.check(project)

    def belongs(self, project: OpenProject, name: str) -> bool:
        """Tell whether a file is one of the manifest; others only stand beside it."""
        known = self.latest(project).reading.files
        return name == self._file or name in known or kind_of(name) == "environment"

    def current(self, project: OpenProject) -> CheckedProject:
        """Return a check of the texts as they are now, so that positions in them are right."""
        if project.checked is None or project.checked.unsaved != self.unsaved(project):
            return self.check(project)
        return project.checked

    def _publish(self, project: OpenProject, checked: CheckedProject) -> None:
        by_file: dict[str, list[Diagnostic]] = {}
        for item in checked.diagnostics:
            name = item.range.filename if item.range is not None else self._file
            by_file.setdefault(name, []).append(item)
        for name in sorted({*by_file, *checked.unsaved, *project.shown}):
            uri = self.uri(project, name)
            lines = self.lines(uri)
            shown = [_diagnostic(item, lines) for item in by_file.get(name, ())]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown))
        project.shown = set(by_file)

    def changes(self, project: OpenProject, edits: tuple[Edit, ...]) -> types.WorkspaceEdit:
        """Return edits as an editor makes them."""
        found: dict[str, list[types.TextEdit]] = {}
        for name in dict.fromkeys(edit.range.filename for edit in edits):
            uri = self.uri(project, name)
            found[uri] = _text_edits(
                (e for e in edits if e.range.filename == name), self.lines(uri)
            )
        return types.WorkspaceEdit(changes=found)


def _path(uri: str) -> Path | None:
    """Return where a file is, links resolved; None for what is in no file."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return None if path is None else Path(os.path.realpath(path))


def _word(choice: object) -> str:
    """Return a value of the protocol as it is sent: the library takes words it does not know."""
    return str(getattr(choice, "value", choice))


def _range(where: Range, lines: Lines) -> types.Range:
    start, end = lines.to_editor(where.start), lines.to_editor(where.end)
    return types.Range(types.Position(*start), types.Position(*end))


def _text_edits(edits: Iterable[Edit], lines: Lines) -> list[types.TextEdit]:
    return [types.TextEdit(_range(edit.range, lines), edit.text) for edit in edits]


def _position(at: types.Position, lines: Lines) -> Position:
    return lines.position(at.line, at.character)


def _diagnostic(item: Diagnostic, lines: Lines) -> types.Diagnostic:
    top = Range("", Position(1, 1), Position(1, 1))
    parts = (item.summary, item.detail, f"fix: {item.fix}" if item.fix else "")
    return types.Diagnostic(
        range=_range(item.range or top, lines),
        message="\n".join(part for part in parts if part),
        severity=LEVELS[item.severity],
        code=item.code,
        source="pushctl",
    )


def _listen(server: Server) -> None:
    """Register what the server answers to."""

    async def changed(ls: Server, params: Any) -> None:
        ls.touched(params.text_document.uri)

    def leaving(ls: Server, params: None) -> None:
        ls.left_properly = True

    for notice in (
        types.TEXT_DOCUMENT_DID_OPEN,
        types.TEXT_DOCUMENT_DID_CHANGE,
        types.TEXT_DOCUMENT_DID_SAVE,
        types.TEXT_DOCUMENT_DID_CLOSE,
    ):
        server.feature(notice)(changed)
    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
    triggers = types.CompletionOptions(trigger_characters=[" ", "["])
    server.feature(types.SHUTDOWN)(leaving)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    server.feature(types.TEXT_DOCUMENT_COMPLETION, triggers)(_completion)
    server.feature(types.TEXT_DOCUMENT_FORMATTING)(_formatting)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds))(_code_actions)


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    uri = params.text_document.uri
    placed = ls.find_project(uri)
    name = placed[1] if placed is not None else "manifest"
    lines = ls.lines(uri)
    cursor = cursor_at(name, ls.text(uri), _position(params.position, lines))
    if cursor is None:
        return None
    checked = ls.latest(placed[0]) if placed is not None else None
    shown = hover.hover(cursor, checked, kind=kind_of(name))
    if shown is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, shown)
    return types.Hover(content, _range(cursor.range, lines))


def _completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    uri = params.text_document.uri
    placed = ls.find_project(uri)
    if placed is None:
        return []
    lines, latest = ls.lines(uri), ls.latest(placed[0])
    project = placed[0].readable or latest
    found = completion.proposals(
        lines.lines,
        _position(params.position, lines),
        ids=project.ids,
        gone=sorted(project.surroundings.recorded - set(project.ids)),
    )
    return [
        types.CompletionItem(
            item.text,
            detail=item.detail,
            kind=types.CompletionItemKind.Reference,
            text_edit=types.TextEdit(_range(Range("", item.start, item.end), lines), item.text),
        )
        for item in found
    ]


def _formatting(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    uri = params.text_document.uri
    placed = ls.find_project(uri)
    if placed is None or not ls.belongs(*placed):
        return []
    return _text_edits(code_actions.formatting(placed[1], ls.text(uri)), ls.lines(uri))


def _code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    placed = ls.find_project(uri)
    if placed is None:
        return []
    project, name = placed
    lines, findings = ls.lines(uri), ls.current(project).diagnostics
    start, end = (_position(at, lines) for at in (params.range.start, params.range.end))
    found = [
        (item, types.CodeActionKind.QuickFix)
        for item in code_actions.quick_fixes(findings, name, start, end)
    ]
    every = code_actions.fix_all(findings, name)
    if every is not None:
        found.append((every, types.CodeActionKind.SourceFixAll))
    only = params.context.only
    return [
        types.CodeAction(
            item.title,
            kind=kind,
            edit=ls.changes(project, item.edits),
            diagnostics=[_diagnostic(one, lines) for one in item.fixes],
        )
        for item, kind in found
        if only is None or any(kind.value.startswith(_word(one)) for one in only)
    ]
