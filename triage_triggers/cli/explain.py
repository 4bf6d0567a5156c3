"""``triage-triggers explain``: one call, and what every gate and policy found in it or lacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text
from rich.tree import Tree

from triage_triggers.calls.reading import check_readable
from triage_triggers.cli.call_view import CallView
from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallId,
    CodeSystem,
    CurrentCode,
    ReadingOptions,
    RulesetOption,
    choose_call,
    open_evaluator,
    reads_calls,
)

if TYPE_CHECKING:
    from triage_triggers.engine.decision.explanation import GateTrace, NodeTrace, PolicyTrace

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers explain examples/neighbour.txt --ruleset uk-ambulance",
    "triage-triggers explain examples/calls.jsonl --call-id direct-report -r uk-ambulance",
)


@reads_calls
def run(
    call: Annotated[str, typer.Argument(metavar="CALL", help="A file of calls, or '-' for standard input.")],
    *,
    ruleset: RulesetOption,
    call_id: CallId = None,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    options: ReadingOptions,
) -> None:
    """Explain one call: every finding, the words that decided how it was read, every gate and every policy.

    The call is SHOWN IN FULL. For each gate and policy you see which of its conditions hold and what the others lacked.
    """
    check_readable([call], options)
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn, lazy=True)
    chosen = choose_call(call, call_id, options)
    explanation = evaluator.explain(chosen, current_code=chosen.current_code or current_code)
    view = CallView(evaluator.ruleset)
    view.show(chosen, explanation.assessment)
    for gate in explanation.gates:
        view.add(_gate_tree(gate))
    for policy in explanation.policies:
        view.add(_tree(policy))


def _gate_tree(gate: GateTrace) -> Tree:
    outcome = ("opens", "bold red") if gate.opened else ("stays closed", "dim")
    tree = Tree(Text.assemble("Gate ", (gate.gate, "bold"), " ", outcome))
    if gate.held_back:
        tree.add(Text(f"held back: {', '.join(gate.held_back)}"))
    if not gate.opened:
        tree.add(Text(f"lacked: {'; '.join(gate.lacks)}"))
    if gate.condition is not None:
        _grow(tree, gate.condition)
    return tree


def _tree(policy: PolicyTrace) -> Tree:
    outcome = ("holds", "bold red") if policy.held else ("does not hold", "dim")
    suggests = f", suggests {policy.suggest}" if policy.suggest else ""
    tree = Tree(Text.assemble("Policy ", (policy.policy, "bold"), " ", outcome, suggests))
    if policy.lacks:
        tree.add(Text(f"lacked: {'; '.join(policy.lacks)}"))
    _grow(tree, policy.condition)
    return tree


def _grow(tree: Tree, node: NodeTrace) -> None:
    sign = "yes" if node.held else "no"
    evidence = ", ".join(f"{found.rule} in utterance {found.turn + 1}" for found in node.found)
    branch = tree.add(Text(f"{sign}: {node.text}" + (f", found {evidence}" if evidence else "")))
    for child in node.children:
        _grow(branch, child)
