# ruff: noqa: INP001, T201  a script that prints
"""A suggestion, recorded, and written as FHIR R4 in the shape of NHS BaRS: ``python examples/suggestion_as_fhir.py``.

Needs ``pip install 'triage-triggers[fhir]'``. See docs/integrators.md on what to know before sending any of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from triage_triggers import Call, Evaluator, Utterance, load_ruleset
from triage_triggers.integrations.fhir import care_plan, flags
from triage_triggers.record import DecisionLog

PATIENT = "urn:uuid:8d2cf3a6-4d8c-44a4-9a8a-5f5f7a1d8a11"


def main() -> None:
    """Evaluate one call and print the resources."""
    call = Call("INC-1042", [Utterance("My husband had his hands round my throat.", "caller")], current_code="C3")
    evaluator = Evaluator(load_ruleset("uk-ambulance"))
    with TemporaryDirectory() as folder, DecisionLog.open(Path(folder) / "decisions.db") as log:
        assessment, record = log.attach(evaluator).decide(call)
    decision_id = record.decision_id if record else None
    now = datetime.now(UTC)
    plan = care_plan(assessment, subject=PATIENT, at=now, decision_id=decision_id)
    for resource in (plan, *flags(assessment, subject=PATIENT, at=now, decision_id=decision_id)):
        if resource is not None:
            print(resource.model_dump_json(indent=2))


if __name__ == "__main__":
    main()
