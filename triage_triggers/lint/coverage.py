"""Which of a rule's phrases, or of the deeds and verbs of its event, its own examples exercise.

A phrase that no example exercises may be misspelt, or impossible to say, and nobody would notice. It counts as
exercised where a ``fire`` example that it matches has a counted finding of the rule over the same words; an ``unless``
phrase where it matches a ``quiet`` example. A deed, and a class of verbs that tells it, is exercised where a counted
finding of a ``fire`` example is such an event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.calls.call import Call
from triage_triggers.engine.matching.document import Document
from triage_triggers.engine.matching.matcher import Matcher, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.engine.engine import Engine, HasEngine
    from triage_triggers.ruleset.compiling import CompiledPhrase, CompiledRule
    from triage_triggers.ruleset.definition import EventRule

__all__ = ["EventCoverage", "Example", "RuleCoverage", "coverage_of"]


class Example(NamedTuple):
    """The text of an example without its brackets, and the spans at which its rule found what counts."""

    text: str
    counted: tuple[tuple[int, int], ...] = ()


class EventCoverage(NamedTuple):
    """Which deeds and classes of verbs a rule is about, and which of them examples tell and use.

    >>> str(EventCoverage(("strike", "throw"), ("strike", "strike-person"), ("strike",), ("strike",)))
    '1 of 2 deeds and 1 of 2 classes of verbs exercised'
    """

    deeds: tuple[str, ...]
    classes: tuple[str, ...]
    told: tuple[str, ...]
    used: tuple[str, ...]

    @property
    def untold(self) -> tuple[str, ...]:
        """The deeds that no example tells."""
        return tuple(does for does in self.deeds if does not in self.told)

    @property
    def unused(self) -> tuple[str, ...]:
        """The classes of verbs that no example uses."""
        return tuple(name for name in self.classes if name not in self.used)

    def __str__(self) -> str:
        classes = f" and {len(self.used)} of {len(self.classes)} classes of verbs" if self.classes else ""
        return f"{len(self.told)} of {len(self.deeds)} deeds{classes} exercised"


class RuleCoverage(NamedTuple):
    """How many phrases a rule has, and the numbers (from 0) of those that no example exercises; or that of its event.

    >>> str(RuleCoverage("weapon.knife", 4, (1,), ()))
    'weapon.knife: 3 of 4 phrases exercised'
    """

    rule: str
    phrases: int
    unexercised: tuple[int, ...]
    unexercised_unless: tuple[int, ...]
    event: EventCoverage | None = None

    @property
    def exercised(self) -> int:
        """How many phrases are exercised."""
        return self.phrases - len(self.unexercised)

    def __str__(self) -> str:
        if self.event is not None:
            return f"{self.rule}: {self.event}"
        return f"{self.rule}: {self.exercised:,} of {self.phrases:,} phrases exercised"


def coverage_of(
    compiled: CompiledRule, fire: Iterable[Example], quiet: Iterable[Example], evaluator: HasEngine
) -> RuleCoverage:
    """Return which phrases of a rule its ``fire`` examples exercise, and which ``unless`` ones its ``quiet`` ones.

    Of a rule about events, which deeds and classes of verbs its ``fire`` examples tell, as ``evaluator`` reads them.
    """
    if compiled.rule.event is not None:
        return RuleCoverage(compiled.rule.id, 0, (), (), _of_event(compiled.rule.event, list(fire), evaluator.engine))
    silent = [Example(example.text, ((0, len(example.text)),)) for example in quiet]
    return RuleCoverage(
        compiled.rule.id,
        len(compiled.phrases),
        _unexercised(compiled.phrases, list(fire)),
        _unexercised(compiled.unless, silent),
    )


def _of_event(event: EventRule, examples: Sequence[Example], engine: Engine) -> EventCoverage:
    told, used = set[str](), set[str]()
    for example in examples:
        scene = engine.scene(Document(Call.from_text(example.text)))
        if scene is None:  # pragma: no cover  an engine of rules about events has a vocabulary
            continue
        words = scene.cast.words
        for found in scene.events:
            if found.does in event.does and (words.starts[found.first], words.ends[found.last - 1]) in example.counted:
                told.add(found.does)
                senses = [tag.sense for tag in words.tags(found.verb)]
                used.update(sense.name for sense in senses if sense.is_ == "verb" and sense.does == found.does)
    vocabulary = engine.vocabulary
    classes = () if vocabulary is None else [sense.name for sense in vocabulary.senses if sense.does in event.does]
    deeds = tuple(does for does in event.does if does in told)
    return EventCoverage(event.does, tuple(classes), deeds, tuple(sorted(used)))


def _unexercised(phrases: Sequence[CompiledPhrase], examples: Sequence[Example]) -> tuple[int, ...]:
    texts = [Document(Call.from_text(example.text)).folded for example in examples]
    matcher = Matcher(Pattern(number, idiom=False, parts=phrase.segments) for number, phrase in enumerate(phrases))
    found = {
        match.owner
        for text, example in zip(texts, examples, strict=True)
        for match in (matcher.scan(text) if example.counted else ())
        if any(match.start < end and start < match.end for start, end in example.counted)
    }
    return tuple(number for number in range(len(phrases)) if number not in found)
