"""One change of a plan with everything that a reviewer asks about it, the same in every output."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from pushctl.diagnostics import Diagnostic, has_errors
from pushctl.plan.change import (
    Action,
    Blocked,
    Cancel,
    Change,
    FieldChange,
    Forget,
    NoOp,
    Replace,
    action_of,
    creates_of,
    push_of,
)
from pushctl.plan.diff.delivery_diff import DeliveryDiff
from pushctl.plan.guards.audience_change import AudienceChange
from pushctl.plan.message_summary import MessageSummary, recorded_summary
from pushctl.plan.plan import Plan
from pushctl.push.push import Push
from pushctl.render.view.audience import AudienceSize, audience_size
from pushctl.render.view.deliveries import delivery_delta, goes_on, held_today, upcoming, zone_of
from pushctl.render.view.irreversible import Irreversible, Tariff, irreversible
from pushctl.schedule.service_schedule import Immediate

FIRST = ("message.title", "message.body", "schedule")
"""The fields that a reader asks for first."""


class ChangeView(Struct, frozen=True):
    """A change and what follows from it. Instants in epoch seconds, ascending.

    `upcoming` is what the entry will deliver as far as it will be scheduled, `goes_on` tells that
    there is more after that. `delta` says what appears, disappears and moves; `held` what is
    declared for today and left out, since today's was delivered already. `push` is None for what
    is not in the manifest; `message` is known of what is cancelled, too.

    The rest is for an HTML page: `number` counts from 1 in the order of the plan, `coming` is what
    will be delivered within half a year, `proposed` what a blocked entry would deliver; `listed`
    and `drawn` tell whether there is room for it among the changes, and among the phones.
    """

    change: Change
    action: Action
    push: Push | None
    message: MessageSummary
    zone: dt.tzinfo
    upcoming: tuple[int, ...]
    goes_on: bool
    delta: DeliveryDiff
    held: tuple[int, ...]
    audience: AudienceSize
    irreversible: tuple[Irreversible, ...]
    findings: tuple[Diagnostic, ...]
    number: int = 0
    coming: tuple[int, ...] = ()
    proposed: tuple[int, ...] = ()
    listed: bool = False
    drawn: bool = False

    @property
    def id(self) -> str:
        """The entry's key in the manifest."""
        return self.change.id

    @property
    def effective(self) -> bool:
        """Whether the plan does anything about the entry."""
        return not isinstance(self.change, NoOp)

    @property
    def at_once(self) -> bool:
        """Whether it goes out the moment the plan is applied."""
        return any(isinstance(task.schedule, Immediate) for task in creates_of(self.change))

    @property
    def known(self) -> bool:
        """Whether the plan knows the message: by the manifest, or by what is recorded."""
        return self.push is not None or bool(self.message.title or self.message.body)

    @property
    def title(self) -> str | None:
        """The title of the message; None where the plan does not know it."""
        return self.message.title if self.known else None

    @property
    def body(self) -> str | None:
        """The body of the message; None where the plan does not know it."""
        return self.message.body if self.known else None

    @property
    def main_field(self) -> FieldChange | None:
        """The changed field to name first; None if at most those change who get it."""
        fields: Sequence[FieldChange] = getattr(self.change, "fields", ())
        found = [field for field in fields if field.path.partition(".")[0] != "to"]
        return min(found, key=_by_interest, default=None)

    @property
    def owner(self) -> str:
        """Who is asked about the entry; empty where nobody is named."""
        return "" if self.push is None else self.push.meta.owner or ""

    @property
    def place(self) -> tuple[str, int] | None:
        """File and line of the entry; None if it is not in the manifest."""
        return None if self.push is None else (self.push.source.file, self.push.source.line)

    @property
    def soonest(self) -> int | None:
        """The first delivery that is made, moved or lost."""
        touched = (*self.upcoming[:1], *self.delta.gone[:1], *(was for was, _ in self.delta.moved))
        return min(touched, default=None)

    @property
    def refused(self) -> bool:
        """Whether it keeps the plan from being applied."""
        return has_errors(self.findings) or isinstance(self.change, Blocked)


def _by_interest(field: FieldChange) -> tuple[bool, ...]:
    return tuple(not field.path.startswith(name) for name in FIRST)


def change_view(
    change: Change,
    plan: Plan,
    reach: AudienceChange | None = None,
    findings: Sequence[Diagnostic] = (),
    tariff: Tariff | None = None,
) -> ChangeView:
    """Work out what one change amounts to."""
    audience, scheduled = audience_size(change, reach), upcoming(change, plan)
    delta = delivery_delta(change, plan, scheduled)
    return ChangeView(
        change=change,
        action=action_of(change),
        push=push_of(change),
        message=_message(change),
        zone=zone_of(change, plan),
        upcoming=scheduled,
        goes_on=goes_on(change, plan, scheduled),
        delta=delta,
        held=held_today(change, plan, scheduled) if isinstance(change, Replace) else (),
        audience=audience,
        irreversible=tuple(irreversible(change, plan, audience, delta, tariff)),
        findings=tuple(findings),
    )


def _message(change: Change) -> MessageSummary:
    """Return what people see of an entry, or would have seen; empty where nobody knows.

    What is cancelled is what was recorded, whatever the manifest says of it now.
    """
    push = push_of(change)
    if isinstance(change, Cancel | Forget):
        said = recorded_summary(change.spec)
        if said.title or said.body or push is None:
            return said
    if push is None:
        return MessageSummary("", "")
    return MessageSummary(push.message.title, push.message.body, push.audience.kind)
