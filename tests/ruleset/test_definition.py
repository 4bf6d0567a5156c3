from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from triage_triggers.ruleset.definition import Approval, Ask, Ruleset

HEAD: dict[str, Any] = {
    "format": 1,
    "id": "demo",
    "version": "1.0.0",
    "title": "Demo",
    "language": "en",
    "status": "draft",
    "code_system": "nhs-arp",
}
APPROVAL: dict[str, Any] = {"by": "A", "role": "B", "on": date(2026, 1, 1), "expires": "2026-01-01"}


def test_a_ruleset_can_be_made_in_python_and_is_frozen() -> None:
    ruleset = Ruleset.model_validate(HEAD | {"status": "approved", "approval": APPROVAL})
    assert ruleset.approval == Approval(by="A", role="B", on=date(2026, 1, 1), expires=date(2026, 1, 1))
    with pytest.raises(ValidationError):
        ruleset.title = "Other"  # type: ignore[misc]


@pytest.mark.parametrize("change", [{"status": "approved"}, {"approval": APPROVAL}, {"colour": "red"}])
def test_what_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Ruleset.model_validate(HEAD | change)


@pytest.mark.parametrize(
    "day", [0, 20260101, "20260101", "1767225600", "2026-1-1", "2026-01-01T00:00:00", "", None, True]
)
def test_a_day_is_written_one_way(day: object) -> None:
    with pytest.raises(ValidationError):
        Approval.model_validate(APPROVAL | {"on": day})


def test_one_name_is_a_list_of_one() -> None:
    one = Ask.model_validate({"find": "weapon", "time": "past", "with": "fear"})
    assert one == Ask(find=("weapon",), time=("past",), with_=("fear",))
    with pytest.raises(ValidationError):
        Ask.model_validate("weapon")
