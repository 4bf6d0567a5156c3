"""Checks of the sentences that rules are tested with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.lint.check import Check, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.documents.source import Place
    from triage_triggers.lint.check import Subject

__all__ = ["CHECKS", "ENOUGH_EXAMPLES"]

ENOUGH_EXAMPLES: Final = 2
"""How many sentences must fire a rule, and how many must not, before it counts as tested."""

_PLACES: Final[dict[str, Place]] = {
    "examples.fire": ("examples", "fire"),
    "examples.quiet": ("examples", "quiet"),
    "known_miss": ("known_miss",),
    "known_false_alarm": ("known_false_alarm",),
}


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


def _example_fails(subject: Subject) -> Iterator[Remark]:
    yield from _failing(subject, "examples.fire")


def _quiet_fires(subject: Subject) -> Iterator[Remark]:
    yield from _failing(subject, "examples.quiet")


def _known_passes(subject: Subject) -> Iterator[Remark]:
    yield from _failing(subject, "known_miss")
    yield from _failing(subject, "known_false_alarm")


def _failing(subject: Subject, kind: str) -> Iterator[Remark]:
    for result in subject.tests.failures:
        if result.kind == kind:
            yield Remark("rules", result.rule, (*_PLACES[kind], result.number - 1), result.message)


def _duplicate_example(subject: Subject) -> Iterator[Remark]:
    for rule in subject.ruleset.rules:
        groups = (rule.examples.fire, rule.examples.quiet, rule.known_miss, rule.known_false_alarm)
        seen: dict[str, str] = {}
        for (kind, place), sentences in zip(_PLACES.items(), groups, strict=True):
            for number, sentence in enumerate(sentences):
                said = " ".join(re.findall(r"\w+", sentence.casefold()))
                if said in seen:
                    message = f"this sentence is already in {seen[said]}; one of the two tests nothing more"
                    yield Remark("rules", rule.id, (*place, number), message)
                else:
                    seen[said] = kind


CHECKS: Final = (
    Check("no-examples", "error", "A rule has no sentence that must fire.", _no_examples),
    Check(
        "few-examples", "warning", "A rule has fewer than two sentences that fire, or that are quiet.", _few_examples
    ),
    Check("example-fails", "error", "A sentence that must fire does not, or on other words.", _example_fails),
    Check("quiet-fires", "error", "A sentence that must be quiet fires.", _quiet_fires),
    Check("known-passes", "error", "A known miss or known false alarm is none any more.", _known_passes),
    Check("duplicate-example", "warning", "A sentence stands twice among a rule's examples.", _duplicate_example),
)
