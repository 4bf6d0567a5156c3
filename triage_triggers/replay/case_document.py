"""A case file as people write it, YAML or JSON, before its transcripts are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, model_validator

from triage_triggers.calls.call import SPEAKERS, Speaker
from triage_triggers.documents.fields import Format, Frozen, Line
from triage_triggers.replay.case import CaseOutcome, Code, Dispatch, Remark  # noqa: TC001  pydantic reads them
from triage_triggers.replay.moment import MomentField  # noqa: TC001  and this

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.documents.source import Place
    from triage_triggers.replay.case import EntryKind

__all__ = ["CaseDocument", "EntryDocument", "SaidDocument"]

Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
Seconds = Annotated[float, Field(allow_inf_nan=False)]
Said = Annotated[str, Field(max_length=1_000_000)]


def _speaker(written: object) -> object:
    if written not in SPEAKERS:  # not quoted: in a file with its columns mixed up it may be what somebody said
        raise ValueError(f"must be one of {', '.join(SPEAKERS)}")
    return written


class SaidDocument(Frozen):
    """An utterance in a case file."""

    text: Said
    speaker: Annotated[Speaker, BeforeValidator(_speaker)] = "unknown"
    start: Seconds | None = None
    end: Seconds | None = None


class EntryDocument(Frozen):
    """A call or a note: its words stand here, or in a file beside this one."""

    id: Id
    at: MomentField
    current_code: Code | None = None
    by: Remark | None = None
    transcript: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    text: Said | None = None
    utterances: Annotated[tuple[SaidDocument, ...], Field(max_length=100_000)] | None = None
    dispatched: tuple[Dispatch, ...] = ()
    outcome: Remark | None = None

    @model_validator(mode="after")
    def _words_stand_in_one_place(self) -> EntryDocument:
        if sum(part is not None for part in (self.transcript, self.text, self.utterances)) != 1:
            raise ValueError("needs exactly one of 'transcript' (a file), 'text' and 'utterances'")
        return self


Entries = Annotated[tuple[EntryDocument, ...], Field(max_length=2_000)]


class CaseDocument(Frozen):
    """A case file as written."""

    format: Format
    id: Id
    title: Line
    calls: Entries = ()
    notes: Entries = ()
    outcomes: Annotated[tuple[CaseOutcome, ...], Field(max_length=2_000)] = ()

    @model_validator(mode="after")
    def _holds_something(self) -> CaseDocument:
        if not self.calls and not self.notes:
            raise ValueError("needs 'calls' or 'notes'")
        return self

    def entries(self) -> Iterator[tuple[EntryKind, Place, EntryDocument]]:
        """Yield each call and note, with its place in the file."""
        yield from (("call", ("calls", index), call) for index, call in enumerate(self.calls))
        yield from (("note", ("notes", index), note) for index, note in enumerate(self.notes))
