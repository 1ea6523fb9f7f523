"""Labels that switch checks on, compared by what they mean and not by how they are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from pushctl.text.suggest import closest

_IGNORED = frozenset({"Cc", "Cf", "Pc", "Pd", "Zl", "Zp", "Zs"})
_ALSO = {  # other words for those of the usual `policy.marketing`
    "class": "category kind type 类型 类别 分类",
    "marketing": "ads advertising mkt promo promotion promotional 营销 營銷 行銷 促销 推广 广告",
}


@lru_cache(maxsize=4096)
def meaning(text: str) -> str:
    """Return a word without regard to width, case, blanks, hyphens and signs that nobody sees."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(item for item in plain if unicodedata.category(item) not in _IGNORED) or plain


def pairs(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return keys and values as they are compared."""
    return _pairs(tuple(labels.items()))


@lru_cache(maxsize=4096)
def _pairs(labels: tuple[tuple[str, str], ...]) -> frozenset[tuple[str, str]]:
    return frozenset((meaning(key), meaning(value)) for key, value in labels)


def nearly(labels: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what was most likely meant by labels that are not wanted: `{clas: "class: sale"}`."""
    keys, right_ones = {meaning(key) for key in labels}, pairs(wanted)
    return {
        key: f"{name}: {right}"
        for key, value in labels.items()
        for name, right in wanted.items()
        if meaning(name) not in keys - {meaning(key)} and not pairs({key: value}) <= right_ones
        if _is_alike(meaning(key), meaning(name)) and _is_alike(meaning(value), meaning(right))
    }


@lru_cache(maxsize=4096)
def _is_alike(word: str, wanted: str) -> bool:
    if word == wanted or word in _ALSO.get(wanted, "").split():
        return True
    # Who writes non-marketing means the opposite, and who writes gold-1 does not mean gold-2.
    if word.startswith(("no", "kein", "非", "不")) or not wanted.isalpha():
        return False
    return closest(word, [wanted], cutoff=0.75) is not None or (len(wanted) > 4 and wanted in word)
