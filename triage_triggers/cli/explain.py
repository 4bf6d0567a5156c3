"""``triage-triggers explain``: one call, and what every sign and line found in it or lacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer
from rich.text import Text
from rich.tree import Tree

from triage_triggers.calls.reading import check_readable
from triage_triggers.cli.call_view import CallView, quoted
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
    from collections.abc import Sequence

    from triage_triggers.assessment import Assessment, Tally
    from triage_triggers.calls.call import Call
    from triage_triggers.engine.decision.sign import SignTrace
    from triage_triggers.ruleset.definition import TallyRule

__all__ = ["EXAMPLES", "in_words", "run"]

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
    told = _Told(chosen, explanation.assessment)
    for sign in traces.signs:
        view.add(_tree("Sign", sign, "holds", "does not hold", told))
    tally, written = explanation.assessment.tally, evaluator.ruleset.tally
    if tally is not None and written is not None:
        view.add(Text(in_words(tally, written)))
        points = {line.kind: line.points for line in tally.lines}
        offered = {line.id: line.points for line in written.lines}
        feeding = {line.kind: line.findings for line in tally.lines}
        for line in traces.tally:
            outcome = f"counts {points.get(line.id, 0):+}", f"does not count ({offered[line.id]:+})"
            view.add(_tree("Tally", line, *outcome, told, feeding=feeding.get(line.id)))
    codes = {line.id: f", suggests {line.suggest}" if line.suggest else "" for line in evaluator.ruleset.then}
    for line in traces.then:
        view.add(_tree("Then", line, f"holds{codes[line.id]}", f"does not hold{codes[line.id]}", told))


class _Told(NamedTuple):
    """A call and what was made of it: what the findings that traces name say."""

    call: Call
    assessment: Assessment

    def line(self, number: int) -> str:
        """Return a finding with its words, who did it to whom, and how that is known."""
        finding = self.assessment.findings[number]
        said = quoted(self.call, finding, self.assessment.cast)
        return f"found {finding.rule} in utterance {finding.utterance + 1}: {said}"


def in_words(tally: Tally, rule: TallyRule) -> str:
    """Return what a tally comes to, and how far it is from more.

    >>> from triage_triggers.assessment import Tally
    >>> from triage_triggers.ruleset.definition import TallyRule
    >>> line = {"id": "armed", "find": ["weapon"], "points": 3, "reason": "A weapon."}
    >>> in_words(Tally(3, "none", ()), TallyRule.model_validate({"look_again": 4, "flag": 5, "lines": [line] * 2}))
    'Tally 3, none: 1 short of look again (4), 2 short of flag (5)'
    """
    steps = (("look again", rule.look_again), ("flag", rule.flag))
    short = [f"{points - tally.points} short of {level} ({points})" for level, points in steps if points > tally.points]
    return f"Tally {tally.points}, {tally.level.replace('_', ' ')}" + (f": {', '.join(short)}" if short else "")


def _tree(
    kind: str, trace: SignTrace, holds: str, holds_not: str, told: _Told, *, feeding: Sequence[int] | None = None
) -> Tree:
    outcome = (holds, "bold red") if trace.held else (holds_not, "dim")
    tree = Tree(Text.assemble(f"{kind} ", (trace.id, "bold"), " ", outcome))
    tree.add(Text(trace.reason))
    tree.add(Text(f"asks for {trace.asks}"))
    for number in dict.fromkeys(found.finding for found in trace.found) if feeding is None else feeding:
        tree.add(Text(told.line(number)))
    if not trace.held:
        tree.add(Text(f"lacked: {trace.lacks}"))
    return tree
