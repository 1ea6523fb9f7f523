"""The push service behind a gateway of the vendor. Writes are made exactly once; only reads are
repeated here.

Importing this module is cheap; what makes calls is imported by the first one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pushctl.mpaas import call_log, responses
from pushctl.mpaas.credentials import CredentialSource
from pushctl.mpaas.endpoint import address
from pushctl.mpaas.failures import Failure
from pushctl.mpaas.interface import CancelOutcome, CreateOutcome, Refused
from pushctl.mpaas.pagination import read_all
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask

if TYPE_CHECKING:
    from pushctl.mpaas.transport import Transport

UNSENDABLE = "Unsendable"
"""The code, ours, of a call that was not made because it would not say what is meant."""


class CloudPushService:
    """One app on the real service, or on anything that speaks its protocol. See `PushService`.

    Safe to share between threads; they share one pool of `max_connections`. Times are in seconds.
    `cancel_type` is CancelPushScheduler's `Type`, whose numbers are not documented: None leaves it
    out. `observe` is told of every call. Without `name_targets`, no outcome quotes a target, even
    if the service does. Raises `ConfigError` for an endpoint that is none, and for http to another
    machine unless `plain_http` allows it.
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
        sleep: Callable[[float], None] = time.sleep,
        observe: Callable[[call_log.Call], None] = lambda call: None,
        name_targets: bool = True,
        plain_http: bool = False,
    ) -> None:
        self._app: dict[str, Parameter] = {"AppId": app_id, "WorkspaceId": workspace_id}
        if tenant_id is not None:
            self._app["TenantId"] = tenant_id
        self._endpoint = address(endpoint, plain_http=plain_http)
        self._credential = credential
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._max_connections = max_connections
        self._page_size = page_size
        self._cancel_type = cancel_type
        self._sleep = sleep
        self._observe = observe
        self._name_targets = name_targets
        self._lock = threading.Lock()
        self._transport: Transport | None = None

    @property
    def clock_offset(self) -> float | None:
        """See `Transport.clock_offset`; None before the first answer."""
        return None if self._transport is None else self._transport.clock_offset

    def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
        """See `PushService.create`."""
        answer = self._call("PushSimple", parameters)
        if isinstance(answer, str):
            scheduled = str(parameters.get("StrategyType", 0)) != "0"
            outcome = responses.created(answer, scheduled=scheduled)
        else:
            outcome = answer
        return outcome if self._name_targets else responses.nameless(outcome, parameters)

    def cancel(self, task_id: str) -> CancelOutcome:
        """See `PushService.cancel`."""
        if not responses.is_task_id(task_id):
            # With a comma in it, it would be two, and the other one somebody else's.
            return Refused(UNSENDABLE, f"{task_id!r} is not the id of one task", "")
        parameters: dict[str, Parameter] = {"UniqueIds": task_id}
        if self._cancel_type is not None:
            parameters["Type"] = self._cancel_type
        answer = self._call("CancelPushScheduler", parameters)
        return responses.accepted(answer) if isinstance(answer, str) else answer

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        """See `PushService.revoke`."""
        answer = self._call("RevokePushMessage", {"MessageId": message_key, "TargetId": target})
        return responses.accepted(answer) if isinstance(answer, str) else answer

    def list(self, *, since: int, until: int, task_id: str | None = None) -> tuple[ActualTask, ...]:
        """See `PushService.list`. Raises `ConfigError` if there are no credentials at all."""
        query: dict[str, Parameter] = {"StartTime": since * 1000, "EndTime": until * 1000}
        if task_id is not None:
            query["UniqueId"] = task_id

        def ask(number: int) -> responses.Page | Failure:
            wanted = {**query, "PageNumber": number, "PageSize": self._page_size}
            answer = self._call("QueryPushSchedulerList", wanted)
            return responses.page(answer) if isinstance(answer, str) else answer

        rows = read_all(ask, page_size=self._page_size, sleep=self._sleep)
        # A service that took no notice of UniqueId would give everything.
        return responses.tasks(row for row in rows if task_id in (None, row.task_id, row.unique_id))

    def _call(self, action: str, parameters: Mapping[str, Parameter]) -> str | Failure:
        """Make one call, once; return the text of a 2xx answer, or what its failure means."""
        began = time.monotonic()
        unsendable = _unsendable(parameters)
        if unsendable is None:
            answer = self._opened().call(action, {**parameters, **self._app})
        else:
            answer = unsendable
        seconds = time.monotonic() - began
        self._observe(call_log.call(action, self._endpoint.host, answer, seconds=seconds))
        return answer

    def _opened(self) -> Transport:
        """Return the one transport, made by whoever comes first."""
        from pushctl.mpaas.transport import Transport  # noqa: PLC0415  (takes some time)

        with self._lock:
            if self._transport is None:
                self._transport = Transport(
                    self._endpoint,
                    self._credential,
                    connect_timeout=self._connect_timeout,
                    read_timeout=self._read_timeout,
                    connections=self._max_connections,
                )
            return self._transport


def _unsendable(parameters: Mapping[str, Parameter]) -> Refused | None:
    """Stop what a form cannot say, before anything is sent."""
    for name, value in parameters.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            # Maps are sent as JSON texts, which is for `encode` to write.
            raise TypeError(f"{name} must be a text or a number, not {type(value).__name__}")
        if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
            return Refused(UNSENDABLE, f"{name} holds half a surrogate pair, which is no text", "")
    return None
