"""Whole words and sentence ends in folded text."""

from __future__ import annotations

from typing import Final

from triage_triggers.folding import APOSTROPHE, GAP, JOINER, MARK, SEPARATORS, STOP, TURN

__all__ = ["CLITICS", "ends_sentence", "sentence_end", "sentence_start", "whole_words"]

CLITICS: Final = frozenset({"s", "ll", "d", "re", "ve", "m", "em"})
"""What may follow a match after an apostrophe ("my husband's hit me"); "n't" may not, it turns the meaning round."""
_INSIDE: Final = frozenset({APOSTROPHE, JOINER})
_SPACED: Final = GAP + STOP


def ends_sentence(folded: str, at: int) -> bool:
    """Tell whether the character at ``at`` ends a sentence.

    A stop or mark with a letter right behind it does not ("p.t.", "?fracture"), nor does one of several stops, with
    which writers of transcripts mark a pause.

    >>> from triage_triggers.folding import fold
    >>> [ends_sentence(fold(text), 2) for text in ("he. hit", "he... hit", "p.t. is", "he. . . hit", "he? hit")]
    [True, False, False, False, True]
    """
    character = folded[at]
    if character == TURN:
        return True
    if character != STOP and character != MARK:  # noqa: PLR1714  two comparisons beat building a tuple on a hot path
        return False
    following = folded[at + 1] if at + 1 < len(folded) else GAP
    return following in SEPARATORS and not (character == STOP and _is_pause(folded, at))


def _is_pause(folded: str, at: int) -> bool:
    """Tell whether the stop at ``at`` is one of several: "..." or ". . ."."""
    if folded.startswith(STOP, at + 1) or folded.startswith(_SPACED, at + 1):
        return True
    return at > 0 and (folded[at - 1] == STOP or (at > 1 and folded.startswith(STOP + GAP, at - 2)))


def sentence_start(folded: str, low: int, at: int) -> int:
    r"""Return where the sentence before ``at`` begins, looking back to ``low`` at most; ``low`` if it began before.

    >>> sentence_start("he left\n he hit me", 0, 12)
    8
    """
    while True:
        nearest = low - 1
        for sign in (STOP, MARK, TURN):
            nearest = max(nearest, folded.rfind(sign, nearest + 1, at))
        if nearest < low:
            return low
        if ends_sentence(folded, nearest):
            return nearest + 1
        at = nearest
        if folded[nearest] == STOP:  # a pause of many stops is one step
            at = low + len(folded[low:nearest].rstrip(STOP))


def sentence_end(folded: str, at: int, high: int) -> int:
    r"""Return the offset of what ends the sentence that goes on at ``at``; ``high`` if it ends no sooner.

    >>> sentence_end("he left\n he hit me", 3, 18)
    7
    """
    while True:
        nearest = high
        for sign in (STOP, MARK, TURN):
            found = folded.find(sign, at, nearest)
            if found >= 0:
                nearest = found
        if nearest == high or ends_sentence(folded, nearest):
            return nearest
        at = nearest + 1
        if folded.startswith(STOP, at):
            at = high - len(folded[at:high].lstrip(STOP))


def whole_words(folded: str, last: int, phrase: str) -> tuple[int, int] | None:
    """Return the half-open span of ``phrase`` ending with the letter at ``last``, or ``None`` if it is no match there.

    The automaton has compared the letters and ignored everything between them. What it can't know is checked here:
    that words begin and end where the phrase's do ("the rapist" is not "therapist"), and that no sentence ends inside.
    An accent written apart belongs to its letter, so the span takes it in.

    >>> whole_words("he  hit me", 9, "hit me"), whole_words("white", 3, "hit")
    ((4, 10), None)
    """
    start = last + 1 - len(phrase)
    if start < 0 or not folded.startswith(phrase, start):
        aligned = _align(folded, last, phrase)
        if aligned is None:
            return None
        start = aligned
    before = start - 1
    while before >= 0 and folded[before] in _INSIDE:
        before -= 1
    if before >= 0 and folded[before] not in SEPARATORS:
        return None
    return _end(folded, start, last + 1)


def _align(folded: str, last: int, phrase: str) -> int | None:
    """Walk back over the phrase's letters; return where the first stands, or ``None`` where words don't line up."""
    at = last
    for letter in reversed(phrase):
        if letter == " ":
            gap_seen = False
            while folded[at] in SEPARATORS:
                if ends_sentence(folded, at):
                    return None
                gap_seen = gap_seen or folded[at] not in _INSIDE
                at -= 1
            if not gap_seen:
                return None
        else:
            while folded[at] in _INSIDE:
                at -= 1
            if folded[at] != letter:
                return None
            at -= 1
    return at + 1


def _end(folded: str, start: int, end: int) -> tuple[int, int] | None:
    length = len(folded)
    if end == length or folded[end] not in _INSIDE:
        return (start, end) if end == length or folded[end] in SEPARATORS else None
    while end < length and folded[end] == JOINER:
        end += 1
    if end == length:
        return start, end
    if folded[end] != APOSTROPHE:
        return (start, end) if folded[end] in SEPARATORS else None
    tail = end + 1
    while tail < length and (folded[tail] in _INSIDE or folded[tail] not in SEPARATORS):
        tail += 1
    clitics = folded[end:tail].replace(JOINER, "").split(APOSTROPHE)
    return (start, end) if all(not clitic or clitic in CLITICS for clitic in clitics) else None
