"""Answers one API call: faults, authentication, operation and request log, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pushctl.sandbox.errors import GatewayError, RefusedError, gateway_error
from pushctl.sandbox.faults import ActiveFaults, FaultRule, business_code
from pushctl.sandbox.gateway import decoding
from pushctl.sandbox.gateway.decoding import Call
from pushctl.sandbox.gateway.nonces import Nonces
from pushctl.sandbox.gateway.parameter_names import misspelled
from pushctl.sandbox.gateway.responses import (
    CallContext,
    Outcome,
    build_response,
    fault_error,
    gateway_response,
)
from pushctl.sandbox.gateway.signatures import authenticate
from pushctl.sandbox.http.messages import Request, Response
from pushctl.sandbox.service import operations, parameters
from pushctl.sandbox.service.push import quota_exceeded
from pushctl.sandbox.storage.store import Session, Store

_MAX_NAME, _MAX_MESSAGE = 100, 4000  # characters
_ASSUMED = {
    "refuse": "a StrategyType is refused in the version that does not have it",
    "send-now": "a StrategyType has no effect in the version that does not have it",
}


class Api:
    """The emulated API at `/`; safe to call from any thread.

    `keys` are secrets by access key id; `pause` sleeps for a number of seconds.
    """

    def __init__(
        self, store: Store, keys: Mapping[str, str], host: str, pause: Callable[[float], object]
    ) -> None:
        self._store = store
        self._keys = keys
        self._host = host
        self._pause = pause
        self._nonces = Nonces()

    def __call__(self, request: Request) -> Response:
        """Answers one call; what a client sends never makes it raise."""
        try:
            call = decoding.decode(request)
            if request.method not in ("GET", "POST"):
                raise gateway_error("UnsupportedHTTPMethod")
        except GatewayError as error:
            entry = {"op": None, "method": request.method, "status": error.status}
            with self._store.session() as session:
                context = CallContext("", _request_id(session), self._host, session.now)
                session.log_request({**entry, "code": error.code, "message": error.message})
            return gateway_response(error, context)
        return self._process(call)

    def _process(self, call: Call) -> Response:
        with self._store.session() as session:
            active = session.match_faults(call.action, call.contains)
            wait = active.seconds("slow-before")
            if not wait:
                response = self._execute(session, call, active)
        if wait:
            self._pause(wait)
            with self._store.session() as session:
                response = self._execute(session, call, active)
        if active.has("slow"):
            self._pause(active.seconds("slow"))
        return response

    def _execute(self, session: Session, call: Call, active: ActiveFaults) -> Response:
        request_id = _request_id(session)
        params: Mapping[str, object] | None = None
        outcome: Outcome = {}
        if not _prevents_operation(active.disruption):
            try:
                authenticate(call, self._keys, self._nonces, session.knobs, session.real_time)
                operation = operations.find(call.action, call.version)
                params = decoding.parameters(call, camel=session.knobs.on("camel_params"))
                if active.has("quota-full"):
                    raise quota_exceeded(session.knobs)
                outcome = operation(session, params, call.version, active)
            except (RefusedError, GatewayError) as error:
                outcome = error
        if params is None:
            params = _without_surrogates(call.business_fields)
        hint = "; ".join(filter(None, (getattr(outcome, "hint", ""), misspelled(params))))
        facts = (request_id, self._host, session.now, call.wants_xml, hint)
        context = CallContext(call.action, *facts)
        response = build_response(outcome, active, session.knobs["result_shape"], context)
        entry = _log_entry(call, params, outcome, active, response, context)
        if parameters.asks_for_strategy(params, call.version):
            entry["assumed"] = [_ASSUMED[str(session.knobs["old_version_strategy"])]]
        session.log_request(entry)
        return response


def _request_id(session: Session) -> str:
    # In the form of a UUID, which takes its library several times as long.
    digits = session.new_id().upper()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _prevents_operation(rule: FaultRule | None) -> bool:
    # A full quota is the service's own refusal, so what comes before it still applies.
    return rule is not None and rule.effect == "none" and rule.kind != "quota-full"


def _log_entry(
    call: Call,
    params: Mapping[str, object],
    outcome: Outcome,
    active: ActiveFaults,
    response: Response,
    context: CallContext,
) -> dict[str, object]:
    entry: dict[str, object] = {
        "request_id": context.request_id,
        "op": _safe(call.action[:_MAX_NAME]),
        "version": _safe(call.version[:_MAX_NAME]),
        "method": call.request.method,
        "params": params,
        "status": None if response.drop else response.status,
        "code": _code(outcome, active, context),
        "faults": list(active.kinds),
        "done": isinstance(outcome, dict) and not _prevents_operation(active.disruption),
    }
    if isinstance(outcome, GatewayError):
        entry["message"] = outcome.message[:_MAX_MESSAGE]
    if context.hint:
        entry["detail"] = context.hint
    if isinstance(outcome, dict) and outcome:
        entry["result"] = _result(outcome)
    return entry


def _code(outcome: Outcome, active: ActiveFaults, context: CallContext) -> str | None:
    if isinstance(outcome, GatewayError | RefusedError):
        return outcome.code
    if outcome:
        return "OK"
    if active.disruption is None:
        return None
    error = fault_error(active.disruption, context)
    return error.code if error else business_code(active.disruption.kind)


def _result(outcome: Mapping[str, object]) -> object:
    content = outcome.get("PushResult") or outcome.get("ResultContent", outcome)
    data = content.get("Data", content) if isinstance(content, dict) else content
    if isinstance(data, list):
        return {"Count": len(data)}
    if isinstance(data, dict) and "TotalCount" in data:
        return {"TotalCount": data["TotalCount"]}
    return outcome.get("PushResult", data)


def _without_surrogates(fields: Mapping[str, str]) -> dict[str, object]:
    # Undecodable bytes travel as lone surrogates, which no JSON reader would take.
    return {_safe(key): _safe(value) for key, value in fields.items()}


def _safe(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
