"""A matcher that is made ready for what is said, word by word, by programs that see a few calls and end.

It may go once compiling all phrases takes no longer than reading a call, which matching over classes of words will do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.matching.matcher import Matcher
from triage_triggers.engine.matching.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from triage_triggers.engine.matching.matcher import Match, Pattern

__all__ = ["LazyMatcher"]

MOST_TIMES: Final = 4
"""How often it is made ready for new words before it is made ready for all; together that costs less than all."""


class LazyMatcher:
    """Finds what a :class:`Matcher` of all patterns finds, and is ready in a fraction of the time for the first texts.

    A phrase can only be found in a text in which all its words are said, so nothing else need be searched for. Safe to
    share between threads: two may make the same matcher ready at once, and either is right.

    Args:
        patterns: Returns the patterns that can be made of some words, or all patterns for ``None``.

    >>> from triage_triggers.engine.matching.matcher import Pattern
    >>> hit, kicked = Pattern(0, False, (("hit me",),)), Pattern(1, False, (("kicked me",),))
    >>> lazy = LazyMatcher(lambda said: [hit, kicked] if said is None or "kicked" in said else [hit])
    >>> [match.owner for text in ("he hit me", "he kicked me") for match in lazy.scan(text)]
    [0, 1]
    """

    __slots__ = ("_patterns", "_ready")

    def __init__(self, patterns: Callable[[frozenset[str] | None], Iterable[Pattern]]) -> None:
        self._patterns = patterns
        # How often it was made ready, for which words (none: for all), and the matcher that finds phrases of them.
        self._ready: tuple[int, frozenset[str] | None, Matcher] = (0, frozenset(), Matcher(()))

    @property
    def whole(self) -> Matcher:
        """The matcher of all patterns."""
        times, known, matcher = self._ready
        if known is not None:
            matcher = Matcher(self._patterns(None))
            self._ready = times, None, matcher
        return matcher

    def prepare(self, texts: Sequence[str]) -> None:
        """Be made ready for several texts, faster than for one after the other."""
        self._for(texts)

    def scan(self, folded: str) -> list[Match]:
        """As :meth:`Matcher.scan`."""
        return self._for([folded]).scan(folded)

    def scan_all(self, texts: Sequence[str]) -> list[list[Match]]:
        """As :meth:`Matcher.scan_all`."""
        return self._for(texts).scan_all(texts)

    def _for(self, texts: Sequence[str]) -> Matcher:
        times, known, matcher = self._ready
        if known is None:
            return matcher
        said = frozenset[str]().union(*map(vocabulary, texts))
        if said <= known:
            return matcher
        if times == MOST_TIMES:
            return self.whole
        known |= said
        matcher = Matcher(self._patterns(known))
        self._ready = times + 1, known, matcher
        return matcher
