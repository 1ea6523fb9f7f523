"""Folders in which the examples of the catalogue are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pushctl.rules.rule import Example
from tests.e2e.cli import Here

HEAD = """\
version: 1
app: {id: ONEX0000000000000, workspace: test}
timezone: Asia/Shanghai
"""


def whole(text: str) -> str:
    """Return an example as a manifest: with the usual head, unless it brings its own."""
    if any(line.startswith("version:") for line in text.splitlines()):
        return text
    if any(line.startswith("app:") for line in text.splitlines()):
        return HEAD.replace("app: {id: ONEX0000000000000, workspace: test}\n", "") + text
    return HEAD + text


@contextmanager
def folder(example: Example, path: Path) -> Iterator[Here]:
    """Yield the example's folder, what was before it applied."""
    project = Here(path)
    for name, content in example.files.items():
        project.write(content, name)
    if example.before is not None:
        project.write(whole(example.before))
        ran = project.run("apply", "--yes", env={"PUSHCTL_NOW": example.now})
        assert ran.code == 0, ran
    project.write(whole(example.text))
    yield project


def codes(example: Example, path: Path) -> dict[str, str]:
    """Return the codes that an example shows, with their severities."""
    with folder(example, path) as project:
        command = ("validate",) if example.offline else ("plan",)
        ran = project.run(*command, "--format", "json", env={"PUSHCTL_NOW": example.now})
    return {item["code"]: item["severity"] for item in ran.json["diagnostics"]}
