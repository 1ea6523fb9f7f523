"""The policy that a manifest shares with others: the file that its `extends` names."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.files import git_file
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.resolve.merge import as_list, as_map
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.schema import validate
from pushctl.manifest.schema.validate import Kind
from pushctl.manifest.yaml.loader import MAX_BYTES, load
from pushctl.manifest.yaml.positions import Document


def with_shared(files: Files, root: Document) -> tuple[Document, list[Diagnostic]]:
    """Return a root manifest with the file that it extends, and what is wrong with that."""
    address = root.data.get("extends")
    if not isinstance(address, str):
        return root, []
    try:
        if file := git_file.parse(address):
            name, content = file.name, git_file.content(file, fetch=files.fetch, limit=MAX_BYTES)
        else:
            name = files.name(address, beside=root.source.name, shared=True)
            content = files.read(name, limit=MAX_BYTES)
    except FileProblem as problem:
        return root, [problem.finding(root.provenance.locate("extends"))]
    shared, findings = load(name, content)
    if shared is not None:
        findings += (*validate.findings(Kind.SHARED, shared.data, shared.provenance),)
    # It belongs to others, too, so that nothing here edits it.
    return replace(root, shared=shared), [replace(item, edits=()) for item in findings]


def overridden(root: Document, environment: Document | None) -> Iterator[Diagnostic]:
    """Yield where a manifest sets what the policy that it extends has locked."""
    if root.shared is None:
        return
    layers = [(item.data, item.provenance) for item in (root, environment) if item]
    for name, inline in as_map(root.data.get("environments")).items():
        layers.append((as_map(inline), root.provenance.child("environments", name)))
    for data, provenance in layers:
        for key in as_list(root.shared.data.get("locked")):
            if key in as_map(data.get("policy")):
                detail = f"{root.shared.source.name} has locked `policy.{key}`."
                where = provenance.locate_key("policy", key)
                fix = "delete it, or ask whoever keeps that file"
                yield diagnostic("PSH115", detail, where, fix)
