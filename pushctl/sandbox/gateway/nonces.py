"""The nonces of signatures: each is good for one call."""

from __future__ import annotations

from collections import OrderedDict

_KEEP = 31 * 60.0  # seconds, as the vendor's gateway is said to
_MOST = 100_000


class Nonces:
    """The nonces of the last 31 minutes, or the last 100,000 of them; for one thread at a time."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def use(self, nonce: str, now: float) -> bool:
        """Returns whether a nonce is new, and remembers it; `now` is in epoch seconds."""
        until = self._until
        while until and (len(until) > _MOST or next(iter(until.values())) < now):
            until.popitem(last=False)
        if nonce in until:
            return False
        until[nonce] = now + _KEEP
        return True
