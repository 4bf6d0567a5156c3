"""Checks of the sentences that rules are tested with, and of what they look for: untested, twice, idle."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from triage_triggers.documents.faults import quote
from triage_triggers.engine.matching.words import CLITICS
from triage_triggers.lint.check import Check, Remark
from triage_triggers.lint.rule_tests import sentences_of
from triage_triggers.phrases.pattern import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage_triggers.lint.check import Subject
    from triage_triggers.lint.literals import Owner
    from triage_triggers.lint.rule_tests import ExampleKind
    from triage_triggers.ruleset.compiling import CompiledPhrase

__all__ = ["CHECKS", "ENOUGH_EXAMPLES", "LEAST_COVERAGE"]

ENOUGH_EXAMPLES: Final = 2
"""How many sentences must fire a rule, and how many must not, before it counts as tested."""
LEAST_COVERAGE: Final = 0.5
"""Which part of a rule's phrases its examples should exercise at least."""
_NAMED: Final = 3
"""How many other rules a message names."""


def _no_examples(subject: Subject) -> Iterator[Remark]:
    for rule in subject.ruleset.rules:
        if not rule.examples.fire:
            message = "nothing shows that it works; add 'examples: {fire: [...], quiet: [...]}'"
            yield Remark("rules", rule.id, (), message)


def _few_examples(subject: Subject) -> Iterator[Remark]:
    for rule in subject.ruleset.rules:
        for key, sentences in (("fire", rule.examples.fire), ("quiet", rule.examples.quiet)):
            if len(sentences) < ENOUGH_EXAMPLES and rule.examples.fire:
                found = f"only {len(sentences)}" if sentences else "none"
                message = f"'{key}' should have {ENOUGH_EXAMPLES} sentences or more; it has {found}"
                yield Remark("rules", rule.id, ("examples", key) if sentences else ("examples",), message)


def _failing(*kinds: ExampleKind) -> Callable[[Subject], Iterator[Remark]]:
    def find(subject: Subject) -> Iterator[Remark]:
        for kind in kinds:
            for result in subject.tests.failures:
                if result.kind == kind:
                    yield Remark("rules", result.rule, (*kind.split("."), result.number - 1), result.message)

    return find


def _duplicate_example(subject: Subject) -> Iterator[Remark]:
    for rule in subject.ruleset.rules:
        seen: dict[str, str] = {}
        for kind, sentences in sentences_of(rule).items():
            for number, sentence in enumerate(sentences):
                said = " ".join(re.findall(r"\w+", sentence.casefold()))
                if said in seen:
                    message = f"this sentence is already in {seen[said]}; one of the two tests nothing more"
                    yield Remark("rules", rule.id, (*kind.split("."), number), message)
                else:
                    seen[said] = kind


def _phrase_unexercised(subject: Subject) -> Iterator[Remark]:
    message = "no 'fire' example of the rule exercises this phrase"
    for coverage in subject.tests.coverage:
        yield from (Remark("rules", coverage.rule, ("phrases", at), message) for at in coverage.unexercised)


def _unless_unexercised(subject: Subject) -> Iterator[Remark]:
    message = "no 'quiet' example of the rule has these words, so nothing shows what they are for"
    for coverage in subject.tests.coverage:
        yield from (Remark("rules", coverage.rule, ("unless", at), message) for at in coverage.unexercised_unless)


def _low_coverage(subject: Subject) -> Iterator[Remark]:
    for coverage in subject.tests.coverage:
        if coverage.exercised < LEAST_COVERAGE * coverage.phrases and coverage.exercised:
            message = (
                f"its examples exercise {coverage.exercised:,} of its {coverage.phrases:,} phrases; fewer than half"
                " are shown to work ('triage-triggers test --coverage' names the others)"
            )
            yield Remark("rules", coverage.rule, ("examples",), message)
        event = coverage.event
        if event is not None and event.told:
            exercised, parts = len(event.told) + len(event.used), len(event.deeds) + len(event.classes)
            if exercised < LEAST_COVERAGE * parts:
                yield Remark("rules", coverage.rule, ("examples",), f"{event}; fewer than half are shown to work")


def _deed_unexercised(subject: Subject) -> Iterator[Remark]:
    for coverage in subject.tests.coverage:
        event = coverage.event
        if event is None:
            continue
        for at, does in enumerate(event.deeds):
            if does not in event.told:
                message = f"no 'fire' example of the rule tells the deed '{does}'"
                yield Remark("rules", coverage.rule, ("event", "does", at), message)
        if event.unused:
            message = f"no 'fire' example of the rule has a verb of {', '.join(event.unused)}"
            yield Remark("rules", coverage.rule, ("event",), message)


def _twice(subject: Subject, *, across_themes: bool) -> Iterator[Remark]:
    """Yield each phrase that shares its words with one before it, once for every such pair."""
    compiled = subject.compiled
    shared: dict[tuple[Owner, Owner], list[str]] = {}
    for meeting in subject.meetings:
        if meeting.same:
            pair = max(meeting.owner, meeting.other), min(meeting.owner, meeting.other)
            shared.setdefault(pair, []).append(meeting.said)
    for (later, earlier), said in sorted(shared.items()):
        literals = sorted(set(said))
        mine, other = compiled[later.rule].rule, compiled[earlier.rule].rule
        if (mine.theme != other.theme) != across_themes:
            continue
        more = f" and {len(literals) - 1:,} more" if len(literals) > 1 else ""
        where = "another phrase of this rule" if mine is other else f"{other.id} ({other.theme})"
        message = f"'{quote(literals[0])}'{more} stands here and in {where}: '{other.phrases[earlier.phrase]}'"
        yield Remark("rules", mine.id, ("phrases", later.phrase), message)


_ACROSS_THEMES: Final = partial(_twice, across_themes=True)
_WITHIN_A_THEME: Final = partial(_twice, across_themes=False)


def _phrase_contained(subject: Subject) -> Iterator[Remark]:
    """Where one rule's phrase is part of another's, both fire: whoever counts rules counts the same words twice."""
    compiled = subject.compiled
    inside: dict[Owner, dict[int, str]] = {}
    for meeting in subject.meetings:
        if not meeting.same and meeting.owner.rule != meeting.other.rule:
            inside.setdefault(meeting.owner, {}).setdefault(meeting.other.rule, meeting.said)
    for owner, containing in sorted(inside.items()):
        rule = compiled[owner.rule].rule
        names = [f"{compiled[number].rule.id} ('{containing[number]}')" for number in sorted(containing)]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        message = f"it is part of what other rules look for, so both fire: {', '.join(names[:_NAMED])}{more}"
        yield Remark("rules", rule.id, ("phrases", owner.phrase), message)


def _unless_idle(subject: Subject) -> Iterator[Remark]:
    for entry in subject.compiled:
        # What may stand in a gap is anybody's guess, so a gapped phrase overlaps anything.
        if not entry.unless or any(len(phrase.segments) > 1 for phrase in entry.phrases):
            continue
        said = frozenset[str]().union(*map(_stems, entry.phrases))
        for number, phrase in enumerate(entry.unless):
            if len(phrase.segments) == 1 and said.isdisjoint(_stems(phrase)):
                message = (
                    "it shares no words with any phrase of the rule, so it can't overlap a match and cancels nothing"
                )
                yield Remark("rules", entry.rule.id, ("unless", number), message)


_CLITIC_LETTERS: Final = "".join({letter for clitic in CLITICS for letter in clitic})


def _stems(phrase: CompiledPhrase) -> frozenset[str]:
    """Return a phrase's words without every letter at their ends that a clitic could have brought.

    Words that differ in what may follow an apostrophe are taken for one ("my husband" is found in "my husband's").
    """
    return frozenset(word.rstrip(_CLITIC_LETTERS) for segment in phrase.segments for word in words_of(segment))


CHECKS: Final = (
    Check("no-examples", "error", "A rule has no sentence that must fire.", _no_examples),
    Check(
        "few-examples", "warning", "A rule has fewer than two sentences that fire, or that are quiet.", _few_examples
    ),
    Check(
        "example-fails", "error", "A sentence that must fire does not, or on other words.", _failing("examples.fire")
    ),
    Check("quiet-fires", "error", "A sentence that must be quiet fires.", _failing("examples.quiet")),
    Check(
        "known-passes",
        "error",
        "A known miss or known false alarm is none any more.",
        _failing("known_miss", "known_false_alarm"),
    ),
    Check("duplicate-example", "warning", "A sentence stands twice among a rule's examples.", _duplicate_example),
    Check("low-coverage", "warning", "The examples exercise fewer than half of a rule.", _low_coverage),
    Check("deed-unexercised", "info", "No example tells a deed, or has a verb of a class.", _deed_unexercised),
    Check("phrase-unexercised", "info", "No example exercises a phrase.", _phrase_unexercised),
    Check("unless-unexercised", "info", "No quiet example has the words of an 'unless' phrase.", _unless_unexercised),
    Check("duplicate-theme", "warning", "The same words stand in rules of two themes.", _ACROSS_THEMES),
    Check(
        "duplicate-phrase",
        "info",
        "The same words stand twice in a rule, or in two rules of one theme.",
        _WITHIN_A_THEME,
    ),
    Check("phrase-contained", "info", "A phrase is part of another rule's phrase, so both fire.", _phrase_contained),
    Check("unless-idle", "warning", "An 'unless' phrase can overlap no match of its rule.", _unless_idle),
)
