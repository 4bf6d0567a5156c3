"""Calls that are still going on: the whole call is read again at every change, and what differs is told."""

from triage_triggers.live.call import LiveCall
from triage_triggers.live.update import (
    AdviceChanged,
    Answer,
    CodeSet,
    Event,
    FindingAdded,
    FindingReread,
    FindingWithdrawn,
    Flagged,
    Responded,
    Response,
    RulesetMoved,
    Suggestion,
    SuggestionRaised,
    SuggestionSuperseded,
    Unflagged,
    Update,
)

__all__ = [
    "AdviceChanged",
    "Answer",
    "CodeSet",
    "Event",
    "FindingAdded",
    "FindingReread",
    "FindingWithdrawn",
    "Flagged",
    "LiveCall",
    "Responded",
    "Response",
    "RulesetMoved",
    "Suggestion",
    "SuggestionRaised",
    "SuggestionSuperseded",
    "Unflagged",
    "Update",
]
