"""What a call-taker asks about somebody who is not the patient: where they are, whether they know, whether they did it.

Nobody asks a caller "is he there now, can he hear you?" about a husband who fetches the car. Whom a question is about
is told by the cast, so that "is she there with you?" about the patient is no such question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.words import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast, Mention

__all__ = ["enquiries", "is_patient", "named_lately"]

LATELY: Final = 14
"""Within how many words a pronoun still goes to who was named, although it fits the patient."""

_IS: Final = frozenset({"is", "are", "was", "wheres", "where's", "is's"})
_THERE: Final = frozenset({"there", "still", "here", "inside", "outside", "upstairs", "downstairs", "home", "around", "about", "near", "nearby", "back", "coming", "gone", "in", "at", "with", "likely", "allowed", "due", "able", "away", "left", "listening", "angry", "calm", "violent", "drunk", "armed", "next", "out", "safe"})
_OF_PATIENTS: Final = (["at", "all"], ["still", "going"], ["still", "shaking"], ["still", "jerking"], ["still", "agitated"], ["still", "coughing"], ["still", "having"], ["in", "pain"], ["in", "labour"], ["with", "you"], ["with", "it"])
_AWAY: Final = frozenset({"left", "gone", "come", "went", "run", "driven", "moved"})
_NEVER_THERE: Final = frozenset({"breathing", "awake", "conscious", "alert", "able", "talking", "responding", "bleeding", "pain", "moving", "lying", "sitting"})
_ARMS: Final = frozenset({"weapon", "weapons", "knife", "gun", "anything", "access"})
_DONE: Final = frozenset({"done", "hurt", "hit", "do", "been", "threatened", "ever", "touched", "harmed", "laid", "used", "lock", "locked", "stop", "stopped", "taken", "take", "threaten", "push", "pushed", "make", "made", "let"})
_CARES: Final = frozenset({"had", "have", "taken", "eaten", "been"})


def enquiries(cast: Cast) -> Iterator[Event]:
    """Yield what is asked about others than the patient, each as an event by the one asked about."""
    words, spelled = cast.words, cast.words.spelled
    for mention in cast.mentions:
        at = mention.first
        if at == 0 or words.breaks[at] >= SENTENCE and spelled[at] not in {"who"}:
            continue
        if words.speaker(at) not in {"call_taker", "unknown"} or mention.sex in {"self", "you", "who"}:
            continue
        before = spelled[at - 1]
        behind = spelled[mention.last : mention.last + 9]
        last_of_sentence = words.sentence(at)[1]
        behind = behind[: max(0, last_of_sentence - mention.last)]
        kind = _kind(cast, mention, before, behind)
        if kind is None:
            continue
        if kind not in {"harm_asked"} and is_patient(cast, mention):
            continue
        last = min(last_of_sentence, mention.last + len(behind), mention.last + 4)
        yield Event(at - 1, last, kind, "enquiry", mention, None, cast.tie(mention, None), at - 1)


def _kind(cast: Cast, mention: Mention, before: str, behind: list[str]) -> str | None:
    some = mention.sex == "some"
    said = frozenset(behind)
    if before in {"did", "has", "have", "does", "is", "was", "would", "could", "can", "will"} and some:
        return "somebody_asked" if said & (_DONE | {"hurting", "there", "with", "stopping"}) and not said & {"see", "else"} else None
    if mention.role == "person" and mention.person is not None and cast.people[mention.person].group is not None:
        return None
    if behind and behind[0] in {"sore", "hurt", "hurting", "pain", "bleeding", "burnt", "burned", "injured", "bit", "bitten"}:
        return None
    if before in {"wheres", "where's"} or (before == "is" and cast.words.spelled[mention.first - 2 : mention.first - 1] == ["where"]):
        return "where_asked"
    if before in {"is", "are", "was"} and behind and behind[0] in _THERE and not said & _NEVER_THERE and behind[:2] not in _OF_PATIENTS:
        return "where_asked"
    if before in {"has", "did", "have"} and behind and behind[0] in _AWAY:
        return "where_asked"
    if before in {"will", "would"} and said & {"back", "come", "return", "home"}:
        return "where_asked"
    if before == "think" and cast.words.spelled[mention.first].endswith("'ll") and said & {"back", "home", "come", "return"}:
        return "where_asked"
    if before in {"does", "do", "did", "would", "will", "must"} and said & {"know", "find", "knows"} and not said & {"what's", "day", "whats", "happened"}:
        return "knows_asked"
    if before in {"can", "could"} and said & {"hear", "see", "get"} and "you" in said:
        return "knows_asked"
    if before in {"has", "does", "have", "is", "did"} and said & {"weapon", "weapons", "knife", "gun", "guns", "violent", "armed"}:
        return "armed_asked"
    if before in {"has", "did", "does", "have", "is"} and said & _DONE and not said & {"taken", "take"} and said & {"you", "her", "him", "this", "that", "it", "before", "them", "anyone", "children"}:
        if said & {"head", "tongue", "herself", "himself"} or before == "is" and "hurt" in said:
            return None
        if said & {"been", "had"} and not said & {"violent", "aggressive"}:
            return None
        return "harm_asked"
    return None


def named_lately(cast: Cast, mention: Mention) -> bool:
    """Tell whether the one a pronoun goes to was named a few words before."""
    before = [other for other in cast.mentions if other.person == mention.person and other.role != "pronoun"]
    return any(0 <= mention.first - other.last <= LATELY for other in before)


def is_patient(cast: Cast, mention: Mention) -> bool:
    """Tell whether somebody is the one that the call is about, as far as sex and name tell."""
    if mention.person is not None and mention.person == cast.patient:
        return True
    sex = cast.patient_sex
    person = cast.person(mention)
    if person is not None and person.ties and person.number != cast.patient and cast.patient is not None:
        return mention.role == "pronoun" and mention.sex == sex and not named_lately(cast, mention)
    if sex == "self" or sex is None:
        return mention.person == CALLER
    return mention.sex == sex
