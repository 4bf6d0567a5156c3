"""A phrase in plain English, for people who check rules by reading them aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from triage_triggers.phrases.syntax import Choice, Inflected, ListRef, Optional_, Words

if TYPE_CHECKING:
    from triage_triggers.phrases.syntax import Item, Phrase, Sequence

__all__ = ["describe"]


def describe(phrase: Phrase) -> str:
    """Return what ``phrase`` looks for, in words.

    >>> from triage_triggers.phrases.syntax import parse_phrase
    >>> print(describe(parse_phrase("he ... [just] (hit~|punched) {victim}")))
    he, then up to four words, then perhaps just, then one of (any form of hit / punched), then any of the list victim
    """
    return ", then up to four words, then ".join(map(_sequence, phrase.segments))


def _sequence(sequence: Sequence) -> str:
    return ", then ".join(map(_item, sequence.items))


def _item(item: Item) -> str:
    match item:
        case Words(text):
            return text
        case Inflected(word):
            return f"any form of {word}"
        case ListRef(name):
            return f"any of the list {name}"
        case Optional_(content):
            return f"perhaps {_sequence(content)}" if len(content.items) == 1 else f"perhaps ({_sequence(content)})"
        case Choice((alternative,)):
            return _sequence(alternative)
        case Choice(alternatives):
            return f"one of ({' / '.join(map(_sequence, alternatives))})"
    assert_never(item)
