"""What is read, how inputs of each kind are made, and which errors are answers and not crashes."""

from __future__ import annotations

import functools
import hashlib
import json
import random
import tempfile
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pushctl.cli.planning import saved_plan
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.codehosts.client import Api
from pushctl.codehosts.github import GitHubConversation
from pushctl.codehosts.gitlab import GitLabConversation
from pushctl.diagnostics import Position, Range
from pushctl.errors import PushctlError
from pushctl.http.client import Answer
from pushctl.lsp import code_actions, completion
from pushctl.lsp.cursor import cursor_at
from pushctl.lsp.positions import Lines, Units
from pushctl.manifest.format.formatter import format_file
from pushctl.manifest.resolve.audience_files import Request, parse
from pushctl.manifest.schedule import calendar_files, phrase
from pushctl.manifest.schedule.timezones import TimeError, zone
from pushctl.manifest.yaml.loader import load
from pushctl.mpaas import failures, pagination, responses
from pushctl.plan.planner import make_plan
from pushctl.push.identity import digest
from pushctl.push.push import Push
from pushctl.render import json_output
from pushctl.render.html.page import page
from pushctl.render.ical import CalendarEntry, CalendarScope, calendar
from pushctl.render.markdown import plan as markdown_plan
from pushctl.render.text import plan as plan_text
from pushctl.render.text import when as when_text
from pushctl.render.text.findings import findings
from pushctl.render.view.upcoming import outlook
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.codec import decode_state
from pushctl.state.decoding import FormatError
from pushctl.state.file import history, journal
from tests.builders import plan_request
from tests.fuzz.mutate import HARD_TEXTS, in_bytes, in_tree
from tests.property.growth import inputs
from tests.property.growth.inputs import NAME
from tests.property.growth.readers import NOW, PAGE, checked, compared, fix, plan_of

ROOT = Path(__file__).parents[2]
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
USED = Range(NAME, Position(1, 1), Position(1, 2))
ANSWERS = (PushctlError, FormatError, TimeError, phrase.PhraseError)
"""What readers raise on purpose."""

WORDS = tuple(text.encode("utf-8", "surrogatepass") for text in HARD_TEXTS)


@dataclass(frozen=True)
class Kind:
    """One kind of input. `share` is how many of it there are among others."""

    share: int
    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[bytes], object]
    words: Sequence[bytes] = WORDS
    seal: str | None = None
    is_json: bool = False

    def make(self, chance: random.Random) -> bytes:
        """Return one input: a seed with a few changes."""
        seeds = _known(self.seeds)
        text = chance.choice(seeds)
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 6))):
            if self.is_json and chance.random() < 0.85:
                text = self._in_tree(chance, text)
            else:
                text = in_bytes(chance, text, self.words, chance.choice(seeds))
        return text

    def _in_tree(self, chance: random.Random, text: bytes) -> bytes:
        lines = text.split(b"\n") if b"\n{" in text else [text]
        at = chance.randrange(len(lines))
        try:
            value = in_tree(chance, json.loads(lines[at]))
            if self.seal is not None and isinstance(value, dict) and chance.random() < 0.9:
                body = {key: item for key, item in value.items() if key != self.seal}
                value = {**body, self.seal: digest(json.loads(json.dumps(body)))}
            made = json.dumps(value).encode()
        except (ValueError, RecursionError, TypeError):
            return in_bytes(chance, text, self.words, text)
        return b"\n".join([*lines[:at], made, *lines[at + 1 :]])


@functools.cache
def _known(seeds: Callable[[], Sequence[bytes]]) -> Sequence[bytes]:
    found = tuple(seeds())
    assert found
    return found


def files(*patterns: str, most: int = 20_000) -> Callable[[], Sequence[bytes]]:
    """Return the small files of the project that patterns mean."""

    def read() -> Sequence[bytes]:
        paths = sorted({path for pattern in patterns for path in ROOT.glob(pattern)})
        return [path.read_bytes() for path in paths if path.stat().st_size <= most]

    return read


def states() -> Sequence[bytes]:
    found = files("tests/acceptance/recorded_states/*/state/pushctl.state.json")()
    return [json.dumps(json.loads(text)).encode() for text in found]


def texts(*found: str) -> Callable[[], Sequence[bytes]]:
    return lambda: [text.encode() for text in found]


# --- readers --------------------------------------------------------------------------------------


def manifests() -> Sequence[bytes]:
    """Return manifests as they are written, and as JSON, which is YAML as well."""
    patterns = ("tests/unit/manifest/defects/*/pushctl.yaml", "examples/*/pushctl.yaml")
    found = files(*patterns, most=3_000)()
    rich = [kind(1)[NAME] for _, kind in inputs.KINDS.values()]
    loaded = [load(NAME, text)[0] for text in (*found, *rich)]
    return [*found, *(json.dumps(item.data).encode() for item in loaded if item is not None)]


def read_manifest(text: bytes) -> None:
    """Check a manifest, plan it, and show the plan and its calendar in one of the ways."""
    files = {NAME: text, "a.txt": b"user1\n", "a.csv": b"user\nuser1\n"}
    project = checked(files)
    findings(project.diagnostics)
    if not project.pushes:
        return
    made = plan_of(project)
    ways: Sequence[Callable[[], object]] = (
        lambda: plan_text.plan(made),
        lambda: markdown_plan.plan(made, version="1"),
        lambda: page(made, PAGE),
        lambda: json_output.text(json_output.plan(made, version="1", with_noops=True)),
        lambda: compared(files),
        lambda: fix(files),
        lambda: [outlook_of(push) for push in project.pushes.values()],
    )
    ways[len(text) % len(ways)]()


def outlook_of(push: Push) -> None:
    """Show a push as a calendar does, and as `when` does."""
    scope = CalendarScope("a", "b", SHANGHAI, NOW, "1")
    words = push.message.title, push.message.body
    entry = CalendarEntry(push.id, *words, "c", (push.schedule,), NOW, push.meta.labels)
    calendar(scope, [entry])
    horizon, zones = Horizon(SHANGHAI), (SHANGHAI,)
    when_text.text(outlook(push.schedule, now=NOW, horizon=horizon, zones=zones, count=5))


def read_people(text: bytes) -> None:
    name = ("a.csv", "a.txt", "a.jsonl")[len(text) % 3]
    column = ("user", "x", None)[len(text) % 5 % 3]
    parse(Request(name, column, USED), text)


def read_calendar(text: bytes) -> None:
    calendar_files.calendar("a.ics" if b"BEGIN:" in text else "a.txt", text, USED)


def read_phrase(text: bytes) -> None:
    phrase.parse(text.decode("utf-8", "replace"), SHANGHAI)


def read_zone(text: bytes) -> None:
    zone(text.decode("utf-8", "surrogateescape"))


def read_state(text: bytes) -> None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    state = decode_state(document)
    plan_text.plan(make_plan(plan_request(now=NOW), state, None))


@functools.cache
def place() -> Path:
    folder = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
    return Path(tempfile.mkdtemp(prefix="pushctl-fuzz-", dir=folder)) / "input"


def in_a_file(read: Callable[[Path], object]) -> Callable[[bytes], None]:
    def run(text: bytes) -> None:
        place().write_bytes(text)
        read(place())

    return run


def journals() -> Sequence[bytes]:
    """Return journals without the checksums of their lines."""
    found = files("tests/acceptance/recorded_states/*/state/*.journal")()
    return [b"\n".join(line.partition(b" ")[2] for line in text.splitlines()) for text in found]


def read_journal(text: bytes) -> None:
    """Read a journal of which every line has its checksum, unless it is none of ours."""
    lines = [
        hashlib.sha256(line).hexdigest()[:16].encode() + b" " + line + b"\n"
        if line.startswith(b"{")
        else line
        for line in text.split(b"\n")
    ]
    place().write_bytes(b"".join(lines))
    journal.remains(place())
    journal.read(place())


def read_answer(text: bytes) -> None:
    """Read an answer of the service as that to every call, and as pages of the list."""
    status = (200, 200, 200, 400, 403, 429, 500, 503)[len(text) % 8]
    answer = failures.text_or_failure(
        status, {"x-acs-retry-after": text[:9].decode("latin-1")}, text
    )
    responses.clock_offset({"Date": text[:40].decode("latin-1")}, now=NOW)
    if not isinstance(answer, str):
        return
    for scheduled in (True, False):
        outcome = responses.created(answer, scheduled=scheduled)
        responses.nameless(outcome, {"TargetMsgkey": answer[:200]})
    responses.accepted(answer)
    responses.cancelled(answer, "1")
    responses.codes_of(answer)
    page = responses.page(answer)
    empty = responses.Page((), None)
    rows = pagination.read_all(
        lambda number: page if number == 1 else empty, sleep=lambda _: None, host="h"
    )
    responses.tasks(rows)


def read_comments(text: bytes) -> None:
    """Read an answer of a code host as that to every call."""
    headers, _, body = text.partition(b"\n")
    link = {"Link": headers.decode("latin-1")} if headers.startswith(b"<") else {}
    answer = Answer(200, link, body if link else text)
    for conversation in (
        GitHubConversation(Api("https://api.example", {}), "a/b", 1),
        GitLabConversation(Api("https://api.example", {}), "a/b", 1),
    ):
        http: Any = type("Http", (), {"call": lambda *_, **__: answer})()
        vars(conversation._api)["_http"] = http
        list(conversation.comments())


def edit(text: bytes) -> None:
    """Point, type and format in an editor; the first two bytes say where."""
    line, column = (text[0] % 40, text[1] * 3) if len(text) > 1 else (0, 0)
    shown = text[2:].decode("utf-8", "replace")
    lines = Lines.of(shown, tuple(Units)[line % 3])
    at = lines.position(line, column)
    lines.to_editor(at)
    completion.proposals(lines.lines, at, ids=("a", "b"), gone=("c",))
    cursor_at(NAME, shown, at)
    code_actions.formatting(NAME, shown)


def saved_plans() -> Sequence[bytes]:
    found = map(json.loads, files("tests/acceptance/golden/*/plan.json")())
    choices, service = PlanOptions(("a",)), {"app": "a"}
    return [json.dumps(saved_plan.sealed(plan, choices, service)).encode() for plan in found]


# --- kinds ----------------------------------------------------------------------------------------

ROW = {
    "UniqueId": "1", "ParentId": "2", "PushTime": 1796256000000, "ExecutedStatus": 0,
    "PushTitle": "a", "PushContent": "b", "DeliveryType": 3, "StrategyType": 1,
    "GmtCreate": 1796000000000,
}  # fmt: skip
SERVICE = (
    {"ResultCode": "OK", "RequestId": "r", "PushResult": {"Success": True, "Data": "2047"}},
    {"ResultCode": "OK", "PushResult": json.dumps({"Success": "true", "Data": "2047"})},
    {"ResultCode": "100", "resultContent": {"success": True}},
    {
        "ResultCode": "OK",
        "ResultContent": {"Data": {"List": [ROW, {**ROW, "UniqueId": "3"}], "TotalCount": 2}},
    },
    {"ResultCode": "OK", "ResultContent": json.dumps({"Data": {"List": [ROW]}})},
    {"ResultCode": "9000", "ResultMessage": "SYSTEM_ERROR"},
    {"Code": "Throttling.User", "Message": "slow down", "RequestId": "r"},
    {"Code": "SignatureDoesNotMatch", "Message": "Specified signature is not matched. a: b"},
)
COMMENTS = (
    [{"id": 1, "body": "<!-- pushctl:plan -->\na", "user": {"login": "a", "id": 1}}],
    [{"id": 2, "body": None, "user": None}],
    [{"id": 3, "body": "b", "author": {"id": 3, "username": "x"}, "system": False}],
    {"login": "a", "id": 3},
)
SCHEDULES = (
    "every day at 09:45", "every mon,wed at 20:00 in Europe/Berlin", "at 2026-12-24T20:00",
    "every 2 weeks at 09:00 from 2026-12-07 until 2027-03-01", "every last fri at 09:00",
    "every 1,15,last day at 09:00 skip 2026-12-24..2027-01-06", "every weekday at 08:00, 17:30",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=4 at 09:00 gap skip fold first short_months last",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=4 at 09:00",
)  # fmt: skip
WHEN_WORDS = tuple(
    word.encode()
    for word in (
        *(
            "every",
            "at",
            "from",
            "until",
            "in",
            "skip",
            "gap",
            "fold",
            "short_months",
            "FREQ=DAILY",
        ),
        *("BYDAY=MO", "BYSETPOS=-1", "COUNT=999999", "INTERVAL=999999", "UNTIL=20991231", ";", ","),
        *("last", "1st", "5th fri", "31", "-1", "and", "days", "2 months", "first day", "..", "="),
        *("BYYEARDAY=-366", "BYWEEKNO=53", "BYMONTH=13", "WKST=SU", "2026-12-24", "9999-12-31"),
    )
)
ICS = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20271224\n"
    "DTEND;VALUE=DATE:20271227\nSUMMARY:a\\, b\nEND:VEVENT\nEND:VCALENDAR\n",
    "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nBEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\n"
    "DTSTART:19700101T000000\nTZOFFSETFROM:+0800\nTZOFFSETTO:+0800\nEND:STANDARD\nEND:VTIMEZONE\n"
    "BEGIN:VEVENT\nDTSTART;TZID=x:20271224T080000\nRRULE:FREQ=DAILY;COUNT=3\nSTATUS:TENTATIVE\n"
    "END:VEVENT\nEND:VCALENDAR\n",
)
ICS_WORDS = tuple(
    word.encode()
    for word in (
        *(
            "BEGIN:VEVENT\n",
            "END:VEVENT\n",
            "DTSTART",
            ";VALUE=DATE:",
            "DTEND:",
            "20271224",
            "00000000",
        ),
        *(
            "DURATION:P1D\n",
            "RDATE:",
            "EXDATE;TZID=",
            "STATUS:",
            "\n ",
            ":",
            ";",
            "=",
            ",",
            '"',
            "99999999",
        ),
        *(
            "CALSCALE:GREGORIAN\n",
            "X-APPLE-SPECIAL-DAY:",
            "ATTACH;VALUE=BINARY;ENCODING=BASE64:!!\n",
        ),
        *("2026-12-24", "..", "#", "GEO:a\n", "TRIGGER:x\n", "FREEBUSY:a/b\n", "RECURRENCE-ID:1\n"),
    )
)

KINDS: Mapping[str, Kind] = {
    "manifest": Kind(40, manifests, read_manifest, is_json=True),
    "layout": Kind(50, manifests, lambda text: format_file(NAME, text)),
    "editor": Kind(30, manifests, edit),
    "people": Kind(
        150,
        texts(
            "user\nuser1\nuser2\n",
            "a,user\n1,u1\n2,u2\n",
            '"u1"\n{"user": "u2"}\n',
            "# a\nu1\n u2\n",
        ),
        read_people,
    ),
    "calendar": Kind(
        30, texts(*ICS, "2026-12-25 a\n2027-02-05..2027-02-11\n# b\n"), read_calendar, ICS_WORDS
    ),
    "phrase": Kind(100, texts(*SCHEDULES), read_phrase, (*WHEN_WORDS, *WORDS)),
    "zone": Kind(5, texts("Asia/Shanghai", "Berlin", "UTC+8"), read_zone),
    "state": Kind(
        60,
        states,
        read_state,
        seal="sha256",
        is_json=True,
    ),
    "journal": Kind(
        120,
        journals,
        read_journal,
        is_json=True,
    ),
    "history": Kind(
        100,
        files("tests/acceptance/recorded_states/*/state/*.history"),
        in_a_file(history.entries),
        is_json=True,
    ),
    "saved plan": Kind(
        100,
        saved_plans,
        in_a_file(saved_plan.read),
        seal=saved_plan.SEAL,
        is_json=True,
    ),
    "answer of the service": Kind(150, texts(*map(json.dumps, SERVICE)), read_answer, is_json=True),
    "answer of a code host": Kind(
        150,
        texts(*map(json.dumps, COMMENTS), '<https://api.example/x?page=2>; rel="next"\n[]'),
        read_comments,
        is_json=True,
    ),
}
