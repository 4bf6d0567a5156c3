"""Fitting on invented calls in which we know what each line is worth."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING

import pytest

from tests.lab.labelled import observed
from triage_triggers import Evaluator, Ruleset, load_ruleset
from triage_triggers.errors import ColumnError, MissingExtraError, RulesetError
from triage_triggers.lab.fit import draft, fit, fit_tables, summary

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation

WORDS = {"telling": "plum", "hinting": "pear", "idle": "fig", "against": "sloe", "unseen": "quince"}
POINTS = {"telling": 1, "hinting": 4, "idle": 9, "against": -1, "unseen": 2}
WRITERS = ("ann", "bob", "cat")


def evaluator_of(points: dict[str, int]) -> Evaluator:
    lines = [{"id": name, "find": name, "points": given, "reason": name} for name, given in points.items()]
    return Evaluator(
        Ruleset.model_validate(
            {
                "format": 1,
                "id": "orchard",
                "version": "1.0.0",
                "title": "Orchard",
                "language": "en",
                "status": "draft",
                "code_system": "nhs-arp",
                "rules": [{"id": f"fruit.{name}", "theme": name, "phrases": [word]} for name, word in WORDS.items()],
                "tally": {"look_again": 2, "flag": 4, "lines": lines} if lines else None,
            }
        )
    )


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return evaluator_of(POINTS)


@pytest.fixture(scope="module")
def observations(evaluator: Evaluator) -> list[Observation]:
    chance = random.Random(7)  # noqa: S311  no secret
    shares = {"telling": (0.8, 0.05), "hinting": (0.5, 0.2), "idle": (0.3, 0.3), "against": (0.1, 0.6)}
    texts: list[tuple[str, Label]] = []
    for number in range(240):
        said = [WORDS[name] for name, share in shares.items() if chance.random() < share[number % 2]]
        texts.append((". ".join(["Hello", *said]), "negative" if number % 2 else "positive"))
    return observed(evaluator, [*texts, ("plum", "ignored")])


@pytest.fixture(scope="module")
def groups(observations: list[Observation]) -> list[str]:
    return [WRITERS[number // 2 % 3] for number in range(len(observations))]


def test_what_tells_most_gets_most_points_and_no_line_changes_its_sign(
    evaluator: Evaluator, observations: list[Observation], groups: list[str]
) -> None:
    fitted = fit(evaluator, observations, groups)
    after = {line.id: line.after for line in fitted.lines}
    assert after["telling"] == max(POINTS.values()) > after["hinting"] > after["idle"] == 1
    assert after["against"] < -1
    assert after["unseen"] == POINTS["unseen"]
    assert {line.id: line.before for line in fitted.lines} == POINTS
    assert (fitted.lines[-1].positive.part, fitted.lines[-1].positive.whole) == (0, 120)
    assert fit(evaluator, observations, groups) == fitted


def test_figures_are_of_groups_left_out(
    evaluator: Evaluator, observations: list[Observation], groups: list[str]
) -> None:
    fitted = fit(evaluator, observations, groups, specificity=0.9)
    assert [group.name for group in fitted.groups] == sorted(WRITERS)
    assert fitted.auc is not None
    assert all(group.auc is not None and group.auc > 0.85 for group in fitted.groups)
    assert fitted.chosen.by_points.specificity.value >= 0.9  # type: ignore[operator]
    assert fitted.chosen.by_points.specificity.whole == 120
    assert fitted.as_written.sensitivity.value < fitted.chosen.flagged.sensitivity.value  # type: ignore[operator]
    recalls = [point.by_points.true_positive for point in fitted.curve]
    assert recalls == sorted(recalls, reverse=True)


def test_labels_shuffled_are_worth_nothing_in_groups_left_out(evaluator: Evaluator, groups: list[str]) -> None:
    chance = random.Random(3)  # noqa: S311  no secret
    words = list(WORDS.values())
    texts: list[tuple[str, Label]] = [
        (". ".join(chance.sample(words, 2)), chance.choice(["positive", "negative"])) for _ in groups
    ]
    auc = fit(evaluator, observed(evaluator, texts), groups).auc
    assert auc is not None
    assert 0.35 < auc < 0.65


def test_the_draft_is_an_overlay_of_points_alone(
    evaluator: Evaluator, observations: list[Observation], groups: list[str], tmp_path: Path
) -> None:
    fitted = fit(evaluator, observations, groups)
    base = evaluator.ruleset.model_dump_json(by_alias=True, exclude_defaults=True)
    (tmp_path / "orchard.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "draft.yaml").write_text(draft(fitted, evaluator.ruleset, "orchard.yaml"), encoding="utf-8")
    loaded = load_ruleset(tmp_path / "draft.yaml")
    assert loaded.status == "draft"
    assert loaded.tally is not None
    assert (loaded.tally.look_again, loaded.tally.flag) == (fitted.look_again, fitted.flag)
    assert [line.points for line in loaded.tally.lines] == [line.after for line in fitted.lines]
    assert loaded.rules == evaluator.ruleset.rules


def test_tables_show_every_line_threshold_and_group(
    evaluator: Evaluator, observations: list[Observation], groups: list[str]
) -> None:
    fitted = fit(evaluator, observations, groups)
    lines, curve, by_group = fit_tables(fitted)
    assert [row[0] for row in lines.rows] == list(POINTS)
    assert len(curve.rows) == len(fitted.curve)
    assert any("flag" in row[0] for row in curve.rows)
    assert [row[0] for row in by_group.rows] == sorted(WRITERS)
    assert "120 positive and 120 negative calls in 3 groups" in summary(fitted)
    assert len(fitted.to_dict()["curve"]) == len(fitted.curve)


def test_calls_that_tell_nothing_are_refused(
    evaluator: Evaluator, observations: list[Observation], groups: list[str]
) -> None:
    with pytest.raises(ColumnError, match="two groups"):
        fit(evaluator, observations, ["one"] * len(groups))
    with pytest.raises(ColumnError, match="both labels"):
        fit(evaluator, observations[::2], groups[::2])
    with pytest.raises(RulesetError, match="no points to learn"):
        fit(evaluator_of({}), observations, groups)


def test_without_scipy_the_extra_is_named(
    evaluator: Evaluator, observations: list[Observation], groups: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(MissingExtraError, match=r"triage-triggers\[lab\]"):
        fit(evaluator, observations, groups)
