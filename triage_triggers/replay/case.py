"""A case: several calls and notes over months, what was dispatched and when, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from triage_triggers.calls.call import Call
    from triage_triggers.replay.moment import Moment

__all__ = ["Case", "Dispatch", "Entry", "EntryKind", "Outcome"]

EntryKind: TypeAlias = Literal["call", "note"]


class Dispatch(NamedTuple):
    """What was sent for a call, under which code if one is known, and when."""

    at: Moment
    code: str | None
    remark: str | None


class Outcome(NamedTuple):
    """What came of a case, or what else happened, and when."""

    at: Moment
    remark: str


class Entry(NamedTuple):
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
    entries: tuple[Entry, ...]
    outcomes: tuple[Outcome, ...]

    def earlier(self, entry: Entry) -> tuple[Entry, ...]:
        """Return what is sure to lie before an entry. A note of the same day without a time is not."""
        return tuple(other for other in self.entries if other.at.latest <= entry.at.time and other is not entry)
