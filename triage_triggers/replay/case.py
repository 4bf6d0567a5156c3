"""A case: several calls and notes over months, what was dispatched and when, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, TypeAlias

from pydantic import Field

from triage_triggers.documents.fields import Frozen
from triage_triggers.replay.moment import MomentField  # noqa: TC001  pydantic reads the annotation at run time

if TYPE_CHECKING:
    from triage_triggers.calls.call import Call
    from triage_triggers.replay.moment import Moment

__all__ = ["Case", "CaseEntry", "CaseOutcome", "Code", "Dispatch", "EntryKind", "Remark"]

EntryKind: TypeAlias = Literal["call", "note"]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Remark = Annotated[str, Field(min_length=1, max_length=2_000)]


class Dispatch(Frozen):
    """What was sent for a call, under which code if one is known, and when."""

    at: MomentField
    code: Code | None = None
    remark: Remark | None = None


class CaseOutcome(Frozen):
    """What came of a case, or what else happened, and when."""

    at: MomentField
    remark: Remark


class CaseEntry(NamedTuple):
    """A call, or a note: when it began or was written, what was said, what was sent, what came of it."""

    kind: EntryKind
    at: Moment
    call: Call
    by: str | None
    dispatched: tuple[Dispatch, ...]
    outcome: str | None


class Case(NamedTuple):
    """Calls and notes in the order of time, and what else happened."""

    id: str
    title: str
    entries: tuple[CaseEntry, ...]
    outcomes: tuple[CaseOutcome, ...]

    def earlier(self, entry: CaseEntry) -> tuple[CaseEntry, ...]:
        """Return what is sure to lie before an entry. A note of the same day without a time is not."""
        return tuple(other for other in self.entries if other.at.latest <= entry.at.time and other is not entry)
