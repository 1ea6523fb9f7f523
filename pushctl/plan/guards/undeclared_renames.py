"""What a plan shows only beside the state: a rename that nobody declared, an id used again. Pure.

Neither is wrong as such, and both look harmless in the manifest alone. Only a rename by which
people would get again what they just had is refused.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from shlex import quote

from pushctl.diagnostics import Diagnostic, EditedLine, Range, Severity
from pushctl.plan.change import Blocked, BlockReason, Change, Create, NoOp, Rename, push_of
from pushctl.plan.guards.rules import diagnostic
from pushctl.plan.stop import REVOCABLE, delivered_at
from pushctl.push.push import Push
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.schedule.zone_offsets import DAY_SECONDS
from pushctl.state.state import Phase, PushRecord, TaskRecord
from pushctl.text.plural import some

MOST_ALIKE = 20
"""How many entries with the same words are looked at, to find the one with the same people."""

DELIVERED = frozenset({Phase.SENT, Phase.ENDED})


def undeclared_renames(
    changes: Sequence[Change],
    pushes: Mapping[str, PushRecord],
    now: int,
    *,
    zone: dt.tzinfo,
    wanted: Collection[str],
    label: Callable[[str], str] = str,
) -> Iterator[Diagnostic]:
    """Yield what was most likely meant differently.

    `pushes` are the records that the changes were made from, `now` is in epoch seconds, `zone` the
    service's. `wanted` are the ids of the manifest, whether or not the plan is about them; `label`
    turns a target into its name in the records.
    """
    lately = partial(_delivered_lately, now=now, zone=zone)
    yield from _renamed(changes, pushes, lately, wanted, label)
    yield from _reused_ids(changes, pushes, now)


def _renamed(
    changes: Sequence[Change],
    pushes: Mapping[str, PushRecord],
    lately: Callable[[PushRecord], bool],
    wanted: Collection[str],
    label: Callable[[str], str],
) -> Iterator[Diagnostic]:
    """Find an entry that went and one that comes, and both say nearly the same."""
    fresh = [push for item in changes if (push := _is_new(item, pushes)) is not None]
    if not fresh:
        return
    renamed = {item.before for item in changes if isinstance(item, Rename)}
    gone = [
        id
        for id, record in pushes.items()
        if id not in wanted and id not in renamed and (record.live or lately(record))
    ]
    alike: dict[str, dict[str, None]] = {}
    for id in gone:
        for look in _looks(pushes[id].spec):
            alike.setdefault(look, {})[id] = None
    for push in fresh:
        near = [id for look in _looks(push.spec) for id in islice(alike.get(look, ()), MOST_ALIKE)]
        before = _closest(push, near, pushes, label)
        if before is not None:
            for look in _looks(pushes[before].spec):
                del alike[look][before]
            yield _rename(push, before, had=lately(pushes[before]))


def _looks(spec: Mapping[str, object]) -> list[str]:
    """Return what two entries that are alike have in common one of: all, both words, one word."""
    title, body = _words(spec) or (None, None)
    looks = [["all", spec], ["both", title, body], ["title", title], ["body", body]]
    known = looks if _words(spec) else looks[:1]
    return [json.dumps(look, sort_keys=True) for look in known]


def _closest(
    push: Push, gone: Sequence[str], pushes: Mapping[str, PushRecord], label: Callable[[str], str]
) -> str | None:
    """Return which of the entries that went says what this one says; None if none does."""
    likeness = {id: _likeness(push, pushes[id], label) for id in gone}
    likest = max(gone, key=likeness.__getitem__, default=None)
    return likest if likest is not None and likeness[likest] else None


def _likeness(push: Push, record: PushRecord, label: Callable[[str], str]) -> int:
    """Rate what two entries have in common: all (3), title and body (2), or one of these for
    mostly the same people (1)."""
    if record.spec == push.spec:
        return 3
    before, after = _words(record.spec), _words(push.spec)
    if before is None or after is None or _all_differ(before, after):
        return 0
    if before == after:
        return 2
    had = {target for task in record.tasks for target in task.targets}
    people = {label(target) for target in push.targets}
    return int(2 * len(had & people) > max(len(had), len(people)))


def _delivered_lately(record: PushRecord, now: int, zone: dt.tzinfo) -> bool:
    """Tell whether somebody got it lately: a one-time push in a week, another one in a day."""
    return any(
        _lately(task, now)
        if isinstance(task.schedule, OneShot | Immediate)
        else any(at > now - DAY_SECONDS for at in delivered_at(task, now, zone))
        for task in record.tasks
    )


def _rename(push: Push, before: str, *, had: bool) -> Diagnostic:
    """Warn of a rename, and refuse one by which somebody gets the same message again."""
    risk = (
        f"{before} was delivered lately, and the same people would get it again."
        if had
        else f"What was scheduled of {before} is not carried over: somebody could get it twice, or "
        "not at all."
    )
    return diagnostic(
        "PSH802",
        f"{before} left the manifest, and {push.id} is new and says the same. {risk}",
        Range.at(push.source.file, push.source.line),
        fix=f"if it is the same push, add `moved: [{{from: {before}, to: {push.id}}}]`",
        severity=Severity.ERROR if had else Severity.WARNING,
        push=push.id,
    )


def _is_new(change: Change, pushes: Mapping[str, PushRecord]) -> Push | None:
    """Return an entry of which nothing is recorded, if it is to be created.

    Beside what is left to run out it is refused (`ADOPTION`), and that is the same mistake.
    """
    beside = isinstance(change, Blocked) and change.cause is BlockReason.ADOPTION
    if change.id in pushes or not (isinstance(change, Create) or beside):
        return None
    return push_of(change)


def still_written(
    changes: Sequence[Change],
    wanted: Collection[str],
    not_included: Callable[[str], EditedLine | None],
) -> Iterator[Diagnostic]:
    """Tell of entries that left the manifest, which has those `wanted`, and are still written."""
    gone = [x.id for x in changes if x.id not in wanted and not isinstance(x, NoOp | Rename)]
    found = {id: line for id in gone if (line := not_included(id)) is not None}
    if found:
        written = some([f"{id} is gone, and stands in {line}" for id, line in found.items()], "; ")
        detail = f"{written}. No `include` takes that in."
        first, *more = found.items()
        where, one = Range.at(first[1].file, first[1].number), None if more else first[0]
        fix = "add the file to `include`, or delete it if the pushes are to end"
        yield diagnostic("PSH615", detail, where, fix, push=one)


def _reused_ids(
    changes: Sequence[Change], pushes: Mapping[str, PushRecord], now: int
) -> Iterator[Diagnostic]:
    """Find an id under which something else was delivered lately."""
    for change in changes:
        record = pushes.get(change.id)
        if not isinstance(change, Create) or record is None:
            continue
        before, after = _words(record.spec), _words(change.push.spec)
        if before is None or after is None or not _all_differ(before, after):
            continue
        if any(_lately(task, now) for task in record.tasks):
            yield diagnostic(
                "PSH803",
                f"Under the id {change.id} another message was delivered in the last 7 days. "
                f"`pushctl stop {quote(change.id)} --revoke` would withdraw that one as well.",
                Range.at(change.push.source.file, change.push.source.line),
                fix="give the new push an id of its own",
                push=change.id,
            )


def _words(spec: Mapping[str, object]) -> tuple[object, object] | None:
    """Return title and body as they were said; None if they were not."""
    message = spec.get("message")
    if not isinstance(message, Mapping):
        return None
    return message.get("title"), message.get("body")


def _all_differ(before: tuple[object, object], after: tuple[object, object]) -> bool:
    """A corrected word is an edit; another title and another text are another message."""
    return all(one != other for one, other in zip(before, after, strict=True))


def _lately(task: TaskRecord, now: int) -> bool:
    at = task.over_at or task.created_at  # what goes out at once is over when it is made
    return task.phase in DELIVERED and at is not None and at > now - REVOCABLE
