"""Placeholders that nobody filled in, and texts that somebody only tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pushctl.diagnostics import Severity
from pushctl.lint import texts
from pushctl.lint.check import Finding, LintContext, LintTarget
from pushctl.manifest.yaml.positions import Path
from pushctl.text.quote import quoted
from pushctl.text.regex import regex

SIGN = "write the sign that it stands for; YAML reads \\n and the like only in double quotes"


_TEMPLATE = regex(
    r"\{\{[^{}]{0,80}\}\}"  # {{ name }}
    r"|\$\{[^{}]{0,80}\}"  # ${name}
    r"|\{%[^{}]{0,80}%\}|<%[^<>]{0,80}%>"
    r"|\[\[[^\[\]]{1,80}\]\]"  # [[name]]
    r"|(?<![\d%])%(?:\d+\$)?[sd@](?![A-Za-z])"  # %s, %1$s
    r"|[#@]\{[^{}]{0,80}\}|\*\|\w{1,40}\|\*|%\(\w{1,40}\)[sd]|%\.\d{1,2}f"
    r"|\[object Object\]"
    r"|(?<!:)\\[nrt]|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}"  # what was escaped once too often
    r"|%[C-Fc-f][\da-fA-F]%[89ABab][\da-fA-F]"
    r"|&(?:amp|lt|gt|quot|apos|nbsp|hellip|[mn]dash|[lr][sd]quo|copy|reg|trade|euro|yen|pound|szlig"
    r"|[A-Za-z](?:acute|grave|circ|tilde|uml|cedil)|#\d{1,7}|#[xX][\da-fA-F]{1,6});"
)
"""What programs fill in or read, and nobody writes for people to read."""

_ANY = regex(
    r"[{%<\[【〔（(#＃_$@*&\\＜｛［]|[Xx]{2}|TODO|FIXME|TBD|undefined|NaN|(?i:lorem)|D[Ee]|H[EIei]"
)
"""Something without which nothing of the next can be there; quicker than looking for each."""

_WHO = (
    r"(?i:(?:first|last|full|user|nick|customer|member|product|item|city|company|brand|shop|store)?"
    r"[ _-]?name|user(?:name|_?id)?|customer|recipient|title|headline|body|date|time|price|amount|"
    r"discount|code|link|url|city|brand|product|(?:your|insert|enter)[ _-][^\]\[{}<>#]{1,30}|"
    r"coupon|placeholder|todo|fixme|tbd|tbc|xxx?)"
    r"|(?:用户|客户|会员|收件人)?(?:姓名|名字|昵称|称呼)|用户名|(?:商品|产品|活动|店铺|公司|城市|品牌)名称?"
    r"|标题|订单号|手机号|占位符|待定|待填|待补充|请输入[^\]】]{0,20}"
)
_LIKELY = regex(
    r"\{[:$]?[a-z_][\w.]{0,40}\}|\{[0-9]{1,2}\}"  # {name}, {0}; not {JS}
    r"|</?[a-z][^<>]{0,80}>"  # <name>, and markup, which is shown as it stands; not <HTML>
    rf"|[\[{{<【〔＜｛［][ ]?(?:{_WHO})[ ]?[\]}}>】〕＞｝］]"
    rf"|([#＃%@$])(?:{_WHO})\1|__(?:{_WHO})__|(?<![\d%])%[A-Za-z][A-Za-z_.]{{2,30}}%(?!\d)"
    rf"|(?<![\w$])\$(?:{_WHO}|[a-z]{{2,20}}(?:_|(?=[A-Z]))\w{{1,20}})(?!\w)"
    r"|\\\"|(?<=\w)\\'(?=\w)|(?<=[A-Za-z])%20(?=[A-Za-z])"
    r"|(?<![A-Za-z])(?:undefined|NaN|FIXME)(?![A-Za-z])"
    r"|(?i:lorem ipsum)"
    r"|(?<![A-Za-z])(?:TODO|TBD)(?=\s*[:：(（)）\]】]|\s*$)"
    r"|(?<![A-Za-z])(?:Dear|Hi|Hello|Hey),? (?:(?:FIRST|LAST|FULL|USER)[ _]?)?"
    r"(?:NAME|USER|CUSTOMER)(?![A-Za-z])"
    r"|(?<=[\u4e00-\u9fff])(?<!第)[Xx]{2,}(?![A-Za-z])"
    r"|(?<![A-Za-z0-9第])[Xx]{2,}(?=[\u4e00-\u9fff])"
    r"|(?<![A-Za-z0-9])(?:x{3,}|X{4,})(?![A-Za-z0-9])"
)
"""What is a placeholder most likely, and could be meant."""

_FIELD = regex(
    r"\s*(?i:title|headline|subtitle|body|content)\s*"
    r"|\s*(?:这里是|此处为|请输入|填写)?(?:推送|消息|通知|活动)?(?:标题|副标题|内容|正文|文案)\d?\s*"
)
"""A text that is only the name of its field."""

_IN_LINK = regex(
    r"[{<][A-Za-z_0-9][\w. -]{0,40}[}>]"  # {id}, <id>
    r"|(?<=/):[a-z]\w{0,40}(?=[/?#]|$)"  # /:id, as routes are written
    r"|(?<=[/=])(?:TODO|FIXME|TBD|undefined|null|NaN|x{3,}|X{3,}|your[-_][\w-]{1,40})(?=[/?&#]|$)"
)
_IN_LINK_TEMPLATE = regex(
    r"\{\{[^{}]{0,80}\}\}|\$\{[^{}]{0,80}\}|\{%[^{}]{0,80}%\}|<%[^<>]{0,80}%>|\[\[[^\[\]]{1,80}\]\]"
    r"|%(?:\d+\$)?(?:s|@)(?![A-Za-z0-9])|%(?:\d+\$)?d(?![A-Za-z0-9])"  # %d0 is a character
    r"|\[object(?: |%20)Object\]|&(?:amp|lt|gt|quot|#\d{1,7}|#[xX][\da-fA-F]{1,6});"
)

_TRIAL = regex(
    r"(?<![a-z])(test|testing|dev|develop|development|staging|stage|sandbox|qa|uat|sit|demo|local)"
    r"(?![a-z])|测试",
    re.IGNORECASE,
)
"""Workspaces in which nobody minds a text that says test."""

_ONLY_TRIED = regex(
    r"\s*+(?:[\[(【（<]\s*+)?(?:(?:this is )?(?:just |only )?an? )?"
    r"(?:test(?:ing)?(?:[ _-]*(?:push|message|notification|title|body|text|test|\d))*|"
    r"(?:这是)?(?:一[条个则])?测试(?:推送|消息|通知|标题|内容|文案|一下|数据|\d|测试)*|"
    r"asdf\w*|qwert\w*|blah(?: blah)*)"
    r"(?:\s*[\])】）>])?[\s.!?。！？…]*",
    re.IGNORECASE,
)
_MARKED_AS_TRIED = regex(
    r"\s*+(?:[\[(【（<]\s*+(?:test|testing|测试)\s*+[\])】）>]|(?:test|testing|测试)\s*[:：])",
    re.IGNORECASE,
)


def check(subject: LintTarget, context: LintContext) -> Iterator[Finding]:
    """Yield what was left over of writing a message, the first of each text and link."""
    workspace = context.app.workspace
    trial = is_trial(workspace)
    for path, text in texts.shown(subject.texts):
        field, own, left = path[-1], path[0] == "message", _in_text(text)
        if left is not None and (own or left[1]):
            said = quoted(left[0]).replace("\\\\", "\\")
            detail = f"The {field} says {said}, and people would read it just so."
            yield _left(path, detail, "write what people should read", left, trial)
        elif own and not trial and _only_tried(text):
            detail = f"The {field} reads like a test, and the workspace {workspace} does not."
            fix = "write what people should read, or use a workspace for tests"
            yield Finding("PSH312", path, detail, fix=fix, severity=Severity.WARNING)
    for path, address in texts.addresses(subject.texts):
        left = in_address(address)
        if left is not None:
            detail = f"The address has {quoted(left[0])} in it, and phones would open it just so."
            yield _left(path, detail, "write the whole address", left, trial)


def _left(path: Path, detail: str, fix: str, left: tuple[str, bool], trial: bool) -> Finding:
    severity = None if left[1] and not trial else Severity.WARNING
    return Finding("PSH312", path, detail, SIGN if left[0][0] in "\\&" else fix, severity)


@lru_cache(8)
def is_trial(workspace: str) -> bool:
    """Tell whether a workspace is by its name one for trials."""
    return _TRIAL.search(workspace) is not None


def _only_tried(text: str) -> bool:
    return bool(_ONLY_TRIED.fullmatch(text) or _MARKED_AS_TRIED.match(text))


@lru_cache(8)  # two checks ask of each
def in_address(address: str) -> tuple[str, bool] | None:
    """Return the first placeholder in an address, and whether it is surely one."""
    return _first(address, _IN_LINK_TEMPLATE, _IN_LINK)


def _in_text(text: str) -> tuple[str, bool] | None:
    left = _first(text, _TEMPLATE, _LIKELY) if _ANY.search(text) else None
    return left or ((text.strip(), False) if _FIELD.fullmatch(text) else None)


def _first(text: str, certain: re.Pattern[str], likely: re.Pattern[str]) -> tuple[str, bool] | None:
    """Return the first placeholder in a text, and whether it is surely one."""
    for pattern in (certain, likely):
        if found := pattern.search(text):
            return found[0], pattern is certain
    return None
