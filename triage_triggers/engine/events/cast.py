"""The cast of a call: who is spoken of, and what they are to each other."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.words import Words

__all__ = ["CALLER", "CLOSE", "Cast", "Mention", "Person", "Tie"]

CALLER: Final = 0
CLOSE: Final = frozenset({"partner", "ex_partner", "relative", "household", "carer"})
SHARED: Final = frozenset({"household", "carer"})
"""What somebody is to everybody of the caller's."""
FAMILY: Final = frozenset({"partner", "relative"})
FAR: Final = frozenset({"stranger", "acquaintance"})
ONE: Final = frozenset({"m", "f"})
"""The sexes of a pronoun that stands for one other person."""
LONGEST_MENTION: Final = 6


class Mention(NamedTuple):
    """Words that stand for somebody: word ``first`` to ``last``, half-open, in the call.

    ``person`` is their number in the cast, None for a pronoun that goes to nobody known. ``subject``: it may do things.
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
    same: set[int] = field(default_factory=set)

    @property
    def close(self) -> Tie | None:
        """The first of their ties that is a close one."""
        return next((tie for tie in self.ties.values() if tie.tie in CLOSE), None)

    def same_as(self, other: Person) -> None:
        """Let two be known to be one: each has the ties of both."""
        if other.number in self.same:
            return
        for one, another in ((self, other), (other, self)):
            for tie in another.ties.values():
                one.ties.setdefault(tie.to, tie)
            one.same.add(another.number)
            one.group = one.group or another.group
            one.helper, one.child = one.helper or another.helper, one.child or another.child
        self.names = list(dict.fromkeys((*self.names, *other.names)))
        other.names = list(self.names)
        self.sex, other.sex = self.sex or other.sex, other.sex or self.sex


class Cast:
    """Everybody of a call, each word that stands for one of them, and the ties between them.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.casting import read_cast
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> cast = read_cast(Words(Document(Call.from_text("My bloke's hit me.")), load_vocabulary("en")))
    >>> cast.tie(cast.mentions[0], cast.mentions[1])
    'partner'
    """

    __slots__ = (
        "_anonymous",
        "_at",
        "_ending",
        "_firsts",
        "_loose",
        "mentions",
        "patient",
        "patient_is_child",
        "patient_sex",
        "people",
        "words",
    )

    def __init__(self, words: Words) -> None:
        self.words = words
        self.people: list[Person] = [Person(CALLER, sex="self")]
        self.mentions: list[Mention] = []
        self.patient: int | None = None
        self.patient_sex: str | None = None
        self.patient_is_child = False
        self._at: dict[int, int] = {}
        self._ending: dict[int, int] = {}
        self._firsts: list[int] = []
        self._loose: dict[str, list[int]] = {}
        self._anonymous: dict[str, list[Person]] = {}

    # -- mentions
    def at(self, word: int) -> Mention | None:
        """Return who begins at a word."""
        number = self._at.get(word)
        return None if number is None else self.mentions[number]

    def ending(self, word: int) -> Mention | None:
        """Return who ends right before a word."""
        number = self._ending.get(word)
        if number is None:
            return None
        mention = self.mentions[number]
        return mention if word - mention.first < LONGEST_MENTION else None

    def before(self, word: int) -> Iterator[Mention]:
        """Yield who is mentioned before a word, the latest first."""
        for number in range(bisect_left(self._firsts, word) - 1, -1, -1):
            yield self.mentions[number]

    def add(self, mention: Mention) -> None:
        """Enter a mention; they come in order."""
        if mention.role == "pronoun" and mention.person is None and mention.sex in ONE:
            self._loose.setdefault(mention.sex, []).append(len(self.mentions))
        self._at[mention.first] = self._ending[mention.last] = len(self.mentions)
        self._firsts.append(mention.first)
        self.mentions.append(mention)

    def stand_for(self, mention: Mention, person: int) -> None:
        """Let a mention stand for somebody."""
        self.mentions[self._at[mention.first]] = mention._replace(person=person)

    # -- people
    def new(self, first: int, last: int, sex: str | None = None) -> Person:
        """Enter somebody who is first named at ``first:last``."""
        person = Person(len(self.people), [(first, last)], sex)
        self.people.append(person)
        return person

    def person(self, mention: Mention | None) -> Person | None:
        """Return who is meant, where that is known."""
        return None if mention is None or mention.person is None else self.people[mention.person]

    def the_patient(self) -> int:
        """Return the one that the call is about, entered without a name where nobody has named them."""
        if self.patient is None:
            person = self.new(0, 0, self.patient_sex)
            person.names.clear()
            self.patient = person.number
        return self.patient

    @property
    def knows_patient(self) -> bool:
        """Whether anybody has said who the patient is."""
        return self.patient is not None and bool(self.people[self.patient].names)

    def be_patient(self, person: Person) -> None:
        """Let somebody be the patient, and be meant by pronouns that went to a patient nobody had named."""
        if self.patient is not None:
            for number, mention in enumerate(self.mentions):
                if mention.person == self.patient and mention.role == "pronoun":
                    self.mentions[number] = mention._replace(person=person.number)
        self.patient, person.sex = person.number, self.patient_sex

    def give_pronouns(self, person: Person, sex: str | None) -> None:
        """Let the pronouns that went to nobody go to the one that was named, if the sex fits.

        Where no sex is told, it is that of the first such pronoun.
        """
        if sex is None:
            sex = min((of for of in self._loose if self._loose[of]), key=lambda of: self._loose[of][0], default=None)
        for number in self._loose.pop(sex or "", ()):
            self.mentions[number] = self.mentions[number]._replace(person=person.number)
        for other in self._anonymous.pop(sex or "", ()):
            if other is not person and not other.ties:
                other.same_as(person)

    def somebody(self, sex: str, at: int, reach: int) -> Person:
        """Enter somebody known by pronouns alone, to whom somebody else belongs: "she's been hit by her bloke"."""
        person = self.new(at, at, sex)
        person.names.clear()
        self._anonymous.setdefault(sex, []).append(person)
        loose = self._loose.get(sex, [])
        while loose and at - self.mentions[loose[-1]].last <= reach:
            number = loose.pop()
            self.mentions[number] = self.mentions[number]._replace(person=person.number)
        return person

    # -- ties
    def bind(self, person: int, tie: Tie) -> None:
        """Enter what somebody is to another, unless it is known."""
        if person != tie.to:
            self.people[person].ties.setdefault(tie.to, tie)

    def tie(self, agent: Mention | None, patient: Mention | None) -> str:
        """Return what the agent of an event is to its patient.

        ``he_or_she`` for a pronoun that goes to nobody known; ``unknown`` where nothing is said.
        """
        one, other = self.person(agent), self.person(patient)
        if one is None:
            lone = agent is not None and agent.role == "pronoun" and agent.sex in ONE
            return "he_or_she" if lone else "unknown"
        if one.group in FAR and not one.ties:
            return one.group or "unknown"
        to = CALLER if other is None else other.number
        if to == CALLER and self.patient is not None and len(self.words.document.utterances) == 1:
            to = self.patient  # a note quotes the patient: "states bf 'kneed me'"
        direct = self._between(one, to) or self._between(one, CALLER if other is None else other.number)
        return direct or self._through_caller(one, other) or one.group or "unknown"

    def _through_caller(self, one: Person, other: Person | None) -> str | None:
        """Return what two are to each other as what each is to the caller tells: my dad and my bloke are relatives."""
        near, far = self._to_caller(one), None if other is None else self._to_caller(other)
        if CALLER in {one.number, None if other is None else other.number} or near in SHARED:
            return near or far
        if near in CLOSE and (far in CLOSE or other is None):
            return "relative"
        closest = one.close
        if closest is None:
            return None
        return closest.tie if other is None or not near else "relative"

    def _between(self, one: Person, to: int) -> str | None:
        tie = one.ties.get(to) or self.people[to].ties.get(one.number)
        return None if tie is None else tie.tie

    def _to_caller(self, person: Person) -> str | None:
        """Return what somebody is to the caller; who is family of the caller's family is a relative."""
        direct = self._between(person, CALLER)
        if direct is not None or person.group is not None:
            return direct
        chained = (
            tie.tie in FAMILY and self._between(self.people[tie.to], CALLER) in FAMILY for tie in person.ties.values()
        )
        return "relative" if any(chained) else None
