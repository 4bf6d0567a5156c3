"""Where issues stand, what is excused and why, what overlays answer for, and how a report is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.lint.conftest import CLEAN, TODAY, rule
from tests.strategies import as_yaml
from triage_triggers.errors import Fault, RulesetError
from triage_triggers.lint.linting import fault_lines, lint_ruleset, report_lines

if TYPE_CHECKING:
    from pathlib import Path

NO_SOURCE = {"allow": [{"check": "no-source", "reason": "Known from practice."}]}


def test_issues_stand_where_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    (folder / "rules").mkdir(parents=True)
    main = {key: value for key, value in CLEAN.items() if key not in {"rules", "lists"}} | {"review_by": "2020-01-01"}
    (folder / "ruleset.yaml").write_text(as_yaml(main), encoding="utf-8")
    rules = [rule(phrases=["got a knife", "came at {victim}", "zzz"]), CLEAN["rules"][1]]
    text = as_yaml({"lists": CLEAN["lists"] | {"spare": ["x"]}, "rules": rules})
    (folder / "rules" / "weapon.yaml").write_text(text, encoding="utf-8")
    issues = {issue.check: issue for issue in lint_ruleset(folder, today=TODAY).issues}
    assert set(issues) == {"review-due", "phrase-unexercised", "list-unused"}
    for check, said in (("phrase-unexercised", "zzz"), ("list-unused", "x"), ("review-due", "2020-01-01")):
        issue = issues[check]
        with open(issue.file, encoding="utf-8") as stream:  # noqa: PTH123  a name, as it is reported
            line = stream.read().splitlines()[issue.line - 1]
        assert said in line[issue.column - 1 :] or check == "list-unused"


@pytest.mark.parametrize("owner", ["rule", "ruleset"])
def test_what_is_excused_is_kept_with_its_reason(report: Any, owner: str) -> None:  # noqa: ANN401  a fixture
    rules = [rule(sources=[], **({"lint": NO_SOURCE} if owner == "rule" else {})), CLEAN["rules"][1]]
    found = report(rules=rules, **({"lint": NO_SOURCE} if owner == "ruleset" else {}))
    assert [issue.excused for issue in found.issues] == ["Known from practice."]
    assert found.of("warning") == ()
    assert str(found.excused[0]).endswith("[no-source] (excused: Known from practice.)")


def test_a_policy_excuses_too(report: Any) -> None:  # noqa: ANN401  a fixture
    armed, afraid = CLEAN["signs"]
    found = report(signs=[armed | {"sources": [], "lint": NO_SOURCE}, afraid])
    assert len(found.excused) == len(found.issues) == 1


def test_another_rule_s_exclusion_does_not_help(report: Any) -> None:  # noqa: ANN401  a fixture
    found = report(rules=[rule(sources=[]), CLEAN["rules"][1] | {"lint": NO_SOURCE}])
    assert [issue.check for issue in found.issues] == ["no-source", "exclusion-idle"]


def test_an_exclusion_without_a_reason_is_a_fault(report: Any) -> None:  # noqa: ANN401  a fixture
    with pytest.raises(RulesetError, match=r"weapon\.knife: 'reason' is missing"):
        report(rules=[rule(lint={"allow": [{"check": "no-source"}]})])


def test_of_what_an_overlay_extends_only_errors_are_its_business(tmp_path: Path) -> None:
    base = CLEAN | {"rules": [rule(sources=[]), CLEAN["rules"][1]]}
    (tmp_path / "base.yaml").write_text(as_yaml(base), encoding="utf-8")
    overlay: dict[str, Any] = {"format": "1", "id": "ours", "version": "1.0.0", "title": "Ours", "status": "draft"}
    overlay |= {"extends": "base.yaml", "review_by": "2027-01-01"}
    (tmp_path / "ours.yaml").write_text(as_yaml(overlay), encoding="utf-8")
    assert lint_ruleset(tmp_path / "ours.yaml", today=TODAY).issues == ()
    (tmp_path / "ours.yaml").write_text(as_yaml(overlay | {"lists": {"victim": ["him"]}}), encoding="utf-8")
    found = lint_ruleset(tmp_path / "ours.yaml", today=TODAY)
    assert [(issue.check, issue.file) for issue in found.issues] == [("example-fails", str(tmp_path / "base.yaml"))]


def test_text_hides_notes_and_what_is_excused(report: Any) -> None:  # noqa: ANN401  a fixture
    rules = [rule(sources=[], phrases=["got a knife", "came at {victim}", "zzz"], lint=NO_SOURCE), CLEAN["rules"][1]]
    found = report(rules=rules)
    hidden = list(report_lines(found, "text", everything=False))
    assert hidden[0] == "demo 1.0.0: no faults, 0 errors, 0 warnings, 1 note, 1 excused"
    assert hidden[-1].startswith("2 not shown; --all")
    shown = list(report_lines(found, "text", everything=True))
    assert len(shown) == 4
    assert "info: weapon.knife: no 'fire' example" in shown[1]


def test_json_holds_everything(report: Any) -> None:  # noqa: ANN401  a fixture
    found = report(rules=[rule(sources=[], lint=NO_SOURCE), CLEAN["rules"][1]])
    (line,) = report_lines(found, "json", everything=False)
    told = json.loads(line)
    assert told["ruleset"] == {"id": "demo", "version": "1.0.0", "digest": found.ruleset.digest}
    assert told["rules"] == 2
    assert [(i["check"], i["severity"], i["excused"]) for i in told["issues"]] == [
        ("no-source", "warning", "Known from practice.")
    ]


def test_github_reads_annotations(report: Any) -> None:  # noqa: ANN401  a fixture
    found = report(rules=[rule(sources=[], examples={}, rationale="50%\nof all", lint=NO_SOURCE), CLEAN["rules"][1]])
    lines = list(report_lines(found, "github", everything=True))
    (error,) = (line for line in lines if line.startswith("::error "))
    assert error.endswith(",title=no-examples::weapon.knife: " + error.partition("knife: ")[2])
    assert any(line.startswith("::notice ") and "excused: Known" in line for line in lines)
    assert not any(line.startswith(("::", "demo")) and "no faults" in line for line in lines)


@pytest.mark.parametrize(
    ("style", "line"),
    [
        ("text", "a,b:1.yaml:3:4: r.one: 100% wrong\nreally"),
        ("github", "::error file=a%2Cb%3A1.yaml,line=3,col=4,title=fault::r.one: 100%25 wrong%0Areally"),
    ],
)
def test_faults_in_every_format(style: Any, line: str) -> None:  # noqa: ANN401  a literal
    fault = Fault("a,b:1.yaml", 3, 4, "r.one", "100% wrong\nreally")
    assert next(iter(fault_lines([fault], style))) == line
    (told,) = fault_lines([fault], "json")
    assert json.loads(told)["issues"][0] | {"check": "fault", "line": 3} == json.loads(told)["issues"][0]
