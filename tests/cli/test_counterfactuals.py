from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_each_way_is_a_line(run: Run, ruleset: Path) -> None:
    result = run("counterfactuals", "-", "-r", ruleset, "-c", "C3", stdin="Nobody's got a knife.")
    assert result.exit_code == 0
    assert result.stdout == (
        "-: not flagged, no other code suggested\n"
        "\nWhat would have flagged it?\n"
        "  Had the denial in utterance 1 not been said, it would have been flagged, and C2 suggested instead of C3.\n"
        "\nWhat would have led to a more urgent suggestion?\n"
        "  Had the denial in utterance 1 not been said, it would have been flagged, and C2 suggested instead of C3.\n"
    )


def test_what_is_lacking_is_said_where_nothing_helps(run: Run, ruleset: Path, calls: Path) -> None:
    ruleset.write_text(ruleset.read_text().replace("    find: weapon\n", "    find: weapon\n    with: strangulation\n"))
    result = run("counterfactuals", "-", "-r", ruleset, stdin="He's got a knife.")
    assert "Nothing that was tried: 3 ways, of one change or two, were judged.\n" in result.stdout
    assert "  Still lacking: the sign armed: strangulation within 120 words\n" in result.stdout
    result = run("counterfactuals", calls, "--call-id", "C-1", "-r", ruleset)
    assert result.stdout.startswith("C-1: ")


def test_a_call_must_be_named_where_there_are_several(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("counterfactuals", calls, "-r", ruleset)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "choose one with --call-id" in result.stderr
