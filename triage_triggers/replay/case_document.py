"""A case file as people write it, YAML or JSON, before its transcripts are read."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from triage_triggers.calls.call import SPEAKERS, Speaker
from triage_triggers.documents.fields import Format, Frozen, Line
from triage_triggers.replay.moment import MomentField  # noqa: TC001  pydantic reads the annotation at run time

__all__ = ["CaseDocument", "DispatchDocument", "EntryDocument", "OutcomeDocument", "SaidDocument"]

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
