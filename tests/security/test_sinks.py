"""Hostile text in everything that is printed: whatever the sink, it stays text.

Each rendering gets the text in every place that a manifest, a service, a state file or the
environment can fill.
"""

from __future__ import annotations

import datetime as dt
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from msgspec.structs import replace

from pushctl.apply.result import ApplyResult, Failure, Progress
from pushctl.cli import main
from pushctl.diagnostics import Diagnostic, EditedLine, Position, Range, Severity
from pushctl.errors import PushctlError
from pushctl.plan.change import (
    Action,
    Adopt,
    Blocked,
    BlockReason,
    Cancel,
    Create,
    FieldChange,
    Forget,
    NoOp,
    Rename,
    Renew,
    Replace,
)
from pushctl.plan.doctor import Check, CheckResult, check_entries
from pushctl.plan.guards.quota import Quota
from pushctl.plan.origin import Cause, Origin
from pushctl.plan.plan import Plan
from pushctl.plan.reconcile.in_doubt import Doubt
from pushctl.plan.reconcile.rebuild_state import Certainty, Claim, Rebuilt, Unclear
from pushctl.plan.reconcile.refresh import Drift, DriftKind
from pushctl.plan.status import Attention, AttentionReason, rows
from pushctl.plan.stop import stop_report
from pushctl.push.push import Meta, Push, Source
from pushctl.push.task import NewTask, Slot
from pushctl.render import json_output
from pushctl.render.html.page import PageOptions, no_plan, page
from pushctl.render.markdown import plan as plan_markdown
from pushctl.render.markdown.plan import ManifestLocation
from pushctl.render.text import apply as apply_text
from pushctl.render.text import doctor as doctor_text
from pushctl.render.text import history as history_text
from pushctl.render.text import in_doubt as in_doubt_text
from pushctl.render.text import plan as plan_text
from pushctl.render.text import recovery as recovery_text
from pushctl.render.text import state as state_text
from pushctl.render.text import status as status_text
from pushctl.render.text import stop as stop_text
from pushctl.render.text.apply import Board
from pushctl.render.text.findings import findings
from pushctl.render.view.irreversible import Tariff
from pushctl.state.file import history
from pushctl.state.file.lock import FileLock
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import LockInfo
from pushctl.state.state import Phase, PushRecord
from pushctl.state.whoami import signed
from pushctl.text.escape import visible
from pushctl.text.style import PLAIN, Style
from pushctl.vendors.facts import Hours
from tests.builders import NOW, actual, desired, recorded, state, task
from tests.fakes import ZONE
from tests.security.hostile import TEXTS, invisible, offences
from tests.security.pages import read
from tests.unit.manifest.project import HEAD, PUSH, codes, project

NARROW = Style(cells=40)
PAGE = PageOptions("1", Hours(dt.time(22), dt.time(8)))


def push(text: str) -> Push:
    made = desired(
        text,
        title=text,
        content=text,
        targets=[text],
        meta=Meta(owner=text, labels={text: text}),
        **{text: text},
    )
    return replace(made, source=Source(text, 1))


def finding(text: str) -> Diagnostic:
    where = Range(text, Position(1, 3), Position(1, 5))
    return Diagnostic(Severity.ERROR, "PSH100", text, text, where, snippet=text, fix=text)


def recorded_spec(text: str) -> dict[str, object]:
    return {"message": {"title": text, "body": text}, "to": text}


def plan(text: str) -> Plan:
    one = push(text)
    record = task(one, task_id=text)
    new = NewTask(Slot(0, 0, 1), {text: text}, {text: text}, one.schedule, NOW, NOW, 1)
    long = "as it was before, and as it is now " * 3
    fields = (FieldChange(text, text, [text]), FieldChange(text, f"{long}{text}", f"{text}{long}"))
    changes = (
        Create(text, one, (new,), text, fields),
        Replace(text, one, (record,), (new,), (), fields, text),
        Renew(text, one, (new,), (), text),
        Cancel(text, one, (record,), text),
        Cancel(text, None, (record,), text, recorded_spec(text)),
        Forget(text, text, recorded_spec(text)),
        Adopt(text, one, record, text),
        Rename(text, text, text),
        Blocked(text, one, BlockReason.IN_DOUBT, text, text),
        NoOp(text, text, telling=True),
    )
    lines = (EditedLine(text, 1, text), EditedLine(text, former=True))
    return Plan(
        *(text, text, text, text),
        serial=1,
        manifest_digest="",
        policy_digest="",
        created_at=NOW,
        valid_until=None,
        timezone=ZONE,
        service_zone=ZONE,
        changes=changes,
        quota=Quota(100, 0, 1, 1),
        drift=(Drift(text, Slot(0, 0, 1), DriftKind.GONE, text, 1, 1),),
        doubts=(Doubt(text, Slot(0, 0, 1), Phase.CREATING, text, None, (text,)),),
        unmanaged=(replace(actual(record), task_id=text, title=text),),
        diagnostics=(finding(text),),
        base=text,
        origins={text: Origin(Cause.INDIRECT, lines)},
    )


EVENTS = (
    "task.create.created",
    "task.cancel.cancelled",
    "task.create.unknown",
    "task.cancel.unknown",
    "task.settled",
    "entry.failed",
)


def event(type: str, text: str) -> Progress:
    return Progress(type, NOW, text, text, {"reason": text, "outcome": text})


def apply_lines(text: str) -> Iterator[str]:
    for type in EVENTS:
        yield apply_text.line(event(type, text)) or ""
    board = Board({text: 2})
    board.update(event(EVENTS[0], text))
    yield from board.lines(NARROW)
    failures = (Failure(text, text, text),)
    yield apply_text.summary(ApplyResult({Action.CREATE: 1}, failures, failures, True, True, 1, 0))


def state_lines(text: str) -> Iterator[str]:
    one = push(text)
    doubtful = replace(task(one, phase=Phase.CREATING), doubt=text, task_id=text)
    cancelling = replace(task(one, phase=Phase.CANCELLING, task_id=text), doubt=text, match=None)
    record = replace(recorded(one, doubtful, cancelling), spec={text: {text: text}, "b": [text]})
    whole = state({text: record})
    yield state_text.entries(rows(whole, now=NOW, zone=ZONE), zone=ZONE, now=NOW, style=NARROW)
    for need in AttentionReason:
        yield status_text.attention([Attention(need, text, NOW, 1)], typed=text, zone=ZONE)
    yield history_text.lines(
        [HistoryEntry(text, text, text, text, text, commit=text, request=text)], zone=ZONE
    )
    yield state_text.entry(text, record, zone=ZONE, now=NOW)
    yield doubted(text, record, text)
    yield in_doubt_text.doubts(text, recorded(one), None, (), typed="pushctl", zone=ZONE)


def doubted(id: str, record: PushRecord, text: str) -> str:
    """What is said of a doubt, with one candidate on the service."""
    found = Doubt(id, record.tasks[0].slot, Phase.CREATING, text, None, (text,))
    row = replace(actual(record.tasks[0]), task_id=text, title=text)
    return in_doubt_text.doubts(id, record, [found], [row], typed="pushctl", zone=ZONE)


def aftermath(text: str) -> Iterator[str]:
    """What the red button, a restored and a rebuilt state, and the doctor say."""
    one = push(text)
    record = replace(recorded(one, task(one), task(one, chunk=1)), stopped_at=NOW)
    whole = replace(state({text: record}), app=text, workspace=text)
    stopped = stop_report(whole, [text], endpoint=text, now=NOW, zone=ZONE, withdrawn={})
    yield stop_text.report(stopped, zone=ZONE)
    yield json_output.text(stop_text.document(stopped))
    yield recovery_text.restored(whole, [text], complete=False)
    stranger = replace(actual(task(one)), task_id=text, title=text)
    claim = Claim(one, (task(one),), Certainty.PEOPLE_ASSUMED)
    found = Rebuilt((claim,), (Unclear(text, text, text),), (text,), (stranger,))
    yield recovery_text.rebuilt(found, zone=ZONE)
    checks = [Check("state", CheckResult.BAD, text, text), *check_entries(whole, typed="pushctl")]
    yield doctor_text.checks(checks)
    yield json_output.text(doctor_text.document(checks))


def explained(text: str) -> str:
    return main._explained(PushctlError(text, f"{text}\n{text}", fix=text))


def misused(text: str) -> str:
    context = click.Context(main.cli)
    return main._shown(click.UsageError(text, context)) + main._shown(click.ClickException(text))


SINKS: dict[str, Callable[[str], str]] = {
    "aftermath": lambda text: "\n".join(aftermath(text)),
    "plan": lambda text: plan_text.plan(plan(text)),
    "plan, narrow": lambda text: plan_text.plan(plan(text), NARROW),
    "plan, json": lambda text: json_output.text(
        json_output.plan(plan(text), version="1", with_noops=True)
    ),
    "plan, page": lambda text: page(plan(text), PAGE),
    "no plan, page": lambda text: no_plan([finding(text)], place=text, env=text, version="1"),
    "findings": lambda text: findings([finding(text)], PLAIN),
    "findings, json": lambda text: json_output.text(json_output.findings([finding(text)])),
    "apply": lambda text: "\n".join(apply_lines(text)),
    "apply, json lines": lambda text: "".join(
        json_output.line(json_output.progress(event(type, text))) for type in EVENTS
    ),
    "state": lambda text: "\n".join(state_lines(text)),
    "state, json": lambda text: json_output.text(
        state_text.rows_document(rows(state({text: recorded(push(text))}), now=NOW, zone=ZONE))
    ),
    "error": explained,
    "wrong usage": misused,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("name", SINKS)
def test_hostile_text_stays_text(name: str, text: str) -> None:
    output = SINKS[name](text)
    assert output.strip()
    assert offences(output) == []
    if "json" in name:
        lines = output.splitlines() if "lines" in name else [output]
        assert all(json.loads(line) for line in lines)


def comment(text: str) -> str:
    """A plan as a comment, with the text wherever it can be."""
    whole = plan(text)
    place = ManifestLocation(text, text)
    return plan_markdown.plan(
        whole, version="1", elsewhere=text, place=place, tariff=Tariff(0.1, text)
    )


def refusal(text: str) -> str:
    """What a comment says when there is no plan."""
    place = ManifestLocation(text, text)
    return plan_markdown.no_plan(
        [finding(text)], app=text, workspace=text, env=text, version="1", place=place
    )


def refusal_at(text: str, source: str) -> str:
    """The same, where lines are linked below an address."""
    return plan_markdown.no_plan(
        [finding(text)],
        app="A",
        workspace="w",
        env=None,
        version="1",
        place=ManifestLocation("", source),
    )


COMMENTS: dict[str, Callable[[str], str]] = {
    "whole": comment,
    "only lines": lambda text: plan_markdown.plan(plan(text), version="1", limit=9_000),
    "no plan": refusal,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("name", COMMENTS)
def test_hostile_text_in_a_comment_calls_nobody_and_leads_nowhere(name: str, text: str) -> None:
    written = COMMENTS[name](text)
    assert written.startswith("<!-- pushctl:plan ")
    page = read(written)
    assert page.strange == []
    assert page.calls == []
    assert page.unclosed == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_comment_says_the_hostile_text_itself(text: str) -> None:
    """What is neutralized is shown, not left out: a reviewer has to see what people would get."""
    page = read(comment(text))
    expected = " ".join(visible(text).split())
    assert expected[:100] in " ".join(page.text.replace("\u200b", "").split())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_linked_line_of_a_file_with_a_hostile_name_leads_to_that_file(text: str) -> None:
    source = "https://host.example/blob/1a2b3c"
    ((element, attributes),) = read(refusal_at(text, source)).strange
    assert element == "a"
    ((name, address),) = attributes
    assert name == "href"
    assert address.startswith(f"{source}/")
    assert address.endswith("#L1")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_command_to_paste_holds_no_second_command(text: str) -> None:
    """A shell splits what is offered into exactly the words that were meant."""
    one = push(text)
    record = recorded(one, task(one, phase=Phase.CREATING))
    offered = [line for line in doubted(text, record, text).splitlines() if "pushctl state" in line]
    assert offered
    for line in offered:
        words = shlex.split(line)
        assert words[:3] == ["pushctl", "state", "resolve"]
        assert words[4:6] == ["--chunk", "0"]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_files_for_people_hold_one_line_each(text: str, tmp_path: Path) -> None:
    """The history and the lock, which somebody may look at with `cat`."""
    environ = {"GITHUB_ACTOR": text, "PUSHCTL_RUN_URL": text}
    path = tmp_path / "history"
    history.append(path, signed(HistoryEntry(what=text), environ))
    history.append(path, signed(HistoryEntry(what="after"), {}))
    assert invisible(path.read_text("ascii")) == []
    assert len(path.read_text("ascii").splitlines()) == 2
    lock = FileLock(tmp_path / "lock", tmp_path / "gate")
    with lock.hold(LockInfo(text, text, 1, text, text, text), timeout=0):
        assert invisible(lock.path.read_text("ascii")) == []


def test_a_file_that_cannot_be_read_is_named_harmlessly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors of the system name files, and a folder's name is anything at all."""

    def fail(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", "\x1b[31m\n::error::owned")

    monkeypatch.setattr(main.cli, "main", fail)
    monkeypatch.setattr(sys, "argv", ["pushctl", "validate"])
    assert main._guarded() == 1
    assert offences(capsys.readouterr().err) == []


@pytest.mark.parametrize("character", "\"'`$;&|<>(){}\\*?![] \t")
def test_an_address_holds_nothing_that_a_shell_obeys(character: str, tmp_path: Path) -> None:
    """Ids stand in commands to paste, from modules that know nothing of shells."""
    reading = project(
        tmp_path,
        {
            "pushctl.yaml": HEAD
            + "pushes:\n  deal:\n    for_each: ["
            + json.dumps(f"a{character}b")
            + "]\n"
            + PUSH
        },
    )
    assert codes(reading) == ["PSH113"]
