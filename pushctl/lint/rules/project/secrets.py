"""Texts that look like keys and passwords. What was found is never said, only where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.manifest.yaml.positions import Path
from pushctl.text.regex import regex

_ANY = regex(r"[A-Za-z0-9_+/-]{16}|-----BEGIN |://[^\s/@]+@")
"""Something without which none of the others can be there."""

_KINDS = (
    ("an access key of Alibaba Cloud", r"(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,30}(?![A-Za-z0-9])"),
    ("an access key of AWS", r"(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ("a private key", r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY"),
    ("a secret key of a web service", r"(?<![A-Za-z0-9])[rs]k[-_][A-Za-z0-9_-]{20,}"),
    ("a token of a code host", r"(?<![A-Za-z0-9])(?:gh[oprsu]_\w{36,}|glpat-[\w-]{20,})"),
    ("a token of a chat", r"(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9-]{10,}"),
    ("a key of Google", r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}"),
    ("a signed token (JWT)", r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    (
        "an address with a password",
        r"[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s/:@]{1,64}:[^\s/@]{3,128}@",
    ),
)
_KNOWN = regex("|".join(f"({pattern})" for _, pattern in _KINDS))

_BEGINS = regex("LTAI|A[KS]IA|-----BEGIN|[rs]k[-_]|gh[oprsu]_|glpat-|xox|AIza|eyJ|@")
"""Something of each of these; looking for that first is quicker."""

_NAMES = regex(
    r"(?i)(?:secret|passw(?:or)?d|passwd|api_?key|access_?key|private_?key|auth_?token"
    r"|access_?token|credential)"
)
_IN_LINK = regex(r"[?&#]([^=&#\s]{1,64})=([^&#\s]{1,512})")
_RANDOM = regex(r"[A-Za-z0-9_+/=.-]{20,}")


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield the places of an entry at which something stands that should be in no repository."""
    for path, text in subject.texts:
        if _ANY.search(text) is None or path[1:2] in (("image",), ("icon",)):
            continue
        kind = _kind(path, text)
        if kind is not None:
            yield Finding(
                "PSH808",
                path,
                f"This looks like {kind}. It is in the repository now, and would be sent to every "
                "phone.",
                fix="take it out, and have it replaced by a new one: whoever has the repository "
                "has this one",
                hidden=True,
            )


def _kind(path: Path, text: str) -> str | None:
    known = _KNOWN.search(text) if _BEGINS.search(text) else None
    if known is not None:
        return _KINDS[(known.lastindex or 1) - 1][0]
    named = [(str(path[-1]), text), *_IN_LINK.findall(text)]
    if any(_NAMES.search(name) and _random(value) for name, value in named):
        return "a key or a password, by its name"
    return None


def _random(text: str) -> bool:
    """Tell whether a text is long and mixed, as no word is."""
    mixed = any(item.isdigit() for item in text) and any(item.isalpha() for item in text)
    return mixed and len(set(text)) >= 10 and _RANDOM.fullmatch(text) is not None
