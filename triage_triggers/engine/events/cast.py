"""The cast of a call: who is spoken of, and what they are to each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.words import NONE, SENTENCE, TURN_END

if TYPE_CHECKING:
    from triage_triggers.engine.events.words import Tag, Words

__all__ = ["CALLER", "CLOSE", "Cast", "Mention", "Person", "Tie", "read_cast"]

CALLER: Final = 0
CLOSE: Final = frozenset({"partner", "ex_partner", "relative", "household", "carer"})
REACH: Final = 60
"""Within how many words a pronoun may go back to somebody named."""
_SHORTHAND: Final = re.compile(r"(?:\d{1,3}[fm]|[fm]\d{1,3}|female|male|[fm])")
FIRST_WORDS: Final = 60
"""Within how many words a caller says who is ill, where the call-taker's questions don't tell."""
EARLY: Final = 120
"""Within how many words of a call the patient is named, where it is one of the caller's people."""
NAMES_APART: Final = 3
LEAST_NAME: Final = 2
_TRIAGE: Final = frozenset(
    {"old", "breathing", "awake", "conscious", "alert", "bleeding", "birth", "responding", "dob", "weeks", "pain", "pale", "clammy", "taken", "medication", "tablets", "faint", "pass", "sweating"}
)
_AUXILIARIES: Final = frozenset({"is", "was", "has", "had", "did", "does", "will", "would", "just", "says", "said", "isn't", "wasn't", "hasn't", "never", "always", "keeps", "kept", "wanted", "wants", "come", "came", "went", "goes"})
_BESIDE: Final = frozenset({"to", "with", "about", "at", "from", "for", "of", "by", "than", "like", "near"})
_INTRODUCES: Final = frozenset({"is", "was", "called", "named", "it's", "its", "that's", "thats"})


class Mention(NamedTuple):
    """Words that stand for somebody: word ``first`` to ``last``, half-open, in the call.

    ``person`` is their number in the cast, None for a pronoun that goes to nobody known.
    """

    first: int
    last: int
    person: int | None
    sex: str | None
    role: str
    subject: bool


class Tie(NamedTuple):
    """What a person is to another, where it was said, and how it is known."""

    to: int
    tie: str
    known_by: str
    first: int
    last: int


@dataclass(slots=True)
class Person:
    """Somebody spoken of in a call."""

    number: int
    names: list[tuple[int, int]] = field(default_factory=list)
    sex: str | None = None
    child: bool = False
    helper: bool = False
    group: str | None = None
    ties: dict[int, Tie] = field(default_factory=dict)


class Cast:
    """Everybody of a call, each word that stands for one of them, and the ties between them."""

    __slots__ = ("_at", "mentions", "patient", "patient_sex", "people", "words")

    def __init__(self, words: Words) -> None:
        self.words = words
        self.people: list[Person] = [Person(CALLER, sex="self")]
        self.mentions: list[Mention] = []
        self._at: dict[int, Mention] = {}
        self.patient: int | None = None
        self.patient_sex: str | None = None

    def at(self, word: int) -> Mention | None:
        """Return who begins at a word."""
        return self._at.get(word)

    def ending(self, word: int) -> Mention | None:
        """Return who ends right before a word."""
        for first in range(word - 1, max(-1, word - 6), -1):
            mention = self._at.get(first)
            if mention is not None:
                return mention if mention.last == word else None
        return None

    def add(self, mention: Mention) -> None:
        """Enter a mention."""
        self.mentions.append(mention)
        self._at[mention.first] = mention

    def replace(self, mention: Mention, person: int) -> None:
        """Let a mention stand for somebody else than thought."""
        other = mention._replace(person=person)
        self._at[mention.first] = other
        self.mentions[self.mentions.index(mention)] = other

    def person(self, mention: Mention | None) -> Person | None:
        """Return who is meant, where that is known."""
        return None if mention is None or mention.person is None else self.people[mention.person]

    def tie(self, agent: Mention | None, patient: Mention | None) -> str:
        """Return what the agent of an event is to its patient.

        ``he_or_she`` for a pronoun that goes to nobody known; ``unknown`` where nothing is said.
        """
        one, other = self.person(agent), self.person(patient)
        if agent is not None and one is None:
            return "he_or_she" if agent.role == "pronoun" and agent.sex in {"m", "f"} else "unknown"
        if one is None:
            return "unknown"
        if one.group in {"stranger", "acquaintance"} and not one.ties:
            return one.group
        to = CALLER if other is None else other.number
        direct = self._between(one, to)
        if direct is not None:
            return direct
        near, far = self._to_caller(one), None if other is None else self._to_caller(other)
        if one.number == CALLER or (other is not None and other.number == CALLER):
            return near or far or one.group or "unknown"
        if near in CLOSE and (far in CLOSE or other is None):
            return "relative"
        closest = [tie.tie for tie in one.ties.values() if tie.tie in CLOSE]
        if closest:
            return closest[0] if other is None or not self._to_caller(one) else "relative"
        return one.group or "unknown"

    def _between(self, one: Person, to: int) -> str | None:
        if to in one.ties:
            return one.ties[to].tie
        other = self.people[to]
        return other.ties[one.number].tie if one.number in other.ties else None

    def _to_caller(self, person: Person) -> str | None:
        if CALLER in person.ties:
            return person.ties[CALLER].tie
        mine = self.people[CALLER].ties.get(person.number)
        return None if mine is None else mine.tie

    def bind(self, person: int, to: int, tie: str, known_by: str, first: int, last: int) -> None:
        """Enter a tie, unless a nearer one is known."""
        if person != to:
            self.people[person].ties.setdefault(to, Tie(to, tie, known_by, first, last))


class _Reader:
    """Reads a call once, from its first word to its last."""

    __slots__ = ("capitals", "cast", "kin", "latest", "named", "size", "words")

    def __init__(self, words: Words) -> None:
        self.words, self.size = words, len(words)
        self.cast = Cast(words)
        self.named: dict[str, int] = {}
        self.kin: dict[tuple[object, ...], int] = {}
        self.latest: dict[str, tuple[int, int]] = {}
        self.capitals = self._capitals()

    def _capitals(self) -> frozenset[str]:
        """Return the words that are written as names within a sentence: then they are names at its beginning too."""
        words = self.words
        return frozenset(
            words.bare(at)
            for at in range(1, self.size)
            if words.breaks[at] < SENTENCE and words.capital(at) and not words.shouted(at)
        )

    def read(self) -> Cast:
        self._find_patient()
        self._find_names()
        at = 0
        while at < self.size:
            mention = self._mention(at)
            if mention is None:
                at += 1
                continue
            self.cast.add(mention)
            self._may_be_the_patient(mention)
            if mention.person is not None and mention.person != CALLER and mention.sex in {"m", "f", None} and not self._aside(mention):
                for sex in (mention.sex,) if mention.sex else ("m", "f"):
                    self.latest[sex] = (mention.person, mention.last)
            at = mention.last
        return self.cast

    def _find_names(self) -> None:
        """Find what patient and caller are called: the answers to "what's her name?" and "what's your name?"."""
        words = self.words
        for at in range(1, self.size):
            if words.bare(at) != "name" or words.speaker(at) not in {"call_taker", "unknown"}:
                continue
            owner = words.bare(at - 1)
            stop = words.sentence(at)[1]
            if owner not in {"his", "her", "your", "patient", "patients"} or stop >= self.size:
                continue
            for answer in range(stop, min(self.size, stop + 6)):
                word = words.bare(answer)
                if word.isalpha() and word not in words.vocabulary.words and word not in words.vocabulary.ordinary:
                    self.named.setdefault(word, CALLER if owner == "your" else self._the_patient())
                    break

    # -- who is the patient
    def _find_patient(self) -> None:
        """Find by the questions that every call-taker asks whether the caller is the patient, and else which sex."""
        words, said = self.words.spelled, {"m": 0, "f": 0, "you": 0}
        for at, word in enumerate(words):
            if word in _TRIAGE and self.words.document.speaker_at(self.words.starts[at]) in {"call_taker", "unknown"}:
                for near in range(max(0, at - 3), min(self.size, at + 4)):
                    for tag in self.words.tags(near):
                        if tag.sense.is_ in {"pronoun", "owner"} and tag.sense.sex in said:
                            said[tag.sense.sex] += 1
        for word in words[:15]:
            shorthand = _SHORTHAND.fullmatch(word)
            if shorthand is not None:
                said["f" if "f" in word else "m"] += 5
        if not any(said.values()):
            self._find_in_first_words(said)
        most = max(said, key=lambda sex: said[sex])
        if said[most]:
            self.cast.patient_sex = "self" if most == "you" else most

    def _find_in_first_words(self, said: dict[str, int]) -> None:
        """Find it by whom the caller speaks of at first: "I've got a pain" or "she's fallen"."""
        for at in range(min(self.size, FIRST_WORDS)):
            if self.words.speaker(at) == "call_taker":
                continue
            for tag in self.words.tags(at):
                if tag.sense.is_ in {"pronoun", "owner"} and tag.sense.sex in {"m", "f", "self"}:
                    said["you" if tag.sense.sex == "self" else tag.sense.sex] += 1
        others = said["m"] + said["f"]
        if others < said["you"]:
            said["m"] = said["f"] = 0

    def _aside(self, mention: Mention) -> bool:
        """Tell whether a stranger is named beside others: "me talking to this lad, and he ..." is not about the lad."""
        if mention.person is None:
            return False
        person = self.cast.people[mention.person]
        if person.helper or (person.sex is None and (person.child or person.group is not None)):
            return True
        behind = mention.last
        if behind < self.size and self.words.breaks[behind] == NONE and self.words.has(behind, "part") is not None:
            return True  # "on my husband's knee"
        if mention.first == 0 or person.group is None:
            return False
        return self.words.breaks[mention.first] == NONE and self.words.spelled[mention.first - 1] in _BESIDE

    def _may_be_the_patient(self, mention: Mention) -> None:
        """Take the first of the caller's people of the patient's sex for the patient: "it's my dad, he's collapsed"."""
        cast = self.cast
        if cast.patient is not None or mention.role != "person" or cast.patient_sex not in {"m", "f"}:
            return
        person = cast.people[mention.person] if mention.person is not None else None
        if person is None or person.group is not None or CALLER not in person.ties or mention.first > EARLY:
            return
        if person.sex in {cast.patient_sex, None} and self.words.speaker(mention.first) in {"caller", "unknown"}:
            cast.patient, person.sex = person.number, cast.patient_sex

    # -- mentions
    def _mention(self, at: int) -> Mention | None:
        tags = self.words.tags(at)
        owner: Tag | None = None
        pronoun: Tag | None = None
        for tag in tags:
            role = tag.sense.is_
            if role == "owner":
                owner = tag
            elif role == "pronoun":
                pronoun = tag
            elif role == "person":
                bare = self._bare_kin(at, tag)
                if bare is not None:
                    return bare
        if owner is not None:
            kin = self._owned(at, owner)
            if kin is not None:
                return kin
            if pronoun is None or self._owns_a_thing(at + 1):
                return None
        if pronoun is not None:
            return self._pronoun(at, pronoun)
        if tags and any(tag.sense.is_ == "article" for tag in tags):
            return self._with_article(at)
        return self._name(at)

    def _owns_a_thing(self, at: int) -> bool:
        """Tell whether something that may be owned stands here: then `her` before it is no object."""
        if at >= self.size or self.words.breaks[at] > NONE:
            return False
        if self.words.spelled[at] in {"own", "left", "right", "other"}:
            return True
        return any(
            tag.sense.is_ in {"part", "limb", "need", "surface", "weapon", "person"} for tag in self.words.tags(at)
        )

    def _pronoun(self, at: int, tag: Tag) -> Mention:
        sex = tag.sense.sex or "some"
        person: int | None = None
        if sex == "self":
            person = self._self(at)
        elif sex == "you":
            person = CALLER if self.words.speaker(at) in {"call_taker", "unknown"} else None
        elif sex in {"m", "f"}:
            known = self.latest.get(sex)
            if known is not None and at - known[1] <= REACH:
                person = known[0]
                self._is_of_sex(person, sex)
        elif sex == "some":
            person = self._somebody("stranger", at, at + tag.length)
        return Mention(at, at + tag.length, person, sex, "pronoun", not tag.sense.object)

    def _is_of_sex(self, number: int, sex: str) -> None:
        """Learn from "he" that "my partner", to whom it goes, is a man, so that "her" is somebody else."""
        person = self.cast.people[number]
        if person.sex is None:
            person.sex = sex
            other = "f" if sex == "m" else "m"
            if self.latest.get(other, (None, 0))[0] == number:
                del self.latest[other]

    def _self(self, at: int) -> int | None:
        """Return who `I` is: the caller, unless somebody else is on the line."""
        return None if self.words.speaker(at) == "call_taker" else CALLER

    def _owned(self, at: int, owner: Tag) -> Mention | None:
        """Return somebody's: "my bloke", "her mam's fella", "our Kev"."""
        step = self._past_adjectives(at + owner.length)
        if step >= self.size:
            return None
        tag = self._person_tag(step)
        if tag is None:
            if owner.sense.sex == "self" and self.words.spelled[at] in {"our", "oor"} and self.words.capital(step):
                return self._our(at, step)
            return None
        last = step + tag.length
        to = self._owner(owner, at)
        mention = self._kin(at, last, tag, to)
        if tag.possessive and last < self.size and self.words.breaks[last] == NONE:
            nested = self._person_tag(self._past_adjectives(last))
            if nested is not None and mention.person is not None:
                inner = self._past_adjectives(last)
                return self._kin(at, inner + nested.length, nested, mention.person)
        return self._with_name(mention)

    def _our(self, at: int, step: int) -> Mention:
        """Return one of the family by a name: "our Kev"."""
        name = self.words.bare(step)
        person = self.named.get(name)
        if person is None:
            person = self.named[name] = self._new(at, step + 1)
        self.cast.bind(person, CALLER, "relative", "kin", at, step + 1)
        return Mention(at, step + 1, person, self.cast.people[person].sex, "person", subject=True)

    def _owner(self, owner: Tag, at: int) -> int | None:
        sex = owner.sense.sex
        if sex == "self":
            return self._self(at)
        if sex == "you":
            return CALLER if self.words.speaker(at) in {"call_taker", "unknown"} else None
        known = self.latest.get(sex or "")
        if known is not None and at - known[1] <= REACH:
            return known[0]
        if sex in {"m", "f"} and self.cast.patient_sex == sex:
            return self._the_patient()
        return None

    def _the_patient(self) -> int:
        if self.cast.patient is None:
            self.cast.patient = self._new(0, 0)
            self.cast.people[self.cast.patient].names.clear()
            self.cast.people[self.cast.patient].sex = self.cast.patient_sex
        return self.cast.patient

    def _bare_kin(self, at: int, tag: Tag) -> Mention | None:
        """Return somebody named by a kin word or a role without an owner: "mum", "ptnr", "the husband", "bouncers"."""
        sense = tag.sense
        if sense.needs is not None:
            return None
        last = at + tag.length
        if sense.kind == "patient":
            return Mention(at, last, self._patient_or_caller(), self.cast.patient_sex, "person", subject=True)
        if sense.kin and self.words.speaker(at) == "call_taker" and sense.sex == self.cast.patient_sex:
            return Mention(at, last, self._the_patient(), sense.sex, "person", subject=True)  # "skin to skin on mum"
        if sense.kin:
            return self._with_name(self._kin(at, last, tag, CALLER))
        if sense.tie in {"stranger", "acquaintance"} or sense.age == "child" or sense.helps:
            return self._kin(at, last, tag, None)
        return self._with_name(self._kin(at, last, tag, self._patient_or_caller()))

    def _patient_or_caller(self) -> int:
        if self.cast.patient_sex in {"m", "f"}:
            return self._the_patient()
        return CALLER

    def _with_article(self, at: int) -> Mention | None:
        step = self._past_adjectives(at + 1)
        if step >= self.size:
            return None
        for tag in self.words.tags(step):
            if tag.sense.is_ == "person" and (tag.sense.needs == "article" or not tag.sense.needs or tag.sense.name == "family"):
                last = step + tag.length
                if (tag.sense.needs is None or tag.sense.name == "family") and tag.sense.tie in CLOSE and self.words.spelled[at] in {"the", "that", "this", "th'"}:
                    return self._with_name(self._kin(at, last, tag, self._patient_or_caller()))
                if tag.sense.tie in CLOSE:
                    return None
                lives_with = self._lives_with(last)
                if lives_with is not None:
                    person = self._new(at, last)
                    self.cast.people[person].sex = tag.sense.sex
                    self.cast.bind(person, lives_with, "partner", "predicate", at, last)
                    return Mention(at, last, person, tag.sense.sex, "person", subject=True)
                return self._kin(at, last, tag, None)
        return None

    def _lives_with(self, at: int) -> int | None:
        """Return with whom somebody lives, as a relative clause tells: "the fella she lives with", "a man I'm seeing"."""
        words = self.words
        if at + 1 >= self.size or words.breaks[at] > NONE:
            return None
        at += words.spelled[at] in {"that", "who", "what"}
        who = next((tag for tag in words.tags(at) if tag.sense.is_ == "pronoun" and tag.sense.sex in {"self", "f", "m"}), None)
        if who is None or not {"with", "seeing", "dating", "married", "wi"} & set(words.spelled[at + 1 : at + 5]):
            return None
        return self._self(at) if who.sense.sex == "self" else self._patient_or_caller()

    def _kin(self, first: int, last: int, tag: Tag, to: int | None) -> Mention:
        sense = tag.sense
        key = (sense.name if sense.tie in CLOSE else self.words.spelled[last - 1], to)
        if sense.tie in CLOSE and sense.tie != "relative":
            key = (sense.tie, to)
        person = self.kin.get(key)
        if person is None:
            person = self.kin[key] = self._new(first, last)
            entry = self.cast.people[person]
            entry.sex = sense.sex if sense.sex in {"m", "f"} else self._partner_sex(sense.tie, to)
            entry.child = sense.age == "child"
            entry.helper = sense.helps
            if sense.tie in {"stranger", "acquaintance"}:
                entry.group = sense.tie
            if to is not None and sense.tie in CLOSE:
                self.cast.bind(person, to, sense.tie or "unknown", "kin", first, last)
        else:
            self.cast.people[person].names.append((first, last))
        return Mention(first, last, person, self.cast.people[person].sex, "person", subject=True)

    def _partner_sex(self, tie: str | None, to: int | None) -> str | None:
        return None

    def _with_name(self, mention: Mention) -> Mention:
        """Take in the name behind: "my husband Kev", "son Colin", "dtr Karen"."""
        at = mention.last
        if at < self.size and self.words.breaks[at] <= 1 and mention.person is not None:
            name = self.words.bare(at)
            if self._may_be_name(at) and (self.words.capital(at) or self.words.breaks[at] == NONE):
                known = self.named.get(name)
                if known is None:
                    self.named[name] = mention.person
                elif known != mention.person:
                    self._same(known, mention.person)
                if self.words.breaks[at] == NONE:
                    return mention._replace(last=at + 1)
        return mention

    def _same(self, one: int, other: int) -> None:
        """Let two people be known to be one: each has the ties of both."""
        here, there = self.cast.people[one], self.cast.people[other]
        for tie in list(there.ties.values()):
            here.ties.setdefault(tie.to, tie)
        for tie in list(here.ties.values()):
            there.ties.setdefault(tie.to, tie)
        here.sex = here.sex or there.sex
        there.sex = there.sex or here.sex

    def _name(self, at: int) -> Mention | None:
        name = self.words.bare(at)
        known = self.named.get(name)
        if known is None:
            if not (self.words.capital(at) and self._may_be_name(at)):
                return None
            known = self.named[name] = self._new(at, at + 1)
        return Mention(at, at + 1, known, self.cast.people[known].sex, "name", subject=True)

    def _may_be_name(self, at: int) -> bool:
        word = self.words.bare(at)
        if len(word) < LEAST_NAME or not word.isalpha():
            return False
        if self.words.shouted(at):
            return False
        if self.words.capital(at) and (self.words.breaks[at] < SENTENCE or word in self.capitals):
            return not any(tag.sense.closed or tag.sense.is_ == "person" for tag in self.words.tags(at))
        vocabulary = self.words.vocabulary
        if self.words.capital(at) and not (self._stands_apart(at) or self._does_something(at + 1)):
            return False
        return word not in vocabulary.words and word not in vocabulary.ordinary and not word.endswith(("ly", "less", "ful", "ous", "ed", "ing"))

    def _does_something(self, at: int) -> bool:
        """Tell whether a verb stands here, so that what stands before it may be its subject: "Rhys kneed me"."""
        if at >= self.size or self.words.breaks[at] > NONE:
            return False
        return any(tag.sense.is_ in {"verb", "passive"} for tag in self.words.tags(at)) or self.words.spelled[at] in _AUXILIARIES

    def _stands_apart(self, at: int) -> bool:
        """Tell whether a sentence's first word is called out or an answer: "Kyle." "Bryony, my girlfriend"."""
        return at + 1 >= self.size or self.words.breaks[at + 1] > NONE or self.words.possessive(at)

    def _person_tag(self, at: int) -> Tag | None:
        if at >= self.size:
            return None
        for tag in self.words.tags(at):
            if tag.sense.is_ == "person" and tag.sense.needs != "article":
                return tag
        return None

    def _past_adjectives(self, at: int) -> int:
        for _ in range(3):
            if at >= self.size or self.words.breaks[at] > NONE:
                return self.size if at < self.size and self.words.breaks[at] > NONE else at
            tag = self.words.has(at, "adjective")
            if tag is None or self._person_tag(at) is not None:
                return at
            at += tag.length
        return at

    def _somebody(self, group: str, first: int, last: int) -> int:
        person = self._new(first, last)
        self.cast.people[person].group = group
        return person

    def _new(self, first: int, last: int) -> int:
        number = len(self.cast.people)
        self.cast.people.append(Person(number, [(first, last)]))
        return number


def read_cast(words: Words) -> Cast:
    """Return the cast of a call.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> words = Words(Document(Call.from_text("My bloke's hit me.")), load_vocabulary("en"))
    >>> cast = read_cast(words)
    >>> cast.tie(cast.mentions[0], cast.mentions[1])
    'partner'
    """
    cast = _Reader(words).read()
    return cast
