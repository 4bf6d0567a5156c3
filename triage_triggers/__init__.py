"""Suggest a dispatch-code escalation from domestic-abuse trigger phrases in emergency calls, with the evidence."""

from triage_triggers.assessment import Assessment, Cue, Finding, FirstFlag, RulesetRef
from triage_triggers.calls.model import Call, Utterance
from triage_triggers.decision.ladder import Ladder, load_ladder
from triage_triggers.errors import (
    CallError,
    CaseError,
    CodeError,
    ColumnError,
    Fault,
    LogBusyError,
    LogError,
    MissingExtraError,
    PhraseError,
    RecordError,
    ResumeError,
    RulesetError,
    RulesetNotFoundError,
    RulesetStatusError,
    SnapshotError,
    TriageTriggersError,
    WorkerError,
)
from triage_triggers.evaluator import Evaluator, Explanation
from triage_triggers.live import EvaluatorHolder, LiveCall, Suggestion, Update
from triage_triggers.ruleset.loading import load_ruleset
from triage_triggers.ruleset.model import Ruleset
from triage_triggers.version import __version__

__all__ = [
    "Assessment",
    "Call",
    "CallError",
    "CaseError",
    "CodeError",
    "ColumnError",
    "Cue",
    "Evaluator",
    "EvaluatorHolder",
    "Explanation",
    "Fault",
    "Finding",
    "FirstFlag",
    "Ladder",
    "LiveCall",
    "LogBusyError",
    "LogError",
    "MissingExtraError",
    "PhraseError",
    "RecordError",
    "ResumeError",
    "Ruleset",
    "RulesetError",
    "RulesetNotFoundError",
    "RulesetRef",
    "RulesetStatusError",
    "SnapshotError",
    "Suggestion",
    "TriageTriggersError",
    "Update",
    "Utterance",
    "WorkerError",
    "__version__",
    "load_ladder",
    "load_ruleset",
]
