"""The commands about rulesets and codes: lint, test, show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from triage_triggers import load_ruleset
from triage_triggers.ladders.ladder import shipped_ladders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_lint_counts_what_it_finds(run: Run, ruleset: Path) -> None:
    result = run("lint", ruleset)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{ruleset}:18:22: warning: demo.knife: 'fire' should have 2 sentences or more")
    assert lines[-3:] == [
        "demo 1.2.3: no faults, 1 error, 8 warnings, 3 notes, 0 excused",
        "2 rules, 4 phrases, 2 signs, 1 lists",
        "3 not shown; --all shows notes and what is excused, with the reasons",
    ]
    assert len(run("lint", ruleset, "--all").stdout.splitlines()) == 14
    replace(ruleset, ruleset.read_text()[ruleset.read_text().index("signs:") :], "")
    assert ", 0 signs, " in run("lint", ruleset).stdout


def test_lint_fails_on_warnings_where_that_is_asked_for(run: Run, ruleset: Path) -> None:
    replace(ruleset, "never_set_aside: true", "examples: {fire: [Hands round my throat.], quiet: [I fell.]}")
    assert run("lint", ruleset).exit_code == 0
    assert run("lint", ruleset, "--strict").exit_code == 1
    told = json.loads(run("lint", ruleset, "--format", "json").stdout)
    assert {issue["severity"] for issue in told["issues"]} == {"warning", "info"}
    annotations = run("lint", ruleset, "--format", "github").stdout.splitlines()
    assert all(line.startswith("::warning file=") for line in annotations)


def test_lint_lists_its_checks(run: Run) -> None:
    result = run("lint", "--list")
    assert result.exit_code == 0
    assert any(line.split()[:2] == ["quiet-fires", "error"] for line in result.stdout.splitlines())
    assert run("lint").exit_code == 2


def test_lint_prints_every_fault_where_it_stands(run: Run, ruleset: Path) -> None:
    replace(ruleset, '"got a knife",', '"got a (knife",')
    replace(ruleset, '"hands round my throat"', '"hands round my {throat}"')
    result = run("lint", ruleset)
    assert result.exit_code == 1
    first, second, count = result.stdout.splitlines()
    assert first.startswith(f"{ruleset}:12:")
    assert "demo.knife: " in first
    assert second.startswith(f"{ruleset}:23:")
    assert count == "2 faults"
    replace(ruleset, "{throat}", "throat")
    assert run("lint", ruleset).stdout.endswith("\n1 fault\n")


def test_lint_finds_a_code_that_the_ladder_does_not_have(run: Run, ruleset: Path) -> None:
    replace(ruleset, "suggest: C2", "suggest: C77")
    result = run("lint", ruleset)
    assert result.exit_code == 1
    assert "C77" in result.stdout


def test_lint_of_nothing_is_wrong_use(run: Run) -> None:
    assert run("lint", "no/such.yaml").exit_code == 2


def test_rule_tests_that_pass(run: Run, ruleset: Path) -> None:
    result = run("test", ruleset)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "demo.throat: has no examples.fire; nothing shows that it works",
        "demo 1.2.3: 4 examples, 0 failed, 0 of them known ones that now pass",
        "1 of 3 phrases exercised; --coverage names the others",
    ]


def test_rule_tests_name_what_is_not_exercised(run: Run, ruleset: Path) -> None:
    lines = run("test", ruleset, "--coverage").stdout.splitlines()
    assert lines[1:5] == [
        "demo.knife: 1 of 2 phrases exercised",
        "    came at {victim} ... [kitchen] knife",
        "demo.throat: 0 of 1 phrases exercised",
        "    hands round my throat",
    ]
    replace(ruleset, "knife and fork.", "fork.")
    assert "    unless got a knife and fork" in run("test", ruleset, "--coverage").stdout


def test_rule_tests_as_json(run: Run, ruleset: Path) -> None:
    told = json.loads(run("test", ruleset, "--format", "json").stdout)
    assert told["passed"] is True
    assert told["ruleset"]["id"] == "demo"
    assert told["untested"] == ["demo.throat"]
    assert told["results"][0]["outcome"] == "passes"
    assert told["coverage"][0] == {
        "rule": "demo.knife",
        "phrases": 2,
        "exercised": 1,
        "unexercised": ["came at {victim} ... [kitchen] knife"],
        "unexercised_unless": [],
        "event": None,
    }


def test_rule_tests_that_fail_or_pass_at_last(run: Run, ruleset: Path) -> None:
    replace(ruleset, "[got a knife].", "[got a] knife.")
    replace(ruleset, "has a blade.", "has got a knife.")
    result = run("test", ruleset)
    assert result.exit_code == 1
    assert "demo.knife: examples.fire 1: must fire on 'got a' (5–10), but this rule found" in result.stdout
    assert "demo.knife: known_miss 1: now passes: move it to examples" in result.stdout
    assert result.stdout.endswith(
        "4 examples, 2 failed, 1 of them known ones that now pass\n"
        "1 of 3 phrases exercised; --coverage names the others\n"
    )


def test_show_lists_every_rule(run: Run, ruleset: Path) -> None:
    result = run("show", ruleset)
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[0] == ["demo", "1.2.3,", "draft:", "A", "demonstration"]
    assert rows[2:4] == [
        ["demo.knife", "weapon", "2", "phrases", "2"],
        ["demo.throat", "strangulation", "1", "phrase", "0"],
    ]
    assert [row[0] for row in rows[4:]] == ["signs:", "then:", "lists:"]


def test_show_tells_all_about_a_rule(run: Run, ruleset: Path) -> None:
    shown = " ".join(run("show", ruleset, "demo.knife").stdout.split())
    for said in (
        "A weapon changes what a crew needs to know.",
        "Our own judgement",
        "The policy team",
        "caller, call_taker, unknown",
        "came at, then any of the list victim, then up to four words, then perhaps kitchen, then knife",
        "Fires on",
        "Unless it is part of",
        "must fire He's [got a knife].",
        "must be quiet He's got a knife and fork.",
        "known miss He has a blade.",
        "known false alarm He's got a knife block.",
    ):
        assert said in shown
    replace(
        ruleset,
        "never_set_aside: true",
        "never_set_aside: true\n    language: en\n    lint: {allow: [{check: no-source, reason: Told by all.}]}",
    )
    throat = run("show", ruleset, "demo.throat").stdout
    assert "no-source: Told by all." in throat
    assert "language   en" in throat
    assert "never, however it is said" in throat
    assert "Unless" not in throat
    assert "Examples" not in throat


def test_show_prints_every_phrase_as_it_is_written(run: Run, ruleset: Path) -> None:
    assert run("show", ruleset, "--phrases").stdout.splitlines() == [
        "demo.knife\tgot a knife",
        "demo.knife\tcame at {victim} ... [kitchen] knife",
        "demo.throat\thands round my throat",
    ]
    assert run("show", ruleset, "demo.throat", "--phrases").stdout == "demo.throat\thands round my throat\n"


def test_show_names_near_rules(run: Run, ruleset: Path) -> None:
    result = run("show", ruleset, "demo.knive")
    assert result.exit_code == 2
    assert (
        result.stderr
        == "triage-triggers: demo has no rule, sign, line or list 'demo.knive'; did you mean demo.knife?\n"
    )


def test_rulesets_lists_what_is_shipped(
    run: Run, tmp_path: Path, ruleset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = (
        "status: approved\napproval: {by: A. Doctor, role: Medical director, on: 2020-01-01, expires: 2021-01-01}"
    )
    replace(ruleset, "status: draft", approval)
    (tmp_path / "faulty.yaml").write_text("format: 1\n")
    shipped = ("demo", "faulty")
    monkeypatch.setattr("triage_triggers.cli.show.shipped_rulesets", lambda: shipped)
    monkeypatch.setattr(
        "triage_triggers.cli.show.load_ruleset",
        lambda name, **options: load_ruleset(tmp_path / f"{name}.yaml", **options),
    )
    result = run("show")
    assert result.exit_code == 0
    demo, digest, approved, faulty, *ladders = result.stdout.splitlines()
    assert any("nhs-arp" in line for line in ladders)
    assert demo == "demo  1.2.3  approved  A demonstration"
    assert digest.strip() == load_ruleset(ruleset, allow_withdrawn=True).digest
    assert approved.strip() == "approved by A. Doctor, Medical director, on 2020-01-01, until 2021-01-01"
    assert faulty.startswith("faulty  has ")


def test_codes_lists_every_ladder(run: Run) -> None:
    result = run("show", "codes")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()[1:]] == list(shipped_ladders())


def test_codes_lists_a_ladder(run: Run) -> None:
    lines = run("show", "codes", "nhs-arp").stdout.splitlines()
    assert lines[0].startswith("nhs-arp ")
    assert lines[0].endswith("(most urgent first)")
    assert any(line.startswith("C3 ") and "Cat 3" in line for line in lines)
    assert any(line.startswith("HCP2 ") and "as urgent as C2, never suggested" in line for line in lines)
    assert "event types" in run("show", "codes", "apco-2012").stdout
    unknown = run("show", "codes", "nhs-arq")
    assert unknown.exit_code == 2
    assert "nhs-arp" in unknown.stderr


def test_codes_lists_determinants(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "format: 1\nid: ours\nversion: 1.0.0\ntitle: Ours\ncode_system: nhs-arp\n"
        "sources: [{id: s, grade: I, title: Made up, supports: All}]\ndeterminants: {99-X-9: C4}\n"
    )
    assert run("show", "codes", tmp_path / "ours.yaml").stdout.splitlines()[-1].split() == ["99-X-9", "C4"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("strangled", ("(signs)", "strangulation.throttled")),
        ("do-not-disclose", ("(then)", "any_sign")),
        ("close", ("(lists)", "husband")),
    ],
)
def test_show_shows_any_part_of_a_ruleset(run: Run, name: str, said: tuple[str, ...]) -> None:
    result = run("show", "uk-ambulance", name)
    assert result.exit_code == 0
    assert all(words in result.stdout for words in said)


def test_show_knows_one_schema_beside_the_whole(run: Run) -> None:
    assert run("show", "schema", "nothing").exit_code == 2


def test_schemas_are_json_and_differ(run: Run) -> None:
    whole, *others = (json.loads(run("show", "schema", *name).stdout) for name in ([], ["rules"], ["vocabulary"]))
    assert "$schema" in whole
    assert all(other not in (whole, {}) for other in others)


@pytest.mark.parametrize("command", ["lint", "test", "show"])
def test_a_withdrawn_ruleset_can_be_studied(run: Run, ruleset: Path, command: str) -> None:
    replace(ruleset, "status: draft", "status: withdrawn")
    assert "demo 1.2.3" in run(command, ruleset).stdout
