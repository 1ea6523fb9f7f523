"""How the service refuses a call: result codes, and errors of the gateway before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RESULT_NAMES: Mapping[str, str] = {
    "OK": "OK",
    "100": "SUCCESS",
    "-1": "SIGNATURE_MISMATCH",
    "3001": "NEED_DELIVERYTOKEN",
    "3002": "NEED_FILE",
    "3003": "NEED_APPID_WORKSPACEID",
    "3007": "APPID_WRONG",
    "3008": "OS_TYPE_NOT_SUPPORTED",
    "3009": "DELIVERY_TYPE_NOT_SUPPORTED",
    "3012": "NEED_USERID",
    "3019": "TASKNAME_NULL",
    "3020": "EXPIREDSECONDS_WRONG",
    "3021": "TOKEN_OR_USERID_NULL",
    "3022": "TEMPLATE_NOT_EXIST",
    "3023": "TEMPLATEKV_NOT_ENOUGH",
    "3024": "PAYLOAD_NOT_ENOUGH",
    "3025": "NEED_TEMPLATE",
    "3026": "EXPIREDTIME_TOO_LONG",
    "3028": "INVALID_PARAM",
    "3029": "SINGLE_PUSH_TARGET_TOO_MUCH",
    "3030": "BROADCAST_ONLY_SUPPORT_BY_DEVICE",
    "3031": "REQUEST_SHOULD_BE_UTF8",
    "3032": "REST_API_SWITCH_NOT_OPEN",
    "3033": "UNKNOWN_REST_SIGN_TYPE",
    "3035": "EXTEND_PARAM_TO_MUCH",
    "3043": "SINGLE_PUSH_CONTENT_TOO_LONG",
    "3044": "INVALID_EXTEND_PARAM",
    "3049": "MULTIPLE_INNER_EXTEND_PARAM_TO_MUCH",
    "3050": "MSG_PAYLOAD_TOO_LONG",
    "8011": "FLOW_CONTROL_ERROR",
    "8012": "INVALID_INSTANCE_ID",
    "8013": "INVALID_TENANT_ID",
    "8014": "ACCOUNT_NO_PERMISSION",
    "9000": "SYSTEM_ERROR",
}
QUOTA_NAME = "SCHEDULED_TASK_TOO_MUCH"


def result_name(code: str) -> str:
    """Returns the ResultMessage of a result code."""
    return RESULT_NAMES.get(code, f"CODE_{code}")


class RefusedError(Exception):
    """A refusal by the service: HTTP 200 with a result code."""

    def __init__(self, code: str, detail: str, name: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.name = name or result_name(code)
        self.detail = detail


@dataclass(eq=False)
class GatewayError(Exception):
    """A refusal by the gateway: HTTP 4xx or 5xx with a Code; `extra` are more body fields."""

    status: int
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)


def invalid(detail: str) -> RefusedError:
    """Returns the refusal (3028) of a parameter that has no code of its own."""
    return RefusedError("3028", detail)
