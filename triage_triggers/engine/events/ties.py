"""Ties that are told in other words than a kin word's own: answers, introductions, predicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.cast import CALLER, CLOSE
from triage_triggers.engine.events.enquiries import is_patient
from triage_triggers.engine.events.words import COMMA, SENTENCE, TURN_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast, Mention, Person

__all__ = ["Named", "bind_ties"]

ANSWER: Final = 24
"""Within how many words of an answer somebody must be named."""
AFTERTHOUGHT: Final = 10
"""How many words before an afterthought the pronoun stands that it explains."""
_WHO: Final = frozenset({"who", "who's", "whos", "whose"})
_COPULA: Final = frozenset({"is", "was", "'s", "are", "im", "i'm", "am", "hes", "he's", "shes", "she's", "that's", "thats", "it's", "its", "this", "it"})
_PREDICATES: Final = (
    ("partner", "we're married"), ("partner", "were married"), ("partner", "we're engaged"), ("partner", "are engaged"), ("partner", "been together"),
    ("partner", "we're together"), ("partner", "they're together"), ("partner", "theyre together"), ("partner", "been seeing"), ("partner", "going out with"),
    ("partner", "goin out"), ("partner", "going out"), ("partner", "seeing each other"), ("partner", "i'm with"), ("partner", "i'm seeing"), ("partner", "i've been seeing"),
    ("partner", "she's seeing"), ("partner", "she's with"), ("partner", "married to"), ("partner", "we live together"), ("partner", "live together"), ("partner", "i live with him"),
    ("partner", "i live with her"), ("partner", "the dad"), ("partner", "the father"), ("partner", "the bairn's dad"), ("partner", "kids together"), ("partner", "two kids"), ("partner", "lives with me"),
    ("partner", "the husband"), ("partner", "the wife"), ("partner", "the boyfriend"), ("partner", "the partner"),
    ("ex_partner", "used to be with"), ("ex_partner", "used to go out"), ("ex_partner", "split up"), ("ex_partner", "we've split"), ("ex_partner", "broke up"), ("ex_partner", "finished with"),
    ("ex_partner", "we were together"), ("ex_partner", "used to be married"), ("ex_partner", "we're divorced"), ("ex_partner", "separated"),
    ("household", "lives with us"), ("household", "lives here"), ("household", "shares the flat"), ("household", "share a flat"), ("household", "i live with"),
)  # fmt: skip
_THAT: Final = frozenset({"that's", "thats", "that"})
_SPELLED: Final = tuple((tie, tuple(words.split())) for tie, words in _PREDICATES)
_FIRST: Final = frozenset(words[0] for _, words in _SPELLED)


class Named(NamedTuple):
    """Somebody close was named when it was asked who did it, or who somebody is.

    ``first:last`` are the words of the answer that name them.
    """

    first: int
    last: int
    person: int
    tie: str
    did_it: bool


def bind_ties(cast: Cast) -> list[Named]:
    """Bind the cast by what is told of them, and return who was named in answer to a question."""
    named = [*_answers(cast), *_asked_outright(cast)]
    _introductions(cast)
    _afterthoughts(cast)
    return named


def _answers(cast: Cast) -> Iterator[Named]:
    words = cast.words
    spelled = words.spelled
    if len(words.document.utterances) == 1:
        return  # a note asks nothing
    for at, word in enumerate(spelled):
        if word not in _WHO or words.speaker(at) not in {"call_taker", "unknown"}:
            continue
        asked = _asked_about(cast, at)
        if asked is None:
            continue
        subject, did_it, stop = asked
        start = _answer_start(cast, stop)
        if start is None:
            continue
        yield from _answered(cast, subject, did_it=did_it, start=start)


def _asked_outright(cast: Cast) -> Iterator[Named]:
    """Bind "is Stuart your son?", "Rhys is your partner?", "so he's your husband?" where the answer is no denial."""
    words, spelled = cast.words, cast.words.spelled
    for mention in list(cast.mentions):
        person = cast.person(mention)
        if person is None or mention.role != "person" or words.speaker(mention.first) not in {"call_taker", "unknown"}:
            continue
        if spelled[mention.first] not in {"your", "yer", "her", "his", "the"} or not person.ties:
            continue
        subject = cast.ending(mention.first)
        if subject is None and mention.first > 1 and spelled[mention.first - 1] in {"is", "was"}:
            subject = cast.ending(mention.first - 1)
        elif subject is not None and not (spelled[mention.first - 1].endswith("s") or spelled[subject.first - 1] in {"is", "was", "and"}):
            continue
        if subject is None and mention.first and spelled[mention.first - 1] in _THAT:
            tie = next(iter(person.ties.values()))
            if tie.tie in CLOSE:
                _bind_pronouns(cast, None, person, mention.first)
                yield Named(mention.first, mention.last, person.number, tie.tie, did_it=False)
            continue
        if subject is None or subject.role == "person" or is_patient(cast, subject):
            continue
        last = words.sentence(mention.first)[1]
        if last < len(words) and spelled[last] in {"no", "naw", "nah", "nope"}:
            continue
        one = cast.person(subject)
        tie = next(iter(person.ties.values()))
        if tie.tie not in CLOSE:
            continue
        if one is not None and one is not person and one.number != CALLER:
            _merge(one, person)
        elif one is None:
            _bind_pronouns(cast, subject, person, mention.first)
        yield Named(mention.first, mention.last, person.number, tie.tie, did_it=False)


def _asked_about(cast: Cast, at: int) -> tuple[Mention | None, bool, int] | None:
    """Return whom a who-question is about, whether it asks who did it, and where it ends; None if about others."""
    words, spelled = cast.words, cast.words.spelled
    first, last = words.sentence(at)
    stop = min(last, at + 12)
    if words.speaker(at) == "unknown":
        stop = last
    said = spelled[at + 1 : stop]
    if not said:
        return (None, False, stop)
    if said[0] in {"did", "done", "hit", "hurt", "has", "pushed", "punched", "kicked", "threw", "stabbed", "attacked", "assaulted", "was", "beat", "put", "gave", "grabbed"}:
        return (None, said[0] != "was", stop)
    step = at + 1 + (said[0] in {"is", "was", "are"})
    for near in range(step, min(stop, step + 1)):
        mention = cast.at(near)
        if mention is not None and mention.sex != "you":
            return None if is_patient(cast, mention) else (mention, False, stop)
        if spelled[near] in {"that", "this", "shouting"}:
            return (None, spelled[near] in {"that", "shouting"}, stop)
    return None


def _answer_start(cast: Cast, stop: int) -> int | None:
    """Return the word where an answer begins: the next turn's first, or the next sentence's where nobody is known."""
    words = cast.words
    if stop >= len(words):
        return None
    at = stop
    while at < len(words) and words.breaks[at] < TURN_END:
        if words.speaker(at) == "unknown":
            return at
        at += 1
    return at if at < len(words) else None


def _answered(cast: Cast, subject: Mention | None, *, did_it: bool, start: int) -> Iterator[Named]:
    words = cast.words
    stop = start
    while stop < len(words) and stop < start + ANSWER and (stop == start or words.breaks[stop] < TURN_END):
        stop += 1
    asked = cast.person(subject)
    for at in range(start, stop):
        mention = cast.at(at)
        person = cast.person(mention)
        if mention is None or person is None or person.number == CALLER or mention.role == "pronoun":
            continue
        if asked is not None and person is asked:
            continue
        close = next((tie for tie in person.ties.values() if tie.tie in CLOSE), None)
        if close is None:
            if person.group is not None and asked is not None and not asked.ties:
                asked.group = person.group
            continue
        if asked is not None:
            _merge(asked, person)
        elif subject is not None or did_it:
            _bind_pronouns(cast, subject, person, start)
        yield Named(mention.first, mention.last, person.number, close.tie, did_it)
        return
    tie = _predicate(cast, start, stop)
    if tie is None:
        return
    kind, first, last = tie
    if asked is not None:
        cast.bind(asked.number, CALLER, kind, "answer", first, last)
        yield Named(first, last, asked.number, kind, did_it)
    elif subject is not None:
        person = _new_person(cast, subject)
        cast.bind(person.number, CALLER, kind, "answer", first, last)
        _bind_pronouns(cast, subject, person, start)
        yield Named(first, last, person.number, kind, did_it)


def _new_person(cast: Cast, mention: Mention) -> Person:
    from triage_triggers.engine.events.cast import Person  # noqa: PLC0415

    person = Person(len(cast.people), [(mention.first, mention.last)], mention.sex)
    cast.people.append(person)
    return person


def _bind_pronouns(cast: Cast, subject: Mention | None, person: Person, start: int) -> None:
    """Let the pronouns that went to nobody go to the one that was named, if the sex fits."""
    sex = person.sex or (subject.sex if subject is not None and subject.sex in {"m", "f"} else None)
    for mention in list(cast.mentions):
        if mention.role == "pronoun" and mention.person is None and mention.sex in {"m", "f"} and (sex is None or mention.sex == sex):
            if sex is None:
                sex = mention.sex
            cast.replace(mention, person.number)


def _merge(one: Person, other: Person) -> None:
    for tie in list(other.ties.values()):
        one.ties.setdefault(tie.to, tie)
    for tie in list(one.ties.values()):
        other.ties.setdefault(tie.to, tie)
    one.sex, other.sex = one.sex or other.sex, other.sex or one.sex


def _predicate(cast: Cast, start: int, stop: int) -> tuple[str, int, int] | None:
    spelled = cast.words.spelled
    for at in range(start, stop):
        if spelled[at] in _FIRST:
            for tie, said in _SPELLED:
                if tuple(spelled[at : at + len(said)]) == said:
                    return tie, at, at + len(said)
    return None


def _introductions(cast: Cast) -> None:
    """Bind "Kev's my brother", "I'm her husband", "this is Phil, my ex"."""
    words, spelled = cast.words, cast.words.spelled
    for mention in list(cast.mentions):
        person = cast.person(mention)
        if person is None or not person.ties or mention.role == "pronoun" or mention.first == 0:
            continue
        before = mention.first - 1
        apart = words.breaks[mention.first]
        if apart >= SENTENCE:
            continue
        subject = cast.ending(mention.first)
        copula = spelled[before] in _COPULA
        if subject is None and copula and spelled[before] in {"is", "was", "am", "are"}:
            subject = cast.ending(before)
        elif subject is not None and not (apart == COMMA or spelled[before].endswith(("'s", "'m", "im", "hes", "shes"))):
            subject = None
        one = cast.person(subject)
        if subject is None or subject.role == "person" or one is person:
            continue
        if one is not None and (one.number == CALLER or subject.role == "name"):
            if apart == COMMA and subject.role != "name":
                continue
            _merge(one, person)
        elif one is None and apart != COMMA:
            _bind_pronouns(cast, subject, person, mention.first)


def _afterthoughts(cast: Cast) -> None:
    """Bind "he's lamped her one, her fella" and "He threw it. My son, he's thirty-four"."""
    words = cast.words
    for mention in list(cast.mentions):
        person = cast.person(mention)
        if person is None or mention.role != "person" or not person.ties or person.sex not in {"m", "f"}:
            continue
        ends = mention.last >= len(words) or words.breaks[mention.last] >= COMMA
        if not ends or words.breaks[mention.first] < COMMA or words.breaks[mention.first] >= TURN_END:
            continue
        for before in reversed([other for other in cast.mentions if other.last <= mention.first]):
            if mention.first - before.last > AFTERTHOUGHT:
                break
            if before.role == "pronoun" and before.person is None and before.sex == person.sex:
                _bind_pronouns(cast, before, person, mention.first)
                break
