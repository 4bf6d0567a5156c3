"""The table and the curve of first contact, from its ledger.

python -m tools.curve --write               # refreshes docs/first-contact.md
"""

from __future__ import annotations

import json
import re
import sys
from typing import Final, NamedTuple

from tools.rounds import DOCS, cell, fill, markdown
from triage_triggers.lab.figures import Proportion

POOLED: Final = 3
_PART: Final = re.compile(r"\((\d+)/(\d+),")


class Round(NamedTuple):
    """What a round scored, once."""

    name: str
    recall: Proportion
    specificity: Proportion
    themes: Proportion
    advice: Proportion


def scored() -> list[Round]:
    """Return the rounds in the order in which they were scored."""
    lines = (DOCS / "first-contact.jsonl").read_text(encoding="utf-8").splitlines()
    return [_round(number, json.loads(line)["figures"]) for number, line in enumerate(lines)]


def _round(number: int, figures: dict[str, str]) -> Round:
    names = ("recall", "specificity", "themes found", "advice given")
    return Round(f"{number:02}", *(_proportion(figures[name]) for name in names))


def _proportion(written: str) -> Proportion:
    found = _PART.search(written)
    if found is None:
        raise ValueError(f"no proportion in {written!r}")
    return Proportion(int(found[1]), int(found[2]))


def pooled(rounds: list[Round]) -> Round:
    """Return several rounds as one.

    >>> both = pooled([Round(n, *[Proportion(1, 2)] * 4) for n in ("07", "08")])
    >>> both.name, both.recall
    ('07–08', Proportion(part=2, whole=4))
    """
    sums = [
        Proportion(sum(figure.part for figure in figures), sum(figure.whole for figure in figures))
        for figures in zip(*(one[1:] for one in rounds), strict=True)
    ]
    return Round(f"{rounds[0].name}–{rounds[-1].name}", *sums)


def table(rounds: list[Round]) -> str:
    """Return a row a round."""
    headings = ("round", "recall", "specificity", "themes found", "advice given")
    return markdown(headings, [(one.name, *(cell(figure) for figure in one[1:])) for one in rounds])


def plot(rounds: list[Round]) -> str:
    """Return the curve as a Mermaid chart: the upper line is specificity."""
    lines = [
        [f"{figure.value or 0:.2f}" for figure in figures]
        for figures in ([r[1] for r in rounds], [r[2] for r in rounds])
    ]
    axis = ", ".join(f'"{one.name}"' for one in rounds)
    chart = [
        "xychart-beta",
        f'    x-axis "round" [{axis}]',
        '    y-axis "recall (bars), specificity (line)" 0 --> 1',
        f"    bar [{', '.join(lines[0])}]",
        f"    line [{', '.join(lines[1])}]",
    ]
    return "\n".join(["```mermaid", *chart, "```"])


def main() -> None:
    """Print the tables, or put them into the page."""
    rounds = scored()
    parts = [pooled(rounds[start : start + POOLED]) for start in range(len(rounds) % POOLED, len(rounds), POOLED)]
    texts = {"rounds": table(rounds), "pooled": table(parts), "curve": plot(rounds)}
    for name, text in texts.items():
        if "--write" in sys.argv[1:]:
            fill(DOCS / "first-contact.md", name, text)
        else:
            print(text, end="\n\n")


if __name__ == "__main__":
    main()
