"""``triage-triggers show``: what the rules of a ruleset look for, in words and in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from triage_triggers.cli.inputs import RulesetArgument  # noqa: TC001  Typer reads the annotation
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.errors import RulesetNotFoundError, near
from triage_triggers.phrases.description import describe
from triage_triggers.phrases.syntax import parse_phrase
from triage_triggers.ruleset.compiling import compile_ruleset
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.ruleset.compiling import CompiledPhrase, CompiledRule
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers show uk-ambulance",
    "triage-triggers show uk-ambulance strangulation.hands-on-neck",
    "triage-triggers show uk-ambulance --phrases | grep knife",
)


def run(
    ruleset: RulesetArgument,
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help="The id of one rule; by default all.")] = None,
    *,
    phrases: Annotated[
        bool, typer.Option("--phrases", help="Print every literal phrase: rule, tab, phrase; '...' between parts.")
    ] = False,
) -> None:
    """Show what a ruleset looks for: every rule in a line, or one rule with all it says, each phrase in words."""
    loaded = load_ruleset(ruleset, allow_withdrawn=True)
    compiled = compile_ruleset(loaded)
    chosen = [entry for entry in compiled if rule in {None, entry.rule.id}]
    if rule is not None and not chosen:
        known = near(rule, (entry.rule.id for entry in compiled))
        raise RulesetNotFoundError(f"{loaded.id} has no rule '{rule}'; {known}")
    if phrases:
        for entry in chosen:
            for phrase in entry.phrases:
                for literal in _literals(phrase):
                    typer.echo(f"{entry.rule.id}\t{literal}")
    elif rule is not None:
        _show_rule(chosen[0])
    else:
        _show_ruleset(loaded, chosen)


def _show_ruleset(ruleset: Ruleset, rules: Iterable[CompiledRule]) -> None:
    screen = Screen()
    screen.show(Text(f"{ruleset.id} {ruleset.version}, {ruleset.status}: {ruleset.title}", style="bold"))
    table = columns("rule", "theme", "phrases", "literal", "examples")
    for entry in rules:
        examples = entry.rule.examples
        counts = (len(entry.phrases), _size(entry.phrases), len(examples.fire) + len(examples.quiet))
        table.add_row(entry.rule.id, entry.rule.theme, *(f"{count:,}" for count in counts))
    screen.show(table)


def _show_rule(compiled: CompiledRule) -> None:
    screen, rule = Screen(), compiled.rule
    screen.show(Text(rule.id, style="bold"))
    facts = columns()
    facts.add_row("theme", rule.theme)
    for name, text in (("rationale", rule.rationale), ("owner", rule.owner), *(("source", s) for s in rule.sources)):
        if text is not None:
            facts.add_row(name, text)
    if rule.language is not None:
        facts.add_row("language", rule.language)
    if rule.speakers:
        facts.add_row("listens to", ", ".join(dict.fromkeys((*rule.speakers, "unknown"))))
    if rule.never_set_aside:
        facts.add_row("set aside", "never, however it is said")
    for exclusion in rule.lint.allow:
        facts.add_row("excused", f"{exclusion.check}: {exclusion.reason}")
    screen.show(facts)
    _show_phrases(screen, "Fires on", compiled.phrases)
    _show_phrases(screen, "Unless it is part of", compiled.unless)
    groups = (
        ("must fire", rule.examples.fire),
        ("must be quiet", rule.examples.quiet),
        ("known miss", rule.known_miss),
        ("known false alarm", rule.known_false_alarm),
    )
    examples = columns()
    for name, sentences in groups:
        for sentence in sentences:
            examples.add_row(name, sentence)
    if examples.row_count:
        screen.show(Text("\nExamples", style="bold"))
        screen.show(examples)


def _show_phrases(screen: Screen, title: str, phrases: tuple[CompiledPhrase, ...]) -> None:
    if not phrases:
        return
    screen.show(Text(f"\n{title} {_size(phrases):,} literal phrases", style="bold"))
    table = columns("phrase", "literal", "in words")
    for phrase in phrases:
        table.add_row(phrase.source, f"{_size([phrase]):,}", describe(parse_phrase(phrase.source)))
    screen.show(table)


def _size(phrases: Iterable[CompiledPhrase]) -> int:
    return sum(len(part) for phrase in phrases for part in phrase.segments)


def _literals(phrase: CompiledPhrase) -> Iterable[str]:
    if len(phrase.segments) == 1:
        return phrase.segments[0]
    # Every combination of the parts could be millions of lines.
    return [" ... ".join(part[0] if len(part) == 1 else f"({'|'.join(part)})" for part in phrase.segments)]
