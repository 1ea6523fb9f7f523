"""Placeholders that nobody filled in, and texts that somebody only tried."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.model import Finding, Setting, Subject
from pushctl.manifest.wording import quoted

_TRIAL = re.compile(
    r"(?<![a-z])(test|testing|dev|develop|development|staging|stage|sandbox|qa|uat|sit|demo|local)"
    r"(?![a-z])|测试",
    re.IGNORECASE,
)
"""Workspaces in which nobody minds a text that says test."""

_ANY = re.compile(r"[{%<\[]|[Xx]{2}|TODO|FIXME|TBD|undefined|NaN|(?i:lorem)")
"""Something without which no placeholder can be there; quicker than looking for each of them."""

_PLACEHOLDER = re.compile(
    r"\{\{[^{}]{0,80}\}\}"  # {{ name }}
    r"|\$\{[^{}]{0,80}\}"  # ${name}
    r"|\{%[^{}]{0,80}%\}|<%[^<>]{0,80}%>"  # templates
    r"|\{[A-Za-z_][\w.]{0,40}\}|\{[0-9]{1,2}\}"  # {name}, {0}
    r"|(?<![\d%])%(?:\d+\$)?[sd@](?![A-Za-z])"  # %s, %1$s
    r"|</?[A-Za-z][^<>]{0,80}>"  # <name>, and markup, which is shown as it stands
    r"|\[\[[^\[\]]{1,80}\]\]"  # [[name]]
    r"|\[object Object\]|(?<![A-Za-z])(?:undefined|NaN)(?![A-Za-z])"
    r"|(?i:lorem ipsum)"
    r"|(?<![A-Za-z])(?:TODO|FIXME|TBD)(?=\s*[:：(（]|\s*$)"
    r"|(?<=[\u4e00-\u9fff])[Xx]{2,}(?![A-Za-z])|(?<![A-Za-z0-9])[Xx]{2,}(?=[\u4e00-\u9fff])"
    r"|(?<![A-Za-z0-9])[Xx]{4,}(?![A-Za-z0-9])"
)

_BEGINS = re.compile(r"\s*[\[(【（<]?\s*(?:this|just|only|an? |test|[这一测]|asdf|qwer|blah)", re.I)
"""How every text begins that was only tried; quicker than reading it to the end."""

_ONLY_TRIED = re.compile(
    r"\s*(?:[\[(【（<]\s*)?(?:(?:this is )?(?:just |only )?an? )?"
    r"(?:test(?:ing)?(?:[ _-]*(?:push|message|notification|title|body|text|test|\d))*|"
    r"(?:这是)?(?:一[条个则])?测试(?:推送|消息|通知|标题|内容|文案|一下|数据|\d|测试)*|"
    r"asdf\w*|qwert\w*|blah(?: blah)*)"
    r"(?:\s*[\])】）>])?[\s.!?。！？…]*",
    re.IGNORECASE,
)
_MARKED_AS_TRIED = re.compile(
    r"\s*(?:[\[(【（<]\s*(?:test|testing|测试)\s*[\])】）>]|(?:test|testing|测试)\s*[:：])",
    re.IGNORECASE,
)


def check(subject: Subject, setting: Setting) -> Iterator[Finding]:
    """Yield what was left over of writing a message, the first of title and text each."""
    message = subject.entry.message
    for field, text in (("title", message.title), ("body", message.body)):
        left = _PLACEHOLDER.search(text) if _ANY.search(text) else None
        if left is not None:
            yield Finding(
                "PSH312",
                ("message", field),
                f"The {field} says {quoted(left[0])}, and people would read it just so.",
                fix="write what people should read",
                severity=Severity.WARNING if is_trial(setting.app.workspace) else None,
            )
        elif _only_tried(text) and not is_trial(setting.app.workspace):
            yield Finding(
                "PSH312",
                ("message", field),
                f"The {field} reads like a test, and the workspace {setting.app.workspace} does "
                "not.",
                fix="write what people should read, or use a workspace for tests",
                severity=Severity.WARNING,
            )


def is_trial(workspace: str) -> bool:
    """Tell whether a workspace is by its name one for trials."""
    return _TRIAL.search(workspace) is not None


def _only_tried(text: str) -> bool:
    if _BEGINS.match(text) is None:
        return False
    return bool(_ONLY_TRIED.fullmatch(text) or _MARKED_AS_TRIED.match(text))
