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
    schemas = {"Error": facts["error"]}
    paths: dict[str, Json] = {}
    for route in routes:
        operation = _operation(route, facts, schemas)
        paths.setdefault(f"{prefix}{route.path}", {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "pushctl sandbox: control API", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(route: Route, facts: Json, schemas: Json) -> Json:
    key = f"{route.method} {route.path}"
    fields = [("query", name, facts["query"].get(name, {"type": "string"})) for name in route.query]
    if "{id}" in route.path:
        fields.append(("path", "id", {"type": "string"}))
    answer = {"description": "The answer, a JSON object.", **_content({"type": "object"})}
    refusal = {"description": "A refusal, by which nothing is changed.", **_content(_ref("Error"))}
    operation: Json = {
        "summary": route.summary,
        "parameters": [
            {"in": where, "name": name, "required": where == "path", "schema": schema}
            for where, name, schema in fields
        ],
        "responses": {"200": answer, "default": refusal},
    }
    body = schema = facts["bodies"].get(key)
    if route.body is not None:
        schemas[route.body], schema = (body := _body(route.body)), _ref(route.body)
    if body is not None:
        needed = not body.keys().isdisjoint(("required", "minProperties"))
        operation["requestBody"] = {**_content(schema), "required": needed}
    return operation


def _body(name: str) -> Json:
    from pushctl.sandbox.control import bodies  # noqa: PLC0415  (few ask for the document)

    kind: type[bodies.Body] = getattr(bodies, name)
    return kind.model_json_schema()


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}
