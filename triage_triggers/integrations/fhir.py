"""A suggestion as FHIR R4 resources in the shape of NHS BaRS: ``Flag`` for safety, ``CarePlan`` for the code.

What is written says that it is a suggestion: the care plan is a draft proposal, the flags name the software as their
author, and nothing claims that anybody was asked or contacted. Booking and Referral Standard (BaRS) messages are built
and sent by the dispatch system; these are the fragments that this package can fill in.

Needs the extra ``fhir`` (fhir.resources), whose R4B models check every element's name, type, cardinality and format.
The tests also put everything written here through the models of FHIR 4.0.1 (fhirclient). Neither checks codes against
BaRS's own code systems.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from triage_triggers.deeds import CLAIMS
from triage_triggers.errors import CodeError, MissingExtraError, RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from fhir.resources.R4B.careplan import CarePlan
    from fhir.resources.R4B.flag import Flag

    from triage_triggers.assessment import Assessment

__all__ = ["BARS_EXAMPLES", "BARS_GUIDE", "BarsSystems", "SceneSafety", "care_plan", "flags"]

SceneSafety: TypeAlias = Literal["U", "UNK"]
_SCENE: Final[Mapping[SceneSafety, str]] = {"U": "The Scene is unsafe", "UNK": "Unknown"}
_SAFEGUARDING: Final = {
    "safeguarding_adult": ("766561000000109", "Adult safeguarding concern (finding)"),
    "safeguarding_child": ("836881000000105", "Child is cause for safeguarding concern (finding)"),
}
_SCENE_ADVICE: Final = ("scene_safety", "perpetrator_present")


@dataclass(frozen=True, slots=True)
class BarsSystems:
    """The URIs of the code systems that the resources name.

    BaRS publishes two sets for codes of a response: its examples and code systems say
    ``https://fhir.nhs.uk/CodeSystem/arp-priority-codes`` (:data:`BARS_EXAMPLES`, the default), its guide says
    ``https://fhir.nhs.uk/Id/pathways-arp-code`` (:data:`BARS_GUIDE`). Ask who receives your messages, and give your
    own where they want another. ``response`` maps a ladder's id to the system its codes belong to.
    """

    response: tuple[tuple[str, str], ...] = (("nhs-arp", "https://fhir.nhs.uk/CodeSystem/arp-priority-codes"),)
    flag_category: str = "https://fhir.nhs.uk/CodeSystem/flag-categories-bars"
    scene_safety: str = "https://fhir.nhs.uk/CodeSystem/scene-safety-codes-bars"
    safeguarding: str = "https://fhir.nhs.uk/CodeSystem/safeguarding-codes-bars"


BARS_EXAMPLES: Final = BarsSystems()
"""The URIs of BaRS's examples and published code systems."""
BARS_GUIDE: Final = BarsSystems(response=(("nhs-arp", "https://fhir.nhs.uk/Id/pathways-arp-code"),))
"""The URIs of BaRS's implementation guide."""


def flags(
    assessment: Assessment,
    *,
    subject: str,
    at: datetime,
    decision_id: UUID | None = None,
    scene: SceneSafety = "UNK",
    systems: BarsSystems = BARS_EXAMPLES,
) -> list[Flag]:
    """Return the flags that an assessment's advice calls for: scene safety, and safeguarding of an adult or a child.

    ``police_request`` and ``do_not_disclose`` become no flag: BaRS's flag for an agency says that it *was* contacted,
    and it has none for "do not disclose". Show both to the dispatcher yourself.

    Args:
        assessment: What was suggested.
        subject: The reference of the patient in your message, such as ``urn:uuid:…``.
        at: When it was suggested, with a time zone.
        decision_id: The decision's id in the decision log, to find it by later.
        scene: What to say of the scene: ``"UNK"`` (unknown: nobody has asked yet) or ``"U"`` (unsafe) once a person has
            confirmed it. Nothing here ever says that a scene is safe.
        systems: The code systems' URIs.

    Raises:
        MissingExtraError: The extra ``fhir`` is not installed.
        RecordError: The time has no time zone.

    >>> from datetime import datetime, timezone
    >>> from triage_triggers import Evaluator, load_ruleset
    >>> assessment = Evaluator(load_ruleset("uk-ambulance")).evaluate("My husband strangled me.", current_code="C3")
    >>> now = datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc)
    >>> [flag.category[0].coding[0].code for flag in flags(assessment, subject="urn:uuid:8d2c", at=now)]
    ['SS', 'SG']
    """
    try:
        from fhir.resources.R4B.flag import Flag  # noqa: PLC0415  an extra
    except ImportError:
        raise MissingExtraError("Writing FHIR", "fhir") from None
    head = _head(assessment, subject, at, decision_id)
    scene_advice = [advice for advice in _SCENE_ADVICE if advice in assessment.advice]
    safeguarding = [advice for advice in _SAFEGUARDING if advice in assessment.advice]
    found: list[dict[str, Any]] = []
    if scene_advice:
        code = _coding(systems.scene_safety, scene, _SCENE[scene])
        found.append(_flag(systems, "SS", "Scene Safety", [code], scene_advice))
    if safeguarding:
        codes = [_coding(systems.safeguarding, *_SAFEGUARDING[advice]) for advice in safeguarding]
        flag = _flag(systems, "SG", "Safeguarding Concern", codes, safeguarding)
        flag["code"]["text"] += _said_to_be_by(assessment)
        found.append(flag)
    return [
        Flag.model_validate({**head, "status": "active", "period": {"start": _instant(at)}, **flag}) for flag in found
    ]


def care_plan(
    assessment: Assessment,
    *,
    subject: str,
    at: datetime,
    decision_id: UUID | None = None,
    systems: BarsSystems = BARS_EXAMPLES,
) -> CarePlan | None:
    """Return the suggested code as a care plan, or ``None`` where no code is suggested.

    It is a ``draft`` with the intent ``proposal``: BaRS's own care plans are ``completed`` plans, which only a person's
    decision makes of it. Its activity carries the suggested code as BaRS carries a triage's outcome, with the reasons'
    signs and the ties of who is said to have done it as text. No words of the call are in it.

    The other arguments are those of :func:`flags`.

    Raises:
        MissingExtraError: The extra ``fhir`` is not installed.
        CodeError: ``systems`` names no URI for the assessment's code system.
        RecordError: The time has no time zone.

    >>> from datetime import datetime, timezone
    >>> from triage_triggers import Evaluator, load_ruleset
    >>> assessment = Evaluator(load_ruleset("uk-ambulance")).evaluate("My husband strangled me.", current_code="C3")
    >>> now = datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc)
    >>> plan = care_plan(assessment, subject="urn:uuid:8d2c", at=now)
    >>> plan.status, plan.intent, plan.activity[0].outcomeCodeableConcept[0].coding[0].code
    ('draft', 'proposal', 'C2')
    """
    try:
        from fhir.resources.R4B.careplan import CarePlan  # noqa: PLC0415  an extra
    except ImportError:
        raise MissingExtraError("Writing FHIR", "fhir") from None
    if assessment.suggested_code is None:
        return None
    system = dict(systems.response).get(assessment.code_system)
    if system is None:
        raise CodeError(
            f"there is no URI for codes of '{assessment.code_system}'; give one in BarsSystems(response=...)"
        )
    outcome = {"coding": [_coding(system, assessment.suggested_code)], "text": _suggestion(assessment)}
    plan = _head(assessment, subject, at, decision_id) | {
        "status": "draft",
        "intent": "proposal",
        "created": _instant(at),
        "activity": [{"outcomeCodeableConcept": [outcome]}],
    }
    return CarePlan.model_validate(plan)


def _head(assessment: Assessment, subject: str, at: datetime, decision_id: UUID | None) -> dict[str, Any]:
    """Return what both resources begin with: whom it is about, what made it, and how it is found in the log."""
    if at.utcoffset() is None:
        raise RecordError("the time must have a time zone, such as datetime.now(timezone.utc)")
    ruleset = assessment.ruleset
    made_by = f"triage-triggers {assessment.engine}, ruleset {ruleset.id} {ruleset.version}"
    head: dict[str, Any] = {"subject": {"reference": subject}, "author": {"type": "Device", "display": made_by}}
    if decision_id is not None:
        head["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{decision_id}"}]
    return head


def _flag(
    systems: BarsSystems, category: str, title: str, codes: list[dict[str, str]], advice: Sequence[str]
) -> dict[str, Any]:
    words = ", ".join(item.replace("_", " ") for item in advice)
    return {
        "category": [{"coding": [_coding(systems.flag_category, category, title)]}],
        "code": {"coding": codes, "text": f"Suggested by software from what was said, to be confirmed: {words}"},
    }


def _suggestion(assessment: Assessment) -> str:
    instead = f" instead of {assessment.current_code}" if assessment.current_code else ""
    signs = ", ".join(assessment.policies) + _said_to_be_by(assessment)
    return f"Suggested{instead} by software from what was said; a person decides. Signs that hold: {signs}"


def _said_to_be_by(assessment: Assessment) -> str:
    """Return what they are, to whom they did it, who are said to have done it; empty where nobody says so."""
    claimed = (finding for finding in assessment.findings if finding.counts and finding.theme in CLAIMS)
    ties = dict.fromkeys(finding.tie for finding in claimed if finding.agent is not None)
    known = [tie.replace("_", " ") for tie in ties if tie is not None and tie != "unknown"]
    return f". Said to be done by: {', '.join(known)}" if known else ""


def _coding(system: str, code: str, display: str | None = None) -> dict[str, str]:
    coding = {"system": system, "code": code}
    return coding if display is None else coding | {"display": display}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
