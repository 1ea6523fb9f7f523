"""Creates, finds and deletes templates of messages, and fills them in."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pushctl.sandbox.errors import RefusedError, invalid
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.service import fields
from pushctl.sandbox.service.apps import app_and_workspace
from pushctl.sandbox.service.fields import Params, Result
from pushctl.sandbox.storage.store import Session

_MOST = 100  # of one app
_MAX_NAME = 200
_DEFAULT_PAGE = 10
_FILLED = ("Title", "Content", "Uri")
_TEXTS = (*_FILLED, "DescInfo", "Variables")
_URLS = ("ImageUrls", "IconUrls")
_NUMBERS = (("PushStyle", (0, 1, 2)), ("ShowStyle", (0, 1)), ("JumpAction", (0, 1)))
_AS_PUSH = {"PushStyle": "PushStyle", "ShowStyle": "Silent", "JumpAction": "PushAction"}
_PLACEHOLDER = re.compile(r"#([^#\s]+)#")
_DONE: Mapping[str, object] = {"Success": True, "Code": "100", "Msg": "SUCCESS"}


@dataclass(frozen=True, slots=True)
class Template:
    """A template; `fields` are the parameters that made it."""

    seq: int
    name: str
    fields: Mapping[str, Any]
    created_ms: int

    @property
    def push_params(self) -> dict[str, object]:
        """What it says of a push besides title, content and uri, in the names of PushSimple."""
        own = self.fields
        numbers = {new: str(own[old]) for old, new in _AS_PUSH.items() if old in own}
        urls = {name: own[name] for name in _URLS if own[name]}
        return {**numbers, **urls}


def fill(template: Mapping[str, Any], values: Mapping[str, object]) -> dict[str, str]:
    """Returns Title, Content and Uri with values for #name#; raises RefusedError (3023, 3024)."""
    pattern = _placeholders(template)
    texts = {name: str(template[name]) for name in _FILLED if template[name]}
    absent = {name for text in texts.values() for name in pattern.findall(text)} - values.keys()
    if absent:
        raise RefusedError("3023", f"TemplateKeyValue lacks {', '.join(sorted(absent))}")
    filled = {
        name: pattern.sub(lambda found: _as_text(values[found[1]]), text)
        for name, text in texts.items()
    }
    if not filled["Title"].strip() or not filled["Content"].strip():
        raise RefusedError("3024", "title or content is empty once the template is filled in")
    return filled


def _placeholders(template: Mapping[str, Any]) -> re.Pattern[str]:
    names = [name.strip() for name in template["Variables"].split(",") if name.strip()]
    return re.compile(f"#({'|'.join(map(re.escape, names))})#") if names else _PLACEHOLDER


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def wanted(session: Session, params: Params) -> Template:
    """Returns the template that a push names; raises RefusedError."""
    return _find(session, params, fields.required(params, "TemplateName", "3025"))


def _find(session: Session, params: Params, name: str, seq: str = "") -> Template:
    row = session.db.execute(
        "SELECT * FROM templates WHERE app = ? AND workspace = ?"
        " AND ?3 IN ('', name) AND ?4 IN ('', CAST(seq AS TEXT))",
        (*app_and_workspace(session, params), name, seq),
    ).fetchone()
    if row is None:
        raise RefusedError("3022", f"there is no template {name or seq}; CreateTemplate makes one")
    return _template(row)


def _template(row: sqlite3.Row) -> Template:
    return Template(row["seq"], row["name"], json.loads(row["fields"]), row["created_ms"])


def create(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Stores a template; Data is its id."""
    app, workspace = app_and_workspace(session, params)
    name = fields.required(params, "TemplateName", "3037")
    if len(name) > _MAX_NAME or "," in name:
        raise RefusedError("3038", f"TemplateName has at most {_MAX_NAME} characters and no comma")
    kept = _checked_fields(params)
    there, taken = session.db.execute(
        "SELECT count(*), total(name = ?) FROM templates WHERE app = ? AND workspace = ?",
        (name, app, workspace),
    ).fetchone()
    if taken:
        raise RefusedError("3036", f"there is a template {name} already")
    if there >= _MOST:
        raise invalid(f"an app has at most {_MOST} templates")
    cursor = session.db.execute(
        "INSERT INTO templates (app, workspace, name, fields, created_ms) VALUES (?, ?, ?, ?, ?)",
        (app, workspace, name, json.dumps(kept), session.now_ms),
    )
    return {**_DONE, "Data": str(cursor.lastrowid)}


def _checked_fields(params: Params) -> dict[str, object]:
    kept: dict[str, object] = {name: fields.text(params, name) for name in _TEXTS}
    for name, code in (("Title", "3040"), ("Content", "3039"), ("DescInfo", "3041")):
        fields.required(params, name, code)
    if re.search(r"\s", str(kept["Uri"])):
        raise RefusedError("3042", "Uri holds white space")
    for name, numbers in _NUMBERS:
        if params.get(name) not in (None, ""):
            kept[name] = fields.one_of(params, name, numbers, 0)
    return {**kept, **{name: fields.mapping(params, name) for name in _URLS}}


def get(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Returns one template, by its id or its name."""
    return {**_DONE, "Data": _view(_asked(session, params))}


def delete(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Deletes one template, by its id or its name; what was created with it stays."""
    session.db.execute("DELETE FROM templates WHERE seq = ?", (_asked(session, params).seq,))
    return dict(_DONE)


def _asked(session: Session, params: Params) -> Template:
    name, seq = fields.text(params, "TemplateName"), fields.text(params, "TemplateId")
    if not name and not seq:
        raise invalid("TemplateName or TemplateId is mandatory")
    return _find(session, params, name, seq)


def list_page(session: Session, params: Params, _version: str, _active: ActiveFaults) -> Result:
    """Returns one page of templates, newest first."""
    where = "FROM templates WHERE app = ? AND workspace = ?"
    scope = app_and_workspace(session, params)
    offset, size = fields.page(params, "CurrentPage", "PageSize", _DEFAULT_PAGE, session.knobs)
    total = session.db.execute(f"SELECT count(*) {where}", scope).fetchone()[0]
    rows = session.db.execute(
        f"SELECT * {where} ORDER BY seq DESC LIMIT ? OFFSET ?", (*scope, size, offset)
    ).fetchall()
    return {
        **_DONE,
        "Data": [_view(_template(row)) for row in rows],
        "CurrentPage": offset // size + 1,
        "PageSize": size,
        "TotalSize": total,
    }


def _view(template: Template) -> dict[str, str]:
    own = template.fields
    numbers = {name: str(own.get(name, 0)) for name in ("PushStyle", "ShowStyle")}
    urls = {name: _as_text(own[name] or "") for name in _URLS}
    return {
        "Id": str(template.seq),
        "Name": template.name,
        **{name: own[name] for name in _TEXTS},
        **numbers,
        **urls,
        "Action": str(own.get("JumpAction", 0)),
        "GmtCreate": str(template.created_ms),
        "GmtModified": str(template.created_ms),
    }
