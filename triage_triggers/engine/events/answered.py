"""What an answer makes of a call-taker's question: that somebody did it, that they did before, that they are near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.patient import is_patient

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.suspects import Suspects
    from triage_triggers.engine.events.words import Words

__all__ = ["answered"]

ANSWER: Final = 16
"""How many words of an answer are read."""
OPENING: Final = 4
"""Within how many of them a yes or no stands."""
NAMED: Final = 8
"""Within how many words of a question the harm is named."""
_ASKED: Final = frozenset({"harm_asked", "somebody_asked", "armed_asked"})


class Asked(NamedTuple):
    """A question by its cue, what it brings out, and by which answers.

    ``before``: it asks whether something was done before, so that "not with a knife" says yes. ``of_suspects``: it is
    about somebody's deeds only once there is somebody who may have done something. ``unless``: an answer with this cue
    says no: "they're at my mum's".
    """

    cue: str
    does: str
    answers: frozenset[str]
    before: bool = False
    of_suspects: bool = False
    unless: str | None = None


_NOT_NO: Final = frozenset({"yes", "open"})
QUESTIONS: Final = (
    Asked("happened-before", "did_before", _NOT_NO, before=True, of_suspects=True),
    Asked("first-time", "did_before", frozenset({"no", "open"}), of_suspects=True),
    Asked("afraid-asked", "is_afraid", _NOT_NO),
    Asked("children-asked", "children_there", _NOT_NO, unless="children-away"),
    Asked("free-asked", "here", frozenset({"no"})),
    Asked("beside-you-asked", "here", frozenset({"yes"})),
)


def answered(cast: Cast, told: Iterable[Event], suspects: Suspects) -> Iterator[Event]:
    """Yield what is known of questions by their answers.

    >>> from triage_triggers.calls.call import Call, Utterance
    >>> from triage_triggers.engine.events.scene import read_scene
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> asked = Utterance("Has your husband hurt you before?", "call_taker")
    >>> call = Call("C-1", [asked, Utterance("Last Easter, with the door.", "caller")])
    >>> scene = read_scene(Document(call), load_vocabulary("en"))
    >>> [event.does for event in scene.events if event.frame == "answer"]
    ['did_before', 'did_it']
    """
    for event in _once(told):
        if event.does in _ASKED:
            yield from _harm(cast, event)
        elif event.does == "knows_asked":
            yield from _overheard(cast.words, event)
    yield from _plain(cast, suspects)


def _once(told: Iterable[Event]) -> Iterable[Event]:
    """Return each question once, as the event that knows whom it is about."""
    asked: dict[int, Event] = {}
    for event in told:
        known = asked.get(event.first)
        if event.frame == "enquiry" and (known is None or (known.patient is None and event.patient is not None)):
            asked[event.first] = event
    return asked.values()


def _harm(cast: Cast, asked: Event) -> Iterator[Event]:
    words = cast.words
    last = words.sentence(asked.verb + 1)[1]
    if asked.agent is None or not _is_last_sentence(words, last):
        return
    if asked.does == "armed_asked" or words.said(asked.verb - 1, "presumes"):
        yield from _armed(words, asked, last)
    before = words.any_said(asked.verb, last, "before-asked")
    answer = _answer(words, last, before=before)
    if answer == "open" and words.any_said(asked.verb, last, "or"):
        return  # "did he hit you, or was it a fall?"
    if before and answer in {"yes", "open"}:
        yield asked._replace(does="did_before", frame="answer")
    behind = asked.verb, min(last, asked.verb + NAMED)
    if not words.find("harm-by-name", *behind) and (before or not words.find("harm-pointed-at", *behind)):
        return  # "has she done this before?" may be asked of whoever harms themselves
    presumed = words.said(asked.verb - 1, "presumes")
    if answer == "yes" or (answer == "open" and (presumed or before)):
        yield asked._replace(does="did_it", frame="answer")
    elif answer == "open":
        doer = _doer(cast, words.next_turn(asked.verb))
        if doer is not None:
            agent = doer if asked.agent.sex == "some" else asked.agent
            yield asked._replace(does="did_it", frame="answer", agent=agent, tie=cast.tie(agent, None))


def _overheard(words: Words, asked: Event) -> Iterator[Event]:
    """Yield who is near, for it is said that they hear: "can he hear you?" "Yes."."""
    last = words.sentence(asked.verb + 1)[1]
    hears = words.any_said(asked.verb, last, "hears")
    if hears and _is_last_sentence(words, last) and _answer(words, last, before=False) == "yes":
        yield asked._replace(does="here", frame="answer")


def _armed(words: Words, asked: Event, start: int) -> Iterator[Event]:
    """Yield the weapon that an answer names: "what did he hit you with?" "The poker."."""
    stop = min(words.next_turn(start), start + ANSWER)
    named = next((at for at in range(start, stop) if words.said(at, "sure-weapon")), None)
    if named is not None and _answer(words, start, before=False) != "no":
        yield asked._replace(first=named, last=named + 1, does="armed", frame="answer", verb=named)


def _doer(cast: Cast, start: int) -> Mention | None:
    """Return who is said to do something in an answer: the first that is neither the caller nor the patient."""
    words = cast.words
    stop = min(words.next_turn(start), start + ANSWER)
    for at in range(start, stop):
        mention = cast.at(at)
        if mention is None or not mention.subject or mention.sex in {"self", "you", "many", "some", "who"}:
            continue
        person = cast.person(mention)
        if person is not None and (person.helper or person.child or person.number == CALLER):
            return None
        if not is_patient(cast, mention):
            return mention
    return None


def _plain(cast: Cast, suspects: Suspects) -> Iterator[Event]:
    """Yield what questions of the table bring out, wherever a call-taker asks them."""
    words = cast.words
    since = None if suspects.first is None else words.turn_start(suspects.first)
    for first, last in sorted({words.sentence(at) for asked in QUESTIONS for at, _ in words.found(asked.cue)}):
        if words.speaker(first) not in {"call_taker", "unknown"} or not _is_last_sentence(words, last):
            continue
        for asked in QUESTIONS:
            found = words.find(asked.cue, first, last)
            late = asked.of_suspects and (since is None or first < since)
            if found is None or late or (asked.unless and _any_answered(words, last, asked.unless)):
                continue
            if _answer(words, last, before=asked.before) in asked.answers:
                yield Event(*found, asked.does, "answer", None, None, "unknown", found[0])
                break


def _any_answered(words: Words, start: int, cue: str) -> bool:
    return words.any_said(start, min(words.next_turn(start), start + ANSWER), cue)


def _is_last_sentence(words: Words, last: int) -> bool:
    """Whether a question is the last thing that is said before the answer."""
    return last < len(words) and (words.next_turn(last - 1) == last or words.speaker(last) == "unknown")


def _answer(words: Words, start: int, *, before: bool) -> str:
    """Return how a question is answered by the words from ``start`` on: yes, no (or not known), or open."""
    stop = min(words.next_turn(start), start + ANSWER)
    at = start
    while at < stop and words.said(at, "filler"):
        at += 1
    opening = min(stop, at + OPENING)
    for step in range(at, opening):
        if words.said(step, "answers-no"):
            return "yes" if before and _but_not(words, step, stop) else "no"
        if words.length_of(step, "answers-yes"):
            return "yes"
    if words.find("denies-it", at, stop) or words.find("not-known", at, stop):
        return "no"
    return "yes" if words.find("nods", at, stop) else "open"


def _but_not(words: Words, at: int, stop: int) -> bool:
    """Tell "no, not with a knife", which says that it was done otherwise, from a plain "no"."""
    if words.length_of(at, "but-not"):
        return True
    opening = range(at, min(stop, at + OPENING))
    return not words.find("denies-it", at, stop) and any(words.length_of(step, "but-not") for step in opening)
