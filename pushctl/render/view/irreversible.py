"""What cannot be taken back once a plan is applied."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pushctl.plan.change import Change, Create, Forget, cancels_of, creates_of, push_of
from pushctl.plan.diff.delivery_diff import DeliveryDiff
from pushctl.plan.plan import Plan
from pushctl.render.view.audience import AudienceSize
from pushctl.schedule.service_schedule import Immediate

SENDS_AGAIN = "sends again"
"""The reason of the diff for a one-time push that was delivered and gets a new time."""


class SentImmediately(Struct, frozen=True):
    """Sent the moment the plan is applied; nobody can stop it."""

    id: str
    recipients: int


class SentAgain(Struct, frozen=True):
    """A one-time push that was delivered already goes out once more."""

    id: str
    recipients: int


class TextMessages(Struct, frozen=True):
    """Text messages that the created tasks bring; somebody pays for each.

    `messages` is how many there are, or at most if `mode` is `fallback`. Each is sent in one part
    or more, which depends on a template that only the service knows; `cost` is that of one part
    each, None if no price is known.
    """

    id: str
    recipients: int
    messages: int
    mode: str
    cost: float | None = None


class LostDeliveries(Struct, frozen=True):
    """Deliveries that do not happen any more. `instants` are epoch seconds, ascending."""

    id: str
    recipients: int
    instants: tuple[int, ...]


class Abandoned(Struct, frozen=True):
    """Tasks go on delivering that pushctl forgets, and can not stop afterwards."""

    id: str
    tasks: int


Irreversible = SentImmediately | SentAgain | TextMessages | LostDeliveries | Abandoned


class Tariff(Struct, frozen=True):
    """What one part of a text message costs."""

    price: float
    currency: str


def irreversible(
    change: Change, plan: Plan, audience: AudienceSize, delta: DeliveryDiff, tariff: Tariff | None
) -> Iterator[Irreversible]:
    """Yield what applying a change does that nobody can take back."""
    at_once = [task for task in creates_of(change) if isinstance(task.schedule, Immediate)]
    if at_once:
        recipients = {label for task in at_once for label in task.labels.values()}
        yield SentImmediately(change.id, len(recipients))
    if isinstance(change, Create) and change.reason == SENDS_AGAIN:
        yield SentAgain(change.id, audience.after)
    yield from _text_messages(change, tariff)
    if delta.gone and cancels_of(change):
        yield LostDeliveries(change.id, audience.before, delta.gone)
    if isinstance(change, Forget) and plan.recorded.get(change.id):
        yield Abandoned(change.id, plan.recorded[change.id])


def _text_messages(change: Change, tariff: Tariff | None) -> Iterator[TextMessages]:
    push, creates = push_of(change), creates_of(change)
    if push is None or push.sms is None or not creates:
        return
    recipients = len({label for task in creates for label in task.labels.values()})
    messages = sum(len(task.message_keys) * task.deliveries for task in creates)
    cost = None if tariff is None else tariff.price * messages
    yield TextMessages(change.id, recipients, messages, push.sms.mode, cost)
