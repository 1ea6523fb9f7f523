"""Where a tap leads, and where pictures come from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from pushctl.diagnostics import Severity
from pushctl.lint import texts
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.lint.rules.message import placeholders
from pushctl.manifest.checks.entry import unseen, without_unseen
from pushctl.manifest.schema.policy import Links
from pushctl.manifest.yaml.positions import Path
from pushctl.text.plural import some
from pushctl.text.quote import edges, quoted
from pushctl.text.regex import regex

_LIKE_LATIN = frozenset({"ARMENIAN", "CHEROKEE", "CYRILLIC", "GREEK"})
_PORT = r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]"
_HOST = r"^(?i:https?)://(?:[^/?#@]*@)?"
_BROKEN = (
    (
        regex(r"(?i)^(?:https?:?/*https?(?::/|//)|([a-z][a-z\d+.-]{0,40})://\1:/)"),
        "has two schemes",
    ),
    (regex(r"^(?i:https?):(?!//|\\)|^(?i:https?)://(?:[/?#:]|$)"), "has no host"),
    (regex(r"^(?i:https?):[^?#]*\\"), "has a backslash, which browsers take for a slash"),
    (regex(r"^(?i:https?)://[^/?#]*@"), "has a user's name or password before the host"),
    (regex(_HOST + rf"[^/?#:\[]*:(?!(?:{_PORT})?(?:[/?#]|$))"), "has a port that does not exist"),
    (regex(_HOST + r"(?:\.|(?!\[)[^/?#:]*(?:\.\.|[^\w.:/?#-]))"), "has a host that cannot exist"),
)
_DOUBTFUL = (
    (
        regex(r"^(?i:https?):.*%(?![\da-fA-F]{2})"),
        "has a % that is not the beginning of %20 or the like",
    ),
    (regex("[\u2018-\u201f\u2026\u3001-\u3011\uff01-\uff65]"), "has signs that are full-width"),
)
_LOCAL = (
    regex(
        _HOST
        + r"(?:(?i:localhost|(?:[^/?#:]*\.)?(?:example\.(?:com|net|org)|local(?:host)?|internal))"
        r"|(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+|0\.0\.0\.0|\[[^/?#]*\]"
        r"|[^./?#:\[\]]+)(?=[:/?#]|$)"
    ),
    "leads to a host on which people find nothing of yours",
)


_USUAL = regex(
    r"https?://(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*(?:/[A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9_=&-]*)?"
)
"""What most addresses look like: nothing is broken in these, and no sign of them is doubtful."""


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield addresses that are broken, not encrypted, or lead where this team does not want to."""
    allowed, trial = context.policy.links, placeholders.is_trial(context.app.workspace)
    for path, url in texts.addresses(subject.texts):
        link = path[1] == "open"
        if path[:2] in texts.LOADED and url[:5].lower() == "http:":
            yield _unencrypted(path, link=link)
        if link and (allowed.schemes is not None or allowed.hosts is not None):
            yield from _elsewhere(url, path, allowed)
        if placeholders.in_address(url) is None:
            yield from _broken(url, path, _DOUBTFUL if trial else (*_DOUBTFUL, _LOCAL))


def _unencrypted(path: Path, *, link: bool) -> Finding:
    what = "The link is not encrypted: whoever is on the way can read and change the page."
    if not link:
        what = f"The {path[1]} comes from http://, and the vendors load it only from https://."
    fix = f"write https:// if the {'page' if link else 'server'} can do that"
    return Finding("PSH309", path, what, fix, Severity.WARNING if link else None)


def _broken(
    url: str, path: Path, doubtful: tuple[tuple[re.Pattern[str], str], ...]
) -> Iterator[Finding]:
    """Yield the first thing because of which an address opens nothing."""
    signs, wrong = doubtful, None
    if _USUAL.fullmatch(url):
        signs = doubtful[len(_DOUBTFUL) :]
    else:
        wrong = _misread(url) or next((words for sign, words in _BROKEN if sign.search(url)), None)
    perhaps = next((words for sign, words in signs if sign.search(url)), None)
    if wrong or perhaps:
        detail, fix = f"{quoted(url)} {wrong or perhaps}.", "write what people are to open"
        yield Finding("PSH314", path, detail, fix, None if wrong else Severity.WARNING)


def _misread(url: str) -> str | None:
    """Say which signs of an address nobody sees, or takes for others."""
    if without_unseen(url) != url:
        hidden = next(filter(unseen, url))
        return edges(url) or f"has U+{ord(hidden):04X} in it, which nobody sees"
    for label in [] if url.isascii() else (host_of(url) or "").split("."):
        scripts = {unicodedata.name(sign, "").split(" ")[0] for sign in label if sign.isalpha()}
        mixed = len(scripts) > 1 and not scripts.isdisjoint(_LIKE_LATIN)
        if mixed or label != unicodedata.normalize("NFKC", label):
            plain = label.encode("punycode").decode()
            return f"has letters that look like others in its host, which is xn--{plain}"
    return None


def _elsewhere(link: str, path: Path, allowed: Links) -> Iterator[Finding]:
    scheme = link.partition(":")[0].lower() if ":" in link else ""
    if allowed.schemes is not None and scheme not in {item.lower() for item in allowed.schemes}:
        yield _not_listed(path, f"begins with {scheme}:", "scheme", allowed.schemes)
    elif allowed.hosts is not None and scheme in ("http", "https"):
        host = host_of(link)
        if host is None or not any(matches(host, pattern) for pattern in allowed.hosts):
            there = "has no host" if host is None else f"leads to {host}"
            yield _not_listed(path, there, "host", allowed.hosts)


def _not_listed(path: Path, there: str, kind: str, listed: tuple[str, ...]) -> Finding:
    among = some(listed, shown=5)
    detail = f"The link {there}, which is not among `policy.links.{kind}s`: {among}."
    return Finding("PSH313", path, detail, fix=f"correct the link, or add the {kind} to the policy")


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
