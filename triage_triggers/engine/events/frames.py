"""Frames: the ways in which English says that somebody does something to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER, CLOSE, Mention
from triage_triggers.engine.events.clause import Subject, bare_part, object_at, own_part, owner_of, past_small_words, subject_of
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.words import COMMA, NONE, SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast
    from triage_triggers.engine.events.clause import Object
    from triage_triggers.engine.events.words import Tag

__all__ = ["find_events"]

KNOWN: Final = frozenset({"strike", "throw", "grab", "throttle", "cut", "shoot", "burn", "rape", "threaten", "follow", "demean", "confine", "break", "kill"})
HARD: Final = frozenset({"thru", "tru", "into", "intae", "against", "agin", "off", "aff", "through", "over", "ower", "down", "doon", "across", "onto", "under"})
VERY_HARD: Final = frozenset({"thru", "tru", "through", "off", "aff", "against", "agin"})
_RESTS: Final = frozenset({"bed", "chair", "armchair", "sofa", "settee", "couch", "seat", "wheelchair", "shower", "bath", "recliner"})
_HELD_BY: Final = frozenset({"braids", "plait", "plaits", "dreads", "pigtails", "bun", "weave", "hijab", "scarf", "hoodie", "lead", "strap", "hair", "throat", "windpipe", "neck", "arm", "arms", "wrist", "wrists", "collar", "scruff", "ear", "ears", "ankles", "ankle", "legs", "ponytail", "jaw", "face", "chin", "hood", "top", "shoulders", "hand", "lapels"})
_HELD_PARTS: Final = frozenset({"hair", "throat", "neck", "wrist", "wrists", "jaw", "face", "chin", "ear", "ears", "windpipe", "scalp"})
_PARTICIPLES: Final = frozenset({"hit", "beaten", "beat", "thrown", "shot", "bitten"})
_NOT_DONE: Final = frozenset({"bit", "bent", "sat", "nipped", "worried", "hurt", "hide", "hid", "tan", "mark", "marked", "rattled", "pasted", "cracked", "creamed", "bruised", "tanned", "banged", "stung"})
_ON: Final = frozenset({"in", "on", "over", "round", "around", "roun", "across", "at", "under", "to", "into", "against", "onto", "tae", "ower", "through", "up"})
_BY: Final = frozenset({"by", "off", "aff", "from"})
_SHUTS: Final = frozenset(
    "run ran runs jab jabbed jabs shove shoved stick stuck drive drove push pushed boot booted kick kicked kicks press pressed presses hold held shut shuts shutting slam slams slammed slamming close closed closes ram rams rammed trap trapped traps jam jammed drop dropped drops swing swung swings push pushed bang banged crash lean leaned leant smashed smash put puts bring brought brings brung".split()
)
_AUX_TO: Final = frozenset({"to", "tae"})


def find_events(cast: Cast) -> list[Event]:
    """Return the events of a call in order, the longest of those that tell of one verb."""
    events: list[Event] = []
    size, words = len(cast.words), cast.words
    at = 0
    while at < size:
        tags = words.tags(at)
        if not tags:
            at += 1
            continue
        if tags[0].length > 1 and tags[0].sense.is_ == "idiom":
            at += tags[0].length
            continue
        verbs = [tag for tag in tags if tag.sense.is_ == "verb"]
        if verbs and tags[0].length > 1 and tags[0].sense.is_ == "verb":
            verbs = [tag for tag in verbs if tag.length > 1] or verbs
        if verbs and cast.at(at) is None and not _is_nominal(cast, at):
            subject = subject_of(cast, at)
            found = next(filter(None, (_told(cast, at, tag, subject) for tag in verbs)), None)
            if found is not None:
                events.append(found)
        if any(tag.sense.is_ in {"limb", "weapon"} for tag in tags):
            event = _part_as_weapon(cast, at)
            if event is not None:
                events.append(event)
        if words.spelled[at] in {"did", "done", "does", "doing", "do"}:
            event = _did_that(cast, at)
            if event is not None:
                events.append(event)
        if words.spelled[at] in _SHUTS and cast.at(at) is None:
            event = _shut_on(cast, at)
            if event is not None:
                events.append(event)
        if any(tag.sense.is_ == "blow" for tag in tags):
            event = _nominal(cast, at)
            if event is not None:
                events.append(event)
        at += 1
    events += _open(cast)
    return _tidy(events)


def _tidy(events: list[Event]) -> list[Event]:
    kept: dict[int, Event] = {}
    for event in sorted(events, key=lambda event: (event.frame == "open", event.first)):
        kept.setdefault(event.verb, event)
    return sorted(kept.values())


def _is_nominal(cast: Cast, at: int) -> bool:
    """Tell whether a verb's word stands as a noun: "a punch", "the kick", "chest pain attack"."""
    words = cast.words
    if at == 0 or words.breaks[at] > NONE:
        return False
    before = words.spelled[at - 1]
    return before in {"a", "an", "the", "this", "that", "another", "no", "any", "my", "his", "her", "your", "their"} and before not in {"that"}


def _told(cast: Cast, at: int, tag: Tag, subject: Subject) -> Event | None:
    """Return the event that a verb of known kind tells."""
    does, behind = tag.sense.does or "", at + tag.length
    if does in KNOWN and not tag.sense.hard:
        return _known(cast, at, tag, behind, subject)
    if does == "throw" and tag.sense.hard:
        return _moved(cast, at, behind, subject, kind=_kind(cast, at))
    if does == "pour":
        return _thrown_at(cast, at, behind, subject)
    if does == "give":
        return _given(cast, at, behind, subject)
    if does == "take":
        return _taken(cast, at, behind, subject)
    if does in {"forbid", "coerce"}:
        return _forbidden(cast, at, behind, subject, does)
    return None


def _kind(cast: Cast, at: int) -> bool:
    return any(tag.sense.name == "kind-verb" for tag in cast.words.tags(at))


def _known(cast: Cast, at: int, tag: Tag, behind: int, subject: Subject) -> Event | None:
    does, words = tag.sense.does or "", cast.words
    if subject.blocked and not subject.passive:
        return None
    target = object_at(cast, behind)
    if target is None and tag.sense.takes is None:
        target = object_at(cast, past_small_words(cast, behind))
    if words_at(cast, at).endswith(("ing", "in")):
        subject = subject._replace(passive=False)
    if subject.passive or target is None:
        passive = _passive(cast, at, behind, subject, does)
        if passive is not None or target is None:
            return passive
    if tag.sense.takes == "person" and target.part and does != "cut":
        return None
    if tag.sense.takes == "part" and not target.part:
        return None
    part = words_at(cast, target.last - 1)
    if tag.sense.kind == "held" and (part not in _HELD_PARTS or (part == "hair" and words_at(cast, at).startswith("h"))):
        return None
    if target.part and part in {"hand", "hands", "arm"} and words.spelled[target.last : target.last + 1] in (["away"], ["off"]):
        return None
    if does == "kill" and target.patient is not None and target.patient.sex == "self" and words_at(cast, at).endswith("ed"):
        return None  # who tells it lives
    if does == "grab" and target.part and words_at(cast, target.last - 1) in {"hand", "hands"}:
        return None
    agent = subject.mention
    if agent is None and subject.passive:
        return None
    if not _between_two(cast, agent, target.patient, part=target.part):
        return None
    if agent is None and not target.part:
        return None
    if target.patient is None and agent is not None and agent.person == CALLER:
        return None
    if does in {"strike", "throw"} and not target.part and cast.words.spelled[target.last : target.last + 1] == ["away"]:
        return None
    if does == "throw" and not target.part and _sent_away(cast, target.last):
        return None
    deed = "throttle" if target.kind == "neck" and does in {"grab", "strike", "break"} else does
    return _event(cast, at, target.last, deed, tag.sense.name, agent, target.patient, at)


def _sent_away(cast: Cast, at: int) -> bool:
    """Tell whether "out" stands behind and leads nowhere: who is thrown out has been sent away."""
    words = cast.words
    if at >= len(words) or words.spelled[at] not in {"out", "oot", "off"}:
        return False
    return at + 1 >= len(words) or words.breaks[at + 1] > NONE or words.spelled[at + 1] not in {"of", "the", "my", "through"}


def words_at(cast: Cast, at: int) -> str:
    """Return a word as spelled."""
    return cast.words.spelled[at]


def _passive(cast: Cast, at: int, behind: int, subject: Subject, does: str) -> Event | None:
    """Return "I got leathered by our kid", "punched x2 to face by bf"."""
    words = cast.words
    form = words.spelled[at]
    if not (form.endswith(("ed", "en")) or form in _PARTICIPLES):
        return None
    agent: Mention | None = None
    last = behind
    for step in range(behind, min(len(words), behind + 8)):
        if words.breaks[step] >= SENTENCE:
            break
        if words.spelled[step] in (_BY if subject.passive else {"by"}) and step + 1 < len(words):
            agent = cast.at(step + 1)
            if agent is None:
                if words.spelled[step] == "by":
                    return None
                continue
            last = agent.last
            break
    if agent is not None and agent.person is not None and cast.people[agent.person].helper:
        return None
    patient = subject.mention if subject.passive or agent is not None else None
    if agent is None and (not subject.passive or patient is None or subject.blocked):
        return None
    if agent is None and form in _NOT_DONE:
        return None
    if agent is None and does in {"break", "cut", "burn", "follow", "confine", "throw", "grab", "threaten", "demean"}:
        return None
    if agent is not None and patient is not None and agent.person is not None and agent.person == patient.person:
        return None
    first = patient.first if patient is not None and at - patient.last <= 5 else at
    return Event(first, last, does, "passive", agent, patient, cast.tie(agent, patient) if agent else "nobody", at)


def _moved(cast: Cast, at: int, behind: int, subject: Subject, *, kind: bool) -> Event | None:
    """Return "bounced me off the radiator", "had me by the hair": a person, and a hard goal."""
    words, agent = cast.words, subject.mention
    if agent is None or subject.blocked or subject.passive:
        return None
    target = object_at(cast, behind)
    if target is None or target.patient is None:
        return None
    if not _between_two(cast, agent, target.patient, part=target.part):
        return None
    goal = _goal(cast, target.last, soft=not kind, part=target.part)
    if goal is None:
        return None
    if agent.person == CALLER and kind:
        return None
    last, does = goal
    return _event(cast, at, last, does, "open", agent, target.patient, at)


def _goal(cast: Cast, at: int, *, soft: bool, part: bool) -> tuple[int, str] | None:
    """Return where a hard goal that begins at a word ends, and what it makes of the deed."""
    words = cast.words
    if at >= len(words) or words.breaks[at] > NONE:
        return None
    left = _out_of(cast, at, rough=soft)
    if left is not None:
        return left
    if words.spelled[at] in {"up", "right", "straight", "back", "out", "clean", "hard", "face", "head"} and at + 1 < len(words):
        at += 1
        if words.spelled[at] in {"first"}:
            at += 1
    if at >= len(words):
        return None
    held = _held_by(cast, at)
    if held is not None:
        return held
    prep = words.spelled[at]
    step = at + 1
    while step < len(words) and step < at + 5 and words.breaks[step] == NONE:
        for tag in words.tags(step):
            role = tag.sense.is_
            if prep in {"in", "on", "round", "around", "across", "over"} and role == "part" and tag.sense.kind == "neck":
                return step + tag.length, "throttle"
            if not soft and prep not in VERY_HARD and prep not in {"into", "intae", "in", "on"}:
                continue  # a kind verb: "get him down the stairs"
            if prep in HARD and role == "surface" and (tag.sense.kind != "soft" or (soft and prep != "onto") or prep in VERY_HARD):
                return step + tag.length, "throw"
            if part and prep in {"in", "on", "aff", "off"} and role == "surface" and (tag.sense.kind != "soft" or words.spelled[step] in {"floor", "ground", "pavement", "road"}):
                return step + tag.length, "throw"
            if prep in {"with", "wi"} and role == "weapon":
                return step + tag.length, "strike"
            if prep in {"in", "on"} and role == "part" and soft:
                return step + tag.length, "strike"
            if prep in {"to", "tae"} and words.spelled[step] in {"floor", "ground", "deck"}:
                return step + 1, "throw"
        step += 1
    return None


def _held_by(cast: Cast, at: int) -> tuple[int, str] | None:
    """Return where "by the hair" ends, with up to four words before it: "out of bed by my ankles"."""
    words = cast.words
    for by in range(at, min(len(words) - 2, at + 5)):
        if words.breaks[by] > NONE:
            return None
        if words.spelled[by] == "by":
            for step in range(by + 1, min(len(words), by + 5)):
                if words.spelled[step] in _HELD_BY and words.breaks[step] == NONE:
                    return step + 1, "throttle" if words.spelled[step] in {"throat", "neck"} else "grab"
    return None


def _out_of(cast: Cast, at: int, *, rough: bool) -> tuple[int, str] | None:
    """Return where "out of the chair" ends: nobody is dragged from there to be saved."""
    words = cast.words
    if not rough or words.spelled[at : at + 2] not in (["out", "of"], ["oot", "of"], ["off", "the"], ["out", "the"]):
        return None
    for step in range(at + 2, min(len(words), at + 5)):
        if words.breaks[step] > NONE:
            return None
        if words.spelled[step] in _RESTS:
            return step + 1, "throw"
    return None


def _open(cast: Cast) -> Iterator[Event]:
    """Find verbs that need not be known: somebody, any verb, somebody, a hard goal."""
    words = cast.words
    for mention in cast.mentions:
        at = mention.first - 1
        if at < 1 or words.breaks[mention.first] > NONE or words.breaks[at] >= SENTENCE:
            continue
        if mention.role == "pronoun" and mention.subject and mention.sex not in {"you", "some"}:
            continue
        if not words.spelled[at].isalpha() or any(tag.sense.closed or tag.sense.is_ in {"person", "function", "verb"} for tag in words.tags(at)):
            continue
        if cast.ending(mention.first) is not None or not words.spelled[at].endswith(("ed", "ing", "in", "s", "t", "n", "k", "g", "d", "p", "m")):
            continue
        subject = subject_of(cast, at)
        event = _moved(cast, at, mention.first, subject, kind=False)
        if event is not None:
            yield event


def _part_as_weapon(cast: Cast, at: int) -> Event | None:
    """Return "his elbow in my ear", "hands round my throat", "a cushion over her face", "a knife to my throat"."""
    words = cast.words
    tag = words.has(at, "limb") or words.has(at, "weapon")
    if tag is None:
        return None
    step = at + tag.length
    for _ in range(2):
        if step < len(words) and words.spelled[step] in {"right", "up", "tight", "straight", "clean", "was", "were", "is", "hard", "out", "and", "pressed", "just", "where", "went", "wrapped", "pulled", "jammed", "twisted", "held"} and words.breaks[step] == NONE:
            step += 1
    if step >= len(words) or words.breaks[step] > NONE or words.spelled[step] not in _ON:
        return None
    step = _inside(cast, step)
    target = own_part(cast, step + 1) or object_at(cast, step + 1)
    if target is None or not target.part or target.patient is None:
        return None
    owner = next((near for near in words.tags(at - 1) if near.sense.is_ == "owner"), None) if at else None
    weapon = tag.sense.is_ == "weapon"
    neck, mouth = target.kind == "neck", words.spelled[target.last - 1] in {"face", "mouth", "nose", "head"}
    agent: Mention | None
    if owner is not None and not weapon:
        agent = owner_of(cast, at - 1, owner.sense.sex)
    else:
        agent = subject_of(cast, at).mention
    if agent is None:
        return None
    if not _between_two(cast, agent, target.patient, part=True):
        return None
    if agent.person == CALLER and not neck and not (words.spelled[target.last - 1] == "mouth" and not weapon):
        return None
    if not neck and words.spelled[step] in {"on", "to", "over"} and not (mouth and (words.spelled[step] == "over" or words.spelled[target.last - 1] == "mouth")) and not weapon:
        return None
    if weapon and not neck and not (tag.sense.kind == "ligature" and mouth) and words.spelled[step] in {"on", "over", "in", "round", "around", "under", "up"} and not (words.spelled[step] == "over" and mouth):
        return None
    does = "throttle" if neck and not (weapon and tag.sense.kind != "ligature") else "throttle" if mouth and words.spelled[step] in {"over", "on"} else "strike"
    return Event(agent.first if at - agent.first <= 8 and agent.first <= at else at, target.last, does, "part", agent, target.patient, cast.tie(agent, target.patient), at)


def _inside(cast: Cast, step: int) -> int:
    """Return the place of "of" in "in the middle of my back", or the preposition's own."""
    words = cast.words
    for of in range(step + 1, min(len(words) - 1, step + 4)):
        if words.breaks[of] > NONE:
            break
        if words.spelled[of] == "of":
            return of
    return step


def _thrown_at(cast: Cast, at: int, behind: int, subject: Subject) -> Event | None:
    """Return "chucked the remote at me", "poured the kettle over her"."""
    words, agent = cast.words, subject.mention
    if subject.blocked or agent is None:
        return None
    for step in range(behind, min(len(words) - 1, behind + 7)):
        if words.breaks[step] > COMMA:
            return None
        if words.spelled[step] in {"at", "over", "on", "in", "into", "ower", "down"} and step > behind - 1:
            target = object_at(cast, step + 1)
            if target is None or target.patient is None:
                continue
            poured = words.spelled[step] == "on" and any(
                words.has(near, "weapon") or words.spelled[near] == "it" for near in range(behind, step)
            )
            if words.spelled[step] in {"on", "in", "into", "down"} and not target.part and not poured:
                continue
            if not _between_two(cast, agent, target.patient, part=target.part):
                return None
            if agent.person == CALLER and target.part:
                return None
            return _event(cast, at, target.last, "throw_at", "thrown", agent, target.patient, at)
    return None


def _did_that(cast: Cast, at: int) -> Event | None:
    """Return "her husband did that to her with a dumbbell", "what he done to my mum"."""
    words = cast.words
    to = at + 2 if words.spelled[at + 1 : at + 2] and words.spelled[at + 1] in {"that", "this", "it", "things"} else at + 1
    if to + 1 >= len(words) or words.spelled[to] not in {"to", "tae"} or words.breaks[to] > NONE:
        return None
    target = object_at(cast, to + 1)
    subject = subject_of(cast, at)
    agent = subject.mention
    if target is None or target.patient is None or agent is None or subject.blocked:
        return None
    if not _between_two(cast, agent, target.patient, part=target.part):
        return None
    return _event(cast, at, target.last, "strike", "did", agent, target.patient, at)


def _shut_on(cast: Cast, at: int) -> Event | None:
    """Return "shut the drawer on her hand", "rammed car door shut on her"."""
    words = cast.words
    thing = False
    for step in range(at + 1, min(len(words) - 1, at + 8)):
        if words.breaks[step] > NONE or (cast.at(step) is not None and not thing):
            return None
        if any(tag.sense.is_ in {"surface", "weapon"} for tag in words.tags(step)) or (words.spelled[step] == "it" and step == at + 1):
            thing = True
        if thing and words.spelled[step] in {"on", "onto", "over", "aff", "against", "to", "into", "in"}:
            target = object_at(cast, step + 1) or bare_part(cast, step + 1)
            if target is None or (words.spelled[step] in {"to", "in"} and not target.part):
                continue
            agent = subject_of(cast, at).mention
            if target.patient is None and (agent is None or agent.role != "person"):
                continue
            if agent is None or not _between_two(cast, agent, target.patient, part=target.part):
                return None
            if agent.person == CALLER and target.part:
                return None
            return _event(cast, at, target.last, "throw_at", "shut", agent, target.patient, at)
    return None


def _given(cast: Cast, at: int, behind: int, subject: Subject) -> Event | None:
    """Return "gave me a slap", "gies her a doing", "caught me one"."""
    words, agent = cast.words, subject.mention
    if agent is None or subject.blocked or subject.passive:
        return None
    target = object_at(cast, behind)
    step = behind
    if target is not None and target.patient is not None and not target.part:
        if not _between_two(cast, agent, target.patient, part=False):
            return None
        for step in range(target.last, min(len(words), target.last + 5)):
            if words.breaks[step] > NONE:
                break
            if words.has(step, "blow") is not None or (words.spelled[step] == "one" and step == target.last):
                return _event(cast, at, step + 1, "strike", "given", agent, target.patient, at)
    return None


def _nominal(cast: Cast, at: int) -> Event | None:
    """Return "a slap off my dad", "a kick from him", "a beating by ptnr"."""
    words = cast.words
    tag = words.has(at, "blow")
    if tag is None:
        return None
    step = at + tag.length
    for _ in range(4):
        if step >= len(words) or words.breaks[step] > NONE:
            return None
        if words.spelled[step] in _BY:
            agent = cast.at(step + 1)
            if agent is None or (agent.role == "pronoun" and agent.person == CALLER):
                return None
            patient = subject_of(cast, at).mention
            if patient is not None and not _between_two(cast, agent, patient, part=False):
                return None
            return Event(at, agent.last, "strike", "nominal", agent, patient, cast.tie(agent, patient), at)
        step += 1
    return None


def _taken(cast: Cast, at: int, behind: int, subject: Subject) -> Event | None:
    """Return "took my phone", "has her card", "holds pension card", "keeps the front door key"."""
    words, agent = cast.words, subject.mention
    if words.speaker(at) == "call_taker":
        return None  # "keep your phone for that"
    if agent is None or subject.blocked or agent.person == CALLER or agent.sex in {"you", "many", "who", "some"}:
        return None
    step, owner = behind, None
    while step < min(len(words), behind + 5) and words.breaks[step] == NONE:
        for tag in words.tags(step):
            if tag.sense.is_ == "owner":
                owner = owner_of(cast, step, tag.sense.sex)
        need = words.has(step, "need")
        if need is not None:
            if owner is None or not _between_two(cast, agent, owner, part=True):
                return None
            return _event(cast, at, step + need.length, "take", "taken", agent, owner, at)
        if not any(tag.sense.is_ in {"owner", "adjective", "article", "skip", "goal"} for tag in words.tags(step)):
            return None
        step += 1
    return None


def _forbidden(cast: Cast, at: int, behind: int, subject: Subject, does: str) -> Event | None:
    """Return "won't let me out", "made her sleep on the floor"."""
    agent = subject.mention
    if agent is None or subject.blocked or subject.passive or agent.person == CALLER or agent.sex in {"you", "who", "some"}:
        return None
    target = object_at(cast, behind)
    if target is None or target.patient is None or target.part or not _between_two(cast, agent, target.patient, part=False):
        return None
    if does == "coerce":
        behind_it = cast.words.spelled[target.last : target.last + 1]
        if not behind_it or behind_it[0] not in {"sleep", "stand", "sit", "beg", "crawl", "kneel", "eat", "drink", "strip", "do", "watch", "sign", "leave", "give", "get", "stay", "swear", "delete", "quit", "pack", "hand", "to", "clean", "scrub", "lie", "wait", "walk", "apologise", "swallow", "take", "have"}:
            return None
    if _is_patient(cast, agent):
        return None
    return _event(cast, at, min(len(cast.words), target.last + 1), does, does, agent, target.patient, at)


def _is_patient(cast: Cast, mention: Mention) -> bool:
    """Tell whether somebody is the one that the call is about, as far as sex tells."""
    return cast.patient_sex in {"m", "f"} and mention.sex == cast.patient_sex


def _between_two(cast: Cast, agent: Mention | None, patient: Mention | None, *, part: bool) -> bool:
    """Tell whether agent and patient are two: nobody's own body, and no thing that somebody owns."""
    if agent is None:
        return True
    person = cast.person(agent)
    if person is not None and person.helper:
        return False
    if patient is None:
        return True
    if agent.person is not None and agent.person == patient.person:
        # "Partner booted her": who is named in one clause by a pronoun is somebody else, unless it is a part of them.
        if {agent.sex, patient.sex} == {"m", "f"}:
            return True
        reflexive = patient.role != "pronoun" or cast.words.spelled[patient.first].endswith(("self", "sel"))
        return not (part or reflexive or agent.person == CALLER)
    if agent.sex == "you" and patient.sex == "you":
        return False
    if agent.sex == "self" and patient.sex == "self":
        return False
    if part and agent.sex == patient.sex and (agent.role == patient.role == "pronoun" or patient.role == "pronoun"):
        return False
    if patient.role == "pronoun" and patient.sex == "some":
        return False
    other = cast.person(patient)
    return not (other is not None and other.helper)


def _event(cast: Cast, at: int, last: int, does: str, frame: str, agent: Mention | None, patient: Mention | None, verb: int) -> Event:
    first = at
    if agent is not None and patient is not None and agent.person is not None and agent.person == patient.person:
        patient = patient._replace(person=None)
    if agent is not None and agent.first < at and at - agent.last <= 4:
        first = agent.first
    return Event(first, last, does, frame, agent, patient, _tie(cast, agent, patient), verb)


def _tie(cast: Cast, agent: Mention | None, patient: Mention | None) -> str:
    for one in (agent, patient):
        person = cast.person(one)
        if person is not None and person.child:
            return "unknown"
    tie = cast.tie(agent, patient)
    if tie in CLOSE or tie in {"stranger", "acquaintance"}:
        return tie
    return tie
