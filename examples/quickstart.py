# ruff: noqa: INP001, T201  a script that prints
"""Evaluate the example calls from Python, and a call that is still going on.

Run it from anywhere: python examples/quickstart.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from triage_triggers import CallError, Evaluator, Utterance, load_ruleset
from triage_triggers.calls.reading import read_calls


def main() -> None:
    """Print a line for each call, then for each utterance of a live one."""
    evaluator = Evaluator(load_ruleset("uk-ambulance"))  # once; then share it between threads

    for call in read_calls(Path(__file__).with_name("calls.jsonl")):
        if isinstance(call, CallError):  # a bad line comes in its place, and costs no other
            print(call, file=sys.stderr)
            continue
        assessment = evaluator.evaluate(call)
        themes = sorted({finding.theme for finding in assessment.findings if finding.counts})
        suggestion = f"consider {assessment.suggested_code}" if assessment.suggested_code else "no change"
        print(f"{call.call_id:20} {suggestion:12} {', '.join(themes)}")

    live = evaluator.open_call("live-1", current_code="C3")
    for said in (Utterance("Has your husband strangled you?", "call_taker"), Utterance("Yeah.", "caller")):
        assessment = live.add(said)
        print(f"live: {said.text} -> {assessment.suggested_code or 'no change'}")


if __name__ == "__main__":
    main()
