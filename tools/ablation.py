"""What each part buys: the same calls with one part of the engine, or of the ruleset, taken away.

    python -m tools.ablation                                        # all rounds of first contact
    python -m tools.ablation --sets ../shared/data --write          # and other sets; the tables into docs/ablation.md
    python -m tools.ablation --calls calls.jsonl                    # calls of your own

Functions of the engine are replaced for as long as a row is measured, so that the engine needs no switches. Only
figures are printed, never a word of a call.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest import mock

from tools.rounds import DOCS, cell, confusion, fill, labelled, markdown, rounds
from triage_triggers import load_ruleset
from triage_triggers.assessment import Why
from triage_triggers.engine import engine as engine_room
from triage_triggers.engine import heard as heard_room
from triage_triggers.engine.engine import Engine
from triage_triggers.engine.events.scene import by_whom, read_scene
from triage_triggers.engine.heard import Heard, evidence_of, hear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tools.rounds import Labelled
    from triage_triggers import Ruleset
    from triage_triggers.engine.events.cast import Cast
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.scene import Scene
    from triage_triggers.lab.figures import Confusion

__all__ = ["VARIANTS", "main", "measured"]

SETS: Final = ("calls_uk", "calls911", "challenge_uk", "talk_uk", "clinic", "switchboard", "primock")
TALK: Final = SETS[3:]
_TIES: Final = frozenset({"partner", "ex_partner", "relative", "household", "carer", "stranger", "acquaintance"})
_UNREAD: Final = frozenset({Why.IDIOM, Why.SPEAKER})


class Variant(NamedTuple):
    """What is taken away: functions of modules replaced, by module and name, and the ruleset changed."""

    replaced: tuple[tuple[Any, str, Callable[..., object]], ...] = ()
    ruleset: Callable[[Ruleset], Ruleset] = lambda ruleset: ruleset


def _tie_unknown(cast: Cast, event: Event) -> str | None:
    by = by_whom(cast, event)
    return "unknown" if by in _TIES else by


def _scene_without(frames: frozenset[str], *arguments: Any) -> Scene:
    scene = read_scene(*arguments)
    return scene._replace(events=tuple(event for event in scene.events if event.frame not in frames))


def _nothing(*_: object) -> tuple[()]:
    return ()


def _binding_answers() -> Iterator[tuple[Any, str]]:
    """Yield the functions that bind people by answers, wherever this version of the engine has them."""
    for room, names in (("scene", ("answers", "asked_outright")), ("ties", ("_answers", "_asked_outright"))):
        if find_spec(f"triage_triggers.engine.events.{room}"):
            module = import_module(f"triage_triggers.engine.events.{room}")
            yield from ((module, name) for name in names if hasattr(module, name))


def _said_plainly(document: Any, reader: Any, rule: Any, match: Any, spelled: Any) -> Heard:  # noqa: ANN401  the same
    heard = hear(document, reader, rule, match, spelled)
    if heard.finding.why in _UNREAD:
        return heard
    finding = heard.finding._replace(
        polarity="affirmed", temporality="current", counts=True, cue=None, why=Why.PLAIN, reason=Why.PLAIN.in_words
    )
    evidence = evidence_of(document, finding, match.start, match.end, match.end)
    return heard._replace(finding=finding, evidence=evidence)


def _without_theme(theme: str, ruleset: Ruleset) -> Ruleset:
    rules = tuple(rule for rule in ruleset.rules if rule.theme != theme)
    return ruleset.model_copy(update={"rules": rules})


def _without(section: str, nothing: object, ruleset: Ruleset) -> Ruleset:
    return ruleset.model_copy(update={section: nothing})


VARIANTS: Final[Mapping[str, Variant]] = {
    "nothing": Variant(),
    "cast (every tie unknown)": Variant(
        ((heard_room, "by_whom", _tie_unknown), (engine_room, "by_whom", _tie_unknown))
    ),
    "open verbs": Variant(((engine_room, "read_scene", partial(_scene_without, frozenset({"open", "open_verb"}))),)),
    "answers (who is that, who did it)": Variant(
        (
            *((module, name, _nothing) for module, name in _binding_answers()),
            (engine_room, "read_scene", partial(_scene_without, frozenset({"answer"}))),
        )
    ),
    "enquiries (what the call-taker asks)": Variant(ruleset=partial(_without_theme, "enquiry")),
    "intent": Variant(((heard_room, "intent_of", lambda *_: None),)),
    "context (polarity, time, answers)": Variant(
        ((heard_room, "hear", _said_plainly), (engine_room, "hear", _said_plainly))
    ),
    "tally (signs only)": Variant(ruleset=partial(_without, "tally", None)),
    "signs (tally only)": Variant(ruleset=partial(_without, "signs", ())),
}
"""What is taken away, by what the table says of it."""


@contextmanager
def _engine(ruleset: Ruleset, variant: Variant) -> Iterator[Engine]:
    with ExitStack() as stack:
        for module, name, function in variant.replaced:
            stack.enter_context(mock.patch.object(module, name, function))
        yield Engine(variant.ruleset(ruleset))


def measured(ruleset: Ruleset, sets: Mapping[str, list[Labelled]]) -> Mapping[str, Mapping[str, Confusion]]:
    """Return how each set fares without each part."""
    found: dict[str, dict[str, Confusion]] = {}
    for name, variant in VARIANTS.items():
        with _engine(ruleset, variant) as engine:
            found[name] = {title: confusion(engine, calls) for title, calls in sets.items()}
    return found


def _pooled(found: Mapping[str, Mapping[str, Confusion]], title: str) -> str:
    rows = []
    whole = found["nothing"][title]
    for name, figures in found.items():
        now = figures[title]
        lost = [now.sensitivity.part - whole.sensitivity.part, now.specificity.part - whole.specificity.part]
        changes = ["–" if name == "nothing" else f"{change:+d}".replace("-", "\N{MINUS SIGN}") for change in lost]
        rows.append([name, cell(now.sensitivity), changes[0], cell(now.specificity), changes[1], _value(now.ppv)])
    return markdown(["without", "recall", "calls", "specificity", "calls", "precision"], rows)


def _sets(found: Mapping[str, Mapping[str, Confusion]], talk: list[str], others: list[str]) -> str:
    headings = [f"{title}: recall, specificity" for title in others] + [f"{title}: flagged" for title in talk]
    rows = []
    for name, figures in found.items():
        both = [f"{_value(figures[title].sensitivity)}, {_value(figures[title].specificity)}" for title in others]
        flagged = [f"{figures[title].false_positive}/{figures[title].negatives}" for title in talk]
        rows.append([name, *both, *flagged])
    return markdown(["without", *headings], rows)


def _value(figure: Any) -> str:  # noqa: ANN401  a proportion
    return "–" if figure.value is None else f"{figure.value:.2f}"


def main(arguments: list[str] | None = None) -> None:
    """Print the tables, or write them into docs/ablation.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", nargs="+", type=Path, help="labelled calls in place of the rounds")
    parser.add_argument("--sets", type=Path, help=f"a folder with any of {', '.join(SETS)} (.jsonl)")
    parser.add_argument("--ruleset", default="uk-ambulance", help="id or path")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/ablation.md")
    chosen = parser.parse_args(arguments)
    sets = {"rounds": labelled(*chosen.calls) if chosen.calls else rounds()}
    others = [name for name in SETS if chosen.sets and (chosen.sets / f"{name}.jsonl").exists()]
    sets |= {name: labelled(chosen.sets / f"{name}.jsonl") for name in others}
    ruleset = load_ruleset(chosen.ruleset)
    found = measured(ruleset, sets)
    talk = [name for name in others if name in TALK]
    tables = {"rounds": f"{ruleset.id} {ruleset.version}.\n\n{_pooled(found, 'rounds')}"}
    if others:
        tables["sets"] = _sets(found, talk, [name for name in others if name not in TALK])
    for name, table in tables.items():
        if chosen.write:
            fill(DOCS / "ablation.md", name, table)
        else:
            print(f"{table}\n")


if __name__ == "__main__":
    main()
