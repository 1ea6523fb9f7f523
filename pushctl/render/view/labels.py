"""Every sentence that more than one output says of a plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from pushctl.diagnostics import EditedLine
from pushctl.plan.change import (
    Action,
    Adopt,
    Blocked,
    BlockReason,
    Cancel,
    Create,
    Forget,
    NoOp,
    Rename,
    Renew,
    Replace,
    cancels_of,
    creates_of,
    push_of,
)
from pushctl.plan.origin import Origin
from pushctl.plan.plan import Plan
from pushctl.push.message import AudienceKind
from pushctl.push.push import Push
from pushctl.render.view.audience import kept_by
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.irreversible import (
    Abandoned,
    Irreversible,
    LostDeliveries,
    SentAgain,
    SentImmediately,
    Tariff,
    TextMessages,
)
from pushctl.render.words import WORDS
from pushctl.schedule.service_schedule import local_day
from pushctl.text import local_times, plural, timestamps
from pushctl.text.messages import _, count, local

EFFECTIVE = tuple(action for action in Action if action not in (Action.BLOCKED, Action.NOOP))
"""The actions that a plan counts as `3 to create`, in that order."""

SYMBOLS: Mapping[Action, str] = WORDS["symbols"]


def headline(plan: Plan, *, rest: str = "above") -> str:
    """Return the line with the counts: `Plan: …`, or `No changes.`

    `rest` is where else to look for what is unchanged and has something to say.
    """
    if plan.refresh_only:
        return _drift(plan)
    if not plan.effective:
        return _nothing(plan, rest)
    counts = {action: number for action, number in plan.counts.items() if number}
    always = {Action.CREATE: 0, Action.REPLACE: 0, Action.CANCEL: 0, **counts}
    parts = _counted(always)
    parts.insert(3, _("{number} unchanged", counts.get(Action.NOOP, 0)))
    return _("Plan: {parts}.", _(", ").join(parts))


def count_changes(views: Iterable[ChangeView]) -> str:
    """Count changes by what is done: `617 to cancel, 3 blocked`."""
    return _(", ").join(_counted(Counter(view.action for view in views)))


def _counted(counts: Mapping[Action, int]) -> list[str]:
    parts = [
        _("{number} to {action}", counts[action], _(action))
        for action in EFFECTIVE
        if action in counts
    ]
    blocked = counts.get(Action.BLOCKED)
    return [*parts, _("{blocked} blocked", blocked)] if blocked else parts


def _nothing(plan: Plan, rest: str) -> str:
    there = sum(push_of(item) is not None for item in plan.changes)
    other = sum(isinstance(item, NoOp) and item.telling for item in plan.changes)
    if other:
        whole = _("{number} of {pushes}", there - other, count(there, "push", "pushes"))
        return _("No changes. {whole} as the manifest says; see {rest} for the rest.", whole, rest)
    return _("No changes. {pushes} as the manifest says.", count(there, "push", "pushes"))


def _drift(plan: Plan) -> str:
    differing = len(plan.drift) + len(plan.doubts)
    if not differing:
        return _("No drift. The service is as the state says.")
    return _("Drift: {tasks} not as the state says.", count(differing, "task"))


def quota(plan: Plan) -> str:
    """Say how many tasks are scheduled before, after and at the worst moment."""
    now = plan.quota
    about = _(", as far as the state knows") if plan.offline else ""
    numbers = (now.now, now.after, now.limit, now.peak)
    return _("{now} → {after} of {limit} (peak {peak}){about}", *numbers, about)


def validity(plan: Plan) -> str:
    """Say until when an approval of the plan holds; empty if nothing in it ages."""
    if plan.valid_until is None:
        return ""
    if plan.valid_until <= plan.created_at:
        return _("Not valid for later: a delivery is near")
    when = local_times.moment(plan.valid_until, plan.timezone)
    ahead = local_times.ahead(plan.valid_until, plan.created_at)
    return _("Valid until {when}, {ahead}", when, ahead)


def irreversible(item: Irreversible, view: ChangeView, tariff: Tariff | None) -> str:
    """Say of an entry what cannot be taken back, as what follows its name."""
    kind = view.message.kind
    match item:
        case SentImmediately():
            who = recipients(item.recipients, kind)
            return _("goes out to {recipients} the moment this is applied", who)
        case SentAgain():
            who = recipients(item.recipients, kind)
            return _("was delivered, and goes out again to {recipients}", who)
        case TextMessages():
            return _text_messages(item, tariff)
        case LostDeliveries(instants=instants):
            first = local_times.moment(instants[0], view.zone)
            lost = count(len(instants), "delivery", "deliveries")
            which = _("due") if len(instants) == 1 else _("the first due")
            who = recipients(item.recipients, kind)
            return _("loses {lost} to {recipients}, {which} {first}", lost, who, which, first)
        case Abandoned():
            tasks = count(item.tasks, "task")
            return _("leaves {tasks} behind that pushctl cannot stop any more", tasks)
        case _:
            assert_never(item)


EFFECTS: tuple[tuple[type[Irreversible], str, str], ...] = (
    (SentImmediately, "goes out at once", "go out at once"),
    (SentAgain, "goes out again", "go out again"),
    (Abandoned, "leaves tasks behind", "leave tasks behind"),
    (TextMessages, "sends text messages", "send text messages"),
)


def count_irreversible(items: Iterable[Irreversible]) -> str:
    """Count what cannot be taken back by kind: `2 go out at once, 990 lose 1,230 deliveries`."""
    listed = list(items)
    counts = Counter(type(item) for item in listed)
    parts = [count(counts[kind], *words) for kind, *words in EFFECTS if counts[kind]]
    if losing := counts[LostDeliveries]:
        lost = sum(len(item.instants) for item in listed if isinstance(item, LostDeliveries))
        parts.append(f"{count(losing, 'loses', 'lose')} {count(lost, 'delivery', 'deliveries')}")
    return _(", ").join(parts)


def _text_messages(item: TextMessages, tariff: Tariff | None) -> str:
    number = count(item.messages, "text message")
    sent = (
        _("sends {number}", number)
        if item.mode == "concurrent"
        else _("sends up to {number}", number)
    )
    if item.cost is None or tariff is None:
        return _("{sent}; each is paid for, in as many parts as its template needs", sent)
    cost = f"{item.cost:,.2f} {tariff.currency}"
    return _("{sent}; {cost} if each is one part, more where its template is longer", sent, cost)


def why(view: ChangeView) -> str:
    """Say why a change is made; the reason is as it is, and not escaped."""
    match view.change:
        case Rename(before=before):
            return _("was {before}; no call is made", before)
        case Blocked(cause=BlockReason.IN_DOUBT, reason=reason):
            return _("{word}: {reason}", _("in doubt"), local(reason))
        case _:
            return local(view.change.reason)


def recipients(number: int, kind: AudienceKind | None) -> str:
    """Write a number of those whom a push goes to; None where nobody knows what they are."""
    one, many = WORDS["audiences"][kind.key] if kind else ("target", "targets")
    return count(number, one, many)


def audience_of(push: Push) -> str:
    """Say how many of what a push goes to."""
    return recipients(len(push.targets), push.audience.kind)


def audience(view: ChangeView) -> str:
    """Say who gets an entry, and how that changes; empty where the change is about nobody."""
    size, push, kind = view.audience, view.push, view.message.kind
    match view.change:
        case Create() if not size.before:
            return recipients(size.after, kind)
        case Create() | Replace():
            now = recipients(size.after, kind)
            if not (size.joined or size.left):
                return _("{now}, as before", now)
            parts = [count(size.joined, "joins", "join")] if size.joined else []
            parts += [count(size.left, "leaves", "leave")] if size.left else []
            return _("{now} instead of {before:,}: {parts}", now, size.before, _(", ").join(parts))
        case Renew():
            return _("{recipients}, as before", recipients(size.after, kind))
        case Cancel():
            return recipients(size.before, kind)
        case Blocked() | Adopt() | NoOp():
            return "" if push is None else audience_of(push)
        case Forget() | Rename():
            return ""
        case _:
            assert_never(view.change)


def tasks(view: ChangeView) -> str:
    """Say what happens to the tasks of an entry: `cancel 1, create 2, keep 3`."""
    change = view.change
    numbers = (
        ("cancel", len(cancels_of(change))),
        ("create", len(creates_of(change))),
        ("keep", len(kept_by(change))),
    )
    return _(", ").join(f"{_(word)} {number}" for word, number in numbers if number)


def some(instants: Sequence[int], zone: dt.tzinfo, shown: int) -> str:
    """List the first of some instants (epoch seconds), and count the rest."""
    return _first(
        [local_times.moment(at, zone, with_zone=False) for at in instants[:shown]], instants
    )


def moved(pairs: Sequence[tuple[int, int]], zone: dt.tzinfo, shown: int) -> str:
    """List the first of some deliveries that get another time, and count the rest."""
    return _first([_move(before, after, zone) for before, after in pairs[:shown]], pairs)


def _first(words: Sequence[str], whole: Sequence[object]) -> str:
    more = len(whole) - len(words)
    return " · ".join(words) + (_(" … {more} more", more) if more > 0 else "")


def _move(before: int, after: int, zone: dt.tzinfo) -> str:
    """Say the former and the new time, and the day where that is another one."""
    same = local_day(before, zone) == local_day(after, zone)
    new = timestamps.time(after, zone) if same else local_times.moment(after, zone, with_zone=False)
    return f"{local_times.moment(before, zone, with_zone=False)} → {new}"


def following(view: ChangeView, shown: int) -> str:
    """Say what comes after the next delivery; empty if nothing does."""
    rest = view.upcoming[1:]
    last = (
        _(" until {when}", local_times.moment(rest[-1], view.zone, with_zone=False)) if rest else ""
    )
    return some(rest, view.zone, shown) + (last if len(rest) > shown else "")


def change_origin(origin: Origin) -> str:
    """Say where a change comes from, on one line; names of files are as they are."""
    places = local(plural.some([_edited_place(line) for line in origin.lines]))
    return _(WORDS["origins"][origin.cause]).format(places=places or _("other lines"))


def _edited_place(line: EditedLine) -> str:
    return f"{line} ({line.part})" if line.part else str(line)
