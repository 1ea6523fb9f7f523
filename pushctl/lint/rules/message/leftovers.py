"""What placeholders look like that nobody filled in. Pure."""

from __future__ import annotations

import re

TEMPLATE = re.compile(
    r"\{\{[^{}]{0,80}\}\}"  # {{ name }}
    r"|\$\{[^{}]{0,80}\}"  # ${name}
    r"|\{%[^{}]{0,80}%\}|<%[^<>]{0,80}%>"
    r"|\[\[[^\[\]]{1,80}\]\]"  # [[name]]
    r"|(?<![\d%])%(?:\d+\$)?[sd@](?![A-Za-z])"  # %s, %1$s
    r"|\[object Object\]"
)
"""What programs fill in, and nobody writes for people to read."""

_ANY = re.compile(
    r"[{%<\[【〔（(#＃_]|[Xx]{2}|TODO|FIXME|TBD|undefined|NaN|(?i:lorem)|D[Ee]|H[EIei]"
)
"""Something without which nothing of the next can be there; quicker than looking for each."""

_WHO = (
    r"(?i:(?:first|last|full|user|nick|customer|member|product|item|city|company|brand|shop|store)?"
    r"[ _-]?name|user(?:name|_?id)?|customer|recipient|title|headline|body|date|time|price|amount|"
    r"discount|code|link|url|city|brand|product|(?:your|insert|enter)[ _-][^\]\[{}<>#]{1,30}|"
    r"placeholder|todo|fixme|tbd|tbc|xxx?)"
    r"|(?:用户|客户|会员|收件人)?(?:姓名|名字|昵称|称呼)|用户名|(?:商品|产品|活动|店铺|公司|城市|品牌)名称?"
    r"|标题|订单号|手机号|占位符|待定|待填|待补充|请输入[^\]】]{0,20}"
)
_LIKELY = re.compile(
    r"\{[a-z_][\w.]{0,40}\}|\{[0-9]{1,2}\}"  # {name}, {0}; not {JS}
    r"|</?[a-z][^<>]{0,80}>"  # <name>, and markup, which is shown as it stands; not <HTML>
    rf"|[\[{{<【〔][ ]?(?:{_WHO})[ ]?[\]}}>】〕]"
    rf"|([#＃%])(?:{_WHO})\1|__(?:{_WHO})__"
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

_FIELD = re.compile(
    r"\s*(?i:title|headline|subtitle|body|content)\s*"
    r"|\s*(?:这里是|此处为|请输入|填写)?(?:推送|消息|通知|活动)?(?:标题|副标题|内容|正文|文案)\d?\s*"
)
"""A text that is only the name of its field."""

_IN_LINK = re.compile(
    r"[{<][A-Za-z_0-9][\w. -]{0,40}[}>]"  # {id}, <id>
    r"|(?<=/):[a-z]\w{0,40}(?=[/?#]|$)"  # /:id, as routes are written
    r"|(?<=[/=])(?:TODO|FIXME|TBD|undefined|null|NaN|x{3,}|X{3,}|your[-_][\w-]{1,40})(?=[/?&#]|$)"
)
_IN_LINK_TEMPLATE = re.compile(
    r"\{\{[^{}]{0,80}\}\}|\$\{[^{}]{0,80}\}|\{%[^{}]{0,80}%\}|<%[^<>]{0,80}%>|\[\[[^\[\]]{1,80}\]\]"
    r"|%(?:\d+\$)?(?:s|@)(?![A-Za-z0-9])|%(?:\d+\$)?d(?![A-Za-z0-9])"  # %d0 is a character
    r"|\[object(?: |%20)Object\]"
)


def in_text(text: str) -> tuple[str, bool] | None:
    """Return the first placeholder in a text, and whether it is surely one."""
    if _ANY.search(text) is not None:
        found = TEMPLATE.search(text)
        if found is not None:
            return found[0], True
        found = _LIKELY.search(text)
        if found is not None:
            return found[0], False
    found = _FIELD.fullmatch(text)
    return None if found is None else (text.strip(), False)


def in_link(link: str) -> tuple[str, bool] | None:
    """Return the first placeholder in an address, and whether it is surely one."""
    found = _IN_LINK_TEMPLATE.search(link)
    if found is not None:
        return found[0], True
    found = _IN_LINK.search(link)
    return None if found is None else (found[0], False)
