"""What each part of the engine buys: the same calls with the context, or all of it taken away.

    python tools/ablation.py tests/rulesets/calls/*.jsonl
    python tools/ablation.py calls.jsonl --label label.da --ruleset rulesets/uk-ambulance

Reads labelled calls (JSON Lines, the label of each in the key ``da``, or wherever ``--label`` says, with dots between
keys) and prints a Markdown table a file. A call labelled "yes" should be flagged, one labelled "no" or not at all
should not; any other label is left out. Only figures are printed, never a word of a call.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from triage_triggers import Call, Utterance, load_ruleset
from triage_triggers.assessment import Finding, Why
from triage_triggers.engine.engine import Engine
from triage_triggers.engine.heard import Heard, evidence_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from triage_triggers import Ruleset
    from triage_triggers.engine.matching.document import Document
    from triage_triggers.engine.matching.matcher import Match

__all__ = ["WithoutContext", "keywords", "main", "table", "variants"]

NO_KEYWORDS: Final = frozenset({"relationship", "not_domestic", "children_present", "pregnancy", "perpetrator_present"})
"""Themes that nobody would put on a list of words for abuse: who, where, and what speaks against it."""


class WithoutContext(Engine):
    """Every phrase counts, also asked, denied, past or told of a film. Idioms under ``unless`` still hold."""

    __slots__ = ()

    def hear(self, document: Document, matches: Iterable[Match]) -> list[Heard]:
        """Return each match as if it had been said plainly."""
        return [self._plain(document, match) for match in matches]

    def _plain(self, document: Document, match: Match) -> Heard:
        place, rule = document.place(match.start, match.end), self.ruleset.rules[match.owner]
        counts = match.idiom is None
        finding = Finding(
            rule.id, rule.theme, *place, "affirmed", "current", counts, None, "not read in context", Why.PLAIN
        )
        evidence = evidence_of(document, finding, match.start, match.end, match.end) if counts else None
        return Heard(match.start, match.end, match.owner, finding, evidence, asked=False)


def keywords(ruleset: Ruleset) -> Ruleset:
    """Return a ruleset of the same words and nothing else: no idioms, no signs."""
    rules = [
        rule.model_copy(update={"unless": (), "speakers": (), "never_set_aside": False})
        for rule in ruleset.rules
        if rule.theme not in NO_KEYWORDS
    ]
    return ruleset.model_copy(update={"rules": tuple(rules), "signs": (), "tally": None, "then": ()})


def variants(ruleset: Ruleset) -> Mapping[str, Engine]:
    """Return the engines to compare, by what is said of them in the table."""
    return {
        "full": Engine(ruleset),
        "context off": WithoutContext(ruleset),
        "keywords only": WithoutContext(keywords(ruleset)),
    }


def read(path: Path, label: str) -> Iterator[tuple[Call, bool]]:
    """Yield the calls of a file that have a label of yes or no, and whether it is yes."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row: dict[str, Any] = json.loads(line)
        found: Any = row
        for key in label.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if found in {"yes", "no", None}:
            utterances = [
                Utterance(said["text"], said.get("speaker", "unknown"), said.get("start"), said.get("end"))
                for said in row.get("utterances") or [{"text": row.get("text", "")}]
            ]
            yield Call(str(row.get("call_id", number)), utterances), found == "yes"


def table(calls: Iterable[tuple[Call, bool]], engines: Mapping[str, Engine]) -> str:
    """Return a Markdown table of how calls fare, a variant a row."""
    calls = list(calls)
    lines = [
        "| variant | recall | precision | specificity | findings that count, a call without abuse |",
        "|---|---|---|---|---|",
    ]
    for name, engine in engines.items():
        flagged: Counter[tuple[bool, bool]] = Counter()
        counted = 0
        for call, abuse in calls:
            assessment = engine.assess(call)
            flagged[abuse, assessment.flagged] += 1
            counted += 0 if abuse else sum(finding.counts for finding in assessment.findings)
        hits, alarms = flagged[True, True], flagged[False, True]
        cells = [
            _rate(hits, hits + flagged[True, False]),
            _rate(hits, hits + alarms),
            _rate(flagged[False, False], alarms + flagged[False, False]),
            f"{counted / max(1, alarms + flagged[False, False]):.2f}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _rate(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "–"


def main(arguments: list[str] | None = None) -> None:
    """Print a table for each file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="+", type=Path, help="files of labelled calls, JSON Lines")
    parser.add_argument("--ruleset", default="uk-ambulance", help="id or path")
    parser.add_argument("--label", default="da", help="the key of the label, such as label.da")
    chosen = parser.parse_args(arguments)
    engines = variants(load_ruleset(chosen.ruleset))
    for path in chosen.calls:
        print(f"**{path.stem}**\n\n{table(read(path, chosen.label), engines)}\n")


if __name__ == "__main__":
    main()
