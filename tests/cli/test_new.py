"""``triage-triggers new``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers import load_ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_it_says_what_it_wrote_and_what_comes_next(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "Our Service"
    result = run("new", folder)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    written = [line for line in lines[: lines.index("")] if line]
    assert str(folder / "ruleset" / "ruleset.yaml") in written
    assert all((folder.parent / line).is_file() for line in written)
    assert lines[-2] == f"Next: triage-triggers lint {folder}/ruleset --strict && triage-triggers test {folder}/ruleset"
    ruleset = load_ruleset(folder / "ruleset")
    assert (ruleset.id, ruleset.title, ruleset.code_system) == ("our-service", "Our service", "nhs-arp")
    for command in (["lint", folder / "ruleset", "--strict"], ["test", folder / "ruleset"]):
        assert run(*command).exit_code == 0
    shown = run("evaluate", folder / "calls.jsonl", "--ruleset", folder / "ruleset", "--json")
    assert len(shown.stdout.splitlines()) == 3


def test_it_takes_an_id_a_title_and_a_ladder(run: Run, tmp_path: Path) -> None:
    options = ("--id", "ours", "--title", "Ours", "--code-system", "scotland")
    assert run("new", tmp_path / "x", *options).exit_code == 0
    ruleset = load_ruleset(tmp_path / "x" / "ruleset")
    assert (ruleset.id, ruleset.title, ruleset.code_system) == ("ours", "Ours", "scotland")


def test_it_extends_a_ruleset(run: Run, tmp_path: Path, ruleset: Path) -> None:
    assert run("new", tmp_path / "x", "--extends", ruleset).exit_code == 0
    extends = load_ruleset(tmp_path / "x" / "ruleset").extends
    assert extends is not None
    assert extends.id == "demo"


def test_wrong_use_is_status_2_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    for options in (("--id", "No Id"), ("--extends", "none"), ("--extends", "a", "--code-system", "b")):
        assert run("new", folder, *options).exit_code == 2
        assert not folder.exists()
    result = run("new", tmp_path.parent)
    assert result.exit_code == 2
    assert "not empty" in result.stderr
