"""The phones there are, and what became of messages on them, as rows of the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime
from typing import Any

from pushctl.sandbox.devices import sms
from pushctl.sandbox.devices.outcomes import Message, Outcome, Phone, decide
from pushctl.sandbox.devices.vendors import vendors
from pushctl.sandbox.knobs import Knobs

_USER = 3
_PLATFORMS = {1: "android", 2: "ios", 5: "ios", 6: "ios", 7: "harmony"}  # by DeliveryType
_AUDIENCES = {0: "user IS NOT NULL", 1: "1", 2: "user IS NULL"}  # by PushStatus of a broadcast
_RESENT = 1  # an SmsStrategy; 2 sends both
_FACTS = ("user", "vendor", "platform", "system", "token", "online", "notifications", "number")
_DELIVERY = (
    "SELECT d.target, coalesce(d.title, t.title) AS title, coalesce(d.content, t.content)"
    " AS content, t.delivery_type, t.params, t.texts FROM deliveries d"
    " JOIN tasks t ON t.seq = d.task WHERE d.seq = ?"
)
_MARKETING = (
    "SELECT count(*) FROM messages WHERE marketing AND phone = ? AND sent_ms BETWEEN ? AND ?"
)
_MESSAGE = (
    "INSERT OR REPLACE INTO messages (delivery, n, sent_ms, until_ms, phone, channel, segments,"
    " outcome, ends_ms, rule, waits, title, content, marketing)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UNBOUND = (
    "SELECT d.seq, m.until_ms FROM messages m JOIN deliveries d"
    " ON d.seq = m.delivery JOIN tasks t ON t.seq = d.task"
    " WHERE m.phone IS NULL AND m.channel = 'push' AND m.until_ms > ? AND d.revoked_ms IS NULL"
    " AND d.target = CASE t.delivery_type WHEN 3 THEN ? ELSE ? END ORDER BY d.seq"
)

Row = tuple[int | None, str, int | None, Outcome]  # phone, channel, parts of an SMS


class Phones:
    """What phones do; `seed` is what a seed file said (None: there was none)."""

    def __init__(
        self, connection: sqlite3.Connection, knobs: Knobs, seed: Mapping[str, Any] | None
    ) -> None:
        self._db = connection
        self._knobs = knobs
        self._seed = seed

    def plant(self) -> None:
        """Makes phones and apps what the seed says; phones it does not know are nobody's."""
        seed = self._seed
        if seed is None:
            self._db.execute("DELETE FROM phones")
            return
        self._db.execute("UPDATE phones SET user = NULL, token = NULL")
        apps = [app.partition("/") for app in seed["apps"]]
        self._db.executemany("INSERT OR IGNORE INTO apps VALUES (?, ?)", [app[::2] for app in apps])
        for user, phones in (*seed["users"].items(), (None, seed["phones"])):
            for phone in phones:
                self._put(phone["id"], {**phone, "user": user})

    def _put(self, name: str, facts: dict[str, Any]) -> None:
        if vendor := facts.get("vendor"):
            facts["platform"] = vendors()[vendor].platform
        columns = [fact for fact in _FACTS if fact in facts]
        changes = ", ".join(f"{column} = excluded.{column}" for column in columns)
        self._db.execute(
            f"INSERT INTO phones (name, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})"
            f" ON CONFLICT (name) DO UPDATE SET {changes}",
            (name, *(facts[column] for column in columns)),
        )

    def register(self, token: str, now_ms: int, facts: Mapping[str, object]) -> None:
        """Notes facts of the phone with a token, and delivers what was kept for it."""
        found = self._db.execute("SELECT name FROM phones WHERE token = ?", (token,)).fetchone()
        self._put(found[0] if found else token, {**facts, "token": token})
        for row in self._db.execute(_UNBOUND, (now_ms, facts.get("user"), token)).fetchall():
            self.deliver(row["seq"], now_ms, row["until_ms"])

    def unbind(self, token: str, user: str) -> bool:
        """Logs a user out of a phone; returns whether the user was logged in there."""
        clear = "UPDATE phones SET user = NULL WHERE token = ? AND user = ?"
        return self._db.execute(clear, (token, user)).rowcount > 0

    def audience(self, delivery_type: int, params: Mapping[str, object]) -> list[str]:
        """Returns the tokens (or else the ids) of the phones that a broadcast reaches."""
        status = int(str(params.get("PushStatus") or 0))
        rows = self._db.execute(
            "SELECT coalesce(token, name) FROM phones WHERE platform = ?"
            f" AND {_AUDIENCES.get(status, '1')} ORDER BY seq",
            (_PLATFORMS.get(delivery_type),),
        ).fetchall()
        return [row[0] for row in rows]

    def deliver(self, delivery: int, sent_ms: int, until_ms: int | None = None) -> None:
        """Notes what becomes of a delivery on each phone that it reaches.

        Without any phone it waits for one, if a seed says who there is. `until_ms` is when it
        expires, if that is not counted from `sent_ms`.
        """
        row = self._db.execute(_DELIVERY, (delivery,)).fetchone()
        params = params_of(row)
        if until_ms is None:
            until_ms = sent_ms + 1000 * int(str(params.get("ExpiredSeconds") or 0))
        message = Message(row["title"], row["content"], params, sent_ms, until_ms)
        phones = self._reached(row["delivery_type"], row["target"])
        outcomes = [self._decide(phone, message) for phone in phones]
        rows: list[Row] = [(p.seq, "push", None, o) for p, o in zip(phones, outcomes, strict=True)]
        if not phones and self._seed is not None:
            unbound = Outcome("expired", until_ms, "nobody was bound in time", "nobody is bound")
            rows = [(None, "push", None, unbound)]
        rows += self._sms(phones, message, outcomes)
        self._db.executemany(
            _MESSAGE,
            [
                (delivery, n, sent_ms, until_ms, *who, *astuple(outcome))
                for n, (*who, outcome) in enumerate(rows)
            ],
        )

    def _reached(self, delivery_type: int, target: str) -> list[Phone]:
        which = "user = ?"
        if delivery_type != _USER:
            platform = _PLATFORMS.get(delivery_type)
            which = f"coalesce(token, name) = ? AND coalesce(platform, '{platform}') = '{platform}'"
        columns = "seq, vendor, online, notifications, number"
        found = f"SELECT {columns} FROM phones WHERE {which} ORDER BY seq"
        return [Phone(*row) for row in self._db.execute(found, (target,)).fetchall()]

    def _decide(self, phone: Phone, message: Message) -> Outcome:
        sent = datetime.fromtimestamp(message.sent_ms / 1000, self._knobs.zone)
        midnight = sent.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000
        values = (phone.seq, midnight, message.sent_ms)
        before = self._db.execute(_MARKETING, values).fetchone()[0]
        undeclared = str(self._knobs["undeclared_class"])
        return decide(phone, message, before, undeclared, self._knobs.zone)

    def _sms(self, phones: list[Phone], message: Message, outcomes: list[Outcome]) -> list[Row]:
        """Returns one SMS for each number, at once or when it is certain that no phone shows it."""
        params = message.params
        strategy = int(str(params.get("SmsStrategy") or 0))
        if not strategy or (strategy == _RESENT and any(outcome.shown for outcome in outcomes)):
            return []
        at, waits = message.sent_ms, None
        if strategy == _RESENT:
            at = max((outcome.ends_ms for outcome in outcomes), default=at)
            waits = "an SMS is sent when the push has expired"
        text = sms.text_of(params, (self._seed or {}).get("sms_templates", {}))
        content = text or f"{params.get('SmsTemplateCode')} {params.get('SmsTemplateParam')}"
        sent = Outcome("shown", at, None, waits, str(params.get("SmsSignName")), content)
        parts = sms.segments(text) if text else None
        numbers = {phone.number: phone.seq for phone in phones if phone.number}
        return [(seq, "sms", parts, sent) for seq in numbers.values()]


def params_of(row: sqlite3.Row) -> dict[str, Any]:
    """Returns the parameters of a task (`params`, `texts`), as they are for its `target`."""
    own = json.loads(row["texts"]) if row["texts"] else {}
    return {**json.loads(row["params"]), **own.get(row["target"], {})}
