from __future__ import annotations

import builtins
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from fhirclient.models.careplan import CarePlan as R4CarePlan
from fhirclient.models.fhirabstractbase import FHIRValidationError
from fhirclient.models.flag import Flag as R4Flag
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.told import BLOKE, teller
from triage_triggers import Assessment, CodeError, Evaluator, MissingExtraError, RecordError
from triage_triggers.integrations.fhir import BARS_EXAMPLES, BARS_GUIDE, BarsSystems, SceneSafety, care_plan, flags
from triage_triggers.ruleset.definition import ADVICE

if TYPE_CHECKING:
    from fhir.resources.R4B.careplan import CarePlan
    from fhir.resources.R4B.flag import Flag

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta(hours=1)))
SUBJECT = "urn:uuid:8d2cf3a6-4d8c-44a4-9a8a-5f5f7a1d8a11"
DECISION = UUID("6f1f4a3e-0d5b-4c37-9d0e-4c2f6a1b8e55")


def advised(evaluator: Evaluator, *advice: str, text: str = "He had his hands round my throat.") -> Assessment:
    assessment = evaluator.evaluate(text, current_code="C3")
    object.__setattr__(assessment, "advice", advice)
    return assessment


def as_r4(resource: Flag | CarePlan) -> dict[str, Any]:
    """Return a resource as JSON once the models of FHIR 4.0.1 have accepted and returned it, and its codes hold."""
    data: dict[str, Any] = json.loads(resource.model_dump_json())
    model = {"Flag": R4Flag, "CarePlan": R4CarePlan}[data["resourceType"]]
    assert model(data, strict=True).as_json() == data
    for name in ("status", "intent"):
        if name in data:
            allowed = type(resource).model_fields[name].json_schema_extra
            assert isinstance(allowed, dict)
            assert data[name] in allowed["enum_values"]  # type: ignore[operator]
    return data


def test_the_models_of_fhir_4_refuse_what_is_none_of_theirs() -> None:
    with pytest.raises(FHIRValidationError):
        R4Flag({"resourceType": "Flag", "status": "active", "code": {}, "subject": {"reference": "x"}, "more": 1})


def test_scene_safety_and_safeguarding_are_flags(evaluator: Evaluator) -> None:
    advice = ("scene_safety", "safeguarding_adult", "safeguarding_child", "police_request")
    scene, safeguarding = flags(advised(evaluator, *advice), subject=SUBJECT, at=NOW, decision_id=DECISION)
    data = as_r4(scene)
    assert data["category"][0]["coding"][0] == {
        "system": "https://fhir.nhs.uk/CodeSystem/flag-categories-bars",
        "code": "SS",
        "display": "Scene Safety",
    }
    assert data["code"]["coding"][0]["code"] == "UNK"
    assert data["code"]["text"] == "Suggested by software from what was said, to be confirmed: scene safety"
    assert data["subject"] == {"reference": SUBJECT}
    assert data["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{DECISION}"}]
    assert data["period"] == {"start": "2026-11-24T09:30:00+01:00"}
    assert data["author"]["display"].endswith("ruleset small 1.0.0")
    codes = [coding["code"] for coding in as_r4(safeguarding)["code"]["coding"]]
    assert codes == ["766561000000109", "836881000000105"]


@pytest.mark.parametrize("scene", ["U", "UNK"])
def test_a_perpetrator_at_the_scene_is_a_matter_of_scene_safety(evaluator: Evaluator, scene: SceneSafety) -> None:
    (flag,) = flags(advised(evaluator, "perpetrator_present"), subject=SUBJECT, at=NOW, scene=scene)
    data = as_r4(flag)
    assert data["code"]["coding"][0]["code"] == scene
    assert data["code"]["text"].endswith("perpetrator present")
    assert "identifier" not in data


@settings(deadline=None)
@given(advice=st.lists(st.sampled_from(ADVICE), unique=True).map(tuple), at=st.datetimes(timezones=st.just(UTC)))
def test_whatever_is_advised_is_valid_and_never_says_that_a_scene_is_safe_or_the_police_are_there(
    evaluator: Evaluator, advice: tuple[str, ...], at: datetime
) -> None:
    found = [as_r4(flag) for flag in flags(advised(evaluator, *advice), subject=SUBJECT, at=at)]
    categories = [flag["category"][0]["coding"][0]["code"] for flag in found]
    assert ("SS" in categories) == bool({"scene_safety", "perpetrator_present"} & set(advice))
    assert ("SG" in categories) == any(item.startswith("safeguarding") for item in advice)
    assert set(categories) <= {"SS", "SG"}
    assert not any(coding["code"] == "S" for flag in found for coding in flag["code"]["coding"])


@pytest.mark.parametrize(
    ("systems", "uri"),
    [
        (BARS_EXAMPLES, "https://fhir.nhs.uk/CodeSystem/arp-priority-codes"),
        (BARS_GUIDE, "https://fhir.nhs.uk/Id/pathways-arp-code"),
        (BarsSystems(response=(("nhs-arp", "urn:ours"),)), "urn:ours"),
    ],
)
def test_the_code_is_a_proposal_in_a_care_plan(evaluator: Evaluator, systems: BarsSystems, uri: str) -> None:
    assessment = evaluator.evaluate("He had his hands round my throat.", current_code="C3")
    plan = care_plan(assessment, subject=SUBJECT, at=NOW, decision_id=DECISION, systems=systems)
    assert plan is not None
    data = as_r4(plan)
    assert (data["status"], data["intent"]) == ("draft", "proposal")
    assert data["activity"] == [
        {
            "outcomeCodeableConcept": [
                {
                    "coding": [{"system": uri, "code": "C2"}],
                    "text": "Suggested instead of C3 by software from what was said; a person decides. "
                    "Signs that hold: strangulation-now",
                }
            ]
        }
    ]


def test_without_a_current_code_none_is_named(evaluator: Evaluator) -> None:
    plan = care_plan(evaluator.evaluate("He hit me."), subject=SUBJECT, at=NOW)
    assert plan is not None
    data = as_r4(plan)
    assert data["activity"][0]["outcomeCodeableConcept"][0]["text"].startswith("Suggested by software")


def test_where_nothing_is_suggested_there_is_nothing_to_write(evaluator: Evaluator) -> None:
    assessment = evaluator.evaluate("I fell.", current_code="C3")
    assert care_plan(assessment, subject=SUBJECT, at=NOW) is None
    assert flags(assessment, subject=SUBJECT, at=NOW) == []


def test_nothing_that_was_said_is_in_it(evaluator: Evaluator) -> None:
    assessment = advised(evaluator, *ADVICE)
    plan = care_plan(assessment, subject=SUBJECT, at=NOW)
    assert plan is not None
    written = "".join(resource.model_dump_json() for resource in (plan, *flags(assessment, subject=SUBJECT, at=NOW)))
    assert "throat" not in written


def test_what_can_not_be_written_is_refused(evaluator: Evaluator) -> None:
    assessment = advised(evaluator, "scene_safety")
    with pytest.raises(CodeError, match="no URI for codes of 'nhs-arp'"):
        care_plan(assessment, subject=SUBJECT, at=NOW, systems=BarsSystems(response=()))
    for write in (flags, care_plan):
        with pytest.raises(RecordError, match="time zone"):
            write(assessment, subject=SUBJECT, at=NOW.replace(tzinfo=None))


def test_the_extra_is_named_where_it_is_missing(evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_fhir(name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  the builtin's signature
        if name.startswith("fhir."):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_fhir)
    for write in (flags, care_plan):
        with pytest.raises(MissingExtraError, match=r"triage-triggers\[fhir\]"):
            write(advised(evaluator, "scene_safety"), subject=SUBJECT, at=NOW)


def test_who_is_said_to_have_done_it_is_told_by_tie_and_not_by_name() -> None:
    assessment = teller().evaluate(BLOKE)
    (flag,) = flags(assessment, subject=SUBJECT, at=NOW)
    assert flag.code.text == (
        "Suggested by software from what was said, to be confirmed: safeguarding adult. Said to be done by: partner"
    )
    plan = care_plan(assessment, subject=SUBJECT, at=NOW)
    assert plan is not None
    assert as_r4(plan)["activity"][0]["outcomeCodeableConcept"][0]["text"].endswith(
        "tally. Said to be done by: partner"
    )
    assert "bloke" not in plan.model_dump_json() + flag.model_dump_json()
