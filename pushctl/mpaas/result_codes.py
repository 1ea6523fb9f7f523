"""What the service's codes mean: result codes in an answer, error codes of the gateway.

Result codes and their names are those of the vendor's page; a sentence says each in plain words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SUCCESS = "OK"

LEGACY_SUCCESS = "100"
"""The result-code page still calls this success; answers of today's API show `OK`."""

SENTENCES: Mapping[str, tuple[str, str]] = {
    "-1": ("SIGNATURE_MISMATCH", "The service does not accept the signature of the call."),
    "3001": ("NEED_DELIVERYTOKEN", "A device push needs a device token as its target."),
    "3002": ("NEED_FILE", "The service expected a file."),
    "3003": ("NEED_APPID_WORKSPACEID", "The app id or the workspace id is empty."),
    "3007": ("APPID_WRONG", "The service knows no such app in this workspace."),
    "3008": ("OS_TYPE_NOT_SUPPORTED", "The service does not support this platform."),
    "3009": ("DELIVERY_TYPE_NOT_SUPPORTED", "The service does not support this kind of target."),
    "3012": ("NEED_USERID", "A user id among the targets is empty."),
    "3019": ("TASKNAME_NULL", "The push has no task name."),
    "3020": ("EXPIREDSECONDS_WRONG", "The time to keep the message for offline devices is wrong."),
    "3021": ("TOKEN_OR_USERID_NULL", "The push has no targets."),
    "3022": ("TEMPLATE_NOT_EXIST", "There is no such message template."),
    "3023": ("TEMPLATEKV_NOT_ENOUGH", "Not every placeholder of the template has a value."),
    "3024": ("PAYLOAD_NOT_ENOUGH", "The title or the content is empty."),
    "3025": ("NEED_TEMPLATE", "The call needs a message template."),
    "3026": ("EXPIREDTIME_TOO_LONG", "The message would be kept for offline devices for too long."),
    "3028": ("INVALID_PARAM", "The service found a parameter wrong but does not say which."),
    "3029": ("SINGLE_PUSH_TARGET_TOO_MUCH", "The call has more than ten targets."),
    "3030": ("BROADCAST_ONLY_SUPPORT_BY_DEVICE", "A broadcast can only be sent to devices."),
    "3031": ("REQUEST_SHOULD_BE_UTF8", "The call contains text that is not UTF-8."),
    "3032": ("REST_API_SWITCH_NOT_OPEN", "Pushing by API is switched off for this app."),
    "3033": ("UNKNOWN_REST_SIGN_TYPE", "The service does not know the kind of signature."),
    "3035": ("EXTEND_PARAM_TO_MUCH", "The push has more than 20 extended parameters."),
    "3036": ("TEMPLATE_ALREADY_EXIST", "A message template of this name exists already."),
    "3037": ("TEMPLATE_NAME_NULL", "The message template has no name."),
    "3038": ("TEMPLATE_NAME_INVALID", "The name of the message template is wrong."),
    "3039": ("TEMPLATE_CONTENT_INVALID", "The content of the message template is wrong."),
    "3040": ("TEMPLATE_TITLE_INVALID", "The title of the message template is wrong."),
    "3041": ("TEMPLATE_DESC_INFO_INVALID", "The description of the message template is wrong."),
    "3042": ("TEMPLATE_URI_INVALID", "The link of the message template is wrong."),
    "3043": ("SINGLE_PUSH_CONTENT_TOO_LONG", "The message is too long."),
    "3044": ("INVALID_EXTEND_PARAM", "An extended parameter is wrong, or its name is reserved."),
    "3049": (
        "MULTIPLE_INNER_EXTEND_PARAM_TO_MUCH",
        "A target has too many extended parameters.",
    ),
    "3050": ("MSG_PAYLOAD_TOO_LONG", "The message with all its parameters is too large."),
    "8011": ("FLOW_CONTROL_ERROR", "The service asks for fewer calls."),
    "8012": ("INVALID_INSTANCE_ID", "The service knows no such app or workspace."),
    "8013": ("INVALID_TENANT_ID", "The service knows no such tenant."),
    "8014": ("ACCOUNT_NO_PERMISSION", "This account may not push for this app."),
}
"""Result code -> its symbolic name and a sentence. The vendor's page could be read up to 3050."""

NOT_NOW = "8011"
NO_SUCH_APP = ("3007", "8012", "8013")

_NAMES = {name: code for code, (name, _) in SENTENCES.items()}

_CODE = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")

# 9000 SYSTEM_ERROR has been seen in the wild. Whatever else tells of trouble inside the service,
# rather than of a fault in the call, leaves just as open whether the push exists.
_TROUBLE = re.compile(r"SYSTEM|INTERNAL|TIME_?OUT|UNKNOWN_?ERR|EXCEPTION|UNAVAILABLE|BUSY", re.I)
_TROUBLE_NUMBER = re.compile(r"9\d{3}")

_AUTH = re.compile(
    r"InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|MissingAccessKeyId"
    r"|Forbidden|NoPermission|InvalidSecurityToken|MissingSecurityToken|InvalidCredentials"
)


def is_code(text: str) -> bool:
    """Tell whether a text can be a code at all, rather than a damaged or foreign answer."""
    return _CODE.fullmatch(text) is not None


def is_trouble(code: str) -> bool:
    """Tell whether a code or symbolic name leaves open what the call did."""
    if not is_code(code) or code in SENTENCES or code in _NAMES:
        return False
    return _TROUBLE_NUMBER.fullmatch(code) is not None or _TROUBLE.search(code) is not None


def is_auth(code: str) -> bool:
    """Tell whether a code means that no call with these credentials will succeed."""
    return code in ("-1", "8014") or _AUTH.match(code) is not None


def known(code: str, message: str) -> str:
    """Return the code that an answer means, whichever of the two fields says it."""
    named = _NAMES.get(message, message)
    return named if code not in SENTENCES and named in SENTENCES else code


def explain(code: str, message: str) -> str:
    """Put the service's message, and what the code is known to mean, into one text."""
    _, sentence = SENTENCES.get(known(code, message), ("", ""))
    return f"{sentence} ({message})" if sentence and message else sentence or message
