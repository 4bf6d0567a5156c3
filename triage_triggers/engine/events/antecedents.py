"""Antecedents: to whom a pronoun would go at a place of a call, which is read from its first word to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, ONE
from triage_triggers.engine.events.words import NONE

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention

__all__ = ["REACH", "Antecedents"]

REACH: Final = 60
"""Within how many words a pronoun may go back to somebody named."""


class Antecedents:
    """Who was named last, by sex; ``latest`` changes while a call is read.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.cast import Cast, Mention
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> cast = Cast(Words(Document(Call.from_text("Dad fell, he did.")), load_vocabulary("en")))
    >>> antecedents = Antecedents(cast)
    >>> antecedents.named(Mention(0, 1, cast.new(0, 1, "m").number, "m", "person", subject=True))
    >>> antecedents.stands_for("m", 2), antecedents.stands_for("f", 2)
    (1, None)
    """

    __slots__ = ("cast", "latest", "words")

    def __init__(self, cast: Cast) -> None:
        self.cast, self.words = cast, cast.words
        self.latest: dict[str, Mention] = {}

    def named(self, mention: Mention) -> None:
        """Let pronouns behind go to somebody who is named, unless beside others."""
        if mention.person not in {None, CALLER} and mention.sex in {*ONE, None} and not self._aside(mention):
            self.latest.update((sex, mention) for sex in ([mention.sex] if mention.sex else sorted(ONE)))

    def _aside(self, mention: Mention) -> bool:
        """Tell whether somebody is named beside others: "my sister had a lad with her, he" is not the lad."""
        person, words = self.cast.person(mention), self.words
        if person is None:
            return False
        if person.helper or (person.sex is None and (person.child or person.group is not None)):
            return True
        if words.close(mention.last) and words.has(mention.last, "part") is not None:
            return True  # "on my husband's knee"
        if mention.first == 0 or person.group is None:
            return False
        if words.close(mention.first) and (
            words.ends_in(mention.first - 1, "is-ending") or words.said(mention.first - 1, "is-or-was")
        ):
            return True  # "he's a tall man"
        return words.close(mention.first) and words.said(mention.first - 1, "beside")

    def other_than_subject(self, sex: str, at: int) -> int | None:
        """Return for whom "him" or "her" stands, which is nobody who does something to them in the same clause."""
        words, meant = self.words, self.stands_for(sex, at)
        if meant is None or sex not in ONE or words.ends_in(at, "reflexive") or not self.cast.mentions:
            return meant
        subject = self.cast.mentions[-1]
        clause = range(subject.last, at + 1)
        if subject.person != meant or not subject.subject or any(words.breaks[step] > NONE for step in clause):
            return meant
        owner = words.has(subject.first, "owner")
        if owner is not None and owner.sense.sex == sex:
            return next((tie.to for tie in self.cast.people[meant].ties.values()), None)  # "his brother pushed him"
        for other in self.cast.before(subject.first):
            if at - other.last > REACH:
                break
            if other.sex == sex and other.person not in {meant, None, CALLER}:
                return other.person
        return None

    def stands_for(self, sex: str | None, at: int) -> int | None:
        """Return for whom a pronoun or an owner of some sex stands: the latest who fits, within reach."""
        speaker = self.words.speaker(at)
        if sex == "self":
            return None if speaker == "call_taker" else CALLER
        if sex == "you":
            return CALLER if speaker in {"call_taker", "unknown"} else None
        known = self.latest.get(sex or "")
        if sex is None or known is None or known.person is None or at - known.last > REACH:
            return None
        self._is_of_sex(known.person, sex)
        return known.person

    def _is_of_sex(self, number: int, sex: str) -> None:
        """Learn from "he" that "my partner", to whom it goes, is a man, so that "her" is somebody else."""
        person = self.cast.people[number]
        if person.sex is None:
            person.sex = sex
            for other in ONE - {sex}:
                if other in self.latest and self.latest[other].person == number:
                    del self.latest[other]
