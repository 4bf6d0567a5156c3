"""``triage-triggers explain``: one call, and what every sign and line found in it or lacked."""

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
    from triage_triggers.engine.decision.sign import SignTrace

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
    """Explain one call: every finding, the words that decided how it was read, every sign and every line.

    The call is SHOWN IN FULL. For each sign and line you see what satisfied it or what it lacked.
    """
    check_readable([call], options)
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
    chosen = choose_call(call, call_id, options)
    explanation = evaluator.explain(chosen, current_code=chosen.current_code or current_code)
    view = CallView(evaluator.ruleset)
    view.show(chosen, explanation.assessment)
    traces = explanation.traces
    for sign in traces.signs:
        view.add(_tree("Sign", sign, "holds", "does not hold"))
    if explanation.assessment.tally is not None:
        points = {line.kind: line.points for line in explanation.assessment.tally.lines}
        view.add(Text(f"Tally {explanation.assessment.tally.points}, {explanation.assessment.tally.level}"))
        for line in traces.tally:
            view.add(_tree("Tally", line, f"counts {points.get(line.id, 0):+}", "does not count"))
    codes = {line.id: f", suggests {line.suggest}" if line.suggest else "" for line in evaluator.ruleset.then}
    for line in traces.then:
        view.add(_tree("Then", line, f"holds{codes[line.id]}", f"does not hold{codes[line.id]}"))


def _tree(kind: str, trace: SignTrace, holds: str, holds_not: str) -> Tree:
    outcome = (holds, "bold red") if trace.held else (holds_not, "dim")
    tree = Tree(Text.assemble(f"{kind} ", (trace.id, "bold"), " ", outcome))
    tree.add(Text(f"asks for {trace.asks}"))
    if trace.found:
        tree.add(Text("found " + ", ".join(f"{found.rule} in utterance {found.turn + 1}" for found in trace.found)))
    if not trace.held:
        tree.add(Text(f"lacked: {trace.lacks}"))
    return tree
