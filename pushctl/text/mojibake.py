"""Text that was written as UTF-8 and read in another encoding."""

from __future__ import annotations

from pushctl.text.regex import regex

_BYTES = {ord(char): char.encode("cp1252")[0] for char in "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"}
_NEXT = "[\x80-\xbf]"
_SURE = regex(
    f"\xe2\x80{_NEXT}|\xf0\x9f{_NEXT}{{2}}"  # quotes and dashes; emoji
    f"|(?:[\xe0-\xef]{_NEXT}{{2}}){{2}}|(?:[\xc4-\xdf]{_NEXT}){{2}}"  # other scripts
    f"|(?<![A-Z\xc0-\xde])[\xc2\xc3](?:[\xa0-\xbf]|{_NEXT}(?=[a-z]))|(?<=[a-z])\xc3{_NEXT}"
)
"""What nobody writes. A capital letter before a quotation mark is no sign: `«AMANHÃ»`."""
_WESTERN = regex("[\x80-\xff]+")
_CHINESE = regex("[^\x00-\xff]{3,}")


def mended(text: str) -> str | None:
    """Return a text as it was before it was read as Latin-1 or GBK; None if that is not certain."""
    western = text.translate(_BYTES)
    if _SURE.search(western) is None:
        plain = _CHINESE.sub(lambda run: _from_gbk(run[0]) or run[0], text)
        return None if plain == text else plain
    plain = _WESTERN.sub(
        lambda run: _read(run[0].encode("latin-1")) or text[slice(*run.span())], western
    )
    return mended(plain) or plain


def _from_gbk(text: str) -> str | None:
    """Read GBK as UTF-8 if nothing but Chinese and the like comes out; its end may be lost."""
    raw = text.rstrip("\ufffd").replace("€", "\0").encode("gbk", "replace").replace(b"\0", b"\x80")
    plain = _read(raw)
    return plain if min(plain, default="") > "\u0800" else None


def _read(raw: bytes) -> str:
    """Read UTF-8, of which the last character may be cut off; empty if it is none."""
    plain = raw.decode("utf-8", "ignore")
    whole = plain.encode()
    return plain if raw.startswith(whole) and len(raw) - len(whole) < 4 else ""
