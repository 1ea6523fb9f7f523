"""What one field says about another: checks that a schema cannot express. Pure.

Nothing here knows the time or a time zone; `compile.py` checks what depends on them.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.edit import fixes
from pushctl.manifest.resolve.audience_values import MEANT, NO_TARGET, invisible
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.schema.messages import name_of
from pushctl.manifest.schema.models import App, Images, Open, PushEntry
from pushctl.manifest.yaml.positions import Path, Provenance
from pushctl.push.identity import is_digest
from pushctl.push.task import MAX_TARGETS
from pushctl.text.quote import quoted

MAX_EXTRAS = 20
RESERVED_EXTRAS = frozenset(
    {"notifyType", "action", "silent", "pushType", "templateCode", "channel", "taskId"}
)
"""Keys of ExtendedParams that the service uses itself; the vendor's page on them."""
GUARDED = frozenset(
    {
        *("appid", "workspaceid", "tenantid", "targetmsgkey", "strategytype", "strategycontent"),
        *("title", "content", "deliverytype"),
    }
)
"""What exactly-once stands on, and what a lost call is recognised by; see `docs/decisions/0004`.
Compared without regard to case, because nobody knows whether the service minds it."""

_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")


class _Problem(NamedTuple):
    path: Path
    code: str
    detail: str
    fix: str
    severity: Severity | None = None


def check_push(
    entry: PushEntry, targets: Sequence[str], provenance: Provenance, app: App | None
) -> Iterator[Diagnostic]:
    """Yield what is wrong with one complete entry."""
    for path, code, detail, fix, severity in chain(
        _blank(entry),
        _picture(entry),
        _link(entry),
        _extras(entry),
        _raw(entry),
        _days(entry),
        _targets(entry),
        _activity(entry),
        _size(entry, targets, app),
    ):
        edits = fixes.of_check(code, path, entry, provenance)
        yield diagnostic(code, detail, provenance.locate(*path), fix, severity, edits)


def _blank(entry: PushEntry) -> Iterator[_Problem]:
    for name, text in (("title", entry.message.title), ("body", entry.message.body)):
        if all(map(unseen, text)):
            detail = f"`message.{name}` shows nothing, and the vendors refuse such a push."
            fix = "write what people should read"
            yield _Problem(("message", name), "PSH307", detail, fix)


def unseen(character: str) -> bool:
    """Tell whether nobody sees a character: a blank, a control, or one without a picture."""
    kind = unicodedata.category(character)
    return kind[0] in "ZC" or character in _INVISIBLE


def without_unseen(text: str) -> str:
    """Return the characters of a text that somebody sees."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    return "".join(character for character in text if not unseen(character))


def _picture(entry: PushEntry) -> Iterator[_Problem]:
    message = entry.message
    empty = isinstance(message.image, Images) and not message.image.data(defaults=False)
    there = message.image is not None and not empty
    if message.style == "image" and not there:
        detail = "`style: image` shows a picture, but there is no `image`."
        fix = "add `image: https://...`, or delete `style: image`"
        yield _Problem(("message", "style"), "PSH308", detail, fix)
    if there and message.style != "image":
        detail = "There is an `image`, but it is shown only with `style: image`."
        fix = "add `style: image`, or delete the image"
        yield _Problem(("message", "image"), "PSH308", detail, fix, Severity.WARNING)


def _link(entry: PushEntry) -> Iterator[_Problem]:
    link = entry.message.open
    if link is None:
        return
    path: Path = ("message", "open")
    url, intent = (link.url, link.intent) if isinstance(link, Open) else (link, None)
    path = path if not isinstance(link, Open) else (*path, "url" if url else "intent")
    scheme = fixes.SCHEME.match(without_unseen(url or intent or ""))
    word = scheme[1].lower() if scheme else None
    if word in fixes.NEVER_OPENED:
        detail = f"`{word}:` runs code or opens what is on the phone, and no app should do that."
        fix = "write the address of a page, or of a screen of the app"
        yield _Problem(path, "PSH314", detail, fix)
        return
    if url is not None and word not in ("http", "https"):
        detail = f"{quoted(url)} is opened as a web page, but it does not begin with https://."
        yield _Problem(path, "PSH314", detail, _as_page(url, is_screen=word is not None))
    if intent is not None and word in ("http", "https"):
        detail = f"{quoted(intent)} is a web page, but `intent` opens a screen of the app."
        yield _Problem(path, "PSH314", detail, f"write open: {intent}")


def _as_page(link: str, *, is_screen: bool) -> str:
    """Say how to write a link that is no address of a web page."""
    if page := fixes.page(link):
        return f"did you mean {page}?"
    if is_screen:
        return f"write open: {{intent: {link}}}"
    if link.startswith("//"):
        return f"write https:{link}"
    if link.startswith(("/", "\\")):
        return "write the whole address, with https:// and the host"
    return f"write https://{link}"


def _extras(entry: PushEntry) -> Iterator[_Problem]:
    extras = entry.message.extras or {}
    path: Path = ("message", "extras")
    if len(extras) > MAX_EXTRAS:
        detail = f"`message.extras` has {len(extras)} values; the service takes {MAX_EXTRAS}."
        yield _Problem(path, "PSH316", detail, f"keep at most {MAX_EXTRAS}")
    for key in extras:
        if key in RESERVED_EXTRAS:
            detail = f"{quoted(key)} in `message.extras` is reserved for the service itself."
            yield _Problem((*path, key), "PSH316", detail, "choose another name")


def _raw(entry: PushEntry) -> Iterator[_Problem]:
    for key in entry.raw:
        path: Path = ("raw", key)
        if key.lower() in GUARDED:
            detail = (
                f"`raw` may not set {key}: pushctl would no longer know who gets what, and when."
            )
            yield _Problem(path, "PSH805", detail, f"delete {key}")
        else:
            detail = f"{quoted(key)} is passed on as it is, and none of the checks looks at it."
            fix = "use the field of this language, if there is one"
            yield _Problem(path, "PSH806", detail, fix)


def _days(entry: PushEntry) -> Iterator[_Problem]:
    """Find days that no calendar has, such as 30 February, where no zone is needed to tell."""
    for at, item in enumerate(entry.allow):
        if item.until is not None and not is_day(item.until):
            path: Path = ("allow", at, "until")
            detail = f"{name_of(path)} is {quoted(item.until)}, but the calendar has no such day."
            yield _Problem(path, "PSH113", detail, "write a day that exists")


def is_day(text: str) -> bool:
    """Tell whether a date, or the date of a moment, is in the calendar."""
    try:
        dt.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _targets(entry: PushEntry) -> Iterator[_Problem]:
    """Look at targets that are written in the manifest itself."""
    field = entry.to.field
    seen: set[str] = set()
    for at, target in enumerate(() if field.endswith("_from") else getattr(entry.to, field) or ()):
        path: Path = ("to", field, at)
        clean = target.strip()
        wrong = "white space at its edge" if target != clean else invisible(target)
        if not clean:
            detail = f"{name_of(path)} is blank."
            yield _Problem(path, "PSH514", detail, "write a target, or delete it")
        elif wrong:
            detail = f"{name_of(path)} has {wrong}: {quoted(target)}."
            yield _Problem(path, "PSH514", detail, f"write {quoted(clean)}")
        elif is_digest(target):
            yield _Problem(path, "PSH514", f"{quoted(target)} {NO_TARGET}.", MEANT)
        if target in seen:
            detail = f"{quoted(target)} is in `to.{field}` more than once; it gets the push once."
            yield _Problem(path, "PSH503", detail, "delete one")
        seen.add(target)


def _activity(entry: PushEntry) -> Iterator[_Problem]:
    live, to = entry.live_activity, entry.to.dimension.startswith("activity_")
    if live is not None and not to:
        detail = (
            "`live_activity` reaches only Live Activities, but `to` names "
            f"{entry.to.dimension.replace('_', ' ')}."
        )
        fix = "use `to: {activity_tokens: [...]}` or `activity_ids`, or delete `live_activity`"
        yield _Problem(("live_activity",), "PSH511", detail, fix)
    if to and live is None:
        detail = f"`to.{entry.to.field}` reaches Live Activities, but there is no `live_activity`."
        fix = "add `live_activity: {event: update, state: {...}}`"
        yield _Problem(("to", entry.to.field), "PSH511", detail, fix)
    if live is not None and live.event == "update" and live.dismiss_at is not None:
        path = ("live_activity", "dismiss_at")
        detail = "`dismiss_at` counts only with `event: end`; with `update` the service ignores it."
        fix = "delete it, or write `event: end`"
        yield _Problem(path, "PSH511", detail, fix, Severity.WARNING)


def _size(entry: PushEntry, targets: Sequence[str], app: App | None) -> Iterator[_Problem]:
    if app is not None and not app.chunking and len(targets) > MAX_TARGETS:
        detail = (
            f"There are {len(targets)} targets, one task takes {MAX_TARGETS}, and `app.chunking` "
            "is false."
        )
        fix = f"write `chunking: true` under `app`, or keep at most {MAX_TARGETS} targets"
        yield _Problem(("to", entry.to.field), "PSH510", detail, fix)


def check_app(app: App, provenance: Provenance) -> Iterator[Diagnostic]:
    """Yield what is wrong with the app's own values."""
    now = app.sandbox.now
    if now is not None and not is_day(now):
        path = ("app", "sandbox", "now")
        detail = f"{name_of(path)} is {quoted(now)}, but the calendar has no {now[:10]}."
        yield diagnostic("PSH113", detail, provenance.locate(*path), "write a day that exists")
