"""Labelled calls for the lab's tests, as the small ruleset of ``tests/conftest.py`` sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from hypothesis import strategies as st

from tests.strategies import calls
from triage_triggers import Call, Utterance
from triage_triggers.lab.labels import Label
from triage_triggers.lab.observation import observe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers import Evaluator
    from triage_triggers.lab.observation import Observation

__all__ = ["LABELS", "labelled_calls", "observed"]

LABELS: Final[tuple[Label, ...]] = get_args(Label)

labelled_calls: st.SearchStrategy[list[tuple[Call, Label]]] = st.lists(
    st.tuples(calls, st.sampled_from(LABELS)), max_size=6
)


def observed(
    evaluator: Evaluator, texts: Sequence[tuple[str, Label]], *, code: str | None = "C4", **columns: Any
) -> list[Observation]:
    """Observe texts, each a call of one caller's utterance that ends at 10 seconds."""
    return [
        observe(
            evaluator,
            Call(f"C-{number}", [Utterance(text, "caller", 0.0, 10.0)], current_code=code, metadata=columns),
            label,
            {name: str(value) for name, value in columns.items()},
        )
        for number, (text, label) in enumerate(texts, 1)
    ]
