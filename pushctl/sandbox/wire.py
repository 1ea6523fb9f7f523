"""From an HTTP request to a named call with parameters.

One reason to change: how clients put an operation and its parameters on the wire.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from pushctl.sandbox.codes import GatewayError, RefusedError
from pushctl.sandbox.http_messages import Request

Pairs = tuple[tuple[str, str], ...]

_MAX_FIELDS = 2000
_MAX_DEPTH = 16
_JSON_FIELDS = (
    "TargetMsgkey",
    "StrategyContent",
    "ExtendedParams",
    "ImageUrls",
    "IconUrls",
    "ThirdChannelCategory",
    "NotifyLevel",
    "ActivityContentState",
    "TransparentMessagePayload",
)
# Never part of a call's meaning, and some of them secret: they stop here.
_SYSTEM_FIELDS = frozenset(
    (
        *("Action", "Version", "Format", "RegionId", "Timestamp", "SecurityToken"),
        *("AccessKeyId", "AccessKeySecret", "Signature", "SignatureMethod", "SignatureVersion"),
        *("SignatureNonce", "SignatureType"),
    )
)


@dataclass(frozen=True, slots=True)
class Call:
    """One API call; `query` and `form` keep every pair in order, for the signature."""

    request: Request
    query: Pairs
    form: Pairs
    action: str
    version: str

    @property
    def fields(self) -> dict[str, str]:
        """System and business fields together; the form wins over the query."""
        return dict(self.query + self.form)

    @property
    def plain(self) -> dict[str, str]:
        """Business fields as they came, without anything secret."""
        return {key: value for key, value in self.fields.items() if key not in _SYSTEM_FIELDS}

    def contains(self, needle: str) -> bool:
        """Whether a text occurs in the decoded query or body."""
        raw = self.request.query + "&" + self.request.body.decode("utf-8", "replace")
        return needle in raw or needle in unquote_plus(raw)


def decode(request: Request) -> Call:
    """Reads the pairs and the operation; says nothing about whether they make sense."""
    query = _pairs(request.query)
    form = _pairs(request.body.decode("utf-8", "surrogateescape"))
    fields = dict(query + form)
    action = request.headers.get("x-acs-action") or fields.get("Action", "")
    version = request.headers.get("x-acs-version") or fields.get("Version", "")
    return Call(request, query, form, action, version)


def _pairs(text: str) -> Pairs:
    try:
        return tuple(
            parse_qsl(
                text, keep_blank_values=True, errors="surrogateescape", max_num_fields=_MAX_FIELDS
            )
        )
    except ValueError as error:
        raise GatewayError(400, "InvalidParameter", f"More than {_MAX_FIELDS} fields.") from error


def parameters(call: Call, *, camel: bool) -> dict[str, object]:
    """Business parameters with dotted keys folded and JSON fields decoded."""
    plain = call.plain
    _require_utf8(plain)
    folded = fold(plain)
    if camel:
        folded = {_pascal(name): value for name, value in folded.items()}
    for name in _JSON_FIELDS:
        value = folded.get(name)
        if isinstance(value, str) and value:
            folded[name] = _json(value)
    return folded


def _require_utf8(plain: Mapping[str, str]) -> None:
    try:
        "".join(part for pair in plain.items() for part in pair).encode("utf-8")
    except UnicodeEncodeError as error:
        raise RefusedError("3031", "the request is not UTF-8") from error


def _json(text: str) -> object:
    try:
        value: object = json.loads(text)
        strict = json.dumps(value, ensure_ascii=False, allow_nan=False)
        strict.encode("utf-8")  # refuses lone surrogates
    except (ValueError, RecursionError):
        return text  # the rule that wanted an object will say so
    return value


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]


def fold(fields: Mapping[str, str]) -> dict[str, object]:
    """Turns `a.b=1` into nested objects and `a.1=x` into lists; a plain key wins a conflict."""
    tree: dict[str, object] = {key: value for key, value in fields.items() if "." not in key}
    for key, value in fields.items():
        parts = key.split(".")
        if len(parts) == 1:
            continue
        if len(parts) > _MAX_DEPTH or not all(parts):
            tree[key] = value
            continue
        _graft(tree, parts, value)
    return {key: _listed(value) for key, value in tree.items()}


def _graft(tree: dict[str, object], parts: Iterable[str], value: str) -> None:
    *parents, leaf = parts
    node = tree
    for part in parents:
        child = node.setdefault(part, {})
        if not isinstance(child, dict):
            return
        node = child
    node.setdefault(leaf, value)


def _listed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    children = {key: _listed(child) for key, child in value.items()}
    numbers = [str(index) for index in range(1, len(children) + 1)]
    if children and set(children) == set(numbers):
        return [children[index] for index in numbers]
    return children
