"""The HTML section with messages as phones show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from pushctl.push.push import Push
from pushctl.render.html.markup import Html, join, switch, tag, trusted, user_text
from pushctl.render.html.selection import changed_first
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.message_preview import (
    Device,
    Preview,
    ShownText,
    State,
    devices_of,
    preview,
)
from pushctl.text import local_times, timestamps
from pushctl.text.messages import _, count
from pushctl.text.width import fitting
from pushctl.vendors.screens import Alert

OPENED = 3
"""How many messages are open from the beginning, beside those that somebody refuses."""

REST_CELLS = 80
"""How much of what is cut off is quoted, in cells."""

WHOLE_CELLS = 1500
"""How much of an opened text is written down, in cells: no screen is longer."""


def section(views: Sequence[ChangeView]) -> Html:
    """Draw the messages of a plan on every phone that they may reach."""
    drawn = sorted((view for view in views if view.drawn), key=changed_first)
    left = sum(view.push is not None for view in views) - len(drawn)
    note = _(
        "{number} messages are drawn, changed ones first; {left} more are left out.",
        len(drawn),
        left,
    )
    switches = (
        switch(
            _("Notification"), "view", (("arrives", _("as it arrives")), ("opened", _("opened")))
        ),
        switch(_("Phone"), "light", (("day", _("light")), ("night", _("dark")))),
    )
    return join(
        tag("p", _(_DISCLAIMER), class_="lead"),
        tag("p", note, class_="note") if left > 0 else None,
        tag("div", *switches, class_="switches"),
        *(_message(view, opened=number < OPENED) for number, view in enumerate(drawn)),
    )


_DISCLAIMER = (
    "An approximation: phones, text sizes and versions differ. What a vendor refuses is exact, by "
    "its own count; where a text is cut is estimated, except on the iPhone as it arrives. "
    "Pictures are named, not loaded."
)


def _message(view: ChangeView, *, opened: bool) -> Html:
    push = view.push
    assert push is not None
    when = _moment(view)
    arriving = [preview(push, device, State.COLLAPSED) for device in devices_of(push)]
    refusing = [shown.device.label for shown in arriving if shown.rejected]
    chip = tag("span", _("refused by {refusing}", ", ".join(refusing)), class_="chip error")
    link = tag("a", _("What happens to it"), href=f"#c{view.number}")
    return tag(
        "details",
        tag(
            "summary",
            tag("h3", user_text(view.id)),
            tag("span", when[0], class_="lead"),
            chip if refusing else None,
        ),
        tag("p", link if view.listed else None, id=f"d{view.number}", class_="lead"),
        tag(
            "div",
            *(_phone(push, shown, when) for shown in arriving),
            class_="phones",
            tabindex="0",
            role="region",
            aria_label=_("Phones that show {id}", view.id),
        ),
        class_="message",
        open=opened or bool(refusing),
    )


def _moment(view: ChangeView) -> tuple[str, str, str]:
    """Return when it is seen first: in words, and the day and the time of a lock screen."""
    at = next(iter((*view.coming, *view.proposed)), None)
    if at is None:
        return _("sent at once") if view.at_once else _("nothing to come"), "", ""
    text = local_times.moment(at, view.zone)
    day = local_times.moment(at, view.zone, with_zone=False).rsplit(" ", 2)[0]
    return text, day, timestamps.time(at, view.zone)


# --- one phone ------------------------------------------------------------------------------------


def _phone(push: Push, arriving: Preview, when: tuple[str, str, str]) -> Html:
    device = arriving.device
    opened = preview(push, device, State.EXPANDED)
    lock = (
        tag("p", tag("span", when[1]), tag("b", when[2]), class_="lock")
        if device is Device.IPHONE
        else tag("p", when[2], class_="bar")
    )
    refused = " refused" if not arriving.arrives else ""
    return tag(
        "figure",
        tag("figcaption", device.label),
        tag("div", lock, _notification(arriving, opened), class_="screen"),
        tag("ul", *_remarks(arriving, opened), class_="remarks"),
        class_=f"phone {device.name.lower()}{refused}",
    )


def _notification(arriving: Preview, opened: Preview) -> Html:
    picture = arriving.picture
    return tag(
        "div",
        tag("p", tag("i", class_="icon"), tag("span", _("Your app")), class_="app"),
        tag("p", *_text(arriving.title, opened.title), class_="t"),
        tag("p", *_text(arriving.body, opened.body), class_="b"),
        tag("p", _("picture from "), user_text(host(picture.url)), class_="picture")
        if picture.shown and picture.url is not None
        else None,
        class_="card",
    )


def _text(arriving: ShownText, opened: ShownText) -> Iterator[Html]:
    """Yield a text once: what is seen on arrival, and what opening it adds."""
    more = opened.shown[len(arriving.shown) :]
    room = fitting(more, WHOLE_CELLS)
    ends = (_MORE_A if arriving.rest else None, _MORE_O if opened.rest or more[room:] else None)
    yield tag("bdi", arriving.shown, tag("span", more[:room], class_="o") if more else None, *ends)


_MORE_A = trusted('<b class="a cut">…</b>')
_MORE_O = trusted('<b class="o cut">…</b>')


def _remarks(arriving: Preview, opened: Preview) -> Iterator[Html]:
    for reason in arriving.rejected:
        yield tag(
            "li", tag("b", _("{label} refuses it: ", arriving.device.label)), reason, class_="bad"
        )
    for reason in arriving.doubts:
        yield tag("li", tag("b", _("Not certain: ")), reason, class_="warn")
    yield from _cut(arriving, "a")
    yield from _cut(opened, "o")
    if arriving.alert is not Alert.OPEN:
        yield tag("li", arriving.alert_why)
    if arriving.picture.url is not None:
        yield tag("li", arriving.picture.why)


def _cut(shown: Preview, state: str) -> Iterator[Html]:
    for name, cut in ((_("title"), shown.title), (_("body"), shown.body)):
        if cut.rest:
            at = fitting(cut.rest, REST_CELLS)
            more = len(cut.rest) - at
            tail = _(" and {more_characters}", count(more, "more character")) if more else ""
            about = "" if cut.exact else _(" about here")
            yield tag(
                "li",
                _("{name} cut{about}: ", name, about),
                tag("mark", user_text(cut.rest[:at].strip() or cut.rest[:at])),
                tail,
                class_=state,
            )


def host(url: str) -> str:
    """Return the host of an address, or all of it if it has none."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
