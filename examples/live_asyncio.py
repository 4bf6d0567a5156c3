# ruff: noqa: INP001, T201  a script that prints
"""Follow several calls at once with asyncio, in real time or faster, and print each suggestion as it forms.

Run it from anywhere: python examples/live_asyncio.py --speed 20
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from triage_triggers import Call, Evaluator, EvaluatorHolder, Utterance, load_ruleset
from triage_triggers.calls.reading import read_calls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from triage_triggers import Assessment


async def segments(call: Call, speed: float) -> AsyncIterator[Utterance]:
    """Give each utterance when it had been said, as a speech recogniser would."""
    heard = 0.0
    for utterance in call.utterances:
        said = heard if utterance.time is None else max(heard, utterance.time)
        await asyncio.sleep((said - heard) / speed)
        heard = said
        yield utterance


async def follow(call: Call, holder: EvaluatorHolder, speed: float) -> Assessment:
    """Follow one call; print what it changes. Nothing in ``add`` waits, so it needs no thread."""
    live = holder.open_call(call.call_id, current_code=call.current_code)
    async for utterance in segments(call, speed):
        update = live.add(utterance)
        for event in update.events:
            if event.kind.startswith("suggestion_"):
                print(f"{utterance.time or 0:6.1f}s  {call.call_id:22} {event.kind:22} {update.suggested_code or '-'}")
    return live.assessment()


async def main(speed: float) -> None:
    """Follow every example call at the same time."""
    holder = EvaluatorHolder(await asyncio.to_thread(lambda: Evaluator(load_ruleset("uk-ambulance"))))
    calls = [call for call in read_calls(Path(__file__).with_name("calls.jsonl")) if isinstance(call, Call)]
    assessments = await asyncio.gather(*(follow(call, holder, speed) for call in calls))
    print(f"{sum(assessment.flagged for assessment in assessments)} of {len(calls)} calls flagged")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=20.0, help="how much faster than it happened")
    asyncio.run(main(parser.parse_args().speed))
