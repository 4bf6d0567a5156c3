from __future__ import annotations

import inspect
import pickle

import pytest

from triage_triggers import errors
from triage_triggers.errors import Fault, MissingExtraError, PhraseError, RulesetError, TriageTriggersError, near

TREE = {
    "RulesetError": ValueError,
    "RulesetNotFoundError": LookupError,
    "RulesetStatusError": ValueError,
    "PhraseError": ValueError,
    "BundleError": ValueError,
    "CallError": ValueError,
    "CaseError": ValueError,
    "CodeError": ValueError,
    "ResumeError": ValueError,
    "WorkerError": RuntimeError,
    "SnapshotError": ValueError,
    "ColumnError": ValueError,
    "RecordError": ValueError,
    "LogError": OSError,
    "LogBusyError": TimeoutError,
    "MissingExtraError": ImportError,
}


def test_every_error_is_ours_and_the_builtin_that_callers_catch() -> None:
    found = {name: error for name, error in inspect.getmembers(errors, inspect.isclass) if issubclass(error, Exception)}
    assert found.keys() == TREE.keys() | {"TriageTriggersError"}
    for name, builtin in TREE.items():
        assert issubclass(found[name], TriageTriggersError)
        assert issubclass(found[name], builtin)


def test_a_fault_says_where_which_rule_and_what() -> None:
    assert str(Fault("a.yaml", 3, 7, "x.y", "too long")) == "a.yaml:3:7: x.y: too long"
    assert str(Fault("a.yaml", 3, 7, None, "too long")) == "a.yaml:3:7: too long"


def test_a_ruleset_error_holds_every_fault() -> None:
    faults = [Fault("a.yaml", line, 1, None, "wrong") for line in (1, 2)]
    error = RulesetError(iter(faults))
    assert error.faults == tuple(faults)
    assert str(error) == "a.yaml:1:1: wrong\na.yaml:2:1: wrong"


def test_a_phrase_error_points_at_the_place() -> None:
    error = PhraseError("a '(' is never closed", "hit (me", 4)
    assert str(error) == "a '(' is never closed\n  hit (me\n      ^"
    assert (error.message, error.phrase, error.offset) == ("a '(' is never closed", "hit (me", 4)


def test_a_missing_extra_names_the_command() -> None:
    assert str(MissingExtraError("The command line", "cli")) == (
        "The command line needs an extra: pip install 'triage-triggers[cli]'"
    )


@pytest.mark.parametrize(
    ("wanted", "known", "message"),
    [
        ("demo1", ["demo", "other"], "did you mean demo?"),
        ("demo", ["demo1", "demo2"], "did you mean demo2 or demo1?"),
        ("x", ["demo", "b"], "known: b, demo"),
        ("x", [], "known: none"),
    ],
)
def test_near_names_or_else_all(wanted: str, known: list[str], message: str) -> None:
    assert near(wanted, iter(known)) == message


@pytest.mark.parametrize(
    "error",
    [
        PhraseError("never closed", "hit (me", 4),
        RulesetError([Fault("a.yaml", 1, 1, None, "wrong")]),
        MissingExtraError("The command line", "cli"),
    ],
)
def test_an_error_survives_the_way_back_from_another_process(error: TriageTriggersError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
