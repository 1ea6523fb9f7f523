"""From the root manifest's name to every file that belongs to it, loaded.

Follows `include`, and finds what the chosen environment says. A file that cannot be used is a
finding at the place that named it; the others are read all the same.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec import Struct, field

from pushctl import schemas
from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.files.glob import MAGIC
from pushctl.manifest.files.reader import MAX_INCLUDES, FileProblem, Files
from pushctl.manifest.resolve.merge import as_list, as_map
from pushctl.manifest.resolve.resolver import Overlay
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.loader import MAX_BYTES, load
from pushctl.manifest.yaml.positions import Document
from pushctl.text.quote import quoted
from pushctl.text.suggest import closest

FOLDER = "environments"
MAX_NESTED = 50
ENDINGS = ("yaml", "yml")


class Sources(Struct):
    """The loaded files. `complete` unless one of them could not be used."""

    root: Document | None = None
    included: list[Document] = field(default_factory=list)
    environment: Document | None = None
    overlays: list[Overlay] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    complete: bool = True


def gather(files: Files, file: str, environment: str | None) -> Sources:
    """Load the root manifest, what it includes, and the environment."""
    return _Gatherer(files).run(file, environment)


class ManifestFiles(Struct, frozen=True):
    """The names of the files of a manifest, relative to its folder, and what keeps others away."""

    names: tuple[str, ...]
    findings: tuple[Diagnostic, ...] = ()


def manifest_files(files: Files, file: str) -> ManifestFiles:
    """Find the root, what it includes, and all environments; what cannot be loaded is a finding."""
    sources = gather(files, file, None)
    documents = [sources.root, *sources.included]
    found = [document.source.name for document in documents if document is not None]
    errors = tuple(item for item in sources.findings if item.severity is Severity.ERROR)
    found += (name for name in environment_files(files, file) if name not in found)
    return ManifestFiles(tuple(found), errors)


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
    named = ending in ENDINGS and schemas.matches("environment_name", stem)
    return "environment" if folder == FOLDER and named else "file"


class _Gatherer:
    def __init__(self, files: Files) -> None:
        self._files = files
        self._found = Sources()
        self._seen: set[str] = set()
        self._open: list[str] = []

    def run(self, file: str, environment: str | None) -> Sources:
        found, name = self._found, file
        try:
            name = self._files.name(file)
            found.root = self._document(name)
        except FileProblem as problem:
            self._fail(problem, Range.at(name))
        if found.root is not None:
            self._follow(found.root)
            if environment is not None:
                self._environment(found.root, environment)
        return found

    def _document(self, name: str) -> Document | None:
        """Load a file once; raises `FileProblem`."""
        self._seen.add(self._files.real(name))
        document, findings = load(name, self._files.read(name, limit=MAX_BYTES))
        self._found.findings += findings
        if document is None or document.damaged:
            self._found.complete = False
        if document is not None:
            self._found.findings += typos.unquoted_comments(document)
        return document

    def _follow(self, document: Document) -> None:
        """Load what a file includes, and what that includes in turn."""
        name = document.source.name
        self._open.append(self._files.real(name))
        for at, pattern in enumerate(as_list(document.data.get("include"))):
            where = document.provenance.locate("include", at)
            if not isinstance(pattern, str) or not pattern:
                continue
            try:
                for included in self._matching(pattern, name, where):
                    self._include(included, where)
            except FileProblem as problem:
                self._fail(problem, where)
        self._open.pop()

    def _matching(self, pattern: str, name: str, where: Range) -> list[str]:
        wanted = self._files.name(pattern, beside=name)
        if not MAGIC & set(pattern):
            return [wanted]
        found = self._files.matches(wanted)
        if not found:
            detail = f"No file matches {quoted(pattern)}."
            fix = "correct the pattern, or delete it"
            self._found.findings.append(diagnostic("PSH107", detail, where, fix, Severity.WARNING))
        return found

    def _include(self, name: str, where: Range) -> None:
        try:
            real = self._files.real(name)
            if real in self._open:
                detail = f"{name} includes itself, directly or through other files."
                raise FileProblem(detail, "delete one of the includes")
            if real in self._seen:
                return
            if len(self._open) > MAX_NESTED:
                detail = f"{name} is included through more than {MAX_NESTED} other files."
                fix = "include it from the root manifest"
                raise FileProblem(detail, fix, "PSH108")
            if len(self._seen) > MAX_INCLUDES:
                detail = f"More than {MAX_INCLUDES:,} files are included."
                fix = "put more pushes into one file"
                raise FileProblem(detail, fix, "PSH108")
            document = self._document(name)
        except FileProblem as problem:
            self._fail(problem, where)
            return
        if document is not None:
            self._found.included.append(document)
            self._follow(document)

    def _fail(self, problem: FileProblem, where: Range) -> None:
        self._found.findings.append(problem.finding(where))
        self._found.complete = False

    def _environment(self, root: Document, wanted: str) -> None:
        """Find what the environment says, in the root manifest and in a file of its own."""
        inline = as_map(root.data.get("environments"))
        layer = root.layer.child("environments")
        inner = layer.child(wanted) if layer is not None else None
        known = wanted in inline
        if isinstance(inline.get(wanted), dict) and inner is not None:
            self._found.overlays.append(Overlay(inline[wanted], inner))
        # A name with a slash would also name a state file in another folder.
        endings = ENDINGS if schemas.matches("environment_name", wanted) else ()
        for ending in endings:
            known = self._environment_file(root, f"{FOLDER}/{wanted}.{ending}") or known
        if not known:
            paths = environment_files(self._files, root.source.name)
            self._unknown(root, wanted, [*inline, *(PurePosixPath(path).stem for path in paths)])

    def _environment_file(self, root: Document, path: str) -> bool:
        try:
            name = self._files.name(path, beside=root.source.name)
            if not self._files.exists(name):
                return False
            document = self._document(name)
        except FileProblem as problem:
            self._fail(problem, Range.at(root.source.name))
            return True
        if document is not None:
            self._found.environment = document
            self._found.overlays.append(Overlay(document.data, document.layer))
        return True

    def _unknown(self, root: Document, wanted: str, names: list[str]) -> None:
        there, guess = ", ".join(sorted(set(names))), closest(wanted, names)
        detail = f"There is no environment {quoted(wanted)}."
        fix = f"add {wanted} under `environments`, or leave out --env"
        if there:
            fix = f"did you mean {guess}? There is: {there}" if guess else f"use one of: {there}"
        where = (
            root.provenance.locate_key("environments") if root.data.get("environments") else None
        )
        self._found.findings.append(diagnostic("PSH116", detail, where, fix))
