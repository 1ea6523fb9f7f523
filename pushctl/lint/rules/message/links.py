"""Where a tap leads, and where pictures come from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.manifest.schema.models import Icons, Images, Message, Open
from pushctl.manifest.schema.policy import Links
from pushctl.manifest.yaml.positions import Path
from pushctl.rule import Rule, entry
from pushctl.text.plural import some

RULES = (
    Rule(
        code="PSH309",
        title="An address is not encrypted",
        severity=Severity.ERROR,
        why="""Phones and vendors load pictures and icons only from https. A link to http opens, and
        is a warning: whoever is on the way, such as a hotel's network, can read what people look at
        and change it.""",
        fix="Write https:// instead of http://.",
        bad=entry("message: {title: Brunch, body: For two., icon: http://cdn.acme.example/i.png}"),
        good=entry(
            "message: {title: Brunch, body: For two., icon: https://cdn.acme.example/i.png}"
        ),
        sources=("Apple documentation, App Transport Security; Huawei Push Kit documentation",),
        adjustable=True,
    ),
    Rule(
        code="PSH313",
        title="The link leads where this team does not want to lead",
        severity=Severity.ERROR,
        why="""`policy.links` lists the schemes and hosts that a tap may open. A typing mistake in a
        host, or a link that somebody slipped in, would send everybody to a stranger's page that
        looks like yours.""",
        fix="Correct the link, or add the host to `policy.links` in a change of its own.",
        bad=entry(
            "message: {title: Sale, body: Tonight., open: https://m.acme.example.evil.example/}",
            head='policy:\n  links: {hosts: ["*.acme.example"]}\n',
        ),
        good=entry(
            "message: {title: Sale, body: Tonight., open: https://m.acme.example/sale}",
            head='policy:\n  links: {hosts: ["*.acme.example"]}\n',
        ),
        settings=("links",),
        adjustable=True,
    ),
)


INSECURE = "http:"


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what is not encrypted, and links to where this team does not want to lead anybody."""
    message = subject.entry.message
    for path, url in _pictures(message):
        if url[: len(INSECURE)].lower() == INSECURE:
            detail = (
                f"The {path[1]} comes from http://, and the vendors load it only from https://."
            )
            yield Finding("PSH309", path, detail, fix="write https:// if the server can do that")
    link = address(message.open)
    if link is None:
        return
    if link[: len(INSECURE)].lower() == INSECURE:
        detail = "The link is not encrypted: whoever is on the way can read and change the page."
        fix = "write https:// if the page can do that"
        yield Finding("PSH309", _link_path(message), detail, fix=fix, severity=Severity.WARNING)
    allowed = context.policy.links
    if allowed.schemes is not None or allowed.hosts is not None:
        yield from _elsewhere(link, _link_path(message), allowed)


def addresses(message: Message) -> Iterator[tuple[Path, str]]:
    """Yield every address that a message has, and where it stands: the link, and its pictures."""
    link = address(message.open)
    if link is not None:
        yield _link_path(message), link
    yield from _pictures(message)


def address(link: str | Open | None) -> str | None:
    """Return what a tap opens, however it is written."""
    return (link.url or link.intent) if isinstance(link, Open) else link


def _link_path(message: Message) -> Path:
    if not isinstance(message.open, Open):
        return ("message", "open")
    return ("message", "open", "url" if message.open.url is not None else "intent")


def _pictures(message: Message) -> Iterator[tuple[Path, str]]:
    for name in ("image", "icon"):
        value: str | Images | Icons | None = getattr(message, name)
        if isinstance(value, str):
            yield ("message", name), value
        elif value is not None:
            for channel, url in value:
                if url is not None:
                    yield ("message", name, channel), url


def _elsewhere(link: str, path: Path, allowed: Links) -> Iterator[Finding]:
    scheme = link.partition(":")[0].lower() if ":" in link else ""
    if allowed.schemes is not None and scheme not in {item.lower() for item in allowed.schemes}:
        yield Finding(
            "PSH313",
            path,
            f"The link begins with {scheme}:, which is not among `policy.links.schemes`: "
            f"{some(allowed.schemes, shown=5)}.",
            fix="correct the link, or add the scheme to the policy",
        )
    elif allowed.hosts is not None and scheme in ("http", "https"):
        host = host_of(link)
        if host is None or not any(matches(host, pattern) for pattern in allowed.hosts):
            there = "has no host" if host is None else f"leads to {host}"
            yield Finding(
                "PSH313",
                path,
                f"The link {there}, which is not among `policy.links.hosts`: "
                f"{some(allowed.hosts, shown=5)}.",
                fix="correct the link, or add the host to the policy",
            )


def host_of(link: str) -> str | None:
    """Return the host that a browser would go to; None if there is none to be sure of.

    Browsers take a backslash for a slash, and what stands before an @ for a name and a password.
    """
    try:
        host = urlsplit(link.replace("\\", "/")).hostname
    except ValueError:
        return None
    return host.rstrip(".") or None if host else None


def matches(host: str, pattern: str) -> bool:
    """Tell whether a host is meant; `*.` stands for any name before it."""
    wanted = pattern.lower().rstrip(".")
    if wanted.startswith("*."):
        return host.endswith(wanted[1:]) and len(host) > len(wanted) - 1
    return host == wanted
