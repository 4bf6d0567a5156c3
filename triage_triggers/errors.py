"""What can go wrong, as one tree: each error is also the builtin that callers already catch.

Messages never hold transcript text.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BundleError",
    "CallError",
    "CaseError",
    "CodeError",
    "ColumnError",
    "Fault",
    "LogBusyError",
    "LogError",
    "MissingExtraError",
    "PhraseError",
    "RecordError",
    "ResumeError",
    "RulesetError",
    "RulesetNotFoundError",
    "RulesetStatusError",
    "SnapshotError",
    "TriageTriggersError",
    "WorkerError",
    "near",
]

MOST_NAMES: Final = 20
"""How many known names an error lists."""


class TriageTriggersError(Exception):
    """Base of every error this package raises on purpose."""


class Fault(NamedTuple):
    """One thing wrong in a file: where, in which rule, and what to do about it.

    ``line`` and ``column`` count from 1; ``column`` in Unicode code points.

    >>> print(Fault("rules/weapon.yaml", 4, 17, "weapon.knife", "a '(' is never closed"))
    rules/weapon.yaml:4:17: weapon.knife: a '(' is never closed
    """

    file: str
    line: int
    column: int
    rule: str | None
    message: str

    def __str__(self) -> str:
        rule = f"{self.rule}: " if self.rule else ""
        return f"{self.file}:{self.line}:{self.column}: {rule}{self.message}"


class RulesetError(TriageTriggersError, ValueError):
    """A ruleset, ladder or lexicon has faults. ``faults`` holds every one found, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))  # a file repaired twice says the same twice
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class RulesetNotFoundError(TriageTriggersError, LookupError):
    """No ruleset or ladder has that id, and no file or folder that path."""


class RulesetStatusError(TriageTriggersError, ValueError):
    """The ruleset is withdrawn or its approval has expired; load it with ``allow_withdrawn=True`` to study it."""


class BundleError(TriageTriggersError, ValueError):
    """A signed ruleset was changed, has expired, or is signed by another key than the one named."""


class PhraseError(TriageTriggersError, ValueError):
    """A phrase breaks the phrase language. ``offset`` counts code points from the start of ``phrase``."""

    def __init__(self, message: str, phrase: str, offset: int) -> None:
        self.message, self.phrase, self.offset = message, phrase, offset
        super().__init__(message, phrase, offset)

    def __str__(self) -> str:
        return f"{self.message}\n  {self.phrase}\n  {' ' * self.offset}^"


class CallError(TriageTriggersError, ValueError):
    """A call can't be read. The message names file:line where there is one, and never quotes the call."""


class CaseError(TriageTriggersError, ValueError):
    """A case file has faults. ``faults`` holds every one found, in file order; none quotes what was said."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class CodeError(TriageTriggersError, ValueError):
    """A code or code system is unknown; the message lists the known ones."""


class ResumeError(TriageTriggersError, ValueError):
    """Results would be overwritten, or can't be gone on with; the message says which file and what to do."""


class WorkerError(TriageTriggersError, RuntimeError):
    """A process that shared the work ended unasked: killed, or out of memory. What came before it stands."""


class ColumnError(TriageTriggersError, ValueError):
    """A column is in no call, or what is asked of one makes no sense; the message lists the columns there are."""


class SnapshotError(TriageTriggersError, ValueError):
    """An open call's snapshot is none, or was read with another ruleset, ladder, lexicon or engine than is at hand."""


class RecordError(TriageTriggersError, ValueError):
    """What was given to the decision log can't be recorded as it is; nothing was. The message quotes nothing said."""


class LogError(TriageTriggersError, OSError):
    """The decision log can't be opened, read or written (disk full, no access, damaged); nothing was recorded."""


class LogBusyError(LogError, TimeoutError):
    """Another process kept the decision log locked for longer than the time allowed; nothing was recorded."""


class MissingExtraError(TriageTriggersError, ImportError):
    """A feature needs an extra that is not installed; the message is the command that installs it."""

    def __init__(self, feature: str, extra: str) -> None:
        self.feature, self.extra = feature, extra
        super().__init__(feature, extra)

    def __str__(self) -> str:
        return f"{self.feature} needs an extra: pip install 'triage-triggers[{self.extra}]'"


def near(wanted: str, known: Iterable[str]) -> str:
    """Return the tail of an error message: near names, or else all known ones.

    >>> near("uk-ambulence", ["uk-ambulance", "demo"])
    'did you mean uk-ambulance?'
    >>> near("x", ["uk-ambulance", "demo"])
    'known: demo, uk-ambulance'
    """
    names = sorted(known)
    close = get_close_matches(wanted, names, n=3, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(close)}?"
    rest = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"known: {', '.join(names[:MOST_NAMES]) or 'none'}{rest}"
