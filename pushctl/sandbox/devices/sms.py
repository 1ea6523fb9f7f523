"""The text of an SMS, and how many parts it is sent in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from string import Template

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED = frozenset("\f^{}\\[~]|€")  # take the room of two


def segments(text: str) -> int:
    """Returns the number of parts: 160 signs or 153 each if all are of GSM, else 70 or 67."""
    gsm = all(sign in _GSM or sign in _GSM_ESCAPED for sign in text)
    sizes = [_size(sign, gsm=gsm) for sign in text]
    whole, part = (160, 153) if gsm else (70, 67)
    if sum(sizes) <= whole:
        return 1
    parts, room = 1, part
    for size in sizes:  # what takes two is not torn apart
        if size > room:
            parts, room = parts + 1, part
        room -= size
    return parts


def _size(sign: str, *, gsm: bool) -> int:
    return 2 if (sign in _GSM_ESCAPED if gsm else ord(sign) > 0xFFFF) else 1


def text_of(params: Mapping[str, object], templates: Mapping[str, str]) -> str | None:
    """Returns the text that a push has as an SMS, None if its template is not known."""
    template = templates.get(str(params.get("SmsTemplateCode")))
    if template is None:
        return None
    given = params.get("SmsTemplateParam")
    try:
        values = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        values = None
    known = values if isinstance(values, Mapping) else {}
    return f"【{params.get('SmsSignName')}】{Template(template).safe_substitute(known)}"
