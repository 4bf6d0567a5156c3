"""Checks of policies that say nothing: those that can never hold, and those that another says as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.decision.compiled import compile_condition
from triage_triggers.lint.check import Check, Remark
from triage_triggers.lint.implication import implies, is_impossible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.decision.condition import Node
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.lint.subject import Subject
    from triage_triggers.ruleset.definition import Condition, PolicyRule

__all__ = ["CHECKS"]


def _policy_never(subject: Subject) -> Iterator[Remark]:
    themes = {rule.id: rule.theme for rule in subject.ruleset.rules}
    for policy in subject.ruleset.policy or ():
        if is_impossible(compile_condition(policy.when, named=subject.ruleset.conditions), themes):
            message = "this can never hold: it asks for something and, under 'not', for its absence"
            yield Remark("policy", policy.id, ("when",), message)


def _gate_never(subject: Subject) -> Iterator[Remark]:
    themes = {rule.id: rule.theme for rule in subject.ruleset.rules}
    for gate in subject.ruleset.gates:
        if gate.when is None:
            continue  # closed for good, and written so
        if is_impossible(compile_condition(gate.when, named=subject.ruleset.conditions), themes):
            message = "this can never hold, so the gate never opens; if that is meant, leave 'when' out"
            yield Remark("gates", gate.id, ("when",), message)


def _policy_shadowed(subject: Subject) -> Iterator[Remark]:
    themes = {rule.id: rule.theme for rule in subject.ruleset.rules}
    known: dict[Condition, Node] = {}
    named = subject.ruleset.conditions
    policies = [(policy, compile_condition(policy.when, known, named)) for policy in subject.ruleset.policy or ()]
    for at, (policy, when) in enumerate(policies):
        for other_at, (other, other_when) in enumerate(policies):
            if other_at == at or not _says_as_much(other, policy, subject.ladder):
                continue
            if not implies(when, other_when, themes):
                continue
            if other_at > at and _says_as_much(policy, other, subject.ladder) and implies(other_when, when, themes):
                continue  # the two are the same; the later one is in the wrong
            message = (
                f"whenever it holds, {other.id} holds and says as much, so it changes nothing; remove one of the two"
            )
            yield Remark("policy", policy.id, ("when",), message)
            break


def _says_as_much(one: PolicyRule, other: PolicyRule, ladder: Ladder) -> bool:
    """Tell whether one policy's code and advice make another's superfluous."""
    if not set(other.advise) <= set(one.advise):
        return False
    if other.suggest is None:
        return True
    if one.suggest is None:
        return False
    if ladder.check(one.suggest) == ladder.check(other.suggest):
        return True
    return ladder.ordered and ladder.more_urgent(one.suggest, other.suggest)


CHECKS: Final = (
    Check("policy-never", "error", "A policy can never hold.", _policy_never),
    Check("gate-never", "error", "A gate with a condition can never open.", _gate_never),
    Check(
        "policy-shadowed", "warning", "Another policy holds whenever this one does, and says as much.", _policy_shadowed
    ),
)
