"""What the service's codes mean: result codes in an answer, error codes of the gateway."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pushctl.text.regex import regex

SUCCESS = "OK"

LEGACY_SUCCESS = "100"
"""The result-code page still calls this success; answers of today's API show `OK`."""

_TABLE = Path(__file__).with_name("result_codes.toml").read_text("utf-8")
SENTENCES: Mapping[str, list[str]] = tomllib.loads(_TABLE)
"""Result code -> its symbolic name, and a sentence."""

NOT_NOW = "8011"
NO_SUCH_APP = ("3007", "8012", "8013")

_NAMES = {name: code for code, (name, _) in SENTENCES.items()}

_CODE = regex(r"-?[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")

# 9000 SYSTEM_ERROR has been seen in the wild. Whatever else tells of trouble inside the service,
# rather than of a fault in the call, leaves just as open whether the push exists.
_TROUBLE = regex(r"SYSTEM|INTERNAL|TIME_?OUT|UNKNOWN_?ERR|EXCEPTION|UNAVAILABLE|BUSY", re.I)
_TROUBLE_NUMBER = regex(r"9\d{3}")

_AUTH = regex(
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
    _, sentence = SENTENCES.get(known(code, message), ["", ""])
    return f"{sentence} ({message})" if sentence and message else sentence or message
