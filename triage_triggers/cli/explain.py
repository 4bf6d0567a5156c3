"""``triage-triggers explain`` and ``counterfactuals``: why one call came out so, and what would change that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from triage_triggers.cli.call_view import CallView, quoted
from triage_triggers.cli.inputs import CurrentCode, OneCall, Rules, RulesetOption  # noqa: TC001  Typer reads them
from triage_triggers.cli.say import say
from triage_triggers.replay.counterfactual import counterfactuals as find_counterfactuals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.assessment import Tally
    from triage_triggers.engine.decision.sign import SignTrace
    from triage_triggers.ruleset.definition import TallyRule

__all__ = ["counterfactuals", "run"]


def run(call: OneCall, *, ruleset: RulesetOption, rules: Rules, current_code: CurrentCode = None) -> None:
    """Explain one call: every finding, the words that decided how it was read, every sign and every line.

    The call is SHOWN IN FULL. For each sign and line you see what satisfied it or what it lacked.

    Examples:
        triage-triggers explain examples/neighbour.txt --ruleset uk-ambulance
        triage-triggers explain examples/calls.jsonl --call-id direct-report -r uk-ambulance
    """
    options = call.options()
    evaluator = rules.evaluator(ruleset)
    chosen = call.chosen(options)
    explanation = evaluator.explain(chosen, current_code=chosen.current_code or current_code)
    assessment, traces = explanation.assessment, explanation.traces
    view = CallView(evaluator.ruleset)
    view.show(chosen, assessment)
    told = [
        f"found {found.rule} in utterance {found.utterance + 1}: {quoted(chosen, found, assessment.cast)}"
        for found in assessment.findings
    ]
    for sign in traces.signs:
        view.add(_tree(sign, "Sign", _holds(sign), told))
    tally, written = assessment.tally, evaluator.ruleset.tally
    if tally is not None and written is not None:
        view.add(Text(_in_words(tally, written)))
        points = {line.kind: line.points for line in tally.lines}
        offered = {line.id: line.points for line in written.lines}
        feeding = {line.kind: line.findings for line in tally.lines}
        for line in traces.tally:
            counts = f"counts {points.get(line.id, 0):+}" if line.held else f"does not count ({offered[line.id]:+})"
            view.add(_tree(line, "Tally", counts, told, feeding.get(line.id)))
    codes = {line.id: f", suggests {line.suggest}" if line.suggest else "" for line in evaluator.ruleset.then}
    for line in traces.then:
        view.add(_tree(line, "Then", _holds(line) + codes[line.id], told))


def _holds(trace: SignTrace) -> str:
    return "holds" if trace.held else "does not hold"


def _in_words(tally: Tally, rule: TallyRule) -> str:
    """Return what a tally comes to, and how far it is from more."""
    steps = (("look again", rule.look_again), ("flag", rule.flag))
    short = [f"{points - tally.points} short of {level} ({points})" for level, points in steps if points > tally.points]
    if rule.counts_from is not None and rule.counts_from > tally.plus_points:
        short.insert(0, f"below {rule.counts_from} nothing counts without a sign")
    return f"Tally {tally.points}, {tally.level.replace('_', ' ')}" + (f": {', '.join(short)}" if short else "")


def _tree(trace: SignTrace, what: str, outcome: str, told: Sequence[str], feeding: Sequence[int] | None = None) -> Tree:
    style = "bold red" if trace.held else "dim"
    tree = Tree(Text.assemble(f"{what} ", (trace.id, "bold"), " ", (outcome, style)))
    tree.add(Text(trace.reason))
    tree.add(Text(f"asks for {trace.asks}"))
    for number in dict.fromkeys(found.finding for found in trace.found) if feeding is None else feeding:
        tree.add(Text(told[number]))
    if not trace.held:
        tree.add(Text(f"lacked: {trace.lacks}"))
    return tree


def counterfactuals(call: OneCall, *, ruleset: RulesetOption, rules: Rules, current_code: CurrentCode = None) -> None:
    """Say what would have had to be otherwise for a call to be flagged, or not, or for another suggestion.

    Each way is computed by judging the call again with the change made: one change, or where none is enough, two
    together. Nothing that was said is shown.

    Examples:
        triage-triggers counterfactuals examples/calls.jsonl --call-id question-denied -r uk-ambulance
        triage-triggers counterfactuals examples/note.txt -r uk-ambulance --current-code C3
    """
    options = call.options()
    evaluator = rules.evaluator(ruleset)
    chosen = call.chosen(options)
    code = chosen.current_code or current_code
    actual = evaluator.evaluate(chosen, current_code=code)
    flag = "flagged" if actual.flagged else "not flagged"
    suggestion = f"{actual.suggested_code} suggested" if actual.suggested_code else "no other code suggested"
    say(f"{actual.call_id}: {flag}, {suggestion}")
    for search in find_counterfactuals(evaluator, chosen, current_code=code):
        say(f"\n{search.question}")
        for found in search.found:
            say(f"  {found.sentence(actual)}")
        if not search.found:
            stopped = "" if search.complete else " before the search stopped"
            say(f"  Nothing that was tried: {search.judged:,} ways, of one change or two, were judged{stopped}.")
            for lack in search.lacks:
                say(f"  Still lacking: {lack}")
