"""A finding as words of its sentence: what the readings of polarity and time look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from triage_triggers.assessment import Polarity, Temporality, Why
    from triage_triggers.engine.context.lexicon import Classes, Lexicon, Reach
    from triage_triggers.engine.context.sentence import Sentence

__all__ = ["Claim", "Ruling"]


class Ruling(NamedTuple):
    """A cue that decides how a finding was meant, as a half-open range of the sentence's words, and why."""

    kind: str
    first: int
    last: int
    why: Why
    polarity: Polarity = "affirmed"
    temporality: Temporality = "current"
    counts: bool = True


class Claim(NamedTuple):
    """The finding in ``sentence.words[first:last]``.

    A *statement* ("hit me") has a pronoun in it or right behind it; a *thing* ("a knife") has not. The difference
    decides what "no" before it means. A statement may have a noun for its subject right before it ("my husband has
    hit me"); ``opening`` is where that begins, or else ``first``.
    """

    sentence: Sentence
    first: int
    last: int
    lexicon: Lexicon
    statement: bool
    opening: int

    @classmethod
    def of(cls, sentence: Sentence, first: int, last: int, lexicon: Lexicon) -> Claim:
        """Return the claim that a sentence's words ``first`` to ``last`` make."""
        words, pronouns = sentence.words, lexicon.words.pronouns
        statement = not pronouns.isdisjoint(words[first:last])
        if not statement and last - first > 1:  # "hit mummy"
            statement = not lexicon.words.people.isdisjoint(words[first + 1 : last])
        if not statement and last < len(words) and not sentence.breaks[last]:
            statement = words[last] in pronouns
        opening = _opening(sentence, first, lexicon) if statement else first
        return cls(sentence, first, last, lexicon, statement, opening)

    @property
    def words(self) -> list[str]:
        """All words of the sentence."""
        return self.sentence.words

    @property
    def classes(self) -> Classes:
        """The classes of the language's words."""
        return self.lexicon.words

    @property
    def reach(self) -> Reach:
        """How many words a cue of each class reaches."""
        return self.lexicon.words.reach

    def has_subject(self) -> bool:
        """Tell whether the finding has its own subject: "he hit me", "my husband hit me", "my husband has | hit me"."""
        words, classes = self.words, self.classes
        if self.opening < self.first or words[self.first] in classes.subjects:
            return True
        noun = self.first + (words[self.first] in classes.possessives)
        return noun + 1 < self.last and words[noun].removesuffix("'s") in classes.people

    def looks_verbal(self, word: str) -> bool:
        """Tell whether a word can begin a statement without its subject ("hit", "strangled")."""
        classes = self.classes
        return word in classes.verbs or word in classes.subjects or word.endswith(("ed", "ing"))

    def new_statement_since(self, after: int) -> bool:
        """Tell whether a new statement begins between word ``after`` and the finding, or with the finding."""
        sentence, classes = self.sentence, self.classes
        if self.has_subject() or any(sentence.breaks[after : self.opening + 1]):
            return True
        between = sentence.words[after : self.opening]
        if not (classes.subjects.isdisjoint(between) and classes.clause_breaks.isdisjoint(between)):
            return True
        return self.reopened_since(after)

    def reopened_since(self, after: int) -> bool:
        """Tell whether a definite noun begins a new statement: "nobody is helping me | my son has a knife"."""
        words, classes = self.words, self.classes
        return any(
            words[at - 1] in classes.closers and words[at] in classes.definites
            for at in range(after + 1, self.opening + 1)
        )


def _opening(sentence: Sentence, first: int, lexicon: Lexicon) -> int:
    """Return where a noun that is the statement's subject begins; ``first`` if there is none."""
    words, classes = sentence.words, lexicon.words
    at = first - 1
    while at >= 0 and first - at <= lexicon.words.reach.subject and words[at] in classes.before_verb:
        at -= 1
    if at < 0 or words[at].removesuffix("'s") not in classes.people or any(sentence.breaks[at + 1 : first + 1]):
        return first
    return at - 1 if at and words[at - 1] in classes.possessives else at
