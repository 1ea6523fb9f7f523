"""Turns the outcome of a call into its HTTP response, changed by knobs and faults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

from pushctl.sandbox.errors import GatewayError, RefusedError, gateway_error, result_name
from pushctl.sandbox.faults import ActiveFaults, FaultRule, business_code, find_kind
from pushctl.sandbox.gateway import xml
from pushctl.sandbox.http.messages import DROPPED, Headers, Response, json_response
from pushctl.sandbox.service.fields import Result
from pushctl.sandbox.service.operations import message_field

_MAX_HINT = 400  # characters
_PLAIN = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")
_PADDING_BYTES = 8 * 1024 * 1024
_BAD_GATEWAY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Tengine</center>\r\n"
    b"</body>\r\n</html>\r\n"
)
_HTML = "text/html"
_WITH_PUSH_RESULT = ("Push", "Revoke")
_NESTED = ("PushResult", "ResultContent")


class CallContext(NamedTuple):
    """What responses say of their call; `host` is host:port, `date` epoch seconds.

    `xml` is whether they say it in XML.
    """

    action: str
    request_id: str
    host: str
    date: float
    xml: bool = False


Outcome = Result | RefusedError | GatewayError


def build_response(
    outcome: Outcome, active: ActiveFaults, shape: object, context: CallContext
) -> Response:
    """Returns the response to a call; `shape` is the value of the knob result_shape."""
    if isinstance(outcome, GatewayError):
        response = gateway_response(outcome, context)
    else:
        body = _apply_modifiers(_body(outcome, context), active, shape)
        hint = outcome.detail if isinstance(outcome, RefusedError) else ""
        response = _answer(200, body, context, _hint(hint))
    if active.disruption is not None:
        response = _apply_disruption(active.disruption, outcome, response, context)
    return response


def gateway_response(error: GatewayError, context: CallContext) -> Response:
    """Returns an error of the gateway, which has its own body and headers."""
    body: Result = {
        "RequestId": context.request_id,
        "Message": error.message,
        "HostId": context.host,
        "Code": error.code,
        "Recommend": "https://api.aliyun.com/troubleshoot"
        f"?q={error.code}&product=mPaaS&requestId={context.request_id}",
        **error.extra,
    }
    return _answer(error.status, body, context, (*error.headers, *_hint(error.hint)), "Error")


def _answer(
    status: int, body: Result, context: CallContext, headers: Headers = (), root: str = ""
) -> Response:
    headers = (("x-acs-request-id", context.request_id), *headers)
    if not context.xml:
        return json_response(status, body, headers, context.date)
    document = xml.document(root or f"{context.action}Response", body)
    return Response(status, document, xml.CONTENT_TYPE, headers, date=context.date)


def _hint(text: str) -> Headers:
    """What the sandbox itself has to say: percent-encoded, so that any text fits in a header."""
    line = " ".join(text.split())[:_MAX_HINT]
    return (("x-sandbox-hint", quote(line, _PLAIN, errors="replace")),) if line else ()


def _body(outcome: Result | RefusedError, context: CallContext) -> Result:
    if isinstance(outcome, RefusedError):
        return _refusal(outcome.code, outcome.name, context)
    if message_field(context.action):
        return {"RequestId": context.request_id, **outcome}
    return {**_result("OK", "OK", context), **outcome}


def _refusal(code: str, name: str, context: CallContext) -> Result:
    if explained := message_field(context.action):
        refused = {"Success": False, "Code": code, explained: name}
        return {"RequestId": context.request_id, **refused}
    body = _result(code, name, context)
    if context.action.startswith(_WITH_PUSH_RESULT):
        body["PushResult"] = {"Success": False, "ResultMsg": name}
    return body


def _result(code: str, name: str, context: CallContext) -> Result:
    return {"RequestId": context.request_id, "ResultCode": code, "ResultMessage": name}


def _apply_modifiers(body: Result, active: ActiveFaults, shape: object) -> Result:
    if active.has("camel-case"):
        body = {_lower_first(name): _camel_case(value) for name, value in body.items()}
    if shape == "string" or active.has("string-result"):
        names = {*_NESTED, *map(_lower_first, _NESTED)}
        return {
            name: _as_json_text(value) if name in names else value for name, value in body.items()
        }
    return body


def _as_json_text(value: object) -> object:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _camel_case(value: object) -> object:
    if isinstance(value, Mapping):
        return {_lower_first(name): _camel_case(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_camel_case(item) for item in value]
    return value


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def fault_error(rule: FaultRule, context: CallContext) -> GatewayError | None:
    """Returns the gateway's error of a fault of such a kind, else None."""
    code = find_kind(rule.kind).code
    if code is None:
        return None
    if rule.kind == "forbidden":
        return replace(gateway_error(code), extra=_denial(context.action))
    headers: Headers = ()
    if rule.kind == "throttle-hint":
        wait = 1.0 if rule.seconds is None else rule.seconds
        headers = (("x-acs-retry-after", str(max(1, round(wait * 1000)))),)  # milliseconds
    return gateway_error(code, headers=headers)


def _denial(action: str) -> Mapping[str, object]:
    detail = {
        "AuthAction": f"mpaas:{action}",
        "AuthPrincipalType": "SubUser",
        "AuthPrincipalOwnerId": "1000000000000000",
        "AuthPrincipalDisplayName": "200000000000000000",
        "NoPermissionType": "ImplicitDeny",
        "PolicyType": "AccountLevelIdentityBasedPolicy",
    }
    return {"AccessDeniedDetail": detail}


def _apply_disruption(
    rule: FaultRule, outcome: Outcome, response: Response, context: CallContext
) -> Response:
    error = fault_error(rule, context)
    if error is not None:
        return gateway_response(error, context)
    code = business_code(rule.kind)
    if code is not None:
        return _answer(200, _refusal(code, result_name(code), context), context)
    kind = rule.kind
    if kind == "lost-response":
        return DROPPED
    if kind == "reset-before":
        return DROPPED._replace(reset=True)
    if kind == "partial-json":
        return response._replace(body=response.body[: len(response.body) // 2])
    if kind == "cut-body":
        return response._replace(cut=len(response.body) // 2)
    if kind == "http-502-html":
        return Response(502, _BAD_GATEWAY_PAGE, _HTML, date=context.date)
    if kind == "redirect":
        location = (("Location", f"http://{context.host}/_sandbox/elsewhere"),)
        return Response(302, b"", _HTML, headers=location, date=context.date)
    if kind == "ok-no-data":
        return _answer(200, _result("OK", "OK", context), context)
    if kind == "huge-body":
        return response._replace(body=response.body + b" " * _PADDING_BYTES)
    if kind == "wrong-types" and isinstance(outcome, dict):
        return _answer(200, _wrong_types(_body(outcome, context)), context)
    return response


def _wrong_types(body: Mapping[str, object]) -> Result:
    # ResultCode stays, or nobody would read on.
    return {name: item if name == "ResultCode" else _wrong(item) for name, item in body.items()}


def _wrong(value: object) -> object:
    if isinstance(value, Mapping):
        return _wrong_types(value)
    if isinstance(value, bool):
        return "yes" if value else None
    if isinstance(value, int):
        return f"{value} ms"
    if isinstance(value, list):
        return {str(index): _wrong(item) for index, item in enumerate(value)}
    return [value]
