"""The push service behind a gateway of the vendor. Writes are made exactly once; only reads are
repeated here.

Importing this module is cheap; what makes calls is imported by the first one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from pushctl.credentials import CredentialSource
from pushctl.errors import ConfigError
from pushctl.mpaas import call_log, responses
from pushctl.mpaas.endpoint import address
from pushctl.mpaas.failures import Failure, sandbox_hint, text_or_failure
from pushctl.mpaas.interface import (
    CancelOutcome,
    CreateOutcome,
    NotSent,
    Objection,
    Refused,
    Unknown,
    no_objection,
)
from pushctl.mpaas.pagination import read_all
from pushctl.mpaas.result_codes import NO_SUCH_APP
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask

if TYPE_CHECKING:
    from pushctl.http.client import HttpClient

T = TypeVar("T")

UNSENDABLE = "Unsendable"
"""The code, ours, of a call that was not made because it would not say what is meant."""


class CloudPushService:
    """One app on the real service, or on anything that speaks its protocol. See `PushService`.

    `clock_offset` is by how many seconds the service's clock was ahead of `now` (epoch seconds) in
    the last answer: as precise as its `Date`, a second, plus the time that the answer took. Without
    `now`, nobody compares clocks.

    Safe to share between threads; they share one pool of `max_connections`. Times are in seconds.
    `cancel_type` is CancelPushScheduler's `Type`, whose numbers are not documented: None leaves it
    out. `gone_statuses` are values of `ExecutedStatus` of deliveries that will not happen.
    `observe` is told of every call. Without `name_targets`, no outcome quotes a target, even if the
    service does. Raises `ConfigError` for an endpoint that is none, and for http to another machine
    unless `plain_http` allows it.
    """

    def __init__(
        self,
        *,
        app_id: str,
        workspace_id: str,
        tenant_id: str | None,
        endpoint: str,
        credential: CredentialSource,
        connect_timeout: float = 5.0,
        read_timeout: float = 15.0,
        max_connections: int = 64,
        page_size: int = 500,
        cancel_type: int | None = None,
        gone_statuses: Collection[str] = (),
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] | None = time.time,
        observe: Callable[[call_log.Call], None] = lambda call: None,
        name_targets: bool = True,
        plain_http: bool = False,
    ) -> None:
        self._app: dict[str, Parameter] = {"AppId": app_id, "WorkspaceId": workspace_id}
        if tenant_id is not None:
            self._app["TenantId"] = tenant_id
        self._endpoint = address(endpoint, plain_http=plain_http)
        self._credential = credential
        self._limits = {"connect_timeout": connect_timeout, "read_timeout": read_timeout}
        self._max_connections = max_connections
        self._page_size = page_size
        self._cancel_type = cancel_type
        self._gone_statuses = gone_statuses
        self._sleep = sleep
        self._now = now
        self._observe = observe
        self._name_targets = name_targets
        self.clock_offset: float | None = None

    def create(
        self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
    ) -> CreateOutcome:
        """See `PushService.create`."""
        scheduled = str(parameters.get("StrategyType", 0)) != "0"
        read = partial(responses.created, scheduled=scheduled)
        outcome = self._call("PushSimple", parameters, read, objection)
        return outcome if self._name_targets else responses.nameless(outcome, parameters)

    def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
        """See `PushService.cancel`."""
        if not responses.is_task_id(task_id):
            # With a comma in it, it would be two, and the other one somebody else's.
            return Refused(UNSENDABLE, f"{task_id!r} is not the id of one task", "")
        parameters: dict[str, Parameter] = {"UniqueIds": task_id}
        if self._cancel_type is not None:
            parameters["Type"] = self._cancel_type
        read = partial(responses.cancelled, task_id=task_id)
        return self._call("CancelPushScheduler", parameters, read, objection)

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        """See `PushService.revoke`."""
        parameters = {"MessageId": message_key, "TargetId": target}
        return self._call("RevokePushMessage", parameters, responses.accepted)

    def list(self, *, since: int, until: int, task_id: str | None = None) -> tuple[ActualTask, ...]:
        """See `PushService.list`. Raises `ConfigError` if there are no credentials at all."""
        query: dict[str, Parameter] = {"StartTime": since * 1000, "EndTime": until * 1000}
        if task_id is not None:
            query["UniqueId"] = task_id

        def ask(number: int) -> responses.Page | Failure:
            wanted = {**query, "PageNumber": number, "PageSize": self._page_size}
            found = self._call("QueryPushSchedulerList", wanted, responses.page)
            if isinstance(found, Refused) and found.code in NO_SUCH_APP:
                asked = ", ".join(f"{name} {value}" for name, value in self._app.items())
                found = replace(found, message=f"{found.message} ({asked})")
            return found

        rows = read_all(ask, sleep=self._sleep, host=self._endpoint.host)
        # A service that took no notice of UniqueId would give everything.
        wanted = (row for row in rows if task_id in (None, row.task_id, row.unique_id))
        return responses.tasks(wanted, self._gone_statuses)

    def _call(
        self,
        action: str,
        parameters: Mapping[str, Parameter],
        read: Callable[[str], T],
        objection: Objection = no_objection,
    ) -> T | Failure:
        """Make one call, once; return what a 2xx answer reads as, or what its failure means."""
        began, hint = time.monotonic(), ""
        answer: str | Failure = Unknown("pushctl failed while it called")
        try:
            complete = {**parameters, **self._app}
            if unsendable := _unsendable(parameters):
                answer = unsendable
            else:
                answer, hint = self._send(action, complete, objection)
        except ConfigError as error:
            answer = NotSent(error.summary)
            raise
        finally:
            seconds = time.monotonic() - began
            self._observe(call_log.call(action, self._endpoint.host, answer, seconds=seconds))
        outcome = read(answer) if isinstance(answer, str) else answer
        if hint and isinstance(outcome, Refused):
            return replace(outcome, message=f"{outcome.message} (sandbox: {hint})")
        return outcome

    def _send(
        self, action: str, parameters: Mapping[str, Parameter], objection: Objection
    ) -> tuple[str | Failure, str]:
        """Return an answer, and what a sandbox on this machine has to say besides."""
        from pushctl.http.client import Answer  # noqa: PLC0415  (takes some time)
        from pushctl.mpaas.transport import send  # noqa: PLC0415  (see above)

        way = (self._http, self._endpoint, self._credential)
        answer = send(*way, action, parameters, objection)
        if not isinstance(answer, Answer):
            return answer, ""
        if self._now is not None:
            self.clock_offset = responses.clock_offset(answer.headers, now=self._now())
        came = (answer.status, answer.headers, answer.body)
        hint = sandbox_hint(answer.headers) if self._endpoint.is_local else ""
        return text_or_failure(*came, self._http.way, self.clock_offset), hint

    @cached_property
    def _http(self) -> HttpClient:
        from pushctl.http.client import HttpClient  # noqa: PLC0415  (takes some time)

        return HttpClient(self._endpoint.url, **self._limits, connections=self._max_connections)


def _unsendable(parameters: Mapping[str, Parameter]) -> Refused | None:
    """Stop what a form cannot say, before anything is sent."""
    for name, value in parameters.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            # Maps are sent as JSON texts, which is for `encode` to write.
            raise TypeError(f"{name} must be a text or a number, not {type(value).__name__}")
        if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
            return Refused(UNSENDABLE, f"{name} holds half a surrogate pair, which is no text", "")
    return None
