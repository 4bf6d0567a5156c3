"""Other matchers beside ours, on the same calls and phrases in one run: a table, a plot, the figures as JSON.

    python -m benchmarks.peers                                          # generated calls
    python -m benchmarks.peers --set emergency=911.jsonl --set talk=talk.jsonl --results benchmarks/results
    python -m benchmarks.peers --quick                                  # a minute, to see whether all runs

Makes the environments of the peers itself, pinned (``REQUIREMENTS``), and keeps them in ``.benchmarks/peers``: negspacy
and medspaCy need different versions of spaCy. Scanners take turns, round by round; of each the best round counts. Slow
ones scan as many calls as fit in a few seconds, always the first ones, and their hits are compared on those same calls.
Figures only are kept: no text of any call, and no path.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.cases import emergency_calls, ordinary_calls, shipped_phrases
from benchmarks.peers_report import REFERENCE, Result, machine, table, write
from triage_triggers import Call
from triage_triggers.calls.reading import read_calls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).parents[1]
REQUIREMENTS: Final = {
    "ours": (
        "ahocorasick-rs==1.0.3",
        "flashtext==2.7",
        "matplotlib==3.11.2",
        "negspacy==1.1.0",
        "pyahocorasick==2.3.1",
        "spacy==3.8.18",
    ),
    "medspacy": ("medspacy==1.3.1",),
}
SCANNERS: Final = {
    "Automaton.iter alone, text already folded": "ours",
    "triage_triggers, matching only": "ours",
    "triage_triggers, full evaluation": "ours",
    "pyahocorasick, boundary check": "ours",
    "ahocorasick_rs DFA, boundary check": "ours",
    "FlashText": "ours",
    "spaCy PhraseMatcher": "ours",
    "re alternation": "ours",
    "negspacy": "ours",
    "medspaCy": "medspacy",
}
PILOT: Final = 2


@dataclass(slots=True)
class Worker:
    """A scanner in a process of its own, in its environment."""

    name: str
    python: Path
    texts: Sequence[str]
    sample: int = PILOT
    best: float = float("inf")
    hits: int = 0
    build_seconds: float = 0.0
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603  our own program
            [str(self.python), str(ROOT / "benchmarks" / "scanners.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        )

    def ask(self, **order: object) -> dict[str, Any]:
        """Give an order and wait for the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(order)}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.name} ended with status {self.process.wait()}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def prepare(self, phrases: Sequence[str], budget: float) -> None:
        """Build the scanner, and find out how many texts it can scan in ``budget`` seconds."""
        self.ask(texts=self.texts)
        self.build_seconds = self.ask(scanner=self.name, phrases=phrases)["seconds"]
        self.ask(scan=1)
        number = PILOT
        while True:
            seconds = self.ask(scan=number)["seconds"]
            if seconds > budget / 8 or number == len(self.texts):
                break
            number = min(len(self.texts), number * 4)
        self.sample = max(PILOT, min(len(self.texts), int(number * budget / max(seconds, 1e-9))))

    def run(self) -> None:
        """Scan the sample once more."""
        answer = self.ask(scan=self.sample)
        self.best, self.hits = min(self.best, answer["seconds"]), answer["hits"]

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", metavar="NAME=FILE", help="a set of calls; generated ones if none")
    parser.add_argument("--phrases", type=int, nargs="+", default=[300, 5_000, 20_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a scanner may take in a round, about")
    parser.add_argument("--quick", action="store_true", help="one short round at 300 phrases")
    parser.add_argument("--environments", type=Path, default=ROOT / ".benchmarks" / "peers")
    parser.add_argument("--results", type=Path, help="a folder for the dated table, figures and plot")
    options = parser.parse_args()
    if options.quick:
        options.phrases, options.rounds, options.seconds = [300], 1, 0.3
    pythons = {name: environment(options.environments / name, wanted) for name, wanted in REQUIREMENTS.items()}
    sets = dict(chosen.partition("=")[::2] for chosen in options.set) if options.set else {}
    began = machine() | {"versions": ", ".join(versions(pythons))}
    results: list[Result] = []
    for name, texts in texts_of(sets):
        for number in options.phrases:
            found = list(
                compared(name, texts, shipped_phrases(number), pythons, rounds=options.rounds, budget=options.seconds)
            )
            print("\n".join(table(found)), "\n", sep="", flush=True)
            results += found
    if options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        path = options.results / f"peers-{dt.datetime.now(dt.UTC):%Y-%m-%d}"
        write(path, began, results)
        plot = [pythons["ours"], ROOT / "benchmarks" / "plot_peers.py", f"{path}.json", f"{path}.svg"]
        subprocess.run([*map(str, plot)], check=True)  # noqa: S603  our own program
        print(f"{path}.md, .json and .svg")


def environment(folder: Path, requirements: Sequence[str]) -> Path:
    """Return the Python of a virtual environment with these packages, made anew where they have changed."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    note = folder / "requirements.txt"
    wanted = "\n".join(requirements)
    if not note.exists() or note.read_text() != wanted:
        print(f"Making the environment {folder.name} ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        ours = ["-e", str(ROOT)] if folder.name == "ours" else []
        subprocess.run([python, "-m", "pip", "install", "-q", *requirements, *ours], check=True)  # noqa: S603
        note.write_text(wanted)
    return python


def versions(pythons: dict[str, Path]) -> list[str]:
    """Return the packages that were asked for, and those they brought of the same name, with their versions."""
    wanted = {name.partition("==")[0] for names in REQUIREMENTS.values() for name in names}
    found: set[str] = set()
    for python in pythons.values():
        run = [str(python), "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"]
        listed = subprocess.run(run, check=True, capture_output=True, text=True).stdout  # noqa: S603
        lines = [line.lower().replace("_", "-") for line in listed.splitlines()]
        found |= {line for line in lines if line.partition("==")[0] in wanted}
    return sorted(found)


def texts_of(files: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Yield sets of calls by name, each call as one text, in an order that is always the same."""
    sets = (
        {name: [call for call in read_calls(path) if isinstance(call, Call)] for name, path in files.items()}
        if files
        else {"generated emergency calls": list(emergency_calls(600)), "generated talk": list(ordinary_calls(600))}
    )
    for name, calls in sets.items():
        random.Random(1).shuffle(calls)  # noqa: S311
        yield name, ["\n".join(utterance.text for utterance in call.utterances) for call in calls]


def compared(
    name: str, texts: list[str], phrases: list[str], pythons: dict[str, Path], *, rounds: int, budget: float
) -> Iterator[Result]:
    """Yield every scanner's result."""
    workers = [Worker(scanner, pythons[where], texts) for scanner, where in SCANNERS.items()]
    try:
        for worker in workers:
            worker.prepare(phrases, budget)
        for _ in range(rounds):
            for worker in workers:
                worker.run()
        reference = next(worker for worker in workers if worker.name == REFERENCE)
        for worker in workers:
            yield Result(
                calls=name,
                phrases=len(phrases),
                scanner=worker.name,
                scanned=worker.sample,
                of=len(texts),
                characters=sum(map(len, texts[: worker.sample])),
                seconds=worker.best,
                hits=worker.hits,
                reference_hits=reference.ask(scan=worker.sample)["hits"],
                build_seconds=worker.build_seconds,
            )
    finally:
        for worker in workers:
            worker.stop()


if __name__ == "__main__":
    main()
