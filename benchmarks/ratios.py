"""Every ratio that is promised of the engine's speed, measured in one run.

    python -m benchmarks.ratios                                              # generated calls
    python -m benchmarks.ratios --talk talk.jsonl --emergency 911.jsonl      # your own
    python -m benchmarks.ratios --results benchmarks/results

The denominator is ``Automaton.iter`` alone, over the shipped ruleset's phrases, on text that is folded already. Stages
take turns, round by round, and the best round of each counts. Seconds are the processor's, so that others who want it
too disturb little; what they take of its caches, and of its clock, still shows. With ``--results``, the table is also
written there, dated.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import ahocorasick

from benchmarks.cases import emergency_calls, literal_ruleset, ordinary_calls, shipped_phrases
from benchmarks.peers_report import load, machine
from triage_triggers import Call, Evaluator, load_ruleset
from triage_triggers.calls.reading import read_calls
from triage_triggers.engine.matching.document import Document
from triage_triggers.lint.literals import ways_to_say
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SIZES: Final = (300, 5_000, 20_000)
Key = TypeVar("Key", str, int)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--talk", type=Path, help="a file of ordinary talk; generated talk if none")
    parser.add_argument("--emergency", type=Path, help="a file of emergency calls; generated calls if none")
    parser.add_argument("--ruleset", default="uk-ambulance")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--results", type=Path, help="a folder for the dated table")
    options = parser.parse_args()
    began = machine()
    sets = {
        "ordinary talk": calls_of(options.talk, list(ordinary_calls(400))),
        "emergency calls": calls_of(options.emergency, list(emergency_calls(400))),
    }
    lines = [
        f"{began['date']}. {began['machine']}; Python {began['python']}; one process, seconds of the processor.",
        f"Load at the beginning {began['load']:.1f}.",
        "",
        "| what | calls | findings a call | us a call | Mchar/s | of Automaton.iter | wanted |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *pipeline(sets, options.ruleset, options.rounds),
        "",
        "| phrases | compile, s | talk, Mchar/s | emergency, Mchar/s | of the rate at 300 |",
        "|--:|--:|--:|--:|--:|",
        *scaling(sets, options.rounds),
        "",
        *starts(options.ruleset),
        "",
        f"Load at the end {load():.1f}: above 1, others were working too.",
    ]
    print("\n".join(lines))
    if options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        path = options.results / f"ratios-{dt.datetime.now(dt.UTC):%Y-%m-%d}.md"
        path.write_text("# Ratios to the bare automaton\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def calls_of(path: Path | None, generated: list[Call]) -> list[Call]:
    """Return the calls of a file, or else the generated ones."""
    return generated if path is None else [call for call in read_calls(path) if isinstance(call, Call)]


def pipeline(sets: Mapping[str, Sequence[Call]], ruleset: str, rounds: int) -> list[str]:
    """Measure the stages of an evaluation beside the bare automaton, on every set."""
    source = load_ruleset(ruleset)
    evaluator = Evaluator(source)
    automaton = ahocorasick.Automaton()
    for rule in compile_ruleset(source):
        for phrase in rule.phrases:
            for part in phrase.segments:
                for literal in ways_to_say(part):
                    automaton.add_word(literal, len(literal))
    automaton.make_automaton()
    lines: list[str] = []
    for name, calls in sets.items():
        texts = [Document(call).folded for call in calls]
        wanted = {"evaluate_many": "0.60" if name == "ordinary talk" else "0.35", "evaluate, one at a time": "0.30"}
        best = best_of(
            {
                "Automaton.iter alone": partial(searched, automaton, texts),
                "lay out and fold": partial(each, Document, calls),
                "evaluate_many": partial(many, evaluator, calls),
                "evaluate, one at a time": partial(each, evaluator.evaluate, calls),
            },
            rounds,
        )
        size = sum(map(len, texts))
        found = sum(len(assessment.findings) for assessment in evaluator.evaluate_many(calls)) / len(calls)
        for stage, seconds in best.items():
            ratio = best["Automaton.iter alone"] / seconds
            lines.append(
                f"| {name}: {stage} | {len(calls):,} | {found:.2f} | {seconds / len(calls) * 1e6:,.1f} "
                f"| {size / seconds / 1e6:,.1f} | {ratio:.2f} | {wanted.get(stage, '')} |"
            )
    return lines


def searched(automaton: ahocorasick.Automaton, texts: Sequence[str]) -> None:
    """Have the automaton search every text, and do nothing with what it finds."""
    for text in texts:
        for _ in automaton.iter(text):
            pass


def each(stage: Callable[[Call], object], calls: Sequence[Call]) -> None:
    """Put every call through a stage."""
    for call in calls:
        stage(call)


def many(evaluator: Evaluator, calls: Sequence[Call]) -> None:
    """Evaluate all calls."""
    for _ in evaluator.evaluate_many(calls):
        pass


def scaling(sets: Mapping[str, Sequence[Call]], rounds: int) -> list[str]:
    """Measure how the number of phrases tells on compiling and on throughput."""
    rulesets = {size: literal_ruleset(shipped_phrases(size)) for size in SIZES}
    compiled = best_of({size: partial(Evaluator, ruleset) for size, ruleset in rulesets.items()}, 3)
    evaluators = {size: Evaluator(ruleset) for size, ruleset in rulesets.items()}
    rates: dict[tuple[int, str], float] = {}
    for name, calls in sets.items():
        size = sum(len(utterance.text) for call in calls for utterance in call.utterances)
        best = best_of({phrases: partial(many, evaluator, calls) for phrases, evaluator in evaluators.items()}, rounds)
        rates |= {(phrases, name): size / seconds / 1e6 for phrases, seconds in best.items()}
    lines: list[str] = []
    for phrases in SIZES:
        own = [rates[phrases, name] for name in sets]
        kept = [rates[phrases, name] / rates[SIZES[0], name] for name in sets]
        lines.append(
            f"| {phrases:,} | {compiled[phrases]:.2f} | {own[0]:.1f} | {own[1]:.1f} "
            f"| {' and '.join(f'{share:.2f}' for share in kept)} |"
        )
    return lines


def starts(ruleset: str) -> list[str]:
    """Measure what a program and a person wait for before the first call is evaluated."""
    with tempfile.TemporaryDirectory() as folder:
        call = Path(folder, "call.jsonl")
        call.write_text(json.dumps({"call_id": "C-1", "text": "He had his hands round my throat."}))
        command = ["-m", "triage_triggers", "evaluate", str(call), "-r", ruleset, "--json"]
        python = median_seconds(["-c", "pass"])
        importing = median_seconds(["-c", "import triage_triggers"]) - python
        answer = median_seconds(command)
    return [
        "| a start, median of 7 | seconds | wanted |",
        "|---|--:|--:|",
        f"| Python itself | {python:.2f} | |",
        f"| import triage_triggers, beyond that | {importing:.2f} | 0.15 |",
        f"| a command-line answer on one call | {answer:.2f} | 0.60 |",
    ]


def best_of(stages: Mapping[Key, Callable[[], object]], rounds: int) -> dict[Key, float]:
    """Run the stages by turns; return the processor's seconds in each one's best round."""
    best = dict.fromkeys(stages, float("inf"))
    for _ in range(rounds):
        for name, stage in stages.items():
            started = time.process_time()
            stage()
            best[name] = min(best[name], time.process_time() - started)
    return best


def median_seconds(arguments: list[str], times: int = 7) -> float:
    """Return the median of the processor's seconds that a fresh Python takes."""
    seconds: list[float] = []
    for _ in range(times):
        before = os.times()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603  our own program
        after = os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        seconds.append(used)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
