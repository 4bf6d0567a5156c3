"""Checks of phrases: what no example exercises, what stands twice, what is inside another, what is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ahocorasick

from triage_triggers.documents.faults import quote
from triage_triggers.lint.check import Check, Remark
from triage_triggers.ruleset.compiling import MAX_RULE_PHRASES, MAX_RULESET_PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.lint.literals import Owner
    from triage_triggers.lint.subject import Subject

__all__ = ["CHECKS", "LARGE_PHRASE", "LARGE_RULE", "LARGE_RULESET", "LEAST_COVERAGE"]

LEAST_COVERAGE: Final = 0.5
"""Which part of a rule's phrases its examples should exercise at least."""
LARGE_PHRASE: Final = 3_000
LARGE_RULE: Final = MAX_RULE_PHRASES // 2
LARGE_RULESET: Final = MAX_RULESET_PHRASES * 3 // 4
"""Beyond these sizes somebody should look at what a phrase, a rule or a ruleset stands for."""
_NAMED: Final = 3
"""How many other rules a message names."""


def _phrase_unexercised(subject: Subject) -> Iterator[Remark]:
    for coverage in subject.tests.coverage:
        for number in coverage.unexercised:
            yield Remark(
                "rules", coverage.rule, ("phrases", number), "no 'fire' example of the rule exercises this phrase"
            )


def _unless_unexercised(subject: Subject) -> Iterator[Remark]:
    for coverage in subject.tests.coverage:
        for number in coverage.unexercised_unless:
            message = "no 'quiet' example of the rule has these words, so nothing shows what they are for"
            yield Remark("rules", coverage.rule, ("unless", number), message)


def _low_coverage(subject: Subject) -> Iterator[Remark]:
    for coverage in subject.tests.coverage:
        if coverage.exercised < LEAST_COVERAGE * coverage.phrases and coverage.exercised:
            message = (
                f"its examples exercise {coverage.exercised:,} of its {coverage.phrases:,} phrases; fewer than half"
                " are shown to work ('triage-triggers test --coverage' names the others)"
            )
            yield Remark("rules", coverage.rule, ("examples",), message)


def _twice(subject: Subject, *, across_themes: bool) -> Iterator[Remark]:
    """Yield each phrase that shares literals with one before it, once for every such pair."""
    compiled = subject.compiled
    shared: dict[tuple[Owner, Owner], list[str]] = {}
    for literal, owners in subject.owners.items():
        for at, later in enumerate(owners):
            for earlier in owners[:at]:
                if earlier != later:
                    shared.setdefault((later, earlier), []).append(literal)
    for (later, earlier), literals in sorted(shared.items()):
        mine, other = compiled[later.rule].rule, compiled[earlier.rule].rule
        if (mine.theme != other.theme) != across_themes:
            continue
        more = f" and {len(literals) - 1:,} more" if len(literals) > 1 else ""
        where = "another phrase of this rule" if mine is other else f"{other.id} ({other.theme})"
        message = f"'{quote(literals[0])}'{more} stands here and in {where}: '{other.phrases[earlier.phrase]}'"
        yield Remark("rules", mine.id, ("phrases", later.phrase), message)


def _duplicate_theme(subject: Subject) -> Iterator[Remark]:
    yield from _twice(subject, across_themes=True)


def _duplicate_phrase(subject: Subject) -> Iterator[Remark]:
    yield from _twice(subject, across_themes=False)


def _phrase_contained(subject: Subject) -> Iterator[Remark]:
    """Where one rule's phrase is part of another's, both fire: whoever counts rules counts the same words twice."""
    compiled = subject.compiled
    owners = {literal: who for literal, who in subject.owners.items() if " ... " not in literal}
    automaton = ahocorasick.Automaton()
    for literal in owners:
        automaton.add_word(f" {literal} ", literal)
    if not owners:
        return
    automaton.make_automaton()
    inside: dict[Owner, dict[int, str]] = {}
    for number, entry in enumerate(compiled):
        whole = {literal for phrase in entry.phrases if len(phrase.segments) == 1 for literal in phrase.segments[0]}
        for around in {literal for phrase in entry.phrases for part in phrase.segments for literal in part}:
            for _, found in automaton.iter(f" {around} "):
                if found != around or around not in whole:  # else the two are the same, which is another check's
                    for owner in owners[found]:
                        if owner.rule != number:
                            inside.setdefault(owner, {}).setdefault(number, around)
    for owner, containing in sorted(inside.items()):
        rule = compiled[owner.rule].rule
        names = [f"{compiled[number].rule.id} ('{containing[number]}')" for number in sorted(containing)]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        message = f"it is part of what other rules look for, so both fire: {', '.join(names[:_NAMED])}{more}"
        yield Remark("rules", rule.id, ("phrases", owner.phrase), message)


def _expansion(subject: Subject) -> Iterator[Remark]:
    total = 0
    for entry in subject.compiled:
        sizes = [sum(map(len, phrase.segments)) for phrase in (*entry.phrases, *entry.unless)]
        total += sum(sizes)
        for number, size in enumerate(sizes[: len(entry.phrases)]):
            if size > LARGE_PHRASE:
                message = f"it stands for {size:,} literal phrases; nobody can have read them all: split it"
                yield Remark("rules", entry.rule.id, ("phrases", number), message)
        if sum(sizes) > LARGE_RULE:
            message = f"it stands for {sum(sizes):,} literal phrases; {MAX_RULE_PHRASES:,} is the limit"
            yield Remark("rules", entry.rule.id, ("phrases",), message)
    if total > LARGE_RULESET:
        message = f"it stands for {total:,} literal phrases; {MAX_RULESET_PHRASES:,} is the limit"
        yield Remark("ruleset", "", ("rules",), message)


CHECKS: Final = (
    Check("low-coverage", "warning", "The examples exercise fewer than half of a rule's phrases.", _low_coverage),
    Check("phrase-unexercised", "info", "No example exercises a phrase.", _phrase_unexercised),
    Check("unless-unexercised", "info", "No quiet example has the words of an 'unless' phrase.", _unless_unexercised),
    Check("duplicate-theme", "warning", "The same words stand in rules of two themes.", _duplicate_theme),
    Check(
        "duplicate-phrase",
        "info",
        "The same words stand twice in a rule, or in two rules of one theme.",
        _duplicate_phrase,
    ),
    Check("phrase-contained", "info", "A phrase is part of another rule's phrase, so both fire.", _phrase_contained),
    Check("expansion", "warning", "A phrase, rule or ruleset stands for very many literal phrases.", _expansion),
)
