"""A case: several calls and notes over months, what was dispatched and when, and what came of it."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from triage_triggers.calls.model import SPEAKERS, Call, Speaker, Utterance
from triage_triggers.replay.moment import Moment, MomentField
from triage_triggers.ruleset.model import Format, Frozen, Line

__all__ = ["Case", "CaseDocument", "Dispatch", "Entry", "EntryKind", "Outcome"]

EntryKind = Literal["call", "note"]
Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
Remark = Annotated[str, Field(min_length=1, max_length=2_000)]


def _speaker(written: object) -> object:
    if written not in SPEAKERS:  # not quoted: in a file with its columns mixed up it may be what somebody said
        raise ValueError(f"must be one of {', '.join(SPEAKERS)}")
    return written


SpeakerField = Annotated[Speaker, BeforeValidator(_speaker)]


class SaidDocument(Frozen):
    """An utterance in a case file."""

    text: Annotated[str, Field(max_length=1_000_000)]
    speaker: SpeakerField = "unknown"
    start: Annotated[float, Field(allow_inf_nan=False)] | None = None
    end: Annotated[float, Field(allow_inf_nan=False)] | None = None


class DispatchDocument(Frozen):
    """What was sent, and when."""

    at: MomentField
    code: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    remark: Remark | None = None


class OutcomeDocument(Frozen):
    """What came of it, or what else happened."""

    at: MomentField
    remark: Remark


class EntryDocument(Frozen):
    """A call or a note: its words stand here, or in a file beside this one."""

    id: Id
    at: MomentField
    current_code: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    by: Remark | None = None
    transcript: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    text: Annotated[str, Field(max_length=1_000_000)] | None = None
    utterances: Annotated[tuple[SaidDocument, ...], Field(max_length=100_000)] | None = None
    dispatched: tuple[DispatchDocument, ...] = ()
    outcome: Remark | None = None

    @model_validator(mode="after")
    def _words_stand_in_one_place(self) -> EntryDocument:
        if sum(part is not None for part in (self.transcript, self.text, self.utterances)) != 1:
            raise ValueError("needs exactly one of 'transcript' (a file), 'text' and 'utterances'")
        return self


class CaseDocument(Frozen):
    """A case file as written."""

    format: Format
    id: Id
    title: Line
    calls: Annotated[tuple[EntryDocument, ...], Field(max_length=2_000)] = ()
    notes: Annotated[tuple[EntryDocument, ...], Field(max_length=2_000)] = ()
    outcomes: Annotated[tuple[OutcomeDocument, ...], Field(max_length=2_000)] = ()

    @model_validator(mode="after")
    def _holds_something(self) -> CaseDocument:
        if not self.calls and not self.notes:
            raise ValueError("needs 'calls' or 'notes'")
        return self


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


def make_entry(kind: EntryKind, written: EntryDocument, call: Call | None) -> Entry:
    """Return an entry; ``call`` is what its transcript file holds, if it has one."""
    if call is not None:
        said: tuple[Utterance, ...] = call.utterances
    elif written.utterances is not None:
        said = tuple(Utterance(part.text, part.speaker, part.start, part.end) for part in written.utterances)
    else:
        said = (Utterance(written.text or ""),)
    code = written.current_code if written.current_code is not None else call.current_code if call else None
    system = call.code_system if call else None
    return Entry(
        kind,
        written.at,
        Call(written.id, said, current_code=code, code_system=system),
        written.by,
        tuple(sorted(Dispatch(part.at, part.code, part.remark) for part in written.dispatched)),
        written.outcome,
    )
