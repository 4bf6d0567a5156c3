"""What people know from regular expressions and wildcards, and what to write in a phrase instead."""

from __future__ import annotations

import re
from typing import Final

from triage_triggers.errors import PhraseError

__all__ = ["refuse"]

_DOTS: Final = "write three dots, '...', for up to four words between"
_STOP: Final = "a phrase never runs across the end of a sentence: leave the full stop out, or make it two phrases"

# Leftmost first, and of those that start at one place the first in this table; None passes.
_TABLE: Final[tuple[tuple[str, str | None], ...]] = (
    (r"(?<!\w)(?:[^\W\d_]{1,2}\.){2,}(?![\w.…])", None),  # abbreviations: "p.t.", "e.g."
    (r"\.[*+?]|\.\{|\(\.\)", f"{_DOTS}, rather than a regular expression's '.'"),
    (r"\.{4,}|\.*…[.…]+|\.+…", _DOTS),
    (r"\.{3}", None),
    (r"\.{2}", _DOTS),
    (r"\.(?!\w)", _STOP),
    (r"\\", "'\\' has no meaning in a phrase: write the words out, and numbers or spellings as (one|two)"),
    (r"\(\?[:=!<P]?", "plain round brackets are enough: write (hit|punched), and [just] for what may be missing"),
    (
        r"\[\^",
        "there is no 'anything but': write the words that should match; square brackets mean they may be missing",
    ),
    (r"\[\s*\w-\w(?:\w-\w)*\s*\]", "there are no ranges of letters or digits: write them out as (one|two|three)"),
    (r"\{[\s\d,]*\d[\s\d,]*\}", "there is no counting: write the repeated words out, as in (no|no no)"),
    (r"\*", "'*' is no wildcard here: write strangle~ for all forms of a word, and '...' for up to four words between"),
    (r"\+", "'+' has no meaning in a phrase: write the words out, as in (a and e|a&e)"),
    (r"\?", "leave question marks out: for a word that may be missing write [just], for two spellings (color|colour)"),
    (r"!", "leave exclamation marks out: a phrase never runs across the end of a sentence"),
    (r"\^", "leave '^' out: a phrase is found wherever it is said"),
    (r"\$(?!\d)", "leave '$' out: a phrase is found wherever it is said"),
)
_PATTERN: Final = re.compile("|".join(f"({pattern})" for pattern, _ in _TABLE))
_SUSPECT: Final = re.compile(r"[.…\\*+?!^$]|\[\s*\w-|\{[\s\d,]*\d")
"""Something of which each of them has one; most phrases have none but three dots."""


def refuse(source: str) -> None:
    """Raise at the first thing in ``source`` that the phrase language does not have; say what to write instead.

    Raises:
        PhraseError: There is such a thing.

    >>> refuse("p.t. says ... (he|she) hit me")
    >>> refuse("he .* hit me")
    Traceback (most recent call last):
    triage_triggers.errors.PhraseError: write three dots, '...', for up to four words between, rather than a regular \
expression's '.'
      he .* hit me
         ^
    """
    if not _SUSPECT.search(source.replace("...", "")):
        return
    for match in _PATTERN.finditer(source):
        message = _TABLE[(match.lastindex or 1) - 1][1]
        if message is not None:
            raise PhraseError(message, source, match.start())
