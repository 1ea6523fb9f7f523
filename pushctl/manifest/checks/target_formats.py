"""Regular expressions of a manifest that say what its targets look like.

They are matched against every target, on machines that read what strangers propose. RE2 matches in
time linear in the target, whatever the expression (https://github.com/google/re2/wiki/WhyRE2).
"""

from __future__ import annotations

from functools import cache
from typing import Any

MAX_PATTERN = 200
MAX_TARGET = 200
"""Characters. A target that is longer has no format."""

MAX_MEMORY = 1 << 18
"""Bytes for one expression, which bounds its size after counts such as `{64}` are written out."""


class TargetFormatError(ValueError):
    """A regular expression that cannot be used; says why."""


@cache
def target_format(pattern: str) -> Any:
    """Return a regular expression for `fits`; raises `TargetFormatError`."""
    import re2  # noqa: PLC0415  (few manifests have such expressions)

    if len(pattern) > MAX_PATTERN:
        raise TargetFormatError(f"it is longer than {MAX_PATTERN} characters")
    options = re2.Options()
    options.log_errors, options.max_mem = False, MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        raise TargetFormatError(reason.decode() if isinstance(reason, bytes) else reason) from error


def fits(target: str, wanted: Any) -> bool:
    """Tell whether a whole target has a format."""
    return len(target) <= MAX_TARGET and wanted.fullmatch(target) is not None
