"""A call as a scene: its words, its cast, and what they do to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import CastMember, KnownTie, Participant
from triage_triggers.engine.events.answered import answered
from triage_triggers.engine.events.answers import answers, asked_outright, named_as_cause
from triage_triggers.engine.events.cast import CALLER, CLOSE, FAR
from triage_triggers.engine.events.casting import read_cast
from triage_triggers.engine.events.confirmations import confirmations
from triage_triggers.engine.events.enquiries import asked_deeds, enquiries
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.frames.registry import find_events
from triage_triggers.engine.events.introductions import appositions, fragments, introductions, predicates
from triage_triggers.engine.events.patient import is_patient
from triage_triggers.engine.events.presence import nearby
from triage_triggers.engine.events.suspects import Suspects
from triage_triggers.engine.events.things import damage, weapons
from triage_triggers.engine.events.threats import threats
from triage_triggers.engine.events.told_later import told_later
from triage_triggers.engine.events.words import Words

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.matching.document import Document
    from triage_triggers.vocabulary.vocabulary import Vocabulary

__all__ = ["Scene", "by_whom", "read_scene"]

LEAST_NOTE: Final = 12
"""How many words a note has at least, ..."""
MOST_NOTE: Final = 150
"""... and at most: what is longer is a call whose speakers nobody told apart."""
LETHAL: Final = frozenset({"shoot", "cut", "throttle", "killed", "burn", "rape"})
"""What nobody does to help: where the caller did it to someone close, it is the deed of someone close."""


class Scene(NamedTuple):
    """The cast of a call, and its events in order."""

    cast: Cast
    events: tuple[Event, ...]

    def own_words(self, event: Event) -> frozenset[str]:
        """Return an event's words but for those between its people and its verb, which may deny it or tell when."""
        words, named = self.cast.words, (event.agent, event.patient)
        own = set(range(event.verb, event.last))
        own.update(at for one in named if one is not None for at in range(one.first, one.last))
        return frozenset(words.spelled[at].replace("'", "") for at in own if event.first <= at < event.last)

    def participant(self, mention: Mention | None) -> Participant | None:
        """Return somebody of the cast as an assessment names them."""
        if mention is None:
            return None
        words = self.cast.words
        if mention.first == mention.last:  # nobody says who is meant
            return Participant(None if mention.person is None else mention.person + 1, None, None, None)
        place = words.document.place(words.starts[mention.first], words.ends[mention.last - 1])
        end = (
            place.end
            if place.utterance == place.end_utterance
            else len(words.document.utterances[place.utterance].text)
        )
        person = None if mention.person is None else mention.person + 1
        return Participant(person, place.utterance, place.start, end)

    def members(self) -> tuple[CastMember, ...]:
        """Return everybody who takes part in an event, or is tied to somebody who does."""
        told: set[int] = set()
        for event in self.events:
            told.update(m.person for m in (event.agent, event.patient) if m is not None and m.person is not None)
        for number in sorted(told):
            told.update(tie.to for tie in self.cast.people[number].ties.values())
        return tuple(self._member(number) for number in sorted(told))

    def _member(self, number: int) -> CastMember:
        person, words = self.cast.people[number], self.cast.words
        raw = words.document.raw
        names = dict.fromkeys(
            raw[words.starts[first] : words.ends[last - 1]] for first, last in person.names if last > first
        )
        ties = []
        for tie in person.ties.values():
            last = max(tie.first + 1, tie.last)
            place = words.document.place(words.starts[tie.first], words.ends[last - 1])
            end = place.end if place.utterance == place.end_utterance else place.start + 1
            ties.append(KnownTie(tie.to + 1, tie.tie, tie.known_by, place.utterance, place.start, end))
        return CastMember(number + 1, tuple(names), tuple(ties))


def read_scene(document: Document, vocabulary: Vocabulary) -> Scene:
    """Return a call as a scene.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> scene = read_scene(Document(Call.from_text("My bloke's hit me.")), load_vocabulary("en"))
    >>> [(event.does, event.tie) for event in scene.events]
    [('strike', 'partner')]
    """
    cast = read_cast(Words(document, vocabulary))
    named = [*answers(cast), *asked_outright(cast)]
    introductions(cast)
    named += confirmations(cast)
    fragments(cast)
    appositions(cast)
    predicates(cast)
    named += named_as_cause(cast)
    deeds = list(told_later(cast, find_events(cast)))
    told = [*deeds, *enquiries(cast)]
    asked = {event.first for event in told if event.does == "harm_asked"}
    told += [event for event in asked_deeds(cast, deeds) if event.first not in asked]
    suspects = Suspects(cast, told, named)
    told += [*answered(cast, told, suspects), *nearby(cast, suspects), *threats(cast, suspects)]
    told += [*weapons(cast, deeds, suspects), *damage(cast, suspects)]
    for one in named:
        tie = "unknown" if cast.patient_is_child else one.tie
        if one.did_it:
            told.append(Event(one.first, one.last, "did_it", "answer", cast.at(one.first), None, tie, one.first))
        told.append(Event(one.first, one.last, "named", "answer", None, None, tie, one.first))
    kind = _in_one_piece(cast)
    if kind is not None:
        told.append(Event(0, 1, kind, "note", None, None, "unknown", 0))
    return Scene(cast, tuple(sorted(told, key=lambda event: (event.first, event.last, event.does))))


def _in_one_piece(cast: Cast) -> str | None:
    """Return what a call of one utterance of nobody known is: a note, or talk whose speakers nobody told apart."""
    said, size = cast.words.document.utterances, len(cast.words)
    if len(said) != 1 or said[0].speaker != "unknown" or size < LEAST_NOTE:
        return None
    return "note" if size <= MOST_NOTE else "undivided"


def by_whom(cast: Cast, event: Event) -> str | None:
    """Return whose deed an event is, as signs ask for it: a tie, or how little is known of the agent."""
    agent = event.agent
    if agent is None:
        return event.tie if event.does == "named" else None
    if agent.person == CALLER:
        return event.tie if event.does in LETHAL and event.tie in CLOSE else "caller"
    if agent.sex == "you" and event.patient is not None and event.patient.sex == "self":
        # "You launched me!" is shouted at whom one is with; from beside the phone, at the caller.
        return {"other": "caller", "caller": "he_or_she"}.get(cast.words.speaker(agent.first), "unknown")
    known = event.tie in CLOSE or event.tie in FAR
    if event.does in LETHAL and event.tie in CLOSE:
        return event.tie
    ill = cast.words.somewhere("illness") is not None  # who is ill in mind lashes out; who has chest pain does not
    if ill and agent.person is not None and agent.person == cast.patient:
        return "patient"
    if agent.sex in {"some", "who", "you"}:
        return "unknown"
    if known:
        return event.tie
    if agent.sex == "many":
        return "they"
    if is_patient(cast, agent):
        return "patient"
    return "he_or_she"
