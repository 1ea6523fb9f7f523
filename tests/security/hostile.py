"""Texts that try to be more than text, and what no output of a command may hold."""

from __future__ import annotations

import re
import unicodedata

TEXTS = {
    "escape sequence": "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "one-byte sequence": "a\x9b31mred\x9d0;owned\x9c",
    "carriage return": "Plan: 1 to create\rNo changes.",
    "line feed": "fine\n::error file=a,line=1::owned",
    "command at the start": "::add-mask::owned",
    "indented command": " \t ::stop-commands::owned",
    "old command": "##[add-path]/evil ##vso[task.setvariable x]y ##teamcity[message text='x']",
    "folded section": "\x1b[0Ksection_start:1:owned\r\x1b[0Kowned",
    "percent escapes": "a%0A::error::owned%0D%25",
    "direction": "abc\u202egnp.exe\u2066x\u2069",
    "invisible": "pay\u200bpal\u00ad\u2060\ufeff",
    "tags": "a\U000e0001\U000e0041",
    "separators": "a\u2028::error::b\u2029c\x85d",
    "half a pair": "\ud83d::error::\udc00",
    "nul": "a\x00b\x7fc\x08\x08d",
    "mention": "@team/admins @all #12 !34 GH-7 https://evil.example www.evil.example a@b.example",
    "table": "a | b || c \\| d\n| --- |\n",
    "code": "`x` ``` ``y`` ~~~\n    indented",
    "page": "<script>alert(1)</script><img src=x onerror=alert(1)> \"'><!-- & &lt;",
    "link": "[a](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>",
    "formula": "=cmd|' /C calc'!A0",
    "spaced formula": " \t+1+1",
    "wide formula": "\uff1d1+1",
    "shell": "x; rm -rf ~ $(touch owned) `touch owned` \"'\\ | & > < * ?",
    "option": "--force",
    "braces": "${HOME} {{ secrets.KEY }} ${{ secrets.KEY }}",
}

_OBEYED = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
_JOINERS = "\u200c\u200d"


def offences(output: str) -> list[str]:
    """Say what in an output a terminal or a CI system would obey, or a reader not see."""
    return [match[0] for match in _OBEYED.finditer(output)] + invisible(output)


def invisible(output: str) -> list[str]:
    """Say which characters in an output are none that a reader sees."""
    return [
        f"U+{ord(character):04X}"
        for character in output
        if character not in "\n\t" + _JOINERS
        and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]
