"""Placeholders that nobody filled in, and texts that somebody only tried."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.rule import Finding, Setting, Subject
from pushctl.lint.rules.message import leftovers, links
from pushctl.manifest.yaml.positions import Path
from pushctl.text.quote import quoted

_TRIAL = re.compile(
    r"(?<![a-z])(test|testing|dev|develop|development|staging|stage|sandbox|qa|uat|sit|demo|local)"
    r"(?![a-z])|测试",
    re.IGNORECASE,
)
"""Workspaces in which nobody minds a text that says test."""

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
    """Yield what was left over of writing a message, the first of each text and link."""
    message, trial = subject.entry.message, is_trial(setting.app.workspace)
    for field, text in (("title", message.title), ("body", message.body)):
        left = leftovers.in_text(text)
        if left is not None:
            said = f"The {field} says {quoted(left[0])}, and people would read it just so."
            yield _left(("message", field), said, "write what people should read", left, trial)
        elif not trial and _only_tried(text):
            yield Finding(
                "PSH312",
                ("message", field),
                f"The {field} reads like a test, and the workspace {setting.app.workspace} does "
                "not.",
                fix="write what people should read, or use a workspace for tests",
                severity=Severity.WARNING,
            )
    for path, address in links.addresses(message):
        left = leftovers.in_link(address)
        if left is not None:
            said = f"The address has {quoted(left[0])} in it, and phones would open it just so."
            yield _left(path, said, "write the whole address", left, trial)


def _left(path: Path, said: str, fix: str, left: tuple[str, bool], trial: bool) -> Finding:
    severity = None if left[1] and not trial else Severity.WARNING
    return Finding("PSH312", path, said, fix=fix, severity=severity)


def is_trial(workspace: str) -> bool:
    """Tell whether a workspace is by its name one for trials."""
    return _TRIAL.search(workspace) is not None


def _only_tried(text: str) -> bool:
    if _BEGINS.match(text) is None:
        return False
    return bool(_ONLY_TRIED.fullmatch(text) or _MARKED_AS_TRIED.match(text))
