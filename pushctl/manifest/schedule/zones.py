"""Which zone was most likely meant by a name that the IANA database does not have."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from functools import lru_cache

USUAL = "write a name from the IANA database, such as Asia/Shanghai or Europe/Berlin"

LONGEST = 60
"""Longer names are not compared with others."""

_OFFSET = re.compile(r"(?:utc|gmt|z)? ?[+-] ?[0-9]{1,2}(?::?[0-9]{2})?")
_ABBREVIATIONS = {
    "bst": ("Europe/London",),
    "cest": ("Europe/Berlin",),
    "cst": ("Asia/Shanghai", "America/Chicago"),
    "edt": ("America/New_York",),
    "hkt": ("Asia/Hong_Kong",),
    "ist": ("Asia/Kolkata", "Europe/Dublin"),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "mdt": ("America/Denver",),
    "msk": ("Europe/Moscow",),
    "pdt": ("America/Los_Angeles",),
    "pst": ("America/Los_Angeles",),
    "sgt": ("Asia/Singapore",),
}
_PLACES = {
    "beijing": "Asia/Shanghai",
    "china": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai",
    "san_francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "boston": "America/New_York",
    "washington": "America/New_York",
    "munich": "Europe/Berlin",
    "frankfurt": "Europe/Berlin",
    "hamburg": "Europe/Berlin",
    "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
}


@lru_cache(maxsize=256)
def instead(name: str) -> str:
    """Say what to write instead of a zone that does not exist."""
    plain = name.strip().casefold()
    if _OFFSET.fullmatch(plain):
        return f"offsets are no zones, as clocks change: {USUAL}"
    if re.fullmatch(r"[A-Z]{2,5}", name):
        known = " or ".join(_ABBREVIATIONS.get(plain, ()))
        usual = f"write {known}" if known else USUAL
        return f"abbreviations are no zones, as several share one: {usual}"
    guess = meant(name)
    return f"did you mean {guess}?" if guess else USUAL


def alike(name: str) -> str | None:
    """Return the zone whose name this nearly is; None for offsets and abbreviations."""
    plain = name.strip().casefold()
    if _OFFSET.fullmatch(plain) or re.fullmatch(r"[A-Z]{2,5}", name):
        return None
    return meant(name)


def meant(name: str) -> str | None:
    """Return the zone that was most likely meant; None if that is not clear."""
    plain = "_".join(name.casefold().split())
    if len(plain) > LONGEST:
        return None
    # Slow, and only needed where something is wrong.
    names = {zone.casefold(): zone for zone in sorted(zoneinfo.available_timezones())}
    cities = {zone.rsplit("/", 1)[-1]: full for zone, full in names.items() if "/" in zone}
    city = plain.rsplit("/", 1)[-1]
    exact = names.get(plain) or cities.get(city) or _PLACES.get(city)
    if exact is not None:
        return exact
    for known, text in ((names, plain), (cities, city)):
        near = difflib.get_close_matches(text, known, n=1, cutoff=0.8)
        if near:
            return known[near[0]]
    return None
