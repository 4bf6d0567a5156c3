"""What a lint check is: a name that stays, a severity, a sentence, and a function that finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from triage_triggers.documents.source import Place
    from triage_triggers.lint.subject import Subject

__all__ = ["Check", "Issue", "Remark", "Section", "Severity"]

Severity: TypeAlias = Literal["error", "warning", "info"]
Section: TypeAlias = Literal["ruleset", "rules", "lists", "signs", "tally", "then"]


class Remark(NamedTuple):
    """What a check has found: in which part of the ruleset, at which place within that, and what to do about it.

    ``name`` is the id of the rule, list, sign or line; empty for the ruleset itself. ``offset`` counts code points into
    the text at ``place``.
    """

    section: Section
    name: str
    place: Place
    message: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check. Its ``id`` is what exclusions name, so it never changes; ``find`` sees the whole ruleset.

    ``error``: the ruleset does not do what it says. ``warning``: its owners should act, or say why not. ``info``: worth
    knowing when a rule is worked on.
    """

    id: str
    severity: Severity
    summary: str
    find: Callable[[Subject], Iterable[Remark]]


@dataclass(frozen=True, slots=True)
class Issue:
    """A remark of a check where it stands: ``line`` and ``column`` (code points) count from 1.

    ``name`` is the id of the rule, list, sign or line, if it is about one. ``excused`` is the reason that the ruleset
    gives for an exclusion; an excused issue is shown, and fails nothing.

    >>> print(Issue("no-source", "warning", "rules/weapon.yaml", 4, 5, "weapon.knife", "it has no 'sources'"))
    rules/weapon.yaml:4:5: warning: weapon.knife: it has no 'sources' [no-source]
    """

    check: str
    severity: Severity
    file: str
    line: int
    column: int
    name: str | None
    message: str
    excused: str | None = None

    def __str__(self) -> str:
        name = f"{self.name}: " if self.name else ""
        excused = f" (excused: {self.excused})" if self.excused else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {name}{self.message} [{self.check}]{excused}"
