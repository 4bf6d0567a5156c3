"""What an utterance costs in an open call: with many calls at once, and as a call grows long.

    python -m benchmarks.live                          # 10,000 calls at once, then calls of three hours
    python -m benchmarks.live --calls 1000 --hours 1

One thread. Times are CPU seconds of this process, so that others on the machine count for less. The share spent in
``Automaton.iter`` is that of a bare search of the very texts that were searched.
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
import resource
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.cases import emergency_calls
from triage_triggers import Evaluator, Utterance, load_ruleset
from triage_triggers.engine.matching.matcher import Matcher
from triage_triggers.live.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers import LiveCall
    from triage_triggers.calls.call import Speaker
    from triage_triggers.live.transcript import Stretch

SECONDS_AN_UTTERANCE: Final = 4.0
ROUNDS: Final = 15
"""How many utterances of each of the concurrent calls are timed."""


class Shape(NamedTuple):
    """A long call: who speaks, whether with punctuation, and how much of it is about harm."""

    name: str
    speakers: tuple[Speaker, ...]
    punctuated: bool
    harm: bool


SHAPES: Final = (
    Shape("caller and call-taker by turns", ("caller", "call_taker"), punctuated=True, harm=False),
    Shape("one unknown speaker", ("unknown",), punctuated=True, harm=False),
    Shape("one unknown speaker, no punctuation", ("unknown",), punctuated=False, harm=False),
    Shape("by turns, nothing but harm", ("caller", "call_taker"), punctuated=True, harm=True),
    Shape("one caller, nothing but harm, no punctuation", ("caller",), punctuated=False, harm=True),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000, help="how many calls are open at once")
    parser.add_argument("--hours", type=float, default=3.0, help="how long the long calls are")
    parser.add_argument("--ruleset", default="uk-ambulance")
    options = parser.parse_args()
    evaluator = Evaluator(load_ruleset(options.ruleset))
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, one thread")
    _many(evaluator, options.calls)
    count = round(options.hours * 3600 / SECONDS_AN_UTTERANCE)
    print(f"\none call of {options.hours:g} hours, {count:,} utterances: microseconds an utterance")
    print(f"{'':46}{'first tenth':>12}{'last tenth':>12}{'ratio':>8}{'findings':>10}")
    for shape in SHAPES:
        _long(evaluator, shape, count)


def _many(evaluator: Evaluator, number: int) -> None:
    talk = [call.utterances for call in emergency_calls(200, turns=ROUNDS)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    calls = [evaluator.open_call(f"C-{index}", current_code="C3") for index in range(number)]
    times: list[float] = []
    for turn in range(ROUNDS):
        for index, live in enumerate(calls):
            said = talk[index % len(talk)][turn]
            started = time.process_time()
            live.add(said)
            times.append(time.process_time() - started)
    gc.collect()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    characters = sum(len(said.text) for said in talk[0])
    total = sum(times)
    times.sort()
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"{number:,} calls at once, {len(times):,} utterances: {total:.1f} s")
    print(f"p50 {p50 * 1e6:.0f} us, p99 {p99 * 1e6:.0f} us, mean {total / len(times) * 1e6:.0f} us")
    print(f"memory {grown / number:.1f} kB a call of {characters / 1000:.1f} thousand characters")
    share = _bare(evaluator, _texts(evaluator, talk[:50])) / _live(evaluator, talk[:50])
    print(f"share spent in Automaton.iter: {share:.2f}")


def _texts(evaluator: Evaluator, calls: Sequence[Sequence[Utterance]]) -> list[str]:
    """Return every text that is searched when some calls are heard."""
    searched: list[str] = []
    stretch = Transcript.stretch

    def kept(transcript: Transcript, offset: int) -> Stretch:
        laid_out = stretch(transcript, offset)
        searched.append(laid_out.document.folded)
        return laid_out

    Transcript.stretch = kept  # type: ignore[assignment, method-assign]
    try:
        _hear(evaluator, calls)
    finally:
        Transcript.stretch = stretch  # type: ignore[method-assign]
    return searched


def _hear(evaluator: Evaluator, calls: Sequence[Sequence[Utterance]]) -> list[LiveCall]:
    opened = []
    for utterances in calls:
        live = evaluator.open_call("C-1", current_code="C3")
        for said in utterances:
            live.add(said)
        opened.append(live)
    return opened


def _live(evaluator: Evaluator, calls: Sequence[Sequence[Utterance]]) -> float:
    started = time.process_time()
    _hear(evaluator, calls)
    return time.process_time() - started


def _bare(evaluator: Evaluator, texts: Sequence[str]) -> float:
    matcher = evaluator._book.matcher  # noqa: SLF001  the stage on its own is what is measured
    assert isinstance(matcher, Matcher)
    automaton = matcher._phrases.automaton  # noqa: SLF001
    started = time.process_time()
    for text in texts:
        for _ in automaton.iter(text, ignore_white_space=True):
            pass
    return time.process_time() - started


def _long(evaluator: Evaluator, shape: Shape, count: int) -> None:
    source = random.Random(3)  # noqa: S311  repeatable, not secret
    lines = [said.text for call in emergency_calls(50) for said in call.utterances]
    if shape.harm:
        lines = [line for line in lines if evaluator.evaluate(line).findings]
    if not shape.punctuated:
        lines = ["".join(sign for sign in line.lower() if sign.isalnum() or sign in " '") for line in lines]
    live = evaluator.open_call("C-1", current_code="C3")
    times = []
    for number in range(count):
        at = number * SECONDS_AN_UTTERANCE
        speaker = shape.speakers[number % len(shape.speakers)]
        said = Utterance(source.choice(lines), speaker, at, at + SECONDS_AN_UTTERANCE - 0.1)
        started = time.process_time()
        live.add(said)
        times.append(time.process_time() - started)
    tenth = count // 10
    first, last = sum(times[:tenth]) / tenth, sum(times[-tenth:]) / tenth
    found = len(live.assessment().findings)
    print(f"  {shape.name:44}{first * 1e6:12.0f}{last * 1e6:12.0f}{last / first:8.2f}{found:10,}", flush=True)


if __name__ == "__main__":
    main()
