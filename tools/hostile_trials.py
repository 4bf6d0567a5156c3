"""Hostile text through every output, and rulesets broken at random under a time limit; counts what got through.

python tools/hostile_trials.py [TRIALS] [SEED]
"""

from __future__ import annotations

import json
import random
import re
import signal
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

from typer.testing import CliRunner

from triage_triggers.cli.app import app

STEERS = re.compile(r"(?m)^\s*::|##\[|##vso\[")
PIECES = (
    *(
        "\x1b[2J",
        "\x1b]8;;http://x\x07",
        "\x9b31m",
        "\r",
        "\x08",
        "\0",
        "\u200b",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u202e",
    ),
    *(
        "\u2066",
        "\u061c",
        "\n::error::x",
        "\n::stop-commands::y",
        "##[error]",
        "##vso[task.x]",
        "%0A",
        "%",
        "`",
        "<script>",
    ),
    *(
        "{{7*7}}",
        "{% raw %}",
        "=cmd()",
        "he hit me",
        "got a knife",
        "my husband",
        "\ud800",
        "é",
        "😀",
        " ",
        "\t",
        "\n",
        ":",
        "#",
    ),
)
RULES = """format: 1
id: demo
version: 1.0.0
title: TITLE
language: en
status: draft
code_system: nhs-arp
rules:
  - id: demo.knife
    theme: weapon
    phrases: ["got a knife", "he hit (me|her)"]
    rationale: TITLE
    sources: [TITLE]
    owner: TITLE
    examples: {fire: ["he's [got a knife]"], quiet: [TITLE]}
"""
COMMANDS = (
    "evaluate CALLS -r RULES --log LOG",
    "evaluate CALLS -r RULES",
    "explain CALLS -r RULES",
    "live CALLS -r RULES --speed 0",
    "lint RULES --all",
    "test RULES --coverage",
    "show RULES",
    "show RULES demo.knife",
    "check-corpus CALLS",
    "try knife CALLS",
    "counterfactuals CALLS -r RULES",
    "log show LOG",
)
LIMIT = 10


def text(rng: random.Random) -> str:
    """Return hostile text."""
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 12)))


def steering(output: str) -> list[str]:
    """Return what could steer who shows it."""
    hidden = [char for char in output if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} and char not in "\t\n"]
    return hidden + STEERS.findall("\n".join(line for line in output.splitlines() if not line.startswith("{")))


def broken(rng: random.Random, rules: str) -> str:
    """Return a ruleset with a few changes made at random."""
    lines = rules.splitlines()
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        match rng.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[rng.randrange(len(lines))])
            case 2:
                lines[at] = lines[at].replace(
                    rng.choice("()[]{}:\"'~.|a"), rng.choice(("(", "...", "~", "", "{x}", "|", "(((("))
                )
            case _:
                lines[at] += rng.choice((' "', " (a|b)" * 12, " [a]" * 30, " &a *a", " ...", "~" * 9))
    return "\n".join(lines)


class Trials:
    """Runs commands and counts what came of them."""

    def __init__(self) -> None:
        self._runner = CliRunner()
        self._ran = self._through = self._crashed = self._slow = 0
        self._slowest = 0.0

    def run(self, *arguments: str) -> str:
        """Run a command under the time limit, and return what it printed."""
        self._ran += 1
        began = time.monotonic()
        signal.alarm(LIMIT)
        try:
            result = self._runner.invoke(app, arguments)
        except TimeoutError:
            self._slow += 1
            return ""
        finally:
            signal.alarm(0)
        self._slowest = max(self._slowest, time.monotonic() - began)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            self._crashed += 1
            print("crashed:", arguments[0], repr(result.exception)[:200])
        return result.output

    def check(self, output: str) -> None:
        """Count an output that lets something through."""
        if found := steering(output):
            self._through += 1
            print("through:", found[:3])

    def __str__(self) -> str:
        ended = f"{self._through} let something through, {self._crashed} crashed, {self._slow} took over {LIMIT} s"
        return f"{self._ran:,} runs: {ended}; slowest {self._slowest:.1f} s"


def without_commands(output: str) -> str:
    """Return an output in GitHub's format without the two signs that each of its lines begins with."""
    wrong = [line for line in output.splitlines() if not re.match(r"::(error|warning|notice) file=", line)]
    return "\n".join(["::"] * len(wrong) + [line.removeprefix("::") for line in output.splitlines()])


def too_slow(*_: object) -> None:
    """End a command that takes too long."""
    raise TimeoutError


def main() -> None:
    """Run the trials."""
    count, seed = (int(sys.argv[at]) if len(sys.argv) > at else default for at, default in ((1, 300), (2, 1)))
    rng, trials = random.Random(seed), Trials()  # noqa: S311  no secret
    signal.signal(signal.SIGALRM, too_slow)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            name = re.sub("[/\0\ud800]", "", text(rng))[:40]
            paths = {kind: Path(folder, f"{number}{name}.{kind}") for kind in ("yaml", "jsonl", "db")}
            quoted = json.dumps(text(rng).replace("\0", "").replace("\ud800", ""))
            paths["yaml"].write_text(RULES.replace("TITLE", quoted), encoding="utf-8")
            call = {"call_id": text(rng), "text": f"{text(rng)} got a knife {text(rng)}"}
            paths["jsonl"].write_text(json.dumps(call))
            names = {"CALLS": str(paths["jsonl"]), "RULES": str(paths["yaml"]), "LOG": str(paths["db"])}
            for command in COMMANDS:
                trials.check(trials.run(*(names.get(part, part) for part in command.split())))
            paths["yaml"].write_text(broken(rng, RULES.replace("TITLE", quoted)), encoding="utf-8")
            for command in ("lint RULES", "evaluate CALLS -r RULES"):
                trials.check(trials.run(*(names.get(part, part) for part in command.split())))
            trials.check(without_commands(trials.run("lint", names["RULES"], "--format", "github")))
    print(trials)


if __name__ == "__main__":
    main()
