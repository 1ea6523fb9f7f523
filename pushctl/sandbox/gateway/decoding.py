"""Decodes an HTTP request into an API call with parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

import msgspec

from pushctl.sandbox.errors import GatewayError, RefusedError, gateway_error
from pushctl.sandbox.http.compression import unpacked
from pushctl.sandbox.http.messages import Request

Pairs = tuple[tuple[str, str], ...]

_MAX_FIELDS = 2000
_MAX_DEPTH = 16
_JSON_FIELDS = frozenset(
    (
        *("TargetMsgkey", "StrategyContent", "ExtendedParams", "ImageUrls", "IconUrls"),
        *("ThirdChannelCategory", "NotifyLevel", "ActivityContentState", "TemplateKeyValue"),
        "TransparentMessagePayload",
    )
)
# Never part of a call's meaning, and some of them secret: they stop here.
_SYSTEM_FIELDS = frozenset(
    (
        *("Action", "Version", "Format", "RegionId", "Timestamp", "SecurityToken"),
        *("AccessKeyId", "AccessKeySecret", "Signature", "SignatureMethod", "SignatureVersion"),
        *("SignatureNonce", "SignatureType"),
    )
)


class Call(NamedTuple):
    """One API call; `query` and `form` are its decoded pairs in order, as they are signed.

    `text` is its body, unpacked. `fields` are all of them; the form wins over the query.
    """

    request: Request
    text: str
    query: Pairs
    form: Pairs
    fields: Mapping[str, str]
    action: str
    version: str

    @property
    def business_fields(self) -> dict[str, str]:
        """The fields but those of the protocol, some of which are secret."""
        return {key: value for key, value in self.fields.items() if key not in _SYSTEM_FIELDS}

    @property
    def wants_xml(self) -> bool:
        """Whether it is to be answered in XML, as a call signed by a parameter is by default."""
        if wanted := self.fields.get("Format"):
            return wanted.lower() == "xml"
        accepted = self.request.headers.get("accept", "")
        return "Signature" in self.fields and "application/json" not in accepted

    def contains(self, needle: str) -> bool:
        """Whether a text is in the query or the body, decoded or not."""
        raw = self.request.query + "&" + self.text.encode("utf-8", "replace").decode()
        return needle in raw or needle in unquote_plus(raw)


def decode(request: Request) -> Call:
    """Splits a request into pairs and operation; raises GatewayError if it cannot be read."""
    text = _body(request).decode("utf-8", "surrogateescape")
    query, form = _pairs(request.query), _pairs(text)
    fields = dict(query + form)
    action = request.headers.get("x-acs-action") or fields.get("Action", "")
    version = request.headers.get("x-acs-version") or fields.get("Version", "")
    return Call(request, text, query, form, fields, action, version)


def _body(request: Request) -> bytes:
    coding = request.headers.get("content-encoding", "identity").lower()
    if coding in ("identity", ""):
        return request.body
    if coding != "gzip":
        raise GatewayError(415, "UnsupportedContentEncoding", "A body may be packed by gzip only.")
    try:
        return unpacked(request.body)
    except ValueError as error:
        raise gateway_error("InvalidParameter", message=f"{error}.".capitalize()) from error


def _pairs(text: str) -> Pairs:
    fields = text.replace("+", " ").split("&")
    if len(fields) > _MAX_FIELDS:
        raise gateway_error("InvalidParameter", message=f"More than {_MAX_FIELDS} fields.")
    return tuple([_pair(field) for field in fields if field])


def _pair(field: str) -> tuple[str, str]:
    name, _, value = field.partition("=")
    if "%" not in field:
        return name, value
    return unquote(name, errors="surrogateescape"), unquote(value, errors="surrogateescape")


def parameters(call: Call, *, camel: bool) -> dict[str, object]:
    """Returns the parameters, dotted keys nested and JSON fields decoded; raises RefusedError.

    `camel` accepts taskName for TaskName.
    """
    fields = call.business_fields
    try:
        "".join((*fields, *fields.values())).encode("utf-8")
    except UnicodeEncodeError as error:
        raise RefusedError("3031", "the request is not UTF-8") from error
    nested = unflatten(fields)
    if camel:
        nested = {name[:1].upper() + name[1:]: value for name, value in nested.items()}
    _decode_fields(nested)
    targets = nested.get("TargetMsg")
    for target in targets if isinstance(targets, list) else ():
        if isinstance(target, dict):
            _decode_fields(target)
    return nested


def _decode_fields(params: dict[str, object]) -> None:
    for name in _JSON_FIELDS.intersection(params):
        value = params[name]
        if isinstance(value, str) and value:
            params[name] = decode_json(value)


def decode_json(text: str) -> object:
    """Returns the value of a JSON text, or the text itself if it is none."""
    try:
        return strict_json(text)
    except ValueError:
        return text  # the rule that wants an object refuses it


def strict_json(data: str | bytes) -> object:
    """Decodes JSON; raises ValueError, also for infinite numbers and lone surrogates."""
    try:
        value: object = msgspec.json.decode(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def unflatten(fields: Mapping[str, str]) -> dict[str, object]:
    """Nests `a.b=1` into objects and `a.1=x` into lists; a key without dots wins a conflict."""
    if "." not in "".join(fields):
        return dict(fields)
    tree: dict[str, object] = {key: value for key, value in fields.items() if "." not in key}
    for key, value in fields.items():
        parts = key.split(".")
        if len(parts) > _MAX_DEPTH or not all(parts):
            tree[key] = value
        elif len(parts) > 1:
            _insert(tree, parts, value)
    return {key: _numbered_to_list(value) for key, value in tree.items()}


def _insert(tree: dict[str, object], parts: Iterable[str], value: str) -> None:
    *parents, leaf = parts
    node = tree
    for part in parents:
        child = node.setdefault(part, {})
        if not isinstance(child, dict):
            return
        node = child
    node.setdefault(leaf, value)


def _numbered_to_list(value: object) -> object:
    if not isinstance(value, dict):
        return value
    children = {key: _numbered_to_list(child) for key, child in value.items()}
    numbers = [str(index) for index in range(1, len(children) + 1)]
    if children and set(children) == set(numbers):
        return [children[index] for index in numbers]
    return children
