"""A message in Markdown: its text, and a table of what each phone shows."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.push.push import Push
from pushctl.render.markdown.syntax import code, own_text, text
from pushctl.render.view.message_preview import Preview, ShownText, State, devices_of, preview
from pushctl.text.messages import _
from pushctl.vendors.screens import Alert

LONG = 600
"""Characters of a body that are shown."""


def message(push: Push) -> Iterator[str]:
    """Yield blocks about the message of an entry: a list, and a table of phones."""
    lines = [_("**What people see**"), "", _("- title: {title}", text(push.message.title))]
    lines.append(_("- body: {body}", text(push.message.body, limit=LONG)))
    if link := push.message.link:
        lines.append(_("- a tap opens {link}", code(link)))
    yield "\n".join(lines)
    if table := list(_phones(push)):
        yield "\n".join((_("| phone, before it is opened | shows |"), "| --- | --- |", *table))


def _phones(push: Push) -> Iterator[str]:
    """Yield a row for all phones that show the same."""
    alike: dict[str, list[str]] = {}
    for device in devices_of(push):
        shown = _shown(preview(push, device, State.COLLAPSED))
        alike.setdefault(shown, []).append(device.label)
    for shown, names in alike.items():
        yield f"| {own_text(', '.join(names))} | {shown} |"


def _shown(item: Preview) -> str:
    """Say what a phone makes of a message, as far as that is not simply to show it."""
    if item.rejected:
        return _(
            "**nothing**, it is rejected: {rejected}", text("; ".join(item.rejected), limit=400)
        )
    notes = [item.picture.why] if item.picture.url else []
    notes += [item.alert_why] if item.alert is not Alert.OPEN else []
    said = "; ".join((*notes, *item.doubts))
    beside = f" · *{text(said, limit=400)}*" if said else ""
    if item.title.whole and item.body.whole:
        return _("all of it{beside}", beside)
    return f"{_cut(item.title)} · {_cut(item.body)}{beside}"


def _cut(item: ShownText) -> str:
    """Show what is seen of a text; `…` where the screen ends before the text does."""
    return text(item.shown if item.whole else f"{item.shown}…", limit=LONG)
