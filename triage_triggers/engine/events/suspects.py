"""Who may have done it: whose deeds are told, and whom a call-taker asks about as nobody asks about a helper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, ONE
from triage_triggers.engine.events.patient import is_patient

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.engine.events.answers import Named
    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.event import Event

__all__ = ["Suspects"]

_NOT_THEIRS: Final = frozenset({"somebody_asked", "named"})
"""What is asked of nobody in particular."""


class Suspects:
    """The people of a call that may have done something to somebody, known by name or by a lone pronoun.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.casting import read_cast
    >>> from triage_triggers.engine.events.frames.registry import find_events
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> call = Call.from_text("My bloke hit me. My sister is here.")
    >>> cast = read_cast(Words(Document(call), load_vocabulary("en")))
    >>> suspects = Suspects(cast, find_events(cast), ())
    >>> [mention in suspects for mention in cast.mentions]
    [True, False, False]
    """

    __slots__ = ("_cast", "_people", "_sexes", "first")

    def __init__(self, cast: Cast, told: Iterable[Event], named: Iterable[Named]) -> None:
        self._cast = cast
        self._people: set[int] = set()
        self._sexes: set[str] = set()
        self.first: int | None = None
        """The first word that tells of any of them."""
        for event in told:
            agent = event.agent
            if agent is not None and event.does not in _NOT_THEIRS and self._may_be(agent):
                self._enter(agent.person, agent.sex, event.first)
        for one in named:
            if one.did_it:
                self._enter(one.person, None, one.first)

    def _may_be(self, agent: Mention) -> bool:
        person = self._cast.person(agent)
        if person is not None and (person.helper or person.child):
            return False
        return agent.person != CALLER and not is_patient(self._cast, agent)

    def _enter(self, person: int | None, sex: str | None, first: int) -> None:
        if person is not None:
            self._people |= {person, *self._cast.people[person].same}
        elif sex in ONE:
            self._sexes.add(sex)
        else:
            return
        self.first = first if self.first is None else min(self.first, first)

    def __contains__(self, mention: object) -> bool:
        person, sex = getattr(mention, "person", None), getattr(mention, "sex", None)
        return sex in self._sexes if person is None else person in self._people

    def __bool__(self) -> bool:
        return bool(self._people or self._sexes)
