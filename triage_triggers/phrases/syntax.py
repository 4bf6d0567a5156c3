"""The phrase language: how a phrase is written, and the tree it is read into.

====================  ============================================================
``got a knife``       these words, in this order
``(hit|punched)``     one of these; each may hold several words, brackets, lists
``[just]``            may be missing; ``[just|only]`` is short for ``[(just|only)]``
``{victim}``          any entry of the ruleset's list ``victim``
``strangle~``         any inflection of the word
``...``               up to four words between, never across the end of a clause
====================  ============================================================

Case, accents, curly quotes and spacing make no difference, and other punctuation reads as a space. Everything richer
is refused with what to write instead (:mod:`triage_triggers.phrases.refusals`), so that a policy team can read every
phrase aloud. ``str()`` of a phrase or of any part of one is its normalised source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn, TypeAlias

from triage_triggers.errors import PhraseError
from triage_triggers.folding import fold_phrase
from triage_triggers.phrases.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator


__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Choice",
    "Inflected",
    "Item",
    "ListRef",
    "Optional_",
    "Phrase",
    "Sequence",
    "Words",
    "parse_phrase",
]

MAX_LENGTH: Final = 500
"""The longest phrase, in code points."""
MAX_DEPTH: Final = 10
"""How deep brackets may stand inside brackets, and lists inside lists."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """``offset`` is where something starts in the phrase's source, in code points."""

    offset: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Words(_Placed):
    """Literal text."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Inflected(_Placed):
    """``strangle~``: any inflection of ``word``."""

    word: str

    def __str__(self) -> str:
        return f"{self.word}~"


@dataclass(frozen=True, slots=True)
class ListRef(_Placed):
    """``{victim}``: any entry of the ruleset's list ``name``."""

    name: str

    def __str__(self) -> str:
        return f"{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Optional_(_Placed):  # noqa: N801  typing.Optional owns the plain name
    """``[just]``: ``content`` or nothing."""

    content: Sequence

    def __str__(self) -> str:
        return f"[{self.content}]"


@dataclass(frozen=True, slots=True)
class Choice(_Placed):
    """``(hit|punched)``: exactly one of ``alternatives``."""

    alternatives: tuple[Sequence, ...]

    def __str__(self) -> str:
        return f"({'|'.join(map(str, self.alternatives))})"


@dataclass(frozen=True, slots=True)
class Sequence(_Placed):
    """One item after the other, nothing between."""

    items: tuple[Item, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.items))

    @property
    def may_be_empty(self) -> bool:
        """Whether every word in it may be missing."""
        return all(
            isinstance(item, Optional_)
            or (isinstance(item, Choice) and any(alternative.may_be_empty for alternative in item.alternatives))
            for item in self.items
        )

    def walk(self) -> Iterator[Item]:
        """Yield every item at any depth, in the order written."""
        for item in self.items:
            yield item
            match item:
                case Optional_(content):
                    yield from content.walk()
                case Choice(alternatives):
                    for alternative in alternatives:
                        yield from alternative.walk()


Item: TypeAlias = Words | Inflected | ListRef | Optional_ | Choice


@dataclass(frozen=True, slots=True)
class Phrase:
    """A parsed phrase: ``segments`` are its parts between ``...``, at least one.

    Two phrases are equal when they say the same, however they are spaced; ``source`` is what was written.
    """

    source: str = field(compare=False)
    segments: tuple[Sequence, ...]

    def __str__(self) -> str:
        return " ... ".join(map(str, self.segments))

    def walk(self) -> Iterator[Item]:
        """Yield every item at any depth, in the order written."""
        for segment in self.segments:
            yield from segment.walk()


@lru_cache(maxsize=16_384)  # loading checks every phrase, compiling reads them again
def parse_phrase(source: str) -> Phrase:
    """Read one phrase. Whether its lists and inflections exist is for :class:`~.pattern.Vocabulary` to say.

    Raises:
        PhraseError: The phrase breaks the language; its ``offset`` counts code points into ``source``.

    >>> phrase = parse_phrase("he ... (hit|punched) [my] {victim}")
    >>> [str(segment) for segment in phrase.segments]
    ['he', '(hit|punched) [my] {victim}']
    >>> parse_phrase("hit (me|him")
    Traceback (most recent call last):
    triage_triggers.errors.PhraseError: this '(' is never closed: add ')'
      hit (me|him
          ^
    """
    if len(source) > MAX_LENGTH:
        message = f"this phrase has {len(source):,} characters, more than the {MAX_LENGTH} allowed: make it several"
        raise PhraseError(message, source, MAX_LENGTH)
    refuse(source)
    return _Parser(source).phrase()


_CLOSING: Final = {"(": ")", "[": "]"}
_LIST_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")


_TOKEN: Final = re.compile(
    r"""(?P<gap>\.\.\.|…)
    | (?P<run>(?:[^()\[\]{}|~.…]|\.(?!\.\.))+)
    | (?P<list>\{[^{}]*\})
    | (?P<open>[(\[]) | (?P<close>[)\]]) | (?P<bar>\|) | (?P<tilde>~) | (?P<brace>[{}])""",
    re.VERBOSE,
)
_LETTERS: Final = r"[\w'\u2018\u2019\u02bc\u0300-\u036f]"
_WORD_AHEAD: Final = re.compile(_LETTERS)
_WORD_BEHIND: Final = re.compile(_LETTERS + r"+\Z")


class _Token(NamedTuple):
    """``kind`` is "run" for text without signs of the language, "end" behind the last."""

    kind: str
    text: str
    offset: int


def _tokens(source: str) -> Iterator[_Token]:
    touching = False
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup or "", match.group()
        begins_word = kind == "run" and _WORD_AHEAD.match(text) is not None
        if touching and (begins_word or kind in {"list", "open"}):  # "child(ren)" would read as two words
            message = "put a space before this, or write whole words, as in (child|children) rather than child(ren)"
            if begins_word:
                message = (
                    "an ending can't be added here: put a space before it, or write whole words, as in (he's|she's)"
                )
            raise PhraseError(message, source, match.start())
        touching = kind in {"list", "close", "tilde"} or (kind == "run" and _WORD_AHEAD.match(text[-1]) is not None)
        yield _Token(kind, text, match.start())
    yield _Token("end", "", len(source))


class _Parser:
    """Recursive descent; every method leaves ``_token`` at the first token it did not use."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._rest = _tokens(source)
        self._token = next(self._rest)
        self._depth = 0

    def phrase(self) -> Phrase:
        segments = [self._segment()]
        while self._token.kind == "gap":
            gap = self._token.offset
            self._advance()
            segments.append(self._segment(gap))
        return Phrase(self._source, tuple(segments))

    def _segment(self, gap: int | None = None) -> Sequence:
        sequence = self._sequence()
        token = self._token
        if token.kind == "bar":
            self._fail("'|' stands only between alternatives in brackets, as in (hit|punched)")
        if token.kind == "close":
            self._fail(f"this '{token.text}' closes nothing: take it out, or open the bracket before it")
        if not sequence.items:
            message = "'...' stands between two parts of a phrase: write words before and after it"
            self._fail_empty(sequence, message if self._source.strip() else "this phrase is empty: write a word", gap)
        if sequence.may_be_empty:
            message = "everything in this phrase is optional: at least one word of each part must stand outside [ ]"
            self._fail(message, sequence.offset)
        return sequence

    def _sequence(self) -> Sequence:
        start = self._token
        items: list[Item] = []
        while True:
            match self._token.kind:
                case "run":
                    items.extend(self._words())
                case "list":
                    items.append(self._list())
                case "open":
                    items.append(self._bracket())
                case "tilde":
                    self._fail("'~' follows a word directly, as in strangle~")
                case "brace" if self._token.text == "{":
                    self._fail("this '{' is never closed: a list is written {victim}")
                case "brace":
                    self._fail("this '}' closes nothing: a list is written {victim}")
                case _:
                    return Sequence(tuple(items), offset=items[0].offset if items else start.offset)

    def _words(self) -> Iterator[Item]:
        run = self._token
        self._advance()
        if self._token.kind != "tilde":
            yield from self._literal(run.offset, run.text)
            return
        word = _WORD_BEHIND.search(run.text)
        if word is None or run.text.endswith((".", "$"), 0, word.start()):
            self._fail("'~' follows a word directly, as in strangle~")
        self._advance()
        yield from self._literal(run.offset, run.text[: word.start()])
        yield Inflected(word.group(), offset=run.offset + word.start())

    def _literal(self, start: int, raw: str) -> Iterator[Words]:
        """Yield some text, unless nothing of it would be left in a folded call."""
        if fold_phrase(raw):
            yield Words(" ".join(raw.split()), offset=start + len(raw) - len(raw.lstrip()))

    def _list(self) -> ListRef:
        token = self._token
        name = token.text[1:-1].strip()
        if not _LIST_NAME.fullmatch(name):
            self._fail("a list's name is small letters, digits, '-' and '_', starting with a letter, as in {victim}")
        self._advance()
        return ListRef(name, offset=token.offset)

    def _bracket(self) -> Item:
        opening = self._token
        closing = _CLOSING[opening.text]
        if self._depth == MAX_DEPTH:
            self._fail(f"brackets stand more than {MAX_DEPTH} deep here: make it several phrases, or use a list")
        self._depth += 1
        contents: list[Sequence] = []
        while not contents or self._token.kind == "bar":
            self._advance()
            contents.append(self._sequence())
            self._check_content(contents, opening)
        if self._token.text != closing:
            self._fail(f"this '{self._token.text}' can't close a '{opening.text}': write '{closing}'")
        self._advance()
        self._depth -= 1
        choice = Choice(tuple(contents), offset=opening.offset)
        if opening.text == "(":
            return choice
        content = contents[0] if len(contents) == 1 else Sequence((choice,), offset=opening.offset)
        return Optional_(content, offset=opening.offset)

    def _check_content(self, contents: list[Sequence], opening: _Token) -> None:
        token = self._token
        if token.kind == "end":
            self._fail(f"this '{opening.text}' is never closed: add '{_CLOSING[opening.text]}'", opening.offset)
        if token.kind == "gap":
            self._fail("'...' can't stand inside brackets: write one phrase for each way of saying it")
        if not contents[-1].items:
            message = "there is an empty alternative here: for words that may be missing write [(hit|punched)]"
            if len(contents) == 1 and token.kind == "close":
                message = "there is nothing in these brackets: take them out, or put words in"
            self._fail_empty(contents[-1], message)

    def _fail_empty(self, sequence: Sequence, message: str, offset: int | None = None) -> NoReturn:
        """Refuse a stretch without words; say so where it holds only what folding passes over."""
        passed_over = self._source[sequence.offset : self._token.offset].lstrip()
        if passed_over:
            message = (
                "there are no words here: punctuation and um, uh, er, erm are passed over in calls, so take this out"
            )
            offset = self._token.offset - len(passed_over)
        self._fail(message, offset)

    def _advance(self) -> None:
        self._token = next(self._rest)

    def _fail(self, message: str, offset: int | None = None) -> NoReturn:
        raise PhraseError(message, self._source, self._token.offset if offset is None else offset)
