"""What is known about each kind of finding: why it matters, what to do, a bad and a good example.

The rules themselves are plain data: `manifest/rules.toml`, `plan/guards/rules.toml` and
`lint/rules.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct, field, structs

from pushctl.diagnostics import Diagnostic, Edit, Range, Severity

MOMENT = "2026-12-01T09:00:00+08:00"
"""When the examples are looked at: a Tuesday morning."""


class Example(Struct, frozen=True):
    """A manifest that shows a finding, or how it is done right; each of them is a test.

    `text` is what a reader sees: a whole manifest if it has a `version:`, otherwise what stands
    below the usual head (`version`, `app`, `timezone`). `files` are beside it. `before` is the
    manifest that was applied before (at `applied` if not `now`), where the finding is about a
    change. With `offline` false the finding is one of `plan`, which asks the service, with
    `options`. In between, somebody may have been at the vendor's console: `made` holds title, body
    and time (RFC 3339) of tasks made there, `cancelled` tells that everything was cancelled.
    `environment` is what `--env` says. `commit` is the manifest that is committed, where the
    finding is about a comparison with that.
    """

    text: str
    files: Mapping[str, str] = field(default_factory=dict)
    before: str | None = None
    now: str = MOMENT
    offline: bool = True
    applied: str | None = None
    options: tuple[str, ...] = ()
    made: tuple[tuple[str, str, str], ...] = ()
    cancelled: bool = False
    environment: str | None = None
    commit: str | None = None


class Rule(Struct, frozen=True):
    """One kind of finding. A code is never used for anything else again.

    `title` is constant: no names or values of a user. `severity` is what it counts if nobody says
    otherwise; where it depends, the worst. `why` and `fix` are for somebody who meets it for the
    first time; line breaks in `why` become spaces. `sources` say who states the facts behind it.
    `settings` are the fields of `policy` that it goes by. `adjustable` tells that `policy.rules`
    and `allow` may change what it counts: false for whatever keeps an entry from being understood
    or done.
    """

    code: str
    title: str
    severity: Severity
    why: str
    fix: str
    bad: Example
    good: Example
    sources: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    adjustable: bool = False

    def __post_init__(self) -> None:
        structs.force_setattr(self, "why", " ".join(self.why.split()))


# --- how examples are put together ----------------------------------------------------------------

USUAL = {
    "owner": ("owner: crm@acme.example",),
    "labels": (),
    "schedule": ("schedule: {at: 2026-12-24T20:00}",),
    "offer_ends": (),
    "to": ("to: {users: [user1024]}",),
    "message": ("message: {title: Flash sale, body: Until midnight.}",),
}
"""The fields of an example, in the order of `pushctl fmt`; all others come after these."""


def entry(*lines: str, head: str = "", id: str = "flash-sale", **more: Any) -> Example:
    """Return an example of one entry: the usual fields, but for those that `lines` bring.

    `head` stands above `pushes:`; `more` are fields of `Example`.
    """
    return Example(manifest_text(entry_text(*lines, id=id), head=head), **more)


def report(schedule: str, *, head: str = "", **more: Any) -> Example:
    """Return an example of an entry that repeats."""
    return entry(
        "owner: ops@acme.example",
        f"schedule: {schedule}",
        "message: {title: Your report, body: It is in your inbox.}",
        "expires_after: 4h",
        head=head,
        id="report",
        **more,
    )


def manifest_text(*entries: str, head: str = "") -> str:
    """Return the text of a manifest, but for what all of them begin with."""
    return head + ("pushes:\n" + "\n".join(entries) if entries else "pushes: {}\n")


def entry_text(*lines: str, id: str = "flash-sale") -> str:
    """Return the text of one entry; each field of `lines` replaces the usual one."""
    fields = {name: list(usual) for name, usual in USUAL.items()}
    name = ""
    for line in lines:
        if not line.startswith(" "):
            name = line.split(":")[0]
            fields[name] = []
        fields[name].append(line)
    return f"  {id}:\n" + "".join(f"    {line}\n" for field in fields.values() for line in field)


# --- rules as data --------------------------------------------------------------------------------


def rules_of(package: str) -> Mapping[str, Rule]:
    """Return the rules in `rules.toml` of a package, by their codes; the file says its form."""
    return {code: rule for code in _tables(package)[0] if (rule := rule_of(package, code))}


@cache
def rule_of(package: str, code: str) -> Rule | None:
    """Return one of these rules, None if there is none; the others are not read for it."""
    tables, read = _tables(package)
    if code not in tables:
        return None
    fields = tomllib.loads(tables[code])
    examples = {name: read(fields.get(name, {})) for name in ("bad", "good")}
    lists = {name: tuple(fields.get(name, ())) for name in ("sources", "settings")}
    severity = Severity(fields["severity"])
    return Rule(**{**fields, **examples, **lists, "code": code, "severity": severity})


@cache
def _tables(package: str) -> tuple[Mapping[str, str], Callable[[Any], Example]]:
    """Return the text about each code, and what reads an example."""
    path = Path(__file__).parent.joinpath(*package.split(".")[1:], "rules.toml")
    text = path.read_text("utf-8")
    head, *parts = re.split(r"^\[(PSH[0-9]+)\]\n", text, flags=re.MULTILINE)
    shared = tomllib.loads(head)
    read = partial(_example, usual=shared.get("usual", {}), texts=shared.get("texts", {}))
    return dict(zip(parts[::2], parts[1::2], strict=True)), read


def diagnostic(
    package: str,
    code: str,
    detail: str,
    where: Range | None = None,
    fix: str | None = None,
    severity: Severity | None = None,
    edits: tuple[Edit, ...] = (),
    push: str | None = None,
) -> Diagnostic:
    """Return a finding of a rule; it counts what the rule does if no severity is given."""
    rule = rule_of(package, code)
    assert rule is not None, code
    counts = severity or rule.severity
    return Diagnostic(counts, code, rule.title, detail, where, None, fix, push, edits)


def _example(said: Any, *, usual: Mapping[str, Any], texts: Mapping[str, str]) -> Example:
    """Read an example: its fields, or only its text, or the name of that."""
    fields = {**usual, **said} if isinstance(said, dict) else {"text": said}
    for name in {"before", "commit"} & fields.keys():
        fields[name] = _example(fields[name], usual=usual, texts=texts).text
    for name in {"made", "options"} & fields.keys():
        fields[name] = tuple(tuple(x) if isinstance(x, list) else x for x in fields[name])
    if "files" in fields:
        fields["files"] = {name: _file(said) for name, said in fields["files"].items()}
    if "text" in fields:
        head, text = fields.pop("head", ""), fields.pop("text")
        return Example(head + texts.get(text, text), **fields)
    if "report" in fields:
        return report(fields.pop("report"), **fields)
    return entry(*fields.pop("entry", "").splitlines(), **fields)


def _file(said: Any) -> str:
    """Read a file of an example: its text, or the people in it by what each begins with."""
    if isinstance(said, str):
        return said
    return "".join(f"{said['each']}{number}\n" for number in range(1, said["count"] + 1))
