"""Where sentences end in folded text."""

from __future__ import annotations

from typing import Final

from triage_triggers.folding import GAP, MARK, SEPARATORS, STOP, TURN

__all__ = ["ends_sentence", "sentence_end", "sentence_start"]

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
