"""Calls that are still going on: the whole call is read again at every change, and what differs is told."""

from triage_triggers.live.call import LiveCall
from triage_triggers.live.events import (
    AdviceChanged,
    CodeSet,
    Event,
    FindingAdded,
    FindingReread,
    FindingWithdrawn,
    Flagged,
    Responded,
    RulesetMoved,
    SuggestionRaised,
    SuggestionSuperseded,
    Unflagged,
)
from triage_triggers.live.update import Answer, Response, Suggestion, Update

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
