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
    """Six rules and four policies for England's codes."""
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
            "policy": [
                {"id": "violence-now", "when": {"theme": "violence"}, "suggest": "C3", "reason": "Violence."},
                {
                    "id": "strangulation-now",
                    "when": {"theme": "strangulation"},
                    "suggest": "C2",
                    "advise": ["police_request", "scene_safety"],
                    "reason": "Strangulation.",
                },
                {
                    "id": "armed-attack",
                    "when": {"all": [{"theme": "violence"}, {"theme": "weapon"}]},
                    "suggest": "C1",
                    "advise": ["scene_safety"],
                    "reason": "Violence, and a weapon at hand.",
                },
                {
                    "id": "covert",
                    "when": {"theme": "covert"},
                    "advise": ["do_not_disclose"],
                    "reason": "A covert call.",
                },
            ],
        }
    )


@pytest.fixture(scope="session")
def evaluator(ruleset: Ruleset) -> Evaluator:
    """The small ruleset, ready."""
    return Evaluator(ruleset)
