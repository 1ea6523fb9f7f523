"""The push service over the vendor's generic client; the only module that imports the SDK.

Importing this module is cheap. The SDK, which takes half a second, is imported by the first call
or by `preload`. Writes are made exactly once; only reads are repeated here.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from pushctl.errors import ConfigError
from pushctl.mpaas import call_log, responses
from pushctl.mpaas.credentials import CredentialChain, CredentialSource, CredentialsUnavailableError
from pushctl.mpaas.endpoint import Address, address
from pushctl.mpaas.failures import Failure, classify
from pushctl.mpaas.interface import CancelOutcome, CreateOutcome, Refused, Unknown
from pushctl.mpaas.pagination import read_all
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask

API_VERSION = "2020-10-28"

UNSENDABLE = "Unsendable"
"""The code, ours, of a call that was not made because it would not say what is meant."""

_import_lock = threading.Lock()


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
        region: str,
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
        self._region = region
        self._credential = credential
        self._timeouts = (_milliseconds(connect_timeout), _milliseconds(read_timeout))
        self._max_connections = max_connections
        self._page_size = page_size
        self._cancel_type = cancel_type
        self._sleep = sleep
        self._observe = observe
        self._name_targets = name_targets
        self._lock = threading.Lock()
        self._client: Any = None
        self._offset: float | None = None

    @property
    def clock_offset(self) -> float | None:
        """Seconds by which the service's clock is ahead of this machine's; None if it did not say.

        As precise as the `Date` of an answer, a second, plus the time that the answer took.
        """
        return self._offset

    def preload(self) -> None:
        """Import the SDK and make the client, without a network; may run in a background thread."""
        self._opened()

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
        begun = time.monotonic()
        answer = self._made(action, parameters)
        took = time.monotonic() - begun
        self._observe(call_log.call(action, self._endpoint.host, answer, seconds=took))
        return answer

    def _made(self, action: str, parameters: Mapping[str, Parameter]) -> str | Failure:
        unsendable = _unsendable(parameters)
        if unsendable is not None:
            return unsendable
        client = self._opened()
        handled = sys.exception()
        try:
            answer = client.call_api(*_request(action, {**parameters, **self._app}))
            status, body = answer["statusCode"], answer["body"]
            self._offset = responses.clock_offset(answer["headers"], now=time.time())
        except Exception as error:
            # The one broad catch: whatever the client, or a bug in it, raises after a request may
            # have left must be classified, and the default of that is "unknown". The exception
            # goes no further, for it holds the signed request.
            return classify(error, handled=handled)
        if not 200 <= status < 300 or not isinstance(body, str):
            return Unknown(f"the answer had the status {status}")
        return body

    def _opened(self) -> Any:
        """Return the one client, made by whoever comes first."""
        with self._lock:
            if self._client is None:
                self._client = _open(
                    self._endpoint,
                    region=self._region,
                    credential=self._credential,
                    timeouts=self._timeouts,
                    connections=self._max_connections,
                )
            return self._client


class _Chain:
    """The vendor's credential chain, as its client wants it, without its texts.

    The lock makes threads that start together wait for one search instead of each making its own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chain: Any = None

    def get_credential(self) -> Any:
        """Return the key of this moment; the chain renews a temporary one before it runs out."""
        with self._lock:
            try:
                if self._chain is None:
                    from alibabacloud_credentials.client import Client  # noqa: PLC0415  (half a second)

                    self._chain = Client()
                return self._chain.get_credential()
            except Exception:
                # Whatever the provider said may quote its answer, so it is dropped: the new
                # exception is raised outside, where nothing links it to the old one.
                pass
        raise CredentialsUnavailableError


def _open(
    endpoint: Address,
    *,
    region: str,
    credential: CredentialSource,
    timeouts: tuple[int, int],
    connections: int,
) -> Any:
    """Make a client whose calls go through a `Transport` of ours."""
    _import_sdk()
    # Half a second, and only wanted when a call is made.
    from alibabacloud_tea_openapi.client import Client  # noqa: PLC0415  (see `preload`)
    from alibabacloud_tea_openapi.utils_models import Config  # noqa: PLC0415  (see `preload`)

    config = Config(
        endpoint=endpoint.host,
        protocol=endpoint.scheme,
        region_id=region,
        connect_timeout=timeouts[0],
        read_timeout=timeouts[1],
        max_idle_conns=connections,
        user_agent="pushctl",
    )
    # `retry_options` stays unset: the client would repeat a write after a read time-out.
    if isinstance(credential, CredentialChain):
        config.credential = _Chain()
    else:
        config.access_key_id = credential.access_key_id
        config.access_key_secret = credential.access_key_secret
        config.security_token = credential.security_token
    client = Client(config)
    _mount(client, endpoint, connections)
    return client


def _mount(client: Any, endpoint: Address, connections: int) -> None:
    """Put our transport under a client, then prove that it is there.

    The client keeps one session per endpoint and pool size in a table of its own and takes none
    from outside, so ours is entered there under the key that it will look up. Should another
    version of it use another key, the trial would not end in our transport: then nothing is sent.
    """
    from darabonba.core import DaraCore  # noqa: PLC0415  (half a second)

    # Imports requests.
    from pushctl.mpaas.transport import Transport, proxies_for, session_over  # noqa: PLC0415  (see `preload`)

    transport = Transport(proxies=proxies_for(endpoint.url), connections=connections)
    key = f"{endpoint.scheme}://{endpoint.host}:80:pool={connections}"
    DaraCore._sessions[key] = session_over(transport)
    transport.on_trial = threading.get_ident()
    try:
        # Unsigned, so that even a trial that got out would tell and do nothing.
        client.call_api(*_request("QueryPushSchedulerList", {}, auth="Anonymous"))
    except Exception as error:
        proven = _ended_in_trial(error)
    else:
        proven = False
    if not proven:
        raise ConfigError(
            "This version of alibabacloud-tea-openapi does not fit",
            "its calls cannot be kept from following redirections",
            fix="Install the version that pushctl's constraints name.",
        )
    transport.on_trial = None


def _ended_in_trial(error: BaseException) -> bool:
    inner = getattr(error, "inner_exception", None)
    return type(getattr(inner, "__context__", None)).__name__ == "TrialError"


def _request(
    action: str, parameters: Mapping[str, Parameter], *, auth: str = "AK"
) -> tuple[Any, Any, Any]:
    """Return the arguments of `call_api`: what to call, with what, and (nothing) how."""
    # Already imported when this is reached.
    from alibabacloud_tea_openapi.utils_models import OpenApiRequest, Params  # noqa: PLC0415  (see `preload`)
    from darabonba.runtime import RuntimeOptions  # noqa: PLC0415  (see `preload`)

    what = Params(
        action=action,
        version=API_VERSION,
        protocol="HTTPS",
        pathname="/",
        method="POST",
        auth_type=auth,
        style="RPC",
        req_body_type="formData",
        # As text: the client's own JSON reader puts the whole answer into its error message.
        body_type="string",
    )
    return what, OpenApiRequest(body=dict(parameters)), RuntimeOptions()


def _import_sdk() -> None:
    """Import the SDK and undo what that does to the process."""
    with _import_lock:
        # Its signing asks for the time in a way that Python 3.12 and later warn about.
        for package in ("alibabacloud_", "darabonba", "Tea"):
            warnings.filterwarnings("ignore", category=DeprecationWarning, module=package)
        import alibabacloud_tea_openapi.client  # noqa: F401, PLC0415  (half a second)

        # Its loggers print to stderr by themselves, and with DEBUG=sdk in the environment they
        # print every header, signature and token included.
        for name in ("darabonba-core", "alibabacloud-tea", "credentials"):
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.propagate = False
            logger.disabled = True


def _milliseconds(seconds: float) -> int:
    # The client takes 0 for "unset".
    return max(1, round(seconds * 1000))


def _unsendable(parameters: Mapping[str, Parameter]) -> Refused | None:
    """Stop what the client would turn into something else, before anything is sent."""
    for name, value in parameters.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            # A mapping would be flattened into dotted names, True written as "True".
            raise TypeError(f"{name} must be a text or a number, not {type(value).__name__}")
        if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
            return Refused(UNSENDABLE, f"{name} holds half a surrogate pair, which is no text", "")
    return None
