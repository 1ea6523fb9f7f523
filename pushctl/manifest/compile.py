"""From resolved entries to pushes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from typing import Any

from msgspec import Struct

from pushctl.diagnostics import Diagnostic, about
from pushctl.manifest import redaction
from pushctl.manifest.checks.schedule import (
    DEFAULT_EXPIRY,
    CompileContext,
    Problem,
    finding,
    schedule_of,
    warnings_of,
)
from pushctl.manifest.read import accepted
from pushctl.manifest.resolved import Reading, ResolvedPush
from pushctl.manifest.schedule.timezones import TimeError, instant_of, zone
from pushctl.manifest.schema.models import Icons, Images, Open, PushEntry, Vendors
from pushctl.mpaas import encode
from pushctl.push.message import Audience, AudienceKind, LiveActivity, Message, Sms, VendorOptions
from pushctl.push.push import Meta, OnChange, OnRemove, Push, Source
from pushctl.schedule.recurrence import Declared
from pushctl.schedule.service_schedule import Horizon


class Compiled(Struct, frozen=True):
    """The entries as the service will get them, and what is wrong with the others."""

    pushes: tuple[Push, ...]
    diagnostics: tuple[Diagnostic, ...]


def compile_manifest(
    reading: Reading, *, now: int, recorded: Container[str] = frozenset(), send_late: bool = False
) -> Compiled:
    """Compile every entry that could be read; findings are collected, never raised.

    `now` is in epoch seconds, `recorded` the ids that were applied before.
    """
    manifest = reading.manifest
    if manifest is None:
        return Compiled((), ())
    zones = {}
    for path in (("timezone",), ("app", "service_timezone")):
        name = manifest.timezone if len(path) == 1 else manifest.app.service_timezone
        try:
            zones[path] = zone(name)
        except TimeError as error:
            assert reading.provenance is not None  # there is a manifest
            return Compiled((), (finding(error, reading.provenance, path),))
    renamed = _renamed({item.from_: item.to for item in manifest.moved}, recorded)
    moment = CompileContext(
        now=now,
        zone=zones["timezone",],
        horizon=Horizon(zones["app", "service_timezone"], manifest.app.behaviour.horizon_days),
        recorded=_Either(recorded, renamed),
        send_late=send_late,
        calendars=reading.calendars,
        min_lead=int(manifest.policy.min_lead),
    )
    compiled = _compiled(reading.pushes, moment)
    found = compiled.diagnostics
    hashed = manifest.app.targets == "hashed"
    return Compiled(compiled.pushes, redaction.without_lines(found) if hashed else found)


class _Either(Struct, frozen=True):
    """What is in one of two sets."""

    one: Container[str]
    other: Container[str]

    def __contains__(self, id: object) -> bool:
        return id in self.other or id in self.one


def _renamed(moved: Mapping[str, str], recorded: Container[str]) -> frozenset[str]:
    """Return every id that a recorded entry may have got, through any number of moves."""
    found: set[str] = set()
    waiting = [moved[id] for id in moved if id in recorded]
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += [moved[id]] if id in moved else []
    return frozenset(found)


def _compiled(resolved: tuple[ResolvedPush, ...], moment: CompileContext) -> Compiled:
    pushes: list[Push] = []
    findings: list[Diagnostic] = []
    for item in resolved:
        schedule, before = None, len(findings)
        try:
            schedule = schedule_of(item, moment)
            findings += accepted(item.entry, warnings_of(item, schedule, moment))
        except Problem as problem:
            findings.append(problem.finding)
        try:
            activity = _activity(item, moment.zone)
        except Problem as problem:
            findings.append(problem.finding)
        else:
            if schedule is not None:
                pushes.append(push_of(item, schedule, activity))
        findings[before:] = about(item.id, findings[before:])
    return Compiled(tuple(pushes), tuple(findings))


def push_of(item: ResolvedPush, schedule: Declared, activity: LiveActivity | None) -> Push:
    """Put one entry together."""
    entry = item.entry
    return Push(
        id=item.id,
        name=entry.name or item.id,
        message=message(item),
        audience=Audience(AudienceKind.of(item.dimension), item.targets),
        schedule=schedule,
        expires_after=DEFAULT_EXPIRY if entry.expires_after is None else entry.expires_after,
        via=entry.via,
        vendors=_vendors(entry.vendors),
        sms=_sms(entry),
        live_activity=activity,
        raw={name: encode.raw_parameter(value) for name, value in entry.raw.items()},
        spec=spec(item),
        source=Source(item.source.filename, item.source.start.line),
        encode=encode.encoded,
        meta=Meta(
            owner=entry.owner,
            description=entry.description,
            labels=dict(sorted(entry.labels.items())),
            protect=entry.protect,
            on_remove=OnRemove(entry.on_remove),
        ),
        enabled=entry.enabled,
        on_change=OnChange(entry.on_change),
        zone=zone(entry.schedule.timezone) if entry.schedule.timezone else None,
    )


BESIDES = {
    *("allow", "description", "enabled", "labels", "offer_ends", "on_change", "on_remove"),
    *("owner", "protect", "to"),
}


def spec(item: ResolvedPush) -> Mapping[str, Any]:
    """Return the entry as people read it in a diff: what was said, without the targets."""
    said = item.entry.data(defaults=False)
    shown = {name: value for name, value in said.items() if name not in BESIDES}
    return {**shown, "to": item.dimension}


def message(item: ResolvedPush) -> Message:
    """Return what people see."""
    said = item.entry.message
    url, intent = _link(said.open)
    return Message(
        title=said.title,
        body=said.body,
        style=said.style,
        image=_pictures(said.image),
        icon=_pictures(said.icon),
        url=url,
        intent=intent,
        silent=said.silent,
        extras=said.extras or {},
        transparent_payload=said.transparent_payload,
        transparent_urgency=said.transparent_urgency,
    )


def _pictures(value: str | Images | Icons | None) -> Mapping[str, str]:
    """Return addresses by channel; a single one is for all channels."""
    if value is None or isinstance(value, str):
        return {} if value is None else {"default": value}
    return value.data(defaults=False)


def _link(value: str | Open | None) -> tuple[str | None, str | None]:
    """Return the address and the intent that a tap opens; at most one of them is set."""
    if value is None or isinstance(value, str):
        return value, None
    return value.url, value.intent


def _vendors(vendors: Vendors) -> VendorOptions:
    channels = {name: getattr(vendors, name) for name in encode.CHANNEL_KEYS}

    def said(key: str) -> dict[str, str]:
        words = {name: getattr(channel, key, None) for name, channel in channels.items()}
        return {name: word for name, word in words.items() if word is not None}

    return VendorOptions(
        categories=said("category"),
        levels=said("level"),
        vivo_class=vendors.vivo.class_,
        xiaomi_channel=vendors.xiaomi.channel,
        android_channel=vendors.android.channel,
        template=vendors.template,
    )


def _sms(entry: PushEntry) -> Sms | None:
    sms = entry.sms
    return None if sms is None else Sms(sms.mode, sms.sign, sms.template, sms.params)


def _activity(item: ResolvedPush, zone: dt.tzinfo) -> LiveActivity | None:
    """Return the Live Activity; raises `Problem` for a time that does not exist in the zone."""
    activity = item.entry.live_activity
    if activity is None:
        return None
    dismissal = None
    if activity.dismiss_at is not None:
        try:
            dismissal = instant_of(activity.dismiss_at, zone)
        except TimeError as error:
            path = ("live_activity", "dismiss_at")
            raise Problem(finding(error, item.provenance, path)) from error
    return LiveActivity(activity.event, activity.state, dismissal)
