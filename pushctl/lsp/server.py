"""The language server's wiring: what editors say, turned into calls of the pure parts around it.

Whole texts are exchanged, not changes of them: the library would have to split lines as the
protocol does, and splits them as Python does, which is not the same for every title.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from pushctl.diagnostics import Diagnostic, Edit, Severity
from pushctl.lsp import actions, completion, hover
from pushctl.lsp.cursor import pointed_at
from pushctl.lsp.look import Look
from pushctl.lsp.positions import Lines, Spot, Units
from pushctl.manifest.files.includes import kind_of

PAUSE = 0.15
"""Seconds without a keystroke before a project is looked at."""

LEVELS = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

Looking = Callable[[Path, Mapping[str, bytes]], Look]
"""Looks at the project in a folder, with these unsaved texts."""


@dataclass(slots=True)
class Project:
    """A manifest's folder, and what was last seen there.

    `readable` is the last look at a manifest that could be read: while something is typed, it
    rarely can. `shown` are the files whose findings an editor shows.
    """

    folder: Path
    look: Look | None = None
    readable: Look | None = None
    wanted: int = 0
    running: bool = False
    shown: set[str] = field(default_factory=set)

    def keep(self, look: Look) -> None:
        """Remember a look."""
        self.look = look
        if look.readable:
            self.readable = look


class Server(LanguageServer):
    """Serves every project that an open file belongs to."""

    def __init__(self, version: str, file: str, looking: Looking) -> None:
        super().__init__("pushctl", version, types.TextDocumentSyncKind.Full)
        self._file = file
        self._looking = looking
        self._projects: dict[Path, Project] = {}
        self.left_properly = False
        _listen(self)

    def place(self, uri: str) -> tuple[Project, str] | None:
        """Return the project of a file and its name there; None for files of none."""
        real = _path(uri)
        if real is None:
            return None
        opened = {_path(other) for other in self.workspace.text_documents}
        for folder in real.parents:
            root = folder / self._file
            if root in opened or root.is_file():
                project = self._projects.setdefault(folder, Project(folder))
                return project, str(real.relative_to(folder))
        return None

    def text(self, uri: str) -> str:
        """Return what is in the editor, or in the file if it is not open."""
        return str(self.workspace.get_text_document(uri).source)

    def lines(self, uri: str) -> Lines:
        """Return the lines of a file, for places in it."""
        return Lines.of(self.text(uri), Units(_word(self.workspace.position_encoding or "utf-16")))

    def uri(self, project: Project, name: str) -> str:
        """Return the address of a file; the one that the editor uses, if it is open."""
        path = project.folder / name
        for uri in self.workspace.text_documents:
            if _path(uri) == path:
                return str(uri)
        return uris.from_fs_path(str(path)) or path.as_uri()

    def unsaved(self, project: Project) -> dict[str, bytes]:
        """Return the texts of all open files of a project."""
        found: dict[str, bytes] = {}
        for uri, document in self.workspace.text_documents.items():
            placed = self.place(uri)
            if placed is not None and placed[0] is project:
                found[placed[1]] = document.source.encode("utf-8", "surrogatepass")
        return found

    # --- looking -------------------------------------------------------------------------------

    def touched(self, uri: str) -> None:
        """Look at the project of a file as soon as nobody types any more."""
        placed = self.place(uri)
        if placed is None:
            return
        project = placed[0]
        project.wanted += 1
        if not project.running:
            project.running = True
            asyncio.get_running_loop().create_task(self._follow(project))

    async def _follow(self, project: Project) -> None:
        try:
            while True:
                wanted = project.wanted
                await asyncio.sleep(PAUSE)
                if wanted != project.wanted:
                    continue
                unsaved = self.unsaved(project)
                look = await asyncio.to_thread(self._looking, project.folder, unsaved)
                if wanted == project.wanted:
                    project.keep(look)
                    self._publish(project, look)
                    return
        finally:
            project.running = False

    def look_at(self, project: Project) -> Look:
        """Look at a project, with the texts as they are in the editor."""
        look = self._looking(project.folder, self.unsaved(project))
        project.keep(look)
        return look

    def seen(self, project: Project) -> Look:
        """Return what is known of a project; it is looked at now if it never was."""
        return project.look or self.look_at(project)

    def belongs(self, project: Project, name: str) -> bool:
        """Tell whether a file is one of the manifest; others only stand beside it."""
        known = self.seen(project).reading.files
        return name == self._file or name in known or kind_of(name) == "environment"

    def current(self, project: Project) -> Look:
        """Return a look at the texts as they are now, so that places in them are right."""
        if project.look is None or project.look.unsaved != self.unsaved(project):
            return self.look_at(project)
        return project.look

    def _publish(self, project: Project, look: Look) -> None:
        by_file: dict[str, list[Diagnostic]] = {}
        for item in look.diagnostics:
            name = item.range.filename if item.range is not None else self._file
            by_file.setdefault(name, []).append(item)
        for name in sorted({*by_file, *look.unsaved, *project.shown}):
            uri = self.uri(project, name)
            lines = self.lines(uri)
            shown = [_diagnostic(item, lines) for item in by_file.get(name, ())]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown))
        project.shown = set(by_file)

    def changes(self, project: Project, edits: tuple[Edit, ...]) -> types.WorkspaceEdit:
        """Return edits as an editor makes them."""
        found: dict[str, list[types.TextEdit]] = {}
        for name, here in actions.by_file(edits).items():
            uri = self.uri(project, name)
            lines = self.lines(uri)
            found[uri] = [types.TextEdit(_range(edit, lines), edit.text) for edit in here]
        return types.WorkspaceEdit(changes=found)


def _path(uri: str) -> Path | None:
    """Return where a file is, links resolved; None for what is in no file."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return None if path is None else Path(os.path.realpath(path))


def _word(choice: object) -> str:
    """Return a value of the protocol as it is sent: the library takes words it does not know."""
    return str(getattr(choice, "value", choice))


def _range(edit: Edit, lines: Lines) -> types.Range:
    start, end = lines.spots(edit.range)
    return types.Range(_shown(start), _shown(end))


def _shown(spot: Spot) -> types.Position:
    return types.Position(spot.line, spot.column)


def _spot(position: types.Position) -> Spot:
    return Spot(position.line, position.character)


def _diagnostic(item: Diagnostic, lines: Lines) -> types.Diagnostic:
    start, end = (Spot(0, 0), Spot(0, 0)) if item.range is None else lines.spots(item.range)
    parts = (item.summary, item.detail, f"fix: {item.fix}" if item.fix else "")
    return types.Diagnostic(
        range=types.Range(_shown(start), _shown(end)),
        message="\n".join(part for part in parts if part),
        severity=LEVELS[item.severity],
        code=item.code,
        source="pushctl",
    )


def _listen(server: Server) -> None:
    """Register what the server answers to."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        ls.touched(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        ls.touched(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
        ls.touched(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        ls.touched(params.text_document.uri)

    @server.feature(types.SHUTDOWN)
    def leaving(ls: Server, params: None) -> None:
        ls.left_properly = True

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(ls: Server, params: types.HoverParams) -> types.Hover | None:
        return _hover(ls, params)

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", "["])
    )
    def completed(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
        return _completion(ls, params)

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatted(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        return _formatting(ls, params)

    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds))
    def offered(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        return _code_actions(ls, params)


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    uri = params.text_document.uri
    placed = ls.place(uri)
    name = placed[1] if placed is not None else "manifest"
    lines = ls.lines(uri)
    cursor = pointed_at(name, ls.text(uri), lines.position(_spot(params.position)))
    if cursor is None:
        return None
    look = ls.seen(placed[0]) if placed is not None else None
    shown = hover.hover(cursor, look, kind=kind_of(name))
    if shown is None:
        return None
    start, end = lines.spots(cursor.range)
    return types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, shown),
        types.Range(_shown(start), _shown(end)),
    )


def _completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    uri = params.text_document.uri
    placed = ls.place(uri)
    if placed is None:
        return []
    lines, look = ls.lines(uri), ls.seen(placed[0])
    look = placed[0].readable or look
    found = completion.proposals(
        lines.lines,
        lines.position(_spot(params.position)),
        ids=look.ids,
        gone=sorted(look.present.recorded - set(look.ids)),
    )
    return [
        types.CompletionItem(
            item.text,
            detail=item.detail,
            kind=types.CompletionItemKind.Reference,
            text_edit=types.TextEdit(
                types.Range(_shown(lines.spot(item.start)), _shown(lines.spot(item.end))), item.text
            ),
        )
        for item in found
    ]


def _formatting(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    uri = params.text_document.uri
    placed = ls.place(uri)
    if placed is None or not ls.belongs(*placed):
        return []
    name, lines = placed[1], ls.lines(uri)
    edits = actions.layout(name, ls.text(uri))
    return [types.TextEdit(_range(edit, lines), edit.text) for edit in edits]


def _code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    placed = ls.place(uri)
    if placed is None:
        return []
    project, name = placed
    lines, findings = ls.lines(uri), ls.current(project).diagnostics
    start, end = (lines.position(_spot(at)) for at in (params.range.start, params.range.end))
    found = [
        (item, types.CodeActionKind.QuickFix) for item in actions.fixes(findings, name, start, end)
    ]
    every = actions.fix_all(findings, name)
    if every is not None:
        found.append((every, types.CodeActionKind.SourceFixAll))
    only = params.context.only
    return [
        types.CodeAction(
            item.title,
            kind=kind,
            edit=ls.changes(project, item.edits),
            diagnostics=[_diagnostic(one, lines) for one in item.mends],
        )
        for item, kind in found
        if only is None or any(kind.value.startswith(_word(one)) for one in only)
    ]
