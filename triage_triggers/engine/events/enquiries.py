"""What a call-taker asks about somebody who is not the patient: where they are, whether they know, whether they did it.

Nobody asks a caller "is he there now, can he hear you?" about a husband who fetches the car. Whom a question is about
is told by the cast, so that "is she there with you?" about the patient is no such question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.patient import is_patient
from triage_triggers.engine.events.words import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.words import Words

__all__ = ["asked_deeds", "enquiries"]

REACH: Final = 9
"""How many words behind the one asked about tell what is asked."""
ANSWER: Final = 14
"""How many words of an answer are read."""
ASKED_DEEDS: Final = frozenset({"strike", "throw", "grab", "break", "throw_at", "throttle", "cut", "burn"})
TOLD: Final = 4
"""How many of them belong to the event's own words."""


class _Question(NamedTuple):
    """A question about somebody: the word ``before`` them, and the words ``first:last`` behind."""

    words: Words
    before: int
    first: int
    last: int

    def asks(self, *cues: str) -> bool:
        """Whether a word behind is one of each of the cues'."""
        return all(self.words.any_said(self.first, self.last, cue) for cue in cues)

    def begins(self, cue: str) -> bool:
        """Whether the word before is one of a cue's."""
        return self.words.said(self.before, cue)

    def goes_on(self, cue: str) -> bool:
        """Whether the first words behind are a cue's."""
        return self.first < self.last and self.words.length_of(self.first, cue) > 0


def enquiries(cast: Cast) -> Iterator[Event]:
    """Yield what is asked about others than the patient, each as an event by the one asked about.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.casting import read_cast
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> words = Words(Document(Call.from_text("Where is your husband now?")), load_vocabulary("en"))
    >>> [event.does for event in enquiries(read_cast(words))]
    ['where_asked']
    """
    words = cast.words
    for mention in cast.mentions:
        at = mention.first
        if at == 0 or words.speaker(at) not in {"call_taker", "unknown"} or mention.sex in {"self", "you", "who"}:
            continue
        if words.breaks[at] >= SENTENCE:
            continue
        last = min(words.sentence(at)[1], mention.last + REACH)
        question = _Question(words, at - 1, mention.last, max(last, mention.last))
        does = (
            _somebody(question)
            if mention.sex == "some" and (question.begins("asks") or question.begins("it-is"))
            else _about(cast, mention, question)
        )
        if does is not None and (does == "harm_asked" or not is_patient(cast, mention)):
            told = min(question.last, mention.last + TOLD)
            asked = Event(at - 1, told, does, "enquiry", mention, None, cast.tie(mention, None), at - 1)
            yield asked
            if does == "where_asked" and _answered_here(words, at):
                yield asked._replace(does="here", frame="answer")


def _answered_here(words: Words, at: int) -> bool:
    """Tell whether the turn behind a question says that somebody is near: "in the kitchen", "aye", "upstairs"."""
    start = words.next_turn(at)
    stop = min(words.next_turn(start), start + ANSWER) if start < len(words) else start
    return words.any_said(start, stop, "is-here") and not words.any_said(start, stop, "is-gone")


def asked_deeds(cast: Cast, events: list[Event]) -> Iterator[Event]:
    """Yield the deeds that a call-taker asks about by name: "did your wife pour the kettle on you?"."""
    words = cast.words
    for event in events:
        agent = event.agent
        if agent is None or event.does not in ASKED_DEEDS or words.speaker(event.verb) != "call_taker":
            continue
        if agent.sex in {"self", "you", "who"} or agent.first == 0 or words.breaks[agent.first] >= SENTENCE:
            continue
        if words.said(event.verb, "hurting") and (event.patient is None or event.patient.sex != "you"):
            continue  # "is she hurting? his neck?"
        if words.said(agent.first - 1, "asks") and not is_patient(cast, agent):
            yield event._replace(first=agent.first - 1, does="harm_asked", frame="enquiry")


def _somebody(question: _Question) -> str | None:
    done = not question.begins("offers") and (question.asks("done") or question.asks("done-by-somebody"))
    return "somebody_asked" if done and not question.asks("no-harm-asked") else None


def _about(cast: Cast, mention: Mention, question: _Question) -> str | None:
    """Return what is asked about one person who can be told apart."""
    if mention.role == "person" and mention.person is not None and cast.people[mention.person].group is not None:
        return None
    if question.goes_on("hurting"):
        return None
    if _asks_where(cast, mention, question):
        return "where_asked"
    if question.begins("asks-to-know") and question.asks("knows") and not question.asks("knows-day"):
        return "knows_asked"
    if question.begins("asks-to-hear") and question.asks("hears", "hears-you"):
        return "knows_asked"
    if question.begins("asks-armed") and question.asks("armed"):
        return "armed_asked"
    return "harm_asked" if _asks_harm(question) else None


def _asks_where(cast: Cast, mention: Mention, question: _Question) -> bool:
    words = cast.words
    if question.begins("where-is") or (question.begins("is-asked") and words.said(question.before - 1, "where-asked")):
        return True
    if question.begins("are-asked") and question.goes_on("there"):
        return not question.asks("never-there") and not question.goes_on("of-patients")
    if question.begins("asks-gone") and question.goes_on("gone"):
        return True
    comes = question.begins("asks-to-come") or (
        question.begins("thinks") and words.ends_in(mention.first, "will-ending")
    )
    return comes and question.asks("comes-back")


def _asks_harm(question: _Question) -> bool:
    cleft = question.begins("it-is") and question.goes_on("cleft")  # "is it him that hurt you?"
    if not (cleft or question.begins("asks-harm")):
        return False
    if question.asks("takes-asked") or not question.asks("done", "whom-asked"):
        return False
    if question.asks("own-harm") or (question.begins("is-asked") and question.asks("hurt-asked")):
        return False
    return not question.asks("state-asked") or question.asks("temper")
