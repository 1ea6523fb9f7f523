"""`pushctl fmt`: one layout for all manifests, so that reviews are about what is said."""

from __future__ import annotations

import contextlib
import difflib
import os
import sys
from pathlib import Path

import click
from msgspec import Struct

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import option
from pushctl.cli.output import Output
from pushctl.cli.project.source_lines import attached
from pushctl.cli.write_file import rewrite
from pushctl.diagnostics import Diagnostic, Range
from pushctl.errors import ConfigError, ExitCode, PushctlError
from pushctl.manifest.files.includes import kind_of, manifest_files
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.format.formatter import format_file
from pushctl.manifest.yaml.loader import MAX_BYTES
from pushctl.portable import relative
from pushctl.render.text import findings as render_findings
from pushctl.text.escape import terminal
from pushctl.text.plural import count

MOST_COMPARED = 20_000
"""Lines of a file; finding the differences takes the square of them."""


class _File(Struct, frozen=True):
    """A file as it is and as it should be; None if it cannot be laid out, `findings` say why."""

    name: str
    before: bytes
    after: bytes | None
    findings: tuple[Diagnostic, ...] = ()

    @property
    def changes(self) -> bool:
        return self.after is not None and self.after != self.before


@click.command("fmt", short_help="Lay out the manifest in the one way.")
@click.argument("paths", nargs=-1, metavar="[FILES]...")
@option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.pass_obj
def command(invocation: GlobalOptions, paths: tuple[str, ...], check: bool, diff: bool) -> int:
    """Lay out the manifest, the files it includes and its environments in the one way.

    Comments, texts and the order of pushes stay; nothing changes what the manifest means. With
    FILES only those; `-` reads one from stdin and writes it to stdout.
    """
    if "-" in paths:
        return _filter(invocation, paths, check=check, diff=diff)
    if not invocation.folder.is_dir():
        raise ConfigError("There is no such folder", str(invocation.folder), fix="correct -C")
    files, problems = _read(invocation, paths)
    broken = [finding for item in files for finding in item.findings] + problems
    changed = [item for item in files if item.changes]
    output = invocation.output
    if diff:
        output.result("".join(_diff(item) for item in changed))
    if not check and not diff:
        for item in changed:
            assert item.after is not None
            rewrite(invocation.folder, item.name, item.before, item.after)
    _report(output, files, dry=check or diff, shown=diff)
    if broken:
        shown = attached(broken, invocation.folder)
        output.alarm(render_findings.findings(shown, output.talk_style).rstrip("\n"))
    stuck = [item.name for item in files if item.after is None and not item.findings]
    if stuck:
        raise _stuck(stuck)
    return ExitCode.ERROR if broken or (check and changed) else ExitCode.DONE


def _read(
    invocation: GlobalOptions, paths: tuple[str, ...]
) -> tuple[list[_File], list[Diagnostic]]:
    """Read and lay out the files that are wanted; the findings are about files that are not there.

    A file that cannot be laid out has its own.
    """
    files = Files(invocation.folder)
    problems: list[Diagnostic] = []
    if paths:
        names = list(dict.fromkeys(_inside(invocation.folder, path) for path in paths))
    else:
        found = manifest_files(files, invocation.file)
        names, problems = list(found.names), list(found.findings)
    read: list[_File] = []
    for name in names:
        try:
            content = files.read(name, limit=MAX_BYTES)
        except FileProblem as problem:
            problems.append(problem.finding(Range.at(name)))
            continue
        result = format_file(name, content, kind=kind_of(name))
        known = {(item.code, item.range) for item in problems}
        new = tuple(item for item in result.findings if (item.code, item.range) not in known)
        read.append(_File(name, content, result.content, new))
    return read, problems


def _inside(folder: Path, path: str) -> str:
    """Return a path that was typed relative to the manifest's folder, where all files must be."""
    name = relative(os.path.abspath(path), os.path.realpath(folder))
    if name.startswith("../") or name == "..":
        name = relative(os.path.realpath(path), os.path.realpath(folder))
    if name.startswith("../") or name == ".." or os.path.isabs(name):
        raise ConfigError(
            "A file is outside the manifest's folder", path, fix="name its folder with -C"
        )
    return name


def _report(output: Output, files: list[_File], *, dry: bool, shown: bool) -> None:
    changed = [item.name for item in files if item.changes]
    say = output.talk if shown else output.result
    verb = "would change" if dry else "formatted"
    for name in changed if not shown else ():
        say(f"{verb} {terminal(name)}\n")
    same = sum(item.after == item.before for item in files)
    rest = f", {count(same, 'file')} {'is' if same == 1 else 'are'} fine" if same else ""
    lead = f"{count(len(changed), 'file')} {verb}" if changed else "nothing to change"
    say(f"{lead[0].upper()}{lead[1:]}{rest}.\n")


def _diff(item: _File) -> str:
    assert item.after is not None
    old, new = (
        text.decode("utf-8").splitlines(keepends=True) for text in (item.before, item.after)
    )
    if max(len(old), len(new)) > MOST_COMPARED:
        return f"{terminal(item.name)} is too long to compare line by line.\n"
    lines = difflib.unified_diff(old, new, f"a/{item.name}", f"b/{item.name}")
    return "".join(
        terminal(line.rstrip("\r\n"))
        + "\n"
        + ("" if line.endswith("\n") else "\\ No newline at end of file\n")
        for line in lines
    )


def _filter(invocation: GlobalOptions, paths: tuple[str, ...], *, check: bool, diff: bool) -> int:
    if len(paths) > 1 or diff:
        raise click.UsageError("`-` stands alone, or with --check.")
    content = sys.stdin.buffer.read()
    result = format_file("stdin", content)
    if result.content is None:
        if not result.findings:
            raise _stuck(["stdin"])
        style = invocation.output.talk_style
        invocation.output.alarm(render_findings.findings(result.findings, style).rstrip("\n"))
        return ExitCode.ERROR
    if check:
        return ExitCode.DONE if result.content == content else ExitCode.ERROR
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(result.content)
    sys.stdout.flush()
    return ExitCode.DONE


def _stuck(names: list[str]) -> PushctlError:
    detail = f"{', '.join(names)}: no layout was found that surely says the same"
    fix = "write every key as `key: value`, and please report the file"
    return PushctlError("A file was left as it is", detail, fix=fix)
