"""One API call from request to reply: faults, authentication, operation, log, in one commit.

One reason to change: the order in which those happen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from pushctl.sandbox import operations, wire
from pushctl.sandbox.answers import Context, Outcome, error_for, gateway_reply, reply_for
from pushctl.sandbox.codes import GatewayError, RefusedError
from pushctl.sandbox.faults import Rule, Verdict
from pushctl.sandbox.http_messages import Request, Response
from pushctl.sandbox.service import Service
from pushctl.sandbox.signatures import authenticate
from pushctl.sandbox.storage import Session
from pushctl.sandbox.wire import Call

_MAX_NAME = 100


class Api:
    """The emulated service behind `/`; safe to call from any thread."""

    def __init__(
        self, service: Service, keys: Mapping[str, str], host: str, pause: Callable[[float], object]
    ) -> None:
        self._service = service
        self._keys = keys
        self._host = host
        self._pause = pause

    def __call__(self, request: Request) -> Response:
        """Answers one call; never raises for anything a client can send."""
        request_id = str(uuid4()).upper()
        try:
            call = wire.decode(request)
        except GatewayError as error:
            return self._unreadable(request, error, request_id)
        if request.method not in ("GET", "POST"):
            refusal = GatewayError(400, "UnsupportedHTTPMethod", "GET and POST only.")
            return self._unreadable(request, refusal, request_id)
        return self._answer(call, request_id)

    def _unreadable(self, request: Request, error: GatewayError, request_id: str) -> Response:
        with self._service.session() as session:
            context = Context("", request_id, self._host, session.now)
            session.log_request(
                {"op": None, "method": request.method, "status": error.status, "code": error.code}
            )
        return gateway_reply(error, context)

    def _answer(self, call: Call, request_id: str) -> Response:
        with self._service.session() as session:
            verdict = session.pick_faults(call.action, call.contains)
            wait = verdict.seconds("slow-before")
            if not wait:
                reply = self._carry_out(session, call, verdict, request_id)
        if wait:
            self._pause(wait)
            with self._service.session() as session:
                reply = self._carry_out(session, call, verdict, request_id)
        if verdict.has("slow"):
            self._pause(verdict.seconds("slow"))
        return reply

    def _carry_out(
        self, session: Session, call: Call, verdict: Verdict, request_id: str
    ) -> Response:
        context = Context(call.action, request_id, self._host, session.now)
        params: Mapping[str, object] = call.plain
        outcome: Outcome
        if _has_no_effect(verdict.disruption):
            outcome = {}
        else:
            try:
                authenticate(call, self._keys, session.knobs, session, session.real)
                operation = operations.find(call.action, call.version)
                params = wire.parameters(call, camel=session.knobs.on("camel_params"))
                outcome = _operate(session, operation, params, call, verdict)
            except (RefusedError, GatewayError) as error:
                outcome = error
        reply = reply_for(outcome, verdict, session.knobs["result_shape"], context)
        session.log_request(_entry(call, params, outcome, verdict, reply, context))
        return reply


def _operate(
    session: Session,
    operation: operations.Operation,
    params: Mapping[str, object],
    call: Call,
    verdict: Verdict,
) -> Outcome:
    if verdict.has("quota-full"):
        return operations.quota_full(session.knobs)
    return operation(session, params, call.version, verdict)


def _has_no_effect(rule: Rule | None) -> bool:
    # A full quota is the service's own refusal, so what comes before it still applies.
    return rule is not None and rule.effect == "none" and rule.kind != "quota-full"


def _entry(
    call: Call,
    params: Mapping[str, object],
    outcome: Outcome,
    verdict: Verdict,
    reply: Response,
    context: Context,
) -> dict[str, object]:
    entry: dict[str, object] = {
        "request_id": context.request_id,
        "op": call.action[:_MAX_NAME],
        "version": call.version[:_MAX_NAME],
        "method": call.request.method,
        "params": _printable(params),
        "status": None if reply.drop else reply.status,
        "code": _code(outcome, verdict, context),
        "faults": list(verdict.kinds),
        "done": isinstance(outcome, dict) and not _has_no_effect(verdict.disruption),
    }
    if isinstance(outcome, RefusedError):
        entry["detail"] = outcome.detail
    if isinstance(outcome, dict) and outcome:
        entry["result"] = _result(outcome)
    return entry


def _code(outcome: Outcome, verdict: Verdict, context: Context) -> str | None:
    if isinstance(outcome, GatewayError | RefusedError):
        return outcome.code
    if outcome:
        return "OK"
    error = error_for(verdict.disruption, context) if verdict.disruption else None
    return error.code if error else None


def _result(outcome: Mapping[str, object]) -> object:
    content = outcome.get("ResultContent")
    if isinstance(content, dict):
        return {"TotalCount": content["Data"]["TotalCount"]}
    return outcome.get("PushResult", content)


def _printable(params: Mapping[str, object]) -> dict[str, object]:
    # Undecodable bytes travel as lone surrogates, which no JSON reader would take.
    return {
        _safe(key): _safe(value) if isinstance(value, str) else value
        for key, value in params.items()
    }


def _safe(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
