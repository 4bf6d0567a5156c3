from __future__ import annotations

import pytest

from triage_triggers.errors import PhraseError
from triage_triggers.phrases.refusals import refuse


@pytest.mark.parametrize("source", ["", "p.t. has loc", "e.g.", "x q.d.s. y", "he ... hit", "he … hit", "3.5", "$20"])
def test_passes(source: str) -> None:
    refuse(source)


def test_the_first_fault_is_told_first() -> None:
    with pytest.raises(PhraseError) as raised:
        refuse("p.t. a* b+")
    assert raised.value.offset == 6
