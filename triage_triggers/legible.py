r"""The one place through which text for people goes: nothing in it steers a terminal or a CI server, or can't be seen.

Titles, rationales, file names and what was said are written by others. Escape sequences, overprinting, writing that
runs backwards, characters without width, and the commands that CI servers read in whatever is printed
(``::error::``, ``##vso[``) are made visible instead.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["counted", "hidden", "legible", "on_one_line"]

_JOINERS: Final = "\u200c\u200d"  # part of how some scripts, and emoji, are written
# A superset, quick to look for, of what Unicode's categories then decide about.
_SUSPECT: Final = re.compile(r"[^\t\n\r -~\xa1-\xac\xae-\u02ff]")
_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_COMMAND: Final = re.compile(r"(?m)^(\s*):(?=:)|#(?=#\[|#vso\[)")
_SPACE: Final = re.compile(r"[\s\u2028\u2029]+")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def hidden(text: str) -> Iterator[re.Match[str]]:
    r"""Yield each character that steers a screen or can't be seen; tabs and line ends are none.

    >>> [found.start() for found in hidden("no\x1b[2J\u202eknife\u200b\n")]
    [2, 6, 12]
    """
    for found in _SUSPECT.finditer(text):
        if unicodedata.category(found[0]) in _CATEGORIES and found[0] not in _JOINERS:
            yield found


def legible(text: str) -> str:
    r"""Return text of the same length that only shows.

    >>> legible("no\x1b[2Jknife\u2028\r::error::x ##vso[task]")
    'no�[2Jknife��::error::x �#vso[task]'
    >>> legible("a\n ::stop-commands::x")
    'a\n �:stop-commands::x'
    """
    if "\r" in text:
        text = re.sub(r"\r(?!\n)", _REPLACEMENT, text)
    at = [found.start() for found in hidden(text)]
    if at:
        characters = list(text)
        for place in at:
            characters[place] = _REPLACEMENT
        text = "".join(characters)
    return _COMMAND.sub(rf"\g<1>{_REPLACEMENT}", text) if ":" in text or "#" in text else text


def on_one_line(text: str) -> str:
    r"""Return legible text without line ends.

    >>> on_one_line("a\n ::b\x1b[2J")
    'a ::b�[2J'
    """
    return legible(_SPACE.sub(" ", text))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "call"), counted(1200, "call")
    ('1 call', '1,200 calls')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
