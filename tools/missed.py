"""Who is missed: recall by group over all rounds of first contact, as the rules are now.

    python -m tools.missed --write        # refreshes the table in docs/first-contact.md

Groups come from what the writers wrote beside their calls: the slug of a call's kind, its setting, the themes to be
found, how it was taken down, and whom its writer had in mind. Only figures are printed, never a word of a call.
"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tools.rounds import DOCS, cell, fill, markdown, rounds
from triage_triggers import load_ruleset
from triage_triggers.engine.engine import Engine
from triage_triggers.lab.figures import Confusion, fisher_exact
from triage_triggers.lab.labels import column_value
from triage_triggers.lab.tables import probability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tools.rounds import Labelled
    from triage_triggers import Call
    from triage_triggers.lab.figures import Proportion

__all__ = ["main", "missed"]

LEAST: Final = 4
"""How many calls of abuse a group has at least to get a row."""
_OF_BOTH: Final = frozenset({"how it was taken down", "whom the writer had in mind"})
"""What calls without abuse can be divided by, too."""
FAMILIES: Final[Mapping[str, str]] = {
    "direct": r"direct",
    "by others: neighbour, colleague, driver": r"third_party|neighbour|taxi|porter|in_shop|relative",
    "by professionals": r"professional|police(?!_threat)|hostel|handler(?!_asks)",
    "a child rings": r"child_caller|child_in",
    "the abuser rings": r"abuser|perpetrator_caller",
    "minimised": r"minimised",
    "told sideways or late": r"sideways|late",
    "the call-taker asks": r"handler_asks",
    "covert": r"covert",
    "control only": r"control",
    "threat": r"threat",
    "strangulation": r"strangulation",
    "pregnancy": r"pregnancy",
    "elder abuse": r"elder",
    "parent hit by a grown child": r"parent",
    "male victim": r"male_?victim",
    "same sex": r"same_sex",
    "honour-based": r"honour",
    "stalking or breach of an order": r"stalking|order_breach",
    "past, by slug": r"past",
}
_STOP: Final = re.compile(r"[.?!,]")
_PERSONA: Final = re.compile(r"The person you have in mind: (?:an? )?([^:,;]+)")


class Case(NamedTuple):
    """A call of a round, and whether it is flagged."""

    told: Labelled
    flagged: bool


def _personas() -> dict[str, str]:
    """Return whom each writer had in mind, by round and the call ids' prefix."""
    found: dict[str, str] = {}
    for path in sorted((DOCS / "first-contact").glob("round-*-writer*.md")):
        text = path.read_text(encoding="utf-8")
        prefixes = dict.fromkeys(re.findall(r"\b(c\d\d[a-z])-001", text))
        source = path.stem.rpartition("-")[0]
        found |= {f"{source}/{prefix}": who for prefix, who in zip(prefixes, _PERSONA.findall(text), strict=False)}
    return found


def _writer(told: Labelled, personas: Mapping[str, str]) -> str:
    key = f"{told.source}/{told.call.call_id.rpartition('-')[0]}"
    return f"{told.source.replace('-', ' ')}: {personas[key]}" if key in personas else key


def _style(call: Call) -> str:
    if len(call.utterances) == 1:
        return "note"
    stopped = sum(bool(_STOP.search(utterance.text)) for utterance in call.utterances)
    written = "punctuated" if 2 * stopped > len(call.utterances) else "transcribed by machine"
    unknown = all(utterance.speaker == "unknown" for utterance in call.utterances)
    return f"{written}, {'no speakers' if unknown else 'with speakers'}"


def _values(call: Call, column: str) -> tuple[str, ...]:
    expected = call.metadata["expect"]
    values = expected.get(column) if isinstance(expected, dict) else ()
    return tuple(values) if isinstance(values, list) else ()


def _families(call: Call) -> Iterator[str]:
    slug = column_value(call, "group") or ""
    yield from (name for name, pattern in FAMILIES.items() if re.search(pattern, slug))


def missed(cases: Iterable[Case]) -> str:
    """Return tables of recall by group, a table a way to divide the calls."""
    cases, personas = list(cases), _personas()
    whole = _confusion(cases)
    ways: Mapping[str, Callable[[Labelled], Iterable[str]]] = {
        "how it was taken down": lambda told: [_style(told.call)],
        "whom the writer had in mind": lambda told: [_writer(told, personas)],
        "setting": lambda told: [column_value(told.call, "expect.setting") or "none"],
        "who tells what, by slug (a call may be of several)": lambda told: _families(told.call),
        "theme that a reader marks": lambda told: _values(told.call, "must_find"),
    }
    parts = [f"All: recall {cell(whole.sensitivity)}, specificity {cell(whole.specificity)}."]
    for way, groups_of in ways.items():
        groups = {group for case in cases if case.told.label == "positive" for group in groups_of(case.told)}
        of = {group: _confusion(case for case in cases if group in groups_of(case.told)) for group in groups}
        known = sorted((own.sensitivity.value or 0, group) for group, own in of.items() if own.positives >= LEAST)
        both = way in _OF_BOTH
        rows = [_row(group, of[group], whole)[: 4 if both else 3] for _, group in known]
        parts.append(markdown([way, "recall", "*p*", *(["specificity"] if both else [])], rows))
    return "\n\n".join(parts)


def _confusion(cases: Iterable[Case]) -> Confusion:
    return Confusion.of((case.told.label, case.flagged) for case in cases)


def _row(group: str, own: Confusion, whole: Confusion) -> list[str]:
    p = fisher_exact(own.sensitivity, _rest(own.sensitivity, whole.sensitivity))
    return [group, cell(own.sensitivity), probability(p), cell(own.specificity)]


def _rest(part: Proportion, whole: Proportion) -> Proportion:
    return type(part)(whole.part - part.part, whole.whole - part.whole)


def main(arguments: list[str] | None = None) -> None:
    """Print the tables, or write them into docs/first-contact.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ruleset", default="uk-ambulance", help="id or path")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/first-contact.md")
    chosen = parser.parse_args(arguments)
    engine = Engine(load_ruleset(chosen.ruleset))
    tables = missed(Case(told, engine.assess(told.call).flagged) for told in rounds())
    if chosen.write:
        fill(DOCS / "first-contact.md", "missed", tables)
    else:
        print(tables)


if __name__ == "__main__":
    main()
