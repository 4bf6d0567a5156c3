from __future__ import annotations

import pytest

from tests.engine.events.stage import cast_of
from triage_triggers.engine.events.frames.registry import find_events


@pytest.mark.parametrize(
    ("talk", "tie"),
    [
        ("C: He slapped me.\nT: Your husband did?\nC: Aye.", "partner"),
        ("C: He slapped me.\nT: Your husband did?\nC: No, my brother.", "relative"),
        ("C: He slapped me.\nT: This is Gareth, your ex?\nC: Yeah.", "ex_partner"),
        ("C: He slapped me.\nT: Is that your partner?\nC: Was.", "ex_partner"),
        ("C: He slapped me.\nT: Is this the man you live with?\nC: Yes.", "partner"),
        ("C: He slapped me.\nT: Does he live with your husband?\nC: No, the daughter told me so.", "he_or_she"),
        ("C: Gaz slapped me.\nT: Is Gaz your husband?\nC: No, he's my brother.", "relative"),
        ("C: Gaz slapped me.\nT: Is Gaz your husband?\nC: No, he was only at home with my brother.", "unknown"),
        ("C: He slapped me.\nT: Your husband did?\nC: Nope.", "he_or_she"),
        ("C: He slapped me.\nT: Where is your husband working?\nC: Yes.", "he_or_she"),
    ],
)
def test_who_is_taken_to_be_meant_is_confirmed_or_put_right(talk: str, tie: str) -> None:
    cast = cast_of(talk)
    assert [event.tie for event in find_events(cast)][:1] == [tie]
