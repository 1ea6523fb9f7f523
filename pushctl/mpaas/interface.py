"""What every push service offers, the fakes of the tests included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask

CHECK_ADDRESS = (
    "check app.endpoint (or PUSHCTL_ENDPOINT) and the network, which may want a login first"
)


class Created(Struct, frozen=True):
    """The service accepted the push. `task_id` is empty for an immediate push only."""

    task_id: str
    request_id: str


class Accepted(Struct, frozen=True):
    """The service answered a cancel or revoke with success, which proves nothing yet."""

    request_id: str


class NotSent(Struct, frozen=True):
    """The call certainly had no effect; it may be made again.

    `retry_after` is in seconds, None where the service gave no hint. `fix` says what to do, None
    where only time can tell.
    """

    reason: str
    retry_after: float | None = None
    fix: str | None = None


class Refused(Struct, frozen=True):
    """The service said no; making the same call again is pointless.

    `code` is the service's own. `auth` tells that no other call will succeed either.
    """

    code: str
    message: str
    request_id: str
    auth: bool = False


class Unknown(Struct, frozen=True):
    """Nobody can tell whether the call had an effect. Never repeated blindly. `fix` as above."""

    reason: str
    request_id: str = ""
    fix: str | None = None


CreateOutcome = Created | NotSent | Refused | Unknown
CancelOutcome = Accepted | NotSent | Refused | Unknown


Objection = Callable[[], str]
"""Why a call must not be made after all; an empty text if it may."""


def no_objection() -> str:
    """Let every call be made."""
    return ""


class PushService(Protocol):
    """One app's scheduled pushes on the service.

    Every method may be called from several threads at once. No write is ever repeated by an
    implementation itself, not even after throttling: whoever calls decides. Any method may raise
    `ConfigError` before anything is sent.
    """

    @property
    def clock_offset(self) -> float | None:
        """By how many seconds the service's clock was ahead of this command's in its last answer.

        None if no answer said.
        """
        ...

    def create(
        self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
    ) -> CreateOutcome:
        """Call PushSimple once.

        Must ask for an objection as late as it can, when nothing but the sending is left to do, and
        return `NotSent` with it.

        `parameters` are complete except for AppId, WorkspaceId and TenantId. Must classify every
        failure; must return `Unknown` when in any doubt; must not raise for what the network or
        the service does.
        """
        ...

    def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
        """Call CancelPushScheduler once, for a whole task (all deliveries of a loop); see above."""
        ...

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        """Call RevokePushMessage once: withdraw one delivered message from one target."""
        ...

    def list(self, *, since: int, until: int, task_id: str | None = None) -> Sequence[ActualTask]:
        """Return the tasks with a delivery between two instants (epoch seconds), or one task.

        Must read all pages, group the occurrences of a loop under its task, and may repeat its
        own calls since reading is harmless. Raises `AuthError` or `ServiceError`.
        """
        ...
