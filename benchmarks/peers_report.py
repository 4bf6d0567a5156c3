"""What ``benchmarks.peers`` measured, as a table, as JSON, and what it was measured on."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["FULL", "LIMIT", "REFERENCE", "Result", "load", "machine", "table", "write"]

WITH_CONTEXT: Final = frozenset({"triage_triggers, full evaluation", "negspacy", "medspaCy"})
REFERENCE: Final = "pyahocorasick, boundary check"
FULL: Final = "triage_triggers, full evaluation"
LIMIT: Final = "Automaton.iter alone, text already folded"


_PAGE: Final = """\
# Side by side with other matchers

{date}. {machine}; Python {python}; one process at a time, seconds of the processor. Load of the machine at the
beginning {load:.1f}, at the end {load_at_the_end:.1f}: above 1 others were working too, and ratios below 1.2 say
nothing.

Versions: {versions}.

Every scanner got the same texts and phrases and took its turn in every round; its best round counts. Where a scanner is
too slow for all calls it scanned the first ones; *reference* is what pyahocorasick with a boundary check found in the
same calls. Hits differ where a library drops overlapping phrases (FlashText, `re`, negspacy, medspaCy; ours in full
keeps the longest of each rule), splits words in its own way (spaCy), or sees through punctuation and hesitations
(ours). `Automaton.iter` alone counts parts of words too. Written by `python -m benchmarks.peers`.

![Throughput by number of phrases]({name}.svg)

{tables}
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One scanner on one set of calls with so many phrases; ``reference_hits`` are on the same calls."""

    calls: str
    phrases: int
    scanner: str
    scanned: int
    of: int
    characters: int
    seconds: float
    hits: int
    reference_hits: int = 0
    build_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Million characters a second."""
        return self.characters / self.seconds / 1e6


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of a Markdown table of one set of calls and number of phrases."""
    full = next(result for result in results if result.scanner == FULL)
    limit = next(result for result in results if result.scanner == LIMIT)
    yield f"**{results[0].calls}, {results[0].phrases:,} phrases**"
    yield ""
    yield "| scanner | context | calls | Mchar/s | of `iter` | ours in full faster by | hits | reference | build s |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for result in sorted(results, key=lambda result: -result.rate):
        sample = f"{result.scanned:,}" if result.scanned == result.of else f"{result.scanned:,} of {result.of:,}"
        yield (
            f"| {result.scanner} | {'yes' if result.scanner in WITH_CONTEXT else ''} | {sample} "
            f"| {result.rate:,.3g} | {result.rate / limit.rate:.3g} | {full.rate / result.rate:,.3g} times "
            f"| {result.hits:,} | {result.reference_hits:,} | {result.build_seconds:.2f} |"
        )


def machine() -> dict[str, Any]:
    """Say what figures were measured on."""
    processor = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(":")[2].strip() if names else processor
    return {
        "date": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
        "machine": f"{processor}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "python": sys.version.split()[0],
        "load": load(),
    }


def load() -> float:
    """Return how many processes wanted a core in the last minute, on average."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def write(path: Path, began: dict[str, Any], results: Sequence[Result]) -> None:
    """Write the figures as ``path`` with ``.json``, and the tables as ``path`` with ``.md``."""
    data = began | {"load_at_the_end": load(), "results": [asdict(result) for result in results]}
    path.with_suffix(".json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    tables = {(result.calls, result.phrases): "" for result in results}
    for calls, phrases in tables:
        own = [result for result in results if (result.calls, result.phrases) == (calls, phrases)]
        tables[calls, phrases] = "\n".join(table(own))
    text = _PAGE.format(**data, name=path.name, tables="\n\n".join(tables.values()))
    path.with_suffix(".md").write_text(text, encoding="utf-8")
