"""Hypothesis strategies that several tests share."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from tests.reference import Said
from triage_triggers.calls.call import SPEAKERS, Call, Utterance
from triage_triggers.engine.decision.sign import Evidence
from triage_triggers.ladders.ladder import Ladder, load_ladder
from triage_triggers.ladders.ladder_file import LadderFile
from triage_triggers.phrases.syntax import Choice, Inflected, Item, ListRef, Optional_, Phrase, Sequence, Words
from triage_triggers.ruleset.definition import ADVICE, Rule, Ruleset, Sign, TallyRule, Then

if TYPE_CHECKING:
    from collections.abc import Iterator

# Phrases: trees as parse_phrase makes them, over the lists in PHRASE_LISTS, and text that may or may not be a phrase.

PHRASE_LISTS = {
    "victim": ("me", "her", "my [poor] {child}"),
    "child": ("(son|daughter)", "kid~", "er, baby"),
}


def _sequence(items: list[Item]) -> Sequence:
    joined: list[Item] = []
    for item in items:
        if joined and isinstance(item, Words) and isinstance(joined[-1], Words):
            joined[-1] = Words(f"{joined[-1].text} {item.text}")
        else:
            joined.append(item)
    return Sequence(tuple(joined))


def _brackets(items: st.SearchStrategy[Item]) -> st.SearchStrategy[Item]:
    sequences = st.lists(items, min_size=1, max_size=3).map(_sequence)
    choices = st.lists(sequences, min_size=1, max_size=3).map(lambda found: Choice(tuple(found)))
    return sequences.map(Optional_) | choices


_WORDS = (
    "he",
    "HIT me",
    "knife",
    "he\u2019s",
    "right-sided",
    "cafe\u0301",
    "p.t.",
    "um, er no",
    "3.5 %",
    "&c",
    "straße",
)
_items = st.recursive(
    st.sampled_from(_WORDS).map(Words)
    | st.sampled_from(("hit", "Knife", "strangle")).map(Inflected)
    | st.sampled_from(tuple(PHRASE_LISTS)).map(ListRef),
    _brackets,
    max_leaves=6,
)
_segments = st.lists(_items, min_size=1, max_size=3).map(_sequence).filter(lambda found: not found.may_be_empty)
phrases = (
    st.lists(_segments, min_size=1, max_size=3)
    .map(lambda found: Phrase("", tuple(found)))
    .map(lambda phrase: Phrase(str(phrase), phrase.segments))
    .filter(lambda phrase: len(phrase.source) <= 500)
)
phrase_like = st.text(st.sampled_from("ab é3'’~()[]{}||...…*?!.-,\\^$_\t\u0301") | st.characters(), max_size=40)

# Rulesets: what a file may hold, as plain data; the same with a part replaced; and its text, damaged.

_RULE_PHRASES = ("got a knife", "no", "12:30", "hit~ {victim}", "[just] hit me", "he ... hit me", "cafe\u0301", "1.0")
_THEMES = ("weapon", "fear", "injury")
_lines = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)


def _named(names: st.SearchStrategy[str], fields: dict[str, st.SearchStrategy[object]]) -> st.SearchStrategy[list[Any]]:
    items = st.fixed_dictionaries({"id": names, **fields})
    return st.lists(items, min_size=1, max_size=4, unique_by=lambda item: item["id"])


_rules = _named(
    st.from_regex(r"[a-z][a-z0-9._-]{0,5}", fullmatch=True),
    {
        "theme": st.sampled_from(_THEMES),
        "phrases": st.lists(st.sampled_from(_RULE_PHRASES), min_size=1, max_size=4),
        "unless": st.lists(st.sampled_from(_RULE_PHRASES), max_size=2),
        "never_set_aside": st.booleans(),
        "rationale": _lines,
    },
)


def _signs(rules: list[dict[str, Any]]) -> st.SearchStrategy[list[Any]]:
    """Signs that ask for themes and rules that there are."""
    names = sorted({rule["theme"] for rule in rules} | {rule["id"] for rule in rules})
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return _named(st.sampled_from("pqr"), {"find": some, "with": some, "near": st.integers(1, 200), "reason": _lines})


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  PyYAML asks of each part
        return True


def as_yaml(data: object, *, sort_keys: bool = False) -> str:
    """Return plain data as YAML, without aliases."""
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=sort_keys))


@st.composite
def ruleset_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Plain data that makes a ruleset without faults."""
    rules = draw(_rules)
    victims = draw(st.permutations(("me", "her", "my (mum|mom)")))
    head = {"format": 1, "id": "demo", "version": "1.0.0", "title": draw(_lines), "language": "en", "status": "draft"}
    document = head | {"code_system": "nhs-arp", "lists": {"victim": victims}, "rules": rules}
    return document | ({"signs": draw(_signs(rules))} if draw(st.booleans()) else {})


def places_in(data: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where every part of plain data is, its top included."""
    yield place
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, part in parts:
        yield from places_in(part, (*place, step))


_replacements = st.sampled_from(
    (None, "", "x", "no", "(x", "{gone}", "2026-13-01", 7, 1e300, True, [], {}, ["x"], {"id": "x"})
)


@st.composite
def broken_documents(draw: st.DrawFn) -> Any:  # noqa: ANN401  any data
    """Ruleset documents of which some parts hold something else, or are gone, or are there twice."""
    document: Any = draw(ruleset_documents())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(list(places_in(document))))
        if not place:
            return draw(_replacements)
        parent: Any = document
        last: Any = place[-1]
        for step in place[:-1]:
            parent = parent[step]
        match draw(st.sampled_from(("replace", "delete", "double"))):
            case "replace":
                parent[last] = draw(_replacements)
            case "delete":
                del parent[last]
            case _ if isinstance(parent, list):
                parent.append(parent[last])
            case _:
                parent[f"{last}s"] = parent[last]
    return document


_scraps = st.sampled_from(
    [*"\t\x00:-[]{}&*!|>'\"#%@`,\n é\u2028\ufeff\x85", "- ", ": ", "\n  ", "---\n", "<<: *a", "!!x ", "&a "]
)


@st.composite
def damaged_yaml(draw: st.DrawFn) -> str:
    """Text of a ruleset with parts cut out or scraps put in."""
    text = as_yaml(draw(ruleset_documents()), sort_keys=draw(st.booleans()))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.just("") | _scraps) + text[at + draw(st.integers(0, 5)) :]
    return text


yaml_like = st.lists(_scraps | st.sampled_from(("id", "rules", "format: 1")) | st.characters(), max_size=40).map(
    "".join
)


# Calls: lines of a file as anyone may hand them in, good, bad and hopeless.

_call_rows = st.fixed_dictionaries(
    {},
    optional={
        "call_id": st.text(max_size=5) | st.integers(),
        "text": st.text(max_size=20) | st.none() | st.floats(),
        "utterances": st.lists(
            st.fixed_dictionaries(
                {"text": st.text(max_size=20)},
                optional={
                    "speaker": st.sampled_from(("caller", "call taker", "Mum", "", None, 3)),
                    "start": st.floats() | st.integers() | st.text(max_size=3) | st.none(),
                },
            ),
            max_size=3,
        ),
        "current_code": st.sampled_from(("C3", "", None, 3)),
        "area": st.recursive(st.none() | st.floats(), lambda inner: st.lists(inner, max_size=2)),
    },
)
call_lines = (
    _call_rows.map(lambda row: json.dumps(row).encode())
    | _call_rows.map(lambda row: json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    | st.binary(max_size=20)
    | st.sampled_from((b"", b" ", b"{", b"[1]", b'{"text":"a","text":"b"}', b"\xef\xbb\xbf{}", b"9" * 5000))
).map(lambda line: line.replace(b"\n", b""))

# Decisions: ladders, conditions over a few themes and rules, and evidence for them.

RULES = {"weapon.knife": "weapon", "weapon.gun": "weapon", "threat.kill": "threat", "fear.said": "fear"}
_TEMPORALITIES = ("current", "past", "hypothetical")


_names = st.lists(st.sampled_from((*RULES, *sorted(set(RULES.values())))), min_size=1, max_size=2, unique=True)
_TIES = ("partner", "relative", "acquaintance", "stranger", "he_or_she", "unknown")
_BY = (*_TIES, "close", "anyone")


def asks(*, most_rules: int = 2) -> st.SearchStrategy[dict[str, object]]:
    """What a sign or a line may ask for, as it is written."""
    return st.fixed_dictionaries(
        {"find": _names, "reason": st.just("Because.")},
        optional={
            "by": st.lists(st.sampled_from(_BY), min_size=1, max_size=2, unique=True),
            "time": st.lists(st.sampled_from(_TEMPORALITIES), min_size=1, max_size=2, unique=True),
            "with": _names,
            "near": st.integers(1, 6),
            "at_least": st.integers(1, most_rules),
        },
    )


@st.composite
def evidence(draw: st.DrawFn, max_size: int = 7, *, apart: bool = False) -> tuple[Evidence, ...]:
    """Evidence as an evaluator gives it, in any order; ``apart``: of words that don't overlap."""
    found = []
    for number in range(draw(st.integers(0, max_size))):
        start = 10 * number if apart else draw(st.integers(0, 20))
        end = start + draw(st.integers(1, 9))
        rule, temporality = draw(st.sampled_from(tuple(RULES))), draw(st.sampled_from(_TEMPORALITIES))
        by = draw(st.none() | st.sampled_from(_TIES))
        known = end + draw(st.sampled_from((0, 0, 7, 30)))
        found.append(Evidence(known, rule, RULES[rule], temporality, 0, by, start, end, start // 3, number))
    return tuple(draw(st.permutations(found)))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Ladders of up to six codes, ordered (some sharing a place) or not (some replacing others)."""
    ordered = draw(st.booleans())
    names = draw(st.permutations([f"K{number}" for number in range(draw(st.integers(1, 6)))]))
    codes: list[dict[str, object]] = []
    for index, name in enumerate(names):
        code: dict[str, object] = {"code": name, "title": "A code"}
        own_place = [str(above["code"]) for above in codes if "as_urgent_as" not in above]
        if ordered and own_place and draw(st.booleans()):
            code["as_urgent_as"] = draw(st.sampled_from(own_place))
        if not ordered and names[index + 1 :]:
            code["may_replace"] = draw(st.lists(st.sampled_from(names[index + 1 :]), unique=True, max_size=3))
        codes.append(code)
    source = {"id": "made-up", "grade": "I", "title": "Made up", "supports": "Everything"}
    head = {"format": 1, "id": "made-up", "version": "1.0.0", "title": "Made up"}
    return Ladder(LadderFile.model_validate({**head, "ordered": ordered, "sources": [source], "codes": codes}))


@st.composite
def sign_rulesets(draw: st.DrawFn, ladder: Ladder, *, minus: bool = True, most_rules: int = 2) -> Ruleset:
    """Rulesets for a ladder that decide by signs, a tally or both; ``minus``: the tally may have minus lines."""
    signs = draw(st.lists(asks(most_rules=most_rules), max_size=3))
    lines = draw(st.lists(asks(most_rules=most_rules), max_size=4))
    points = st.integers(-3 if minus else 1, 4).filter(bool)
    tally = None
    if lines:
        flag = draw(st.integers(2, 8))
        written = [{"id": f"t{number}", "points": draw(points), **line} for number, line in enumerate(lines)]
        tally = TallyRule.model_validate({"look_again": draw(st.integers(1, flag)), "flag": flag, "lines": written})
    ids = [*(f"s{number}" for number in range(len(signs))), *(("tally",) if tally else ())]
    then = []
    for number in range(draw(st.integers(0, 3)) if ids else 0):
        line: dict[str, object] = draw(asks()) if draw(st.booleans()) else {"reason": "Because."}
        line["if"] = draw(st.lists(st.sampled_from((*ids, "any_sign")), min_size=1, max_size=2, unique=True))
        line["advice"] = draw(st.lists(st.sampled_from(ADVICE), unique=True, max_size=2))
        suggest = draw(st.none() | st.sampled_from(ladder.suggestable))
        then.append(Then.model_validate({"id": f"p{number}", **line, "suggest": suggest}))
    return Ruleset(
        format=1,
        id="made-up",
        version="1.0.0",
        title="Made up",
        language="en",
        status="draft",
        code_system=ladder.id,
        rules=tuple(Rule(id=rule, theme=theme, phrases=("x",)) for rule, theme in RULES.items()),
        signs=tuple(Sign.model_validate({"id": f"s{number}", **sign}) for number, sign in enumerate(signs)),
        tally=tally,
        then=tuple(then),
    )


# Matching: texts and patterns of a few words that sound alike, with everything between them that may be.

SOUNDS = (
    "he",
    "hes",
    "s",
    "t",
    "hit",
    "me",
    "the",
    "rapist",
    "therapist",
    "can",
    "husband",
    "cafe\u0301",
    "İ",
    "ﬁn",
    "\U0001d51e",
)
BETWEEN = (
    *(" ",) * 8,
    *("", "  ", "\n", ", ", "-", "'", "\u2019", "'s ", "'t ", " um ", ", er, ", " um... ", "... ", "\u2026", " . . . "),
    *(". ", "? ", "!", ".", "?", "\x1e", "|", "\u0301", "\u00ad", "\u200d", "\x00", "\ud800", ". . ", "(", '"'),
)
match_texts = st.lists(
    st.builds("{}{}".format, st.sampled_from(SOUNDS) | st.characters(), st.sampled_from(BETWEEN)), max_size=15
).map("".join)
BARRED = frozenset({"he", "hit"})  # in the gaps of one rule's idioms
MATCH_LISTS = {"who": ("he", "the therapist", "[can] {whose} husband", "the (rapist|hes)"), "whose": ("me", "the hit")}
_said = st.lists(st.sampled_from((*SOUNDS, "hit~", "{who}", "{whose}")), min_size=1, max_size=3).map(" ".join)
_part = st.one_of(
    _said,
    st.builds("{} {} {}".format, st.sampled_from(("", "[can]", "[the hes]")), _said, st.sampled_from(("", "[me]"))),
    st.builds("({}|{})".format, _said, _said),
    st.builds("({}|{}) {}".format, _said, _said, _said),
    st.builds("{} [{}] ({}|{})".format, _said, _said, _said, _said),
)


def _of_rule(owner: int, idiom: bool, source: str) -> Said:  # noqa: FBT001  as Said has it
    return Said(owner, idiom, source, BARRED if idiom and owner == 1 else frozenset())


match_phrases = st.lists(
    st.builds(_of_rule, st.integers(0, 2), st.booleans(), st.lists(_part, min_size=1, max_size=3).map(" ... ".join)),
    max_size=6,
)

# Conversations: what callers and call-takers say, in any order, and rulesets that listen for some of it.

_SAID = (
    "he hit me", "he's got a knife", "no he hit me", "he hasn't hit me", "no", "yes", "yeah he has", "I don't know",
    "has he got a knife?", "did he hit you?", "have you got a gun", "nobody hit me", "I can't breathe", "um", "please",
    "he said he'd kill me", "if he hits me", "two years ago", "he used to", "I'm scared", "in a film", "denies LOC",
    "don't", "I never", "because", "and", "but", "he", "me", "", "\U0001f600", "it's the telly", "hit", "knife: no",
)  # fmt: skip
sentences = st.lists(
    st.tuples(st.sampled_from(_SAID), st.sampled_from((" ", ", ", ". ", "? ", "... "))), max_size=8
).map(lambda parts: "".join(word + mark for word, mark in parts))
calls = st.lists(st.builds(Utterance, sentences, st.sampled_from(SPEAKERS)), max_size=6).map(
    lambda utterances: Call("C-1", utterances)
)
_HEARD = {
    "weapon.knife": "knife",
    "weapon.gun": "got ... gun",
    "threat.kill": "kill~ (me|you)",
    "fear.said": "(scared|hit (me|you))",
}


nhs_arp = cache(partial(load_ladder, "nhs-arp"))


@st.composite
def conversation_rulesets(draw: st.DrawFn) -> Ruleset:
    """Rulesets that hear what ``calls`` say, whose signs more evidence can't make fail; some have none."""
    ruleset = draw(sign_rulesets(nhs_arp(), minus=False, most_rules=1))
    rules = [
        rule.model_copy(update={"phrases": (_HEARD[rule.id],), "never_set_aside": draw(st.booleans())})
        for rule in ruleset.rules
    ]
    return ruleset.model_copy(update={"rules": tuple(rules)})
