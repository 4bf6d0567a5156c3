"""Many open calls at the pace of speech through the service with its log on; it reloads, is killed, another takes over.

    python tools/service_trials.py [--calls 500] [--seconds 60] [--ruleset uk-ambulance] < calls.jsonl

Calls are taken in turn from standard input, and begin where they begin. A third of the way the ruleset is loaded again;
two thirds of the way the service is killed with SIGKILL, and every client takes its calls to a second service, which is
running with a log of its own, with its last snapshot and what it sent since.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from statistics import quantiles
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from triage_triggers import Call, DecisionLog, Evaluator, Utterance, load_ruleset
from triage_triggers.calls.json_lines import call_from_json

TOKEN = "0123456789abcdef"  # noqa: S105
WORDS_A_SECOND = 2.5
SNAPSHOT_EVERY = 5


def start(ruleset: str, log: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a service; return it and its address."""
    options = ["-r", ruleset, "--port", "0", "--log", str(log), "--rate", "100000"]
    command = [sys.executable, "-m", "triage_triggers", "serve", *options]
    given = {**os.environ, "TRIAGE_TRIGGERS_TOKEN": TOKEN}
    service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=given)  # noqa: S603
    assert service.stderr is not None  # noqa: S101
    return service, service.stderr.readline().split(" on http://")[1].split(";")[0]


class Client:
    """One open call, and what its client keeps."""

    def __init__(self, number: int, call: Call, addresses: list[str], took: dict[str, list[float]]) -> None:
        self.call_id, self.call, self.addresses, self.took = f"T-{number}", call, addresses, took
        self.snapshot: dict[str, Any] | None = None
        self.sent: list[dict[str, Any]] = []
        self.said: list[Utterance] = []
        self.answered: Counter[str] = Counter()
        self.node = 0
        self.phase = "calm"
        self.socket: Any = None

    async def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and return its last event; on another node if this one is gone."""
        while True:
            try:
                if self.socket is None:
                    await self._connect()
                return await self._ask(message)
            except (ConnectionClosed, OSError):
                self.socket, self.node, self.phase = None, 1, "second"

    async def _connect(self) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        address = f"ws://{self.addresses[self.node]}/v1/live"
        self.socket = await connect(address, additional_headers=headers, open_timeout=60, ping_interval=None)
        if self.snapshot is not None:
            await self._ask({"type": "resume", "snapshot": self.snapshot, "reevaluate": True})
        for message in self.sent:
            await self._ask(message)

    async def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        began = time.perf_counter()
        await self.socket.send(json.dumps({"call_id": self.call_id, **message}))
        while True:
            row: dict[str, Any] = json.loads(await self.socket.recv())
            if row["event"] == "error":
                raise SystemExit(f"{self.call_id}: {row['message']}")
            if row["event"] in {"suggestion_raised", "suggestion_superseded"}:
                self.answered[row["event"]] += 1
            if row["event"] in {"heard", "opened", "snapshot", "closed"} and (
                row["event"] != "opened" or "type" in message
            ):
                if "text" in message:
                    self.took[self.phase].append(time.perf_counter() - began)
                return row

    async def talk(self, until: float, rng: random.Random) -> bool:
        """Say the call at its pace, again and again, until the time is over; return whether it ended as batch would."""
        await asyncio.sleep(rng.uniform(0, 4))
        opening = {"type": "open", "current_code": "C3"}
        await self.ask(opening)
        self.sent = [opening]
        for utterance in self.call.utterances * 50:
            await asyncio.sleep(max(0.5, len(utterance.text.split()) / WORDS_A_SECOND))
            if time.monotonic() > until or len(self.said) >= len(self.call.utterances):
                break
            message = {"text": utterance.text, "speaker": utterance.speaker}
            await self.ask(message)
            self.sent.append(message)
            self.said.append(utterance)
            if len(self.said) % SNAPSHOT_EVERY == 0:
                row = await self.ask({"type": "snapshot"})
                self.snapshot, self.sent = row["snapshot"], []
        await asyncio.sleep(max(0.0, until - time.monotonic()))
        closed = await self.ask({"type": "close"})
        await self.socket.close()
        expected = EVALUATOR.evaluate(Call(self.call_id, self.said, current_code="C3"))
        return bool(closed["assessment"]["findings"] == json.loads(expected.to_json())["findings"])


async def trial(calls: list[Call], count: int, seconds: float, ruleset: str, folder: Path) -> None:
    """Run the trial and print what it found."""
    services = [start(ruleset, folder / f"log-{number}.db") for number in range(2)]
    took: dict[str, list[float]] = {phase: [] for phase in ("calm", "reload", "second")}
    clients = [Client(n, calls[n % len(calls)], [where for _, where in services], took) for n in range(count)]
    began, rng = time.monotonic(), random.Random(1)  # noqa: S311  no secret
    tasks = [asyncio.create_task(client.talk(began + seconds, rng)) for client in clients]

    def phase(name: str) -> None:
        for client in clients:
            client.phase = name

    await asyncio.sleep(seconds / 3)
    phase("reload")
    asked = urllib.request.Request(
        f"http://{services[0][1]}/v1/ruleset", b"", {"authorization": f"Bearer {TOKEN}"}, method="POST"
    )
    reload_began = time.monotonic()
    await asyncio.to_thread(lambda: urllib.request.urlopen(asked, timeout=60).read())  # noqa: S310
    print(f"the ruleset was loaded again in {time.monotonic() - reload_began:.1f} s")
    phase("calm")
    await asyncio.sleep(began + 2 * seconds / 3 - time.monotonic())
    services[0][0].send_signal(signal.SIGKILL)
    right = await asyncio.gather(*tasks)
    services[1][0].terminate()
    for service, _ in services:
        service.wait()
    for name, times in took.items():
        cuts = quantiles(times, n=1000)
        p50, p99, p999 = (1000 * cuts[at] for at in (499, 989, 998))
        print(
            f"{name}: {len(times):,} utterances; "
            f"p50 {p50:.1f} ms, p99 {p99:.1f}, p99.9 {p999:.1f}, most {1000 * max(times):.0f}"
        )
    logs = [DecisionLog.open(folder / f"log-{number}.db", read_only=True) for number in range(2)]
    recorded = sum('"suggested_code": "' in (record.assessment or "") for log in logs for record in log.records())
    calls_logged = {record.call_id for log in logs for record in log.records()}
    answered = sum(client.answered["suggestion_raised"] for client in clients)
    lacking = sum(client.call_id not in calls_logged for client in clients)
    print(f"{sum(right)} of {count} calls ended as batch reads them; {lacking} not in a log")
    good = [log.verify().ok for log in logs]
    print(f"{answered} suggestions answered, {recorded} records that hold one; logs verify: {good}")
    for log in logs:
        log.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--ruleset", default="uk-ambulance")
    given = parser.parse_args()
    EVALUATOR = Evaluator(load_ruleset(given.ruleset))
    read = [call_from_json(line, "-") for line in sys.stdin if line.strip()]
    with tempfile.TemporaryDirectory() as name, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(trial(read, given.calls, given.seconds, given.ruleset, Path(name)))
