"""Where a call's microseconds go, stage by stage.

    python -m benchmarks.throughput                      # generated calls
    python -m benchmarks.throughput calls.jsonl          # your own
    python -m benchmarks.throughput calls.jsonl --ruleset uk-ambulance --repeat 9

Each stage runs by itself over all calls, so that it has the processor's cache to itself; stages take turns, and the
best round of each counts. The last line but one is what is lost where they follow each other. Seconds are the
processor's.
"""

from __future__ import annotations

import argparse
import platform
from typing import TYPE_CHECKING

from benchmarks.ratios import best_of, each
from triage_triggers import Call, Evaluator, load_ruleset
from triage_triggers.calls.reading import read_calls
from triage_triggers.engine.heard import counted as counted_of
from triage_triggers.engine.matching.document import Document
from triage_triggers.engine.matching.words import SpokenWords

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="*", help="call files; generated calls if none")
    parser.add_argument("--ruleset", default="uk-ambulance")
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    if options.calls:
        calls = [call for call in read_calls(options.calls) if isinstance(call, Call)]
    else:
        from benchmarks.cases import emergency_calls  # noqa: PLC0415  where no files are named

        calls = list(emergency_calls(400))
    evaluator = Evaluator(load_ruleset(options.ruleset))
    best = best_of(stages(evaluator, calls), options.repeat)
    size = sum(len(Document(call).folded) for call in calls)
    findings = sum(len(assessment.findings) for assessment in evaluator.evaluate_many(calls))
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, one process")
    print(f"{len(calls)} calls, {size:,} characters, {findings:,} findings")
    whole = best.pop("evaluate_many, everything")
    best["words, phrases and idioms"] -= best["cutting into words"] + best["phrases around their anchors"]
    best["idioms and overlaps"] = best.pop("words, phrases and idioms")
    best["what stages cost each other"] = whole - sum(best.values())
    for name, seconds in (*best.items(), ("evaluate_many, everything", whole)):
        share = seconds / whole
        print(f"{name:40} {seconds * 1e3:8.1f} ms {seconds / len(calls) * 1e6:8.1f} us a call {share:6.0%}")


def stages(evaluator: Evaluator, calls: Sequence[Call]) -> dict[str, Callable[[], object]]:
    """Return the stages of an evaluation, each ready to run over all calls on what the one before it gave."""
    engine = evaluator.engine
    matcher = engine._matcher  # noqa: SLF001  the stages on their own are what is measured
    phrases = matcher._phrases  # noqa: SLF001
    documents = [Document(call) for call in calls]
    spoken = [SpokenWords(document.folded, document.raw) for document in documents]
    found = [matcher.scan(document.folded, document.raw) for document in documents]
    heard = [engine.hear(document, own) for document, own in zip(documents, found, strict=True)]
    counted = [counted_of(entries) for entries in heard]
    return {
        "lay out and fold": lambda: each(Document, calls),
        "cutting into words": lambda: [SpokenWords(document.folded, document.raw) for document in documents],
        "phrases around their anchors": lambda: [phrases.spans(words) for words in spoken],
        "words, phrases and idioms": lambda: [matcher.scan(document.folded, document.raw) for document in documents],
        "reading findings in context": lambda: [
            engine.hear(document, own) for document, own in zip(documents, found, strict=True)
        ],
        "signs and tally": lambda: [engine.signs.decide(evidence, None) for evidence in counted],
        "evaluate_many, everything": lambda: list(evaluator.evaluate_many(calls)),
    }


if __name__ == "__main__":
    main()
