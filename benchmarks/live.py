"""What an open call costs: many at once at the pace of speech with partial results, a dense one, and long ones.

    python -m benchmarks.live                          # all; the calls of --timed are played at their own times
    python -m benchmarks.live --timed calls.jsonl --calls 1000 --hours 1

One thread. Times are CPU seconds of this process, so that others on the machine count for less.
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
import resource
import time
from statistics import quantiles
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.cases import emergency_calls
from triage_triggers import Call, Evaluator, Utterance, load_ruleset
from triage_triggers.calls.reading import read_calls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.calls.call import Speaker
    from triage_triggers.live.call import LiveCall

SECONDS_AN_UTTERANCE: Final = 4.0
PARTIALS: Final = 2
"""How many partial results come before an utterance is final."""
DENSE_TURNS: Final = 340
MEASURED: Final = 30
"""How many utterances of a tenth of a long call are evaluated, and timed, as they come."""


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
    parser.add_argument("--timed", help="a file of calls with times; generated calls, a turn every 4 s, if none")
    parser.add_argument("--calls", type=int, default=1_000, help="for how many open calls the core's share is told")
    parser.add_argument("--hours", type=float, default=3.0, help="how long the long calls are")
    parser.add_argument("--ruleset", default="uk-ambulance")
    options = parser.parse_args()
    evaluator = Evaluator(load_ruleset(options.ruleset))
    calls = _timed(options.timed)
    gc.collect()
    gc.freeze()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, one thread")
    print(f"{len(calls)} calls with times, {PARTIALS} partial results an utterance, {options.calls:,} open at once:")
    print(f"  {'':44}{'of a core':>12}{'p50 ms':>10}{'p99 ms':>10}{'evaluated':>11}")
    for interval in (0.0, 0.5):
        _paced(evaluator, calls, options.calls, interval)
    print(f"a call of {DENSE_TURNS} turns, something found in each; ms an add:")
    _dense(evaluator)
    count = int(options.hours * 3600 / SECONDS_AN_UTTERANCE)
    print(f"calls of {options.hours:g} hours, {count:,} utterances; microseconds an add, {MEASURED} of a tenth timed,")
    print("the first and the last:")
    for shape in SHAPES:
        _long(evaluator, shape, count)
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _timed(path: str | None) -> list[Call]:
    if path:
        return [call for call in read_calls(path) if isinstance(call, Call) and call.utterances]
    calls = []
    for call in emergency_calls(14):
        times = [(at * SECONDS_AN_UTTERANCE, (at + 1) * SECONDS_AN_UTTERANCE) for at in range(len(call.utterances))]
        said = zip(call.utterances, times, strict=True)
        calls.append(Call(call.call_id, [Utterance(each.text, each.speaker, *time) for each, time in said]))
    return calls


def _paced(evaluator: Evaluator, calls: Sequence[Call], opened: int, interval: float) -> None:
    """Play calls, each partial result spread over its utterance; the clock is the calls' own, none is waited for."""
    times: list[float] = []
    spoken = evaluated = 0.0
    for call in calls:
        now = 0.0
        live = evaluator.open_call(call.call_id, current_code="C3", min_interval=interval)
        live._clock = lambda: now  # noqa: B023, SLF001  this call's, while it is played
        for number, said in enumerate(call.utterances):
            start = now if said.start is None else max(now, said.start)
            end = max(start, said.end if said.end is not None else start + SECONDS_AN_UTTERANCE)
            words = said.text.split()
            for step in range(1, PARTIALS + 2):
                text = " ".join(words[: max(1, len(words) * step // (PARTIALS + 1))])
                due, now = live.due, start + (end - start) * step / (PARTIALS + 1)
                started = time.process_time()
                if due is not None and due <= now:
                    live.flush()
                    evaluated += 1
                final = step > PARTIALS
                if step == 1:
                    live.add(Utterance(text, said.speaker, start, None), final=final)
                else:
                    live.revise(number, text, end=end if final else None, final=final)
                times.append(time.process_time() - started)
                evaluated += live.due is None
        spoken += now
    share = sum(times) / spoken * opened
    cuts = quantiles(times, n=100)
    name = f"min_interval {interval:g} s" if interval else "every partial result at once"
    print(f"  {name:44}{share:12.0%}{cuts[49] * 1e3:10.2f}{cuts[98] * 1e3:10.2f}{evaluated / len(times):11.0%}")


def _dense(evaluator: Evaluator) -> None:
    lines = [said.text for call in emergency_calls(60) for said in call.utterances]
    found = [line for line in lines if evaluator.evaluate(line).findings]
    live = evaluator.open_call("C-1", current_code="C3")
    times = []
    for number in range(DENSE_TURNS):
        said = Utterance(found[number % len(found)], ("caller", "call_taker")[number % 2])
        times.append(_add(live, said))
    cuts = quantiles(times, n=100)
    print(f"  p50 {cuts[49] * 1e3:.1f}, p99 {cuts[98] * 1e3:.1f}; {len(live.assessment().findings)} findings")


def _add(live: LiveCall, said: Utterance) -> float:
    started = time.process_time()
    live.add(said)
    return time.process_time() - started


def _long(evaluator: Evaluator, shape: Shape, count: int) -> None:
    source = random.Random(3)  # noqa: S311  repeatable, not secret
    lines = [said.text for call in emergency_calls(50) for said in call.utterances]
    if shape.harm:
        lines = [line for line in lines if evaluator.evaluate(line).findings]
    if not shape.punctuated:
        lines = ["".join(sign for sign in line.lower() if sign.isalnum() or sign in " '") for line in lines]
    # What is added as a partial result waits for the next that is final, so that only these are evaluated.
    live = evaluator.open_call("C-1", current_code="C3", min_interval=count * SECONDS_AN_UTTERANCE)
    tenth = count // 10
    times: dict[int, list[float]] = {0: [], 9: []}
    for number in range(count):
        at = number * SECONDS_AN_UTTERANCE
        speaker = shape.speakers[number % len(shape.speakers)]
        said = Utterance(source.choice(lines), speaker, at, at + SECONDS_AN_UTTERANCE - 0.1)
        timed = times.get(number // tenth)
        if timed is not None and number % max(1, tenth // MEASURED) == 0:
            timed.append(_add(live, said))
        else:
            live.add(said, final=False)
    first, last = (sum(taken) / len(taken) for taken in times.values())
    found = len(live.assessment().findings)
    print(f"  {shape.name:44}{first * 1e6:12.0f}{last * 1e6:12.0f}{last / first:8.2f}{found:10,}", flush=True)


if __name__ == "__main__":
    main()
