"""Regular expressions that are compiled when they are first used: a command uses few of them."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Uncompiled:
    """Becomes an `re.Pattern`, as far as its users can see, when one of them asks for anything."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._definition = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._definition)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression for a constant of a module; see `re.compile`."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(pattern, flags))
