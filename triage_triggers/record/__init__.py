"""The decision log: what was suggested for which call, when, and under which ruleset; tamper-evident."""

from triage_triggers.record.entries import Anchor, Erasure, LogFault, LoggedResponse, Record, TextMode, Verification
from triage_triggers.record.log import DecisionLog
from triage_triggers.record.recording import RecordedCall, RecordedEvaluator
from triage_triggers.record.verification import verify_log

__all__ = [
    "Anchor",
    "DecisionLog",
    "Erasure",
    "LogFault",
    "LoggedResponse",
    "Record",
    "RecordedCall",
    "RecordedEvaluator",
    "TextMode",
    "Verification",
    "verify_log",
]
