"""Calls that are still going on: read as they come, at a cost that does not grow with what came before."""

from triage_triggers.live.call import LiveCall
from triage_triggers.live.events import (
    AdviceChanged,
    CodeSet,
    Event,
    FindingAdded,
    FindingReread,
    FindingWithdrawn,
    Flagged,
    RulesetMoved,
    SuggestionRaised,
    SuggestionSuperseded,
    Unflagged,
)
from triage_triggers.live.holder import EvaluatorHolder
from triage_triggers.live.update import Suggestion, Update

__all__ = [
    "AdviceChanged",
    "CodeSet",
    "EvaluatorHolder",
    "Event",
    "FindingAdded",
    "FindingReread",
    "FindingWithdrawn",
    "Flagged",
    "LiveCall",
    "RulesetMoved",
    "Suggestion",
    "SuggestionRaised",
    "SuggestionSuperseded",
    "Unflagged",
    "Update",
]
