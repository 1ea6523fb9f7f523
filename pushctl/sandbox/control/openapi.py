"""The OpenAPI document of the control API, made from its routes and the types of bodies."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pushctl.sandbox.control.routes import Route

Json = dict[str, Any]


def document(routes: Iterable[Route], prefix: str) -> Json:
    """Returns the document; `prefix` stands before the path of every route."""
    facts = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    paths: dict[str, Json] = {}
    for route in routes:
        operations = paths.setdefault(f"{prefix}{route.path}", {})
        operations[route.method.lower()] = _operation(route, facts)
    info = {"title": "pushctl sandbox: control API", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


def _operation(route: Route, facts: Json) -> Json:
    fields = [("query", name, facts["query"].get(name, {"type": "string"})) for name in route.query]
    if "{id}" in route.path:
        fields.append(("path", "id", {"type": "string"}))
    operation: Json = {
        "summary": route.summary,
        "parameters": [
            {"in": where, "name": name, "required": where == "path", "schema": schema}
            for where, name, schema in fields
        ],
        "responses": {
            "200": _content({"type": "object"}, description="The answer."),
            "default": _content(facts["error"], description="A refusal; nothing is changed."),
        },
    }
    from pushctl.sandbox.control import bodies  # noqa: PLC0415  (few ask for the document)

    body = facts["bodies"].get(f"{route.method} {route.path}")
    if route.body is not None:
        body = getattr(bodies, route.body).model_json_schema()
    if body is not None:
        needed = not body.keys().isdisjoint(("required", "minProperties"))
        operation["requestBody"] = _content(body, required=needed)
    return operation


def _content(schema: Json, **facts: object) -> Json:
    return {**facts, "content": {"application/json": {"schema": schema}}}
