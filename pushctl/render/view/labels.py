"""What is said of a plan in every rendering, in words that hold no text of anybody.

Ids, titles and reasons are not in here: each rendering escapes them for its own place.
"""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from pushctl.plan.change import (
    Action,
    Adopt,
    Blocked,
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
from pushctl.plan.plan import Plan
from pushctl.render.view import facts
from pushctl.render.view.plan_view import (
    Again,
    AtOnce,
    Entry,
    Irreversible,
    LetGo,
    Losses,
    Sms,
    Tariff,
    TextMessages,
)
from pushctl.schedule.recurrence import day_of
from pushctl.text import timestamps
from pushctl.text.plural import count

WORDS = {
    Action.CREATE: "create",
    Action.REPLACE: "replace",
    Action.CANCEL: "cancel",
    Action.RENEW: "renew",
    Action.ADOPT: "adopt",
    Action.FORGET: "forget",
    Action.RENAME: "rename",
}

SYMBOLS = {
    Action.CREATE: "+",
    Action.REPLACE: "~",
    Action.CANCEL: "-",
    Action.RENEW: "»",
    Action.ADOPT: "<",
    Action.FORGET: ".",
    Action.RENAME: ">",
    Action.BLOCKED: "✗",
    Action.NOOP: " ",
}

ALWAYS = (Action.CREATE, Action.REPLACE, Action.CANCEL)


def headline(plan: Plan, *, rest: str = "above") -> str:
    """Return the line with the counts: `Plan: …`, or `No changes.`

    `rest` is where else to look for what is unchanged and has something to say.
    """
    if plan.refresh_only:
        return _drift(plan)
    counts = plan.counts
    if not plan.effective:
        return _nothing(plan, rest)
    parts = [
        f"{counts[action]} to {word}"
        for action, word in WORDS.items()
        if counts[action] or action in ALWAYS
    ]
    parts.insert(len(ALWAYS), f"{counts[Action.NOOP]} unchanged")
    if counts[Action.BLOCKED]:
        parts.append(f"{counts[Action.BLOCKED]} blocked")
    return f"Plan: {', '.join(parts)}."


def _nothing(plan: Plan, rest: str) -> str:
    there = sum(push_of(item) is not None for item in plan.changes)
    other = sum(isinstance(item, NoOp) and item.telling for item in plan.changes)
    if other:
        whole = f"{there - other} of {count(there, 'push', 'pushes')}"
        return f"No changes. {whole} as the manifest says; see {rest} for the rest."
    return f"No changes. {count(there, 'push', 'pushes')} as the manifest says."


def _drift(plan: Plan) -> str:
    differing = len(plan.drift) + len(plan.doubts)
    if not differing:
        return "No drift. The service is as the state says."
    return f"Drift: {count(differing, 'task')} not as the state says."


def quota(plan: Plan) -> str:
    """Say how many tasks are scheduled before, after and at the worst moment."""
    now = plan.quota
    about = ", as far as the state knows" if plan.offline else ""
    return f"{now.now} → {now.after} of {now.limit} (peak {now.peak}){about}"


def validity(plan: Plan) -> str:
    """Say until when an approval of the plan holds; empty if nothing in it ages."""
    if plan.valid_until is None:
        return ""
    if plan.valid_until <= plan.created_at:
        return "Not valid for later: a delivery is near"
    when = timestamps.moment(plan.valid_until, plan.timezone)
    return f"Valid until {when}, {timestamps.ahead(plan.valid_until, plan.created_at)}"


def lasting(item: Irreversible, entry: Entry, tariff: Tariff | None) -> str:
    """Say of an entry what cannot be taken back, as what follows its name."""
    kind = entry.message.kind
    match item:
        case AtOnce():
            return f"goes out to {facts.people(item.people, kind)} the moment this is applied"
        case Again():
            return f"was delivered, and goes out again to {facts.people(item.people, kind)}"
        case TextMessages():
            return _text_messages(item, tariff)
        case Losses():
            first = timestamps.moment(item.moments[0], entry.zone)
            lost = count(len(item.moments), "delivery", "deliveries")
            which = "due" if len(item.moments) == 1 else "the first due"
            return f"loses {lost} to {facts.people(item.people, kind)}, {which} {first}"
        case LetGo():
            return f"leaves {count(item.tasks, 'task')} behind that pushctl cannot stop any more"
        case _:
            assert_never(item)


def _text_messages(item: TextMessages, tariff: Tariff | None) -> str:
    number = count(item.messages, "text message")
    sent = f"sends {number}" if item.mode is Sms.CONCURRENT else f"sends up to {number}"
    if item.cost is None or tariff is None:
        return f"{sent}; each is paid for, in as many parts as its template needs"
    cost = f"{item.cost:,.2f} {tariff.currency}"
    return f"{sent}; {cost} if each is one part, more where its template is longer"


def audience(entry: Entry) -> str:
    """Say who gets an entry, and how that changes; empty where the change is about nobody."""
    people, push, kind = entry.people, entry.push, entry.message.kind
    match entry.change:
        case Create() if not people.before:
            return facts.people(people.after, kind)
        case Create() | Replace():
            now = facts.people(people.after, kind)
            if not (people.joined or people.left):
                return f"{now}, as before"
            parts = [_join(people.joined)] if people.joined else []
            parts += [_leave(people.left)] if people.left else []
            return f"{now} instead of {people.before}: {', '.join(parts)}"
        case Renew():
            return f"{facts.people(people.after, kind)}, as before"
        case Cancel():
            return facts.people(people.before, kind)
        case Blocked() | Adopt() | NoOp():
            return "" if push is None else facts.audience(push)
        case Forget() | Rename():
            return ""
        case _:
            assert_never(entry.change)


def _join(number: int) -> str:
    return f"{number} {'joins' if number == 1 else 'join'}"


def _leave(number: int) -> str:
    return f"{number} {'leaves' if number == 1 else 'leave'}"


def tasks(entry: Entry) -> str:
    """Say what happens to the tasks of an entry: `cancel 1, create 2, keep 3`."""
    change = entry.change
    numbers = (
        ("cancel", len(cancels_of(change))),
        ("create", len(creates_of(change))),
        ("keep", len(facts.kept(change))),
    )
    return ", ".join(f"{word} {number}" for word, number in numbers if number)


def some(moments_: tuple[int, ...], zone: dt.tzinfo, *, shown: int = 3) -> str:
    """List the first of some instants, and count the rest."""
    listed = " · ".join(timestamps.moment(at, zone, with_zone=False) for at in moments_[:shown])
    more = len(moments_) - shown
    return listed + (f" … {more} more" if more > 0 else "")


def moved(pairs: tuple[tuple[int, int], ...], zone: dt.tzinfo, *, shown: int = 2) -> str:
    """List the first of some deliveries that get another time, and count the rest."""
    listed = " · ".join(
        f"{timestamps.moment(before, zone, with_zone=False)} → {_to(before, after, zone)}"
        for before, after in pairs[:shown]
    )
    more = len(pairs) - shown
    return listed + (f" … {more} more" if more > 0 else "")


def _to(before: int, after: int, zone: dt.tzinfo) -> str:
    """Say the new time, and the day where that is another one."""
    if day_of(before, zone) == day_of(after, zone):
        return timestamps.time(after, zone)
    return timestamps.moment(after, zone, with_zone=False)


def following(entry: Entry, *, shown: int = 2) -> str:
    """Say what comes after the next delivery; empty if nothing does."""
    rest = entry.upcoming[1:]
    if not rest:
        return ""
    listed = " · ".join(timestamps.moment(at, entry.zone, with_zone=False) for at in rest[:shown])
    more = len(rest) - shown
    last = timestamps.moment(rest[-1], entry.zone, with_zone=False)
    return listed + (f" … {more} more until {last}" if more > 0 else "")
