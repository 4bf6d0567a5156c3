"""How fast a whole evaluation runs beside the bare automaton, in one run on the same folded text.

    python benchmarks/throughput.py                      # generated calls
    python benchmarks/throughput.py calls.jsonl          # your own
    python benchmarks/throughput.py calls.jsonl --ruleset uk-ambulance --repeat 7

Prints the best of several rounds for each stage, interleaved, and the ratio to ``Automaton.iter``.
"""

from __future__ import annotations

import argparse
import platform
import time
from typing import TYPE_CHECKING

from benchmarks.cases import emergency_calls
from triage_triggers import Call, Evaluator, load_ruleset
from triage_triggers.calls.reading import read_calls
from triage_triggers.matching.document import Document
from triage_triggers.matching.matcher import Matcher

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="*", help="call files; generated calls if none")
    parser.add_argument("--ruleset", default="uk-ambulance")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    calls = (
        [call for call in read_calls(options.calls) if isinstance(call, Call)]
        if options.calls
        else list(emergency_calls(400))
    )
    evaluator = Evaluator(load_ruleset(options.ruleset))
    matcher = evaluator._book.matcher  # noqa: SLF001  the stage on its own is what is measured
    assert isinstance(matcher, Matcher)
    texts = [Document(call).folded for call in calls]
    automaton = matcher._phrases.automaton  # noqa: SLF001

    def bare(*, ignore_white_space: bool) -> None:
        for text in texts:
            for _ in automaton.iter(text, ignore_white_space=ignore_white_space):
                pass

    stages: dict[str, Callable[[], object]] = {
        "Automaton.iter": lambda: bare(ignore_white_space=False),
        "Automaton.iter, white space ignored": lambda: bare(ignore_white_space=True),
        "lay out and fold": lambda: [Document(call) for call in calls],
        "match (iter and checks)": lambda: [matcher.scan(text) for text in texts],
        "evaluate (everything)": lambda: list(evaluator.evaluate_many(calls)),
    }
    best = dict.fromkeys(stages, float("inf"))
    for _ in range(options.repeat):
        for name, stage in stages.items():
            started = time.perf_counter()
            stage()
            best[name] = min(best[name], time.perf_counter() - started)
    size = sum(map(len, texts))
    findings = sum(len(assessment.findings) for assessment in evaluator.evaluate_many(calls))
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, one process")
    print(f"{len(calls)} calls, {size:,} characters, {matcher.literals:,} phrases, {findings:,} findings")
    for name, seconds in best.items():
        share = best["Automaton.iter"] / seconds
        print(f"{name:38} {seconds / len(calls) * 1e6:9.1f} us/call {size / seconds / 1e6:8.1f} Mchar/s {share:6.2f}")


if __name__ == "__main__":
    main()
