"""Who has which literal phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.ruleset.compiling import CompiledPhrase, CompiledRule

__all__ = ["Owner", "owners_of"]


class Owner(NamedTuple):
    """A phrase of a rule, by numbers."""

    rule: int
    phrase: int


def owners_of(compiled: Iterable[CompiledRule]) -> dict[str, list[Owner]]:
    """Return who has each literal phrase; a phrase with ``...`` stands for itself, all its parts together."""
    owners: dict[str, list[Owner]] = {}
    for number, entry in enumerate(compiled):
        for index, phrase in enumerate(entry.phrases):
            owner = Owner(number, index)
            for literal in _whole(phrase):
                owners.setdefault(literal, []).append(owner)
    return owners


def _whole(phrase: CompiledPhrase) -> Iterable[str]:
    return phrase.segments[0] if len(phrase.segments) == 1 else (" ... ".join(map("|".join, phrase.segments)),)
