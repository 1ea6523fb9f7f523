"""Signs, letters and digits as Chinese keyboards make them, and as they are meant. Pure."""

from __future__ import annotations

_WIDE = " 【】〔〕“”„‟‘’、\u3000"
NARROW = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict(zip(map(ord, _WIDE), ' [][]""""\'\', ', strict=True)),
}
"""What is meant by a full-width character: those of Unicode (U+FF01 to U+FF5E), and quotes."""


def narrow(text: str) -> str:
    """Write the signs, letters and digits of a text in half width, without quotes around it."""
    plain = text.translate(NARROW).strip()
    return plain[1:-1] if len(plain) > 1 and plain[0] == plain[-1] == '"' else plain
