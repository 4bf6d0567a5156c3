from __future__ import annotations

import pytest

from tests.engine.events.stage import cast_of
from triage_triggers.engine.events.cast import CALLER
from triage_triggers.engine.events.elided import unspoken


@pytest.mark.parametrize(
    ("talk", "verb", "meant"),
    [
        ("C: My brother was drunk. Kicked me.", 4, "my brother"),
        ("C: Kicked me, she did.", 0, "she"),
        ("T: What did your son do?\nC: Kicked me.", 5, "your son"),
        ("C: I fell over. Kicked the step.", 3, None),
        ("C: My brother was drunk. Kick me.", 4, None),
        ("T: What have you done?\nC: Kicked the step.", 4, None),
        ("T: My brother was drunk. Kicked you.", 4, None),
    ],
)
def test_who_is_left_unsaid_is_whom_the_words_before_are_about(talk: str, verb: int, meant: str | None) -> None:
    cast = cast_of(talk)
    found = unspoken(cast, verb, passive=False)
    assert (None if found is None else " ".join(cast.words.spelled[found.first : found.last])) == meant


def test_a_caller_to_whom_something_was_done_need_not_say_so() -> None:
    cast = cast_of("C: Got punched by my uncle.")
    found = unspoken(cast, 1, passive=True)
    assert found is not None
    assert (found.person, found.first == found.last) == (CALLER, True)
