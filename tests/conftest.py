"""A small ruleset that has one of everything, and its evaluator."""

from __future__ import annotations

import pytest
from hypothesis import settings

from triage_triggers import Evaluator, Ruleset

# A busy machine is no fault of the code's; how long things take is for benchmarks.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def ruleset() -> Ruleset:
    """Six rules and four signs for England's codes."""
    return Ruleset.model_validate(
        {
            "format": 1,
            "id": "small",
            "version": "1.0.0",
            "title": "Small",
            "language": "en",
            "status": "draft",
            "code_system": "nhs-arp",
            "lists": {"whom": ["me", "her", "you"]},
            "rules": [
                {"id": "violence.hit", "theme": "violence", "phrases": ["hit~ {whom}"], "unless": ["hit me up"]},
                {"id": "violence.throat", "theme": "strangulation", "phrases": ["hands (round|around) my throat"]},
                {"id": "weapon.knife", "theme": "weapon", "phrases": ["knife", "blade"]},
                {"id": "weapon.gun", "theme": "weapon", "phrases": ["got ... gun"], "speakers": ["caller"]},
                {"id": "covert.pizza", "theme": "covert", "phrases": ["pizza"], "never_set_aside": True},
                {"id": "fear.scared", "theme": "fear", "phrases": ["scared"]},
            ],
            "signs": [
                {"id": "violence-now", "find": "violence", "reason": "Violence."},
                {"id": "strangulation-now", "find": "strangulation", "reason": "Strangulation."},
                {
                    "id": "armed-attack",
                    "find": "violence",
                    "with": "weapon",
                    "reason": "Violence, and a weapon at hand.",
                },
                {"id": "covert", "find": "covert", "reason": "A covert call."},
            ],
            "then": [
                {"id": "violence-now", "if": "violence-now", "suggest": "C3", "reason": "Violence."},
                {
                    "id": "strangulation-now",
                    "if": "strangulation-now",
                    "suggest": "C2",
                    "advice": ["police_request", "scene_safety"],
                    "reason": "Strangulation.",
                },
                {
                    "id": "armed-attack",
                    "if": "armed-attack",
                    "suggest": "C1",
                    "advice": ["scene_safety"],
                    "reason": "Violence, and a weapon at hand.",
                },
                {"id": "covert", "if": "covert", "advice": ["do_not_disclose"], "reason": "A covert call."},
            ],
        }
    )


@pytest.fixture(scope="session")
def evaluator(ruleset: Ruleset) -> Evaluator:
    """The small ruleset, ready."""
    return Evaluator(ruleset)
