from __future__ import annotations

import pytest

from tests.engine.events.stage import cast_of, told
from triage_triggers.engine.events.frames.registry import find_events


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("T: How old is he?\nC: Six. His brother hit him.", "his brother strike him (unknown)"),
        ("T: How old is she?\nC: She's eleven, nearly. Her brother punched her.", "her brother strike her (unknown)"),
        ("T: How old is he?\nC: Sixty. His brother hit him.", "his brother strike him (relative)"),
        ("T: How old is she?\nC: Twenty five. Her brother punched her.", "her brother strike her (relative)"),
        ("T: How old are you?\nC: Nine. My dad hit my mum.", "my dad strike my mum (partner)"),
        ("T: How old is your sister?\nC: Six. My dad hit my mum.", "my dad strike my mum (partner)"),
    ],
)
def test_a_blow_to_a_patient_under_sixteen_is_by_nobody_close(talk: str, expected: str) -> None:
    cast = cast_of(talk)
    assert [f"{told(cast, event)} ({event.tie})" for event in find_events(cast)] == [expected]


def test_whom_the_caller_names_first_is_the_patient_nobody_had_named() -> None:
    cast = cast_of("T: Is she awake?\nC: She's cold. It's my wife. She's swinging at me.")
    (blow,) = find_events(cast)
    assert blow.agent is not None
    assert blow.agent.person == cast.patient
    assert cast.tie(blow.agent, blow.patient) == "partner"


def test_whose_knee_a_patient_sits_on_is_not_the_patient() -> None:
    cast = cast_of("T: Is he breathing?\nC: He's on my husband's knee. He's hitting out at us.")
    assert cast.patient is None or not cast.people[cast.patient].names
