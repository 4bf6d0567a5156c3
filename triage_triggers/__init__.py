"""Suggest a dispatch-code escalation from domestic-abuse trigger phrases in emergency calls, with the evidence."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.assessment import Assessment, Cue, Finding, FirstFlag, RulesetRef, Why
from triage_triggers.calls.call import Call, Speaker, Utterance
from triage_triggers.errors import (
    BundleError,
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
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from triage_triggers.evaluator import Evaluator, Explanation
    from triage_triggers.ladders.ladder import Ladder, load_ladder
    from triage_triggers.live import Event, LiveCall, Response, Suggestion, Update
    from triage_triggers.record import DecisionLog
    from triage_triggers.ruleset.definition import Ruleset
    from triage_triggers.ruleset.loading import load_ruleset
    from triage_triggers.service.holder import EvaluatorHolder

__all__ = [
    "Assessment",
    "BundleError",
    "Call",
    "CallError",
    "CaseError",
    "CodeError",
    "ColumnError",
    "Cue",
    "DecisionLog",
    "Evaluator",
    "EvaluatorHolder",
    "Event",
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
    "Response",
    "ResumeError",
    "Ruleset",
    "RulesetError",
    "RulesetNotFoundError",
    "RulesetRef",
    "RulesetStatusError",
    "SnapshotError",
    "Speaker",
    "Suggestion",
    "TriageTriggersError",
    "Update",
    "Utterance",
    "Why",
    "WorkerError",
    "__version__",
    "load_ladder",
    "load_ruleset",
]

# Reading rulesets takes pydantic and a YAML parser, nine tenths of the time to import; who needs them waits for them.
_MODULES: Final = {
    "DecisionLog": "record",
    "Evaluator": "evaluator",
    "EvaluatorHolder": "service.holder",
    "Event": "live",
    "Explanation": "evaluator",
    "Ladder": "ladders.ladder",
    "LiveCall": "live",
    "Response": "live",
    "Ruleset": "ruleset.definition",
    "Suggestion": "live",
    "Update": "live",
    "load_ladder": "ladders.ladder",
    "load_ruleset": "ruleset.loading",
}

if not TYPE_CHECKING:  # or a name misspelled would be no error to a type checker

    def __getattr__(name: str) -> Any:  # noqa: ANN401  any of the names above
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        return found


def __dir__() -> list[str]:
    return __all__
