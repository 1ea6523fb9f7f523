"""From an outcome to the HTTP reply a client sees, bent by knobs and faults.

One reason to change: the shapes answers come in, right or wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pushctl.sandbox.codes import GatewayError, RefusedError, result_name
from pushctl.sandbox.faults import Rule, Verdict, business_code
from pushctl.sandbox.http_messages import DROPPED, Response
from pushctl.sandbox.operations import Answer

_PADDING = 8 * 1024 * 1024
_BAD_GATEWAY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Tengine</center>\r\n"
    b"</body>\r\n</html>\r\n"
)
_HTML = "text/html"
_WITH_PUSH_RESULT = ("Push", "Revoke")
_NESTED = ("PushResult", "ResultContent")


@dataclass(frozen=True, slots=True)
class Context:
    """What every reply carries: the call's name, its id, where it was sent and when."""

    action: str
    request_id: str
    host: str
    date: float


Outcome = Answer | RefusedError | GatewayError


def reply_for(outcome: Outcome, verdict: Verdict, shape: object, context: Context) -> Response:
    """The reply to one call; `shape` is the result_shape knob."""
    if isinstance(outcome, GatewayError):
        reply = gateway_reply(outcome, context)
    else:
        reply = _json_reply(200, _bent(_body(outcome, context), verdict, shape), context)
    if verdict.disruption is not None:
        reply = _disrupted(verdict.disruption, outcome, reply, context)
    return reply


def gateway_reply(error: GatewayError, context: Context) -> Response:
    """The gateway's own error body, as every product behind it shows it."""
    body: Answer = {
        "RequestId": context.request_id,
        "Message": error.message,
        "HostId": context.host,
        "Code": error.code,
        "Recommend": "https://api.aliyun.com/troubleshoot"
        f"?q={error.code}&product=mPaaS&requestId={context.request_id}",
        **error.extra,
    }
    return replace(_json_reply(error.status, body, context), headers=_headers(error, context))


def _headers(error: GatewayError, context: Context) -> tuple[tuple[str, str], ...]:
    return (("x-acs-request-id", context.request_id), *error.headers)


def _json_reply(status: int, body: object, context: Context) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(
        status,
        text.encode("utf-8", "replace"),
        headers=(("x-acs-request-id", context.request_id),),
        date=context.date,
    )


def _body(outcome: Answer | RefusedError, context: Context) -> Answer:
    request_id = context.request_id
    if not isinstance(outcome, RefusedError):
        return {"RequestId": request_id, "ResultCode": "OK", "ResultMessage": "OK", **outcome}
    body: Answer = {
        "RequestId": request_id,
        "ResultCode": outcome.code,
        "ResultMessage": outcome.name,
    }
    if context.action.startswith(_WITH_PUSH_RESULT):
        body["PushResult"] = {"Success": False, "ResultMsg": outcome.detail, "Data": ""}
    return body


def _bent(body: Answer, verdict: Verdict, shape: object) -> Answer:
    if verdict.has("camel-case"):
        body = {_lower_first(name): _camel(value) for name, value in body.items()}
    if shape == "string" or verdict.has("string-result"):
        names = {*_NESTED, *map(_lower_first, _NESTED)}
        return {name: _as_text(value) if name in names else value for name, value in body.items()}
    return body


def _as_text(value: object) -> object:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _camel(value: object) -> object:
    if isinstance(value, Mapping):
        return {_lower_first(name): _camel(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_camel(item) for item in value]
    return value


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def error_for(rule: Rule, context: Context) -> GatewayError | None:
    """The gateway error a fault stands for, if it stands for one."""
    if rule.kind == "http-500":
        return GatewayError(500, "InternalError", "The request processing has failed.")
    if rule.kind == "http-503":
        return GatewayError(503, "ServiceUnavailable", "The service is temporarily unavailable.")
    if rule.kind in ("throttle", "throttle-hint"):
        return _throttling(rule)
    if rule.kind == "auth-404":
        return GatewayError(
            404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."
        )
    if rule.kind == "forbidden":
        return _forbidden(context)
    return None


def _throttling(rule: Rule) -> GatewayError:
    headers: tuple[tuple[str, str], ...] = ()
    if rule.kind == "throttle-hint":
        wait = 1.0 if rule.seconds is None else rule.seconds
        headers = (("x-acs-retry-after", str(max(1, round(wait * 1000)))),)
    message = "Request was denied due to user flow control."
    return GatewayError(400, "Throttling.User", message, headers=headers)


def _forbidden(context: Context) -> GatewayError:
    detail = {
        "AuthAction": f"mpaas:{context.action}",
        "AuthPrincipalType": "SubUser",
        "AuthPrincipalOwnerId": "1000000000000000",
        "AuthPrincipalDisplayName": "200000000000000000",
        "NoPermissionType": "ImplicitDeny",
        "PolicyType": "AccountLevelIdentityBasedPolicy",
    }
    return GatewayError(
        403,
        "Forbidden.RAM",
        "User not authorized to operate on the specified resource, or this API doesn't support "
        "RAM.",
        extra={"AccessDeniedDetail": detail},
    )


def _disrupted(rule: Rule, outcome: Outcome, reply: Response, context: Context) -> Response:
    error = error_for(rule, context)
    if error is not None:
        return gateway_reply(error, context)
    code = business_code(rule.kind)
    if code is not None:
        body = {
            "RequestId": context.request_id,
            "ResultMessage": result_name(code),
            "ResultCode": code,
        }
        return _json_reply(200, body, context)
    return _mangled(rule.kind, outcome, reply, context)


def _mangled(kind: str, outcome: Outcome, reply: Response, context: Context) -> Response:
    if kind == "lost-response":
        return DROPPED
    if kind == "reset-before":
        return replace(DROPPED, reset=True)
    if kind == "partial-json":
        return replace(reply, body=reply.body[: len(reply.body) // 2])
    if kind == "cut-body":
        return replace(reply, cut=len(reply.body) // 2)
    if kind == "http-502-html":
        return Response(502, _BAD_GATEWAY_PAGE, _HTML, date=context.date)
    if kind == "redirect":
        location = (("Location", f"http://{context.host}/_sandbox/elsewhere"),)
        return Response(302, b"", _HTML, headers=location, date=context.date)
    if kind == "ok-no-data":
        body = {"RequestId": context.request_id, "ResultCode": "OK", "ResultMessage": "OK"}
        return _json_reply(200, body, context)
    if kind == "huge-body":
        return replace(reply, body=reply.body[:-1] + _padding())
    if kind == "wrong-types" and isinstance(outcome, dict):
        return _json_reply(200, _wrong_types(_body(outcome, context)), context)
    return reply


def _padding() -> bytes:
    return b',"Padding":"' + b"x" * _PADDING + b'"}'


def _wrong_types(value: object) -> object:
    """Texts become numbers or lists, numbers texts, lists objects; ResultCode stays believable."""
    if isinstance(value, Mapping):
        return {
            name: item if name == "ResultCode" else _wrong_types(item)
            for name, item in value.items()
        }
    if isinstance(value, bool):
        return "yes" if value else None
    if isinstance(value, int):
        return f"{value} ms"
    if isinstance(value, list):
        return {str(index): _wrong_types(item) for index, item in enumerate(value)}
    return [value]
