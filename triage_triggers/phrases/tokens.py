"""A phrase's source cut into tokens, and what may not touch what in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.errors import PhraseError
from triage_triggers.folding import HESITATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WORD_BEHIND", "PhraseToken", "is_plainly_said", "tokens"]


class PhraseToken(NamedTuple):
    """``kind`` is "run" for text without signs of the language, "flat" for brackets with nothing but words in them."""

    kind: str
    text: str
    offset: int


_TOKEN: Final = re.compile(
    r"""(?P<gap>\.\.\.|…)
    | (?P<run>(?:[^()\[\]{}|~.…]|\.(?!\.\.))+)
    | (?P<list>\{[^{}]*\})
    | (?P<flat>\([^()\[\]{}~.…]*\)|\[[^()\[\]{}~.…]*\])
    | (?P<open>[(\[]) | (?P<close>[)\]]) | (?P<bar>\|) | (?P<tilde>~) | (?P<brace>[{}])""",
    re.VERBOSE,
)
_OPEN: Final = re.compile(r"(?P<run>[^()\[\]|]+) | (?P<open>[(\[]) | (?P<close>[)\]]) | (?P<bar>\|)", re.VERBOSE)
_LETTERS: Final = r"[\w'\u2018\u2019\u02bc\u0300-\u036f]"
_WORD_AHEAD: Final = re.compile(_LETTERS)
WORD_BEHIND: Final = re.compile(_LETTERS + r"+\Z")
# What must not touch what: "child(ren)" would read as two words.
_LEFT: Final = frozenset({"list", "flat", "close", "tilde"})
_RIGHT: Final = frozenset({"list", "flat", "open"})


def tokens(source: str) -> Iterator[PhraseToken]:
    """Yield the tokens of a phrase, and one of the kind "end".

    Raises:
        PhraseError: Something touches what it can't.

    >>> [(token.kind, token.text) for token in tokens("he ... (hit|punched) {victim}")][1:5]
    [('gap', '...'), ('run', ' '), ('flat', '(hit|punched)'), ('run', ' ')]
    """
    touching = False
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup or "", match.group()
        begins_word = kind == "run" and _WORD_AHEAD.match(text) is not None
        if touching and (begins_word or kind in _RIGHT):
            message = "put a space before this, or write whole words, as in (child|children) rather than child(ren)"
            if begins_word:
                message = (
                    "an ending can't be added here: put a space before it, or write whole words, as in (he's|she's)"
                )
            raise PhraseError(message, source, match.start())
        touching = kind in _LEFT or (kind == "run" and _WORD_AHEAD.match(text[-1]) is not None)
        if kind == "flat" and not all(map(is_plainly_said, text[1:-1].split("|"))):
            for part in _OPEN.finditer(source, match.start(), match.end()):
                yield PhraseToken(part.lastgroup or "", part.group(), part.start())
        else:
            yield PhraseToken(kind, text, match.start())
    yield PhraseToken("end", "", len(source))


def is_plainly_said(text: str) -> bool:
    """Tell quickly that something of a text is left in a folded call."""
    if text.isalnum():
        return text.isascii() and text.lower() not in HESITATIONS
    words = text.split()
    return bool(words) and words[0].isascii() and words[0].isalnum() and words[0].lower() not in HESITATIONS
