"""Time zones of the newest edition of the IANA database that is here, and no other way to them."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import zoneinfo
from collections.abc import Mapping
from typing import NamedTuple

import tzdata

PACKAGE = "the package tzdata"
NO_ZONES = frozenset({"localtime", "posixrules", "Factory"})  # a machine's setting, or nobody's

_PACKAGE = os.path.dirname(tzdata.__file__)
_FILES = (os.path.join(_PACKAGE, "zoneinfo"),) if os.path.isdir(_PACKAGE) else ()
"""Where the package has its zones, unless it is an archive: reading them there is quicker."""

_EDITION = re.compile(r"(?:# version )?([0-9]{4}[a-z]{1,2})")


class Edition(NamedTuple):
    """An edition such as `2026c`, and where it was found: a folder, or the package tzdata."""

    name: str
    place: str


@functools.cache
def edition() -> Edition:
    """Choose the edition that this process goes by, and return it.

    The package that pushctl depends on is used unless the machine's is newer. A folder that does
    not say its edition counts as older: nobody can tell how long ago it was last updated.
    """
    packaged = Edition(tzdata.IANA_VERSION, PACKAGE)
    here = [Edition(_edition_of(path), path) for path in zoneinfo.TZPATH if path not in _FILES]
    newer = sorted((item for item in here if item.name > packaged.name), reverse=True)
    if (paths := (*(item.place for item in newer), *_FILES)) != zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(paths)
        zoneinfo.ZoneInfo.clear_cache()
    return newer[0] if newer else packaged


def _edition_of(folder: str) -> str:
    for name in ("tzdata.zi", "+VERSION", "version"):
        with contextlib.suppress(OSError), open(os.path.join(folder, name), "rb") as file:
            if found := _EDITION.match(file.readline(80).decode("ascii", "replace")):
                return found[1]
    return ""


@functools.cache
def names() -> Mapping[str, str]:
    """Return the names of all zones that there are, by themselves in lower case."""
    if _FILES and edition().place == PACKAGE:
        with open(os.path.join(_PACKAGE, "zones"), encoding="ascii") as file:
            found = set(file.read().split())
    else:
        found = zoneinfo.available_timezones()
    return {name.casefold(): name for name in sorted(found - NO_ZONES)}


@functools.cache
def zone(name: str) -> zoneinfo.ZoneInfo:
    """Return a zone; raises `KeyError`, `ValueError` or `OSError` if there is none of that name."""
    if names()[name.casefold()] != name:  # on some machines, files are found in any case
        raise KeyError(name)
    return zoneinfo.ZoneInfo(name)
