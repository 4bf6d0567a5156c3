"""Every check: what makes it speak, and that a ruleset with nothing wrong makes none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.lint.conftest import CLEAN, rule
from triage_triggers.lint.linting import ALL_CHECKS
from triage_triggers.lint.rules import OLDEST_READER, reading_age

if TYPE_CHECKING:
    from tests.lint.conftest import Lint

KNIFE, FEAR = CLEAN["rules"]
ARMED, AFRAID = CLEAN["signs"]


def with_rule(**keys: object) -> dict[str, Any]:
    return {"rules": [rule(**keys), FEAR]}


def fire(*sentences: str) -> dict[str, Any]:
    return with_rule(examples={**KNIFE["examples"], "fire": sentences})


def quiet(*sentences: str) -> dict[str, Any]:
    return with_rule(examples={**KNIFE["examples"], "quiet": sentences})


OTHER = rule(id="other.one", theme="threat", unless=[], lint={"allow": [{"check": "rule-unasked", "reason": "Later."}]})


def other(phrase: str, **keys: object) -> dict[str, Any]:
    said = phrase.partition("|")[0].strip("(")
    examples = {"fire": [f"[{said}]", f"He {said}."], "quiet": ["I fell.", "It hurts."]}
    return {"rules": [KNIFE, FEAR, OTHER | {"phrases": [phrase], "examples": examples} | keys]}


CASES: list[tuple[str, dict[str, Any], str, str]] = [
    ("no-examples", with_rule(examples={}), "weapon.knife", "nothing shows that it works"),
    ("few-examples", fire("He's got a knife and came at me."), "weapon.knife", "'fire' should have 2"),
    ("few-examples", quiet(), "weapon.knife", "'quiet' should have 2 sentences or more; it has none"),
    ("example-fails", fire("Got a knife.", "Came at me.", "No."), "weapon.knife", "must fire, but nothing was found"),
    ("example-fails", fire("Got a [knife].", "Came at me."), "weapon.knife", "must fire on 'knife' (6–11), but"),
    ("quiet-fires", quiet("A knife and fork.", "Got a knife."), "weapon.knife", "must be quiet, but this rule found"),
    ("known-passes", with_rule(known_miss=["Got a knife!"]), "weapon.knife", "now passes: move it to examples.fire"),
    ("known-passes", with_rule(known_false_alarm=["No."]), "weapon.knife", "now passes: move it to examples.quiet"),
    (
        "duplicate-example",
        fire("Got a knife.", "[Got a KNIFE]", "Came at me."),
        "weapon.knife",
        "already in examples.fire",
    ),
    (
        "duplicate-example",
        with_rule(known_miss=["I fell"]),
        "weapon.knife",
        "this sentence is already in examples.quiet",
    ),
    (
        "low-coverage",
        with_rule(phrases=["got a knife", "came at {victim}", "xa", "xb", "xc"]),
        "weapon.knife",
        "2 of its 5",
    ),
    (
        "deed-unexercised",
        with_rule(phrases=None, unless=None, event={"does": ["strike", "shoot"]}),
        "weapon.knife",
        "no 'fire' example of the rule tells the deed 'shoot'",
    ),
    ("phrase-unexercised", fire("Got a knife.", "A blade? Got a knife."), "weapon.knife", "no 'fire' example"),
    (
        "unless-unexercised",
        with_rule(unless=["a knife and fork", "a knife block"]),
        "weapon.knife",
        "no 'quiet' example",
    ),
    (
        "duplicate-theme",
        other("(got a knife|pulled a knife)"),
        "other.one",
        "'got a knife' stands here and in weapon.knife (weapon): 'got",
    ),
    (
        "duplicate-theme",
        other("came at (me|her|us)"),
        "other.one",
        "'came at her' and 1 more stands here and in weapon",
    ),
    ("duplicate-phrase", other("got a knife", theme="weapon"), "other.one", "stands here and in weapon.knife (weapon)"),
    (
        "duplicate-phrase",
        with_rule(phrases=["got a knife", "came at {victim}", "[he] came at me"]),
        "weapon.knife",
        "'came at me' stands here and in another phrase of this rule: 'came at {victim}'",
    ),
    ("phrase-contained", other("he got a knife out"), "weapon.knife", "so both fire: other.one ('he got a knife out')"),
    ("phrase-contained", other("he ... came at me"), "weapon.knife", "so both fire: other.one"),
    ("unless-idle", with_rule(unless=["a knife and fork", "peeling potatoes"]), "weapon.knife", "shares no words with"),
    ("never-fed", {"signs": [ARMED | {"by": "close"}, AFRAID]}, "armed", "leave 'by' out"),
    ("unknown-theme", with_rule(theme="waepon") | {"signs": [AFRAID]}, "weapon.knife", "did you mean weapon?"),
    ("rule-unasked", {"signs": [AFRAID]}, "weapon.knife", "no sign or line asks for this rule or its theme"),
    ("list-unused", {"lists": {"victim": ["me", "her"], "spare": ["it"]}}, "spare", "used by no rule"),
    ("no-source", with_rule(sources=[]), "weapon.knife", "it has no 'sources'"),
    ("no-source", {"signs": [ARMED | {"sources": []}, AFRAID]}, "armed", "it has no 'sources'"),
    ("no-rationale", with_rule(rationale=None), "weapon.knife", "say why these words matter"),
    ("no-source", {"then": [{"id": "tie", "if": "armed", "reason": "R."}]}, "tie", "it has no 'sources'"),
    ("review-due", {"review_by": "2026-11-23"}, "", "its review was due on 2026-11-23"),
    ("no-review-date", {"review_by": None}, "", "it has no 'review_by'"),
    ("unknown-check", {"lint": {"allow": [{"check": "no-sources", "reason": "R."}]}}, "", "did you mean no-source"),
    ("exclusion-idle", {"lint": {"allow": [{"check": "no-source", "reason": "R."}]}}, "", "nothing for 'no-source' to"),
]
APPROVED = {"status": "approved"}
for expires, said in (("2026-11-23", "ended on 2026-11-23"), ("2026-12-24", "ends soon, on 2026-12-24")):
    approval = {"by": "A. Doctor", "role": "Medical director", "on": "2026-01-01", "expires": expires}
    CASES.append(("review-due", {**APPROVED, "approval": approval}, "", said))
LONG = "Notwithstanding considerable uncertainty regarding circumstances, practitioners encountering unconsciousness"
LONG += " subsequent to interpersonal violence should immediately reconsider prioritisation"
CASES.append(("reading-age", {"signs": [ARMED | {"reason": LONG}, AFRAID]}, "armed", "its reading age is"))


def test_a_clean_ruleset_has_no_issues(lint: Lint) -> None:
    assert lint() == []


@pytest.mark.parametrize(
    ("check", "keys", "name", "message"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_check_finds(lint: Lint, check: str, keys: dict[str, Any], name: str, message: str) -> None:
    found = [issue for issue in lint(**keys) if issue[0] == check]
    assert found, lint(**keys)
    assert all((issue[1] or "") == name for issue in found)
    assert any(message in issue[2] for issue in found), found


def test_every_check_is_tested_here() -> None:
    known = {check.id for check in ALL_CHECKS}
    assert {case[0] for case in CASES} == known
    assert all(check.summary.endswith(".") for check in ALL_CHECKS)


def test_a_far_approval_is_no_issue(lint: Lint) -> None:
    approval = {"by": "A. Doctor", "role": "Medical director", "on": "2026-01-01", "expires": "2026-12-25"}
    assert lint(**APPROVED, approval=approval) == []


def test_without_signs_no_rule_is_unasked(lint: Lint) -> None:
    assert lint(signs=None) == []


def test_an_own_theme_that_a_sign_asks_for_is_known(lint: Lint) -> None:
    sign = ARMED | {"find": "farm_tools"}
    assert lint(**with_rule(theme="farm_tools"), signs=[sign, AFRAID]) == []


def test_lists_within_lists_are_used(lint: Lint) -> None:
    assert lint(lists={"victim": ["me", "{her}"], "her": ["her"]}) == []


@pytest.mark.parametrize(
    "idiom",
    ["knife", "got a", "a knife block", "he's got", "he's got a knife and fork", "came at her then", "her knives"],
)
def test_an_idiom_that_may_overlap_is_not_idle(lint: Lint, idiom: str) -> None:
    found = lint(**with_rule(unless=["a knife and fork", idiom]))
    assert "unless-idle" not in {issue[0] for issue in found}


def test_in_a_gap_anything_may_stand(lint: Lint) -> None:
    found = lint(**with_rule(phrases=["got a knife", "came ... at {victim}"], unless=["a knife and fork", "running"]))
    assert "unless-idle" not in {issue[0] for issue in found}
    found = lint(**with_rule(unless=["a knife and fork", "peeling ... potatoes"]))
    assert "unless-idle" not in {issue[0] for issue in found}


def test_what_matches_an_apostrophe_overlaps_it(lint: Lint) -> None:
    """In "her's", "her" is found, so "hers and hers" does overlap it."""
    found = lint(**with_rule(unless=["a knife and fork", "hers and hers"]))
    assert "unless-idle" not in {issue[0] for issue in found}


def test_reading_age_tells_plain_from_heavy() -> None:
    plain = "He put his hands on her neck. She could not breathe. That is bad, even with no mark to see."
    assert (reading_age(plain) or 99) < 12 < OLDEST_READER < (reading_age(LONG) or 0)
    assert reading_age("Too short to tell.") is None


def test_reading_age_is_told_for_english_only(lint: Lint) -> None:
    found = lint(language="pl", lists={"victim": ["mnie", "her"]}, signs=[ARMED | {"reason": LONG}, AFRAID])
    assert "reading-age" not in {issue[0] for issue in found}
