"""Read AWS Contact Lens: the file written after a call, and the segments its real-time interface lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.export import Export, Milliseconds, read_export

if TYPE_CHECKING:
    from triage_triggers.calls.source import Source

__all__ = ["contact_lens_call"]


class _Turn(Export):
    Content: str
    BeginOffsetMillis: Milliseconds
    EndOffsetMillis: Milliseconds
    ParticipantId: str
    ParticipantRole: str | None = None


class _Participant(Export):
    ParticipantId: str
    ParticipantRole: str


class _Segment(Export):
    Transcript: _Turn | None = None  # a segment may hold categories only


class _ContactLens(Export):
    Segments: list[_Segment] | None = None
    Transcript: list[_Turn] | None = None
    Participants: tuple[_Participant, ...] = ()

    @model_validator(mode="after")
    def _has_turns(self) -> _ContactLens:
        if (self.Segments is None) == (self.Transcript is None):
            raise ValueError("expected either 'Transcript', a list of turns, or 'Segments', a list of segments")
        return self


def contact_lens_call(document: object, source: Source) -> Call:
    """Return the call: an utterance a turn. Labels are the participant's id, else the role, such as ``AGENT``."""
    export = read_export(document, _ContactLens, "a Contact Lens export", source.file)
    roles = {participant.ParticipantId: participant.ParticipantRole for participant in export.Participants}
    turns = export.Transcript or [part.Transcript for part in export.Segments or () if part.Transcript is not None]
    speakers = source.options.speakers
    utterances = []
    for turn in turns:
        role = turn.ParticipantRole or roles.get(turn.ParticipantId)
        label = turn.ParticipantId if turn.ParticipantId in speakers else role
        utterances.append(
            Utterance(turn.Content, speakers[label], turn.BeginOffsetMillis / 1000, turn.EndOffsetMillis / 1000)
        )
    return Call(source.name, utterances)
