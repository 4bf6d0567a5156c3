"""Somebody is not let: "won't let me out", "stopped her ringing"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, ONE
from triage_triggers.engine.events.clause import object_at
from triage_triggers.engine.events.frames.frame import Frame, Told, event_at, is_hurt

if TYPE_CHECKING:
    from triage_triggers.engine.events.clause import Object
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.frames.frame import Site

__all__ = ["NOT_LET", "ruled_over", "told"]

_NOBODY: Final = frozenset({"you", "who", "some"})


def find(site: Site) -> Event | None:
    """Return who does not let whom."""
    target = ruled_over(site)
    if target is not None:
        return told(site, target, NOT_LET.name)
    return _no_help(site)


def _no_help(site: Site) -> Event | None:
    """Return who lets no help near: "won't let the paramedics in", "never let the doctor near"."""
    cast, words, agent = site.cast, site.cast.words, site.agent
    helper = cast.at(site.behind)
    person = cast.person(helper)
    if agent is None or agent.person == CALLER or agent.sex in _NOBODY or helper is None or person is None:
        return None
    if not person.helper or not words.close(helper.last) or not words.said(helper.last, "let-near"):
        return None
    return event_at(site, helper.last + 1, "forbid", NOT_LET.name, None)


def ruled_over(site: Site) -> Object | None:
    """Return who stands behind a verb and has to obey; a patient who refuses help rules over nobody."""
    agent, target = site.agent, object_at(site.cast, site.behind)
    if agent is None or agent.person == CALLER or agent.sex in _NOBODY:
        return None
    if agent.sex in ONE and agent.sex == site.cast.patient_sex:
        return None
    return None if target is None or target.part or not is_hurt(site, target) else target


def told(site: Site, target: Object, frame: str) -> Event:
    """Return the event, with the first word of what may not or must be done."""
    last = min(len(site.cast.words), target.last + 1)
    return event_at(site, last, site.tag.sense.does or "", frame, target.patient)


NOT_LET: Final = Frame(
    name="not_let",
    looks_for="somebody does not let somebody, or stops them",
    find=find,
    does=frozenset({"forbid"}),
    examples=(
        Told("he won't let me out", "he forbid me"),
        Told("my husband doesn't let me see anyone", "my husband forbid me"),
        Told("she stopped him ringing", "she forbid him"),
        Told("my uncle won't let the paramedics in", "my uncle forbid -"),
    ),
    counter_examples=("I won't let him out", "you won't let me", "the door won't let me out"),
)
