"""What ``triage-triggers new`` writes lints, tests and evaluates, and points at what is there."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from triage_triggers import Call, Evaluator, load_ladder, load_ruleset
from triage_triggers.calls.reading import read_calls
from triage_triggers.errors import RulesetNotFoundError
from triage_triggers.lint.linting import lint_ruleset
from triage_triggers.lint.rule_tests import run_rule_tests
from triage_triggers.ruleset.schema import rules_schema, ruleset_schema, vocabulary_schema
from triage_triggers.template.repository import Order, write_repository
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from triage_triggers.assessment import Assessment

TODAY = date(2026, 11, 24)
ORDER = Order("our-service", 'Our "service"', date(2027, 6, 1))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A repository to extend, smaller than a shipped ruleset."""
    write_repository(tmp_path / "the base", ORDER)
    return tmp_path / "the base" / "ruleset"


def assessments(folder: Path, evaluator: Evaluator) -> list[Assessment]:
    calls = [call for call in read_calls(folder / "calls.jsonl") if isinstance(call, Call)]
    return list(evaluator.evaluate_many(calls))


@pytest.mark.parametrize("code_system", ["nhs-arp", "scotland"])
def test_a_new_ruleset_is_clean_and_works(tmp_path: Path, code_system: str) -> None:
    folder = tmp_path / "new"
    write_repository(folder, ORDER._replace(code_system=code_system))
    report = lint_ruleset(folder / "ruleset", today=TODAY)
    assert report.issues == ()
    assert (report.ruleset.id, report.ruleset.title) == ("our-service", 'Our "service"')
    evaluator = Evaluator(report.ruleset)
    tests = run_rule_tests(report.ruleset, evaluator=evaluator)
    assert tests.passed
    assert tests.results
    assert not any(covered.unexercised for covered in tests.coverage)
    found = assessments(folder, evaluator)
    assert [assessment.flagged for assessment in found] == [True, False, False]
    assert found[0].suggested_code == load_ladder(code_system).suggestable[1]


def test_a_new_overlay_is_clean_and_works(tmp_path: Path, base: Path) -> None:
    folder = tmp_path / "over" / "it"
    write_repository(folder, Order("over", "Over", date(2027, 6, 1), extends=str(base)))
    report = lint_ruleset(folder / "ruleset", today=TODAY)
    assert report.issues == ()
    assert report.ruleset.extends is not None
    assert report.ruleset.extends.id == "our-service"
    assert run_rule_tests(report.ruleset).passed
    evaluator = Evaluator(report.ruleset)
    assert [assessment.flagged for assessment in assessments(folder, evaluator)] == [True, False, False]
    assert evaluator.evaluate("My ex, he's got a billhook.").flagged


def test_an_overlay_names_a_shipped_ruleset_by_its_id(tmp_path: Path) -> None:
    write_repository(tmp_path, ORDER._replace(extends="uk-ambulance"))
    main = yaml.safe_load((tmp_path / "ruleset" / "ruleset.yaml").read_text(encoding="utf-8"))
    assert main["extends"] == "uk-ambulance"
    extends = load_ruleset(tmp_path / "ruleset").extends
    assert extends is not None
    assert extends.digest == load_ruleset("uk-ambulance").digest


def test_editors_find_the_schemas(tmp_path: Path) -> None:
    write_repository(tmp_path, ORDER)
    for path in (tmp_path / "ruleset").rglob("*.yaml"):
        found = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
        assert found
        schema = json.loads((path.parent / found[1]).read_text(encoding="utf-8"))
        schemas = {"ruleset": ruleset_schema, "rules": rules_schema, "vocabulary": vocabulary_schema}
        assert schema == schemas[path.parent.name]()
    settings = json.loads((tmp_path / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for schema, files in settings["yaml.schemas"].items():
        assert (tmp_path / schema).is_file()
        assert list(tmp_path.glob(files))


def test_the_checks_run_what_there_is(tmp_path: Path) -> None:
    write_repository(tmp_path, ORDER)
    hooks = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    github = yaml.safe_load((tmp_path / ".github" / "workflows" / "ruleset.yml").read_text(encoding="utf-8"))
    gitlab = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    commands = [hook["entry"] for hook in hooks]
    commands += [step["run"] for step in github["jobs"]["check"]["steps"] if "run" in step]
    commands += gitlab["ruleset"]["script"]
    assert {command.split()[1] for command in commands if command.startswith("triage-triggers")} == {"lint", "test"}
    pinned = f"triage-triggers[cli]=={__version__}"
    assert pinned in (tmp_path / "requirements.txt").read_text(encoding="utf-8")
    assert [hook["additional_dependencies"] for hook in hooks] == [[pinned], [pinned]]


def test_everything_that_was_written_is_named_and_nothing_is_left_open(tmp_path: Path) -> None:
    written = write_repository(tmp_path, ORDER)
    assert set(written) == {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    for path in written:
        assert not re.search(r"@[A-Z_]+@", (tmp_path / path).read_text(encoding="utf-8"))


def test_the_readme_names_files_and_commands_that_there_are(tmp_path: Path) -> None:
    write_repository(tmp_path, ORDER)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:ruleset|schemas|calls|requirements|\.)[\w./-]*)`", readme):
        assert (tmp_path / name).exists(), name


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not empty"):
        write_repository(tmp_path, ORDER)
    with pytest.raises(FileExistsError):
        write_repository(tmp_path / "notes.txt", ORDER)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_what_can_t_be_made_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with pytest.raises(ValueError, match="can't be an id"):
        write_repository(folder, ORDER._replace(id="Our service"))
    with pytest.raises(RulesetNotFoundError):
        write_repository(folder, ORDER._replace(extends="uk-ambulence"))
    with pytest.raises(RulesetNotFoundError):
        write_repository(folder, ORDER._replace(code_system="none"))
    assert not folder.exists()


def test_the_project_s_own_hooks_run_commands_that_there_are() -> None:
    hooks = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["entry"] for hook in hooks] == ["triage-triggers lint", "triage-triggers test"]
    assert all(hook["args"][0] == "ruleset" and not hook["pass_filenames"] for hook in hooks)
