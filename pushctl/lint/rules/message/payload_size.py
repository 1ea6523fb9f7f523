"""How large a message is, all in all.

PSH316 itself is in `manifest/rules.toml`: reading a manifest finds other cases of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint import texts
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.manifest.schema.models import Message
from pushctl.push.identity import canonical_json

MOST_EXTRAS = 1024
"""Bytes of extra values above which there is hardly room for a text."""


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what is too large for any channel, and extra values that leave no room."""
    message, limit = subject.entry.message, context.facts.message_bytes
    link = "".join(url for path, url in texts.addresses(subject.texts) if path[1] == "open")
    if not message.extras and 4 * (len(message.title) + len(message.body) + len(link)) <= limit:
        return  # no character has more than four bytes
    sizes = _sizes(message, link)
    total = sum(sizes.values())
    if total > limit:
        parts = ", ".join(f"{name} {size:,}" for name, size in sizes.items() if size)
        largest = max(sizes, key=lambda name: sizes[name])
        yield Finding(
            "PSH306",
            ("message", "open" if largest == "link" else largest),
            f"All together it is at least {total:,} of {limit:,} bytes: {parts}.",
            fix=f"shorten the {largest} by {total - limit:,} bytes; a Chinese character has three",
        )
    elif sizes["extras"] > MOST_EXTRAS:
        detail = f"`message.extras` is {sizes['extras']:,} bytes; a whole message has {limit:,}."
        fix = "pass an id, and let the app fetch the rest"
        yield Finding("PSH316", ("message", "extras"), detail, fix=fix)


def _sizes(message: Message, link: str) -> dict[str, int]:
    """Return the bytes of what is surely sent; what the channels wrap around it comes on top."""
    extras = canonical_json(message.extras) if message.extras else ""
    parts = {"title": message.title, "body": message.body, "extras": extras, "link": link}
    return {name: len(text.encode("utf-8", "surrogatepass")) for name, text in parts.items()}
