from __future__ import annotations

import unicodedata
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies import as_yaml, places_in, ruleset_documents
from triage_triggers.ruleset.definition import Ruleset
from triage_triggers.ruleset.digest import canonical_json, ruleset_digest
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    import random
    from pathlib import Path

BASE: dict[str, Any] = {
    "format": 1,
    "id": "demo",
    "version": "1.0.0",
    "title": "Demo",
    "language": "en",
    "status": "draft",
    "code_system": "nhs-arp",
    "rules": [
        {"id": "a", "theme": "x", "phrases": ["b", "c"], "unless": ["d"]},
        {"id": "e", "theme": "y", "phrases": ["f"]},
    ],
    "signs": [{"id": "p", "find": "x", "reason": "r"}, {"id": "q", "find": "y", "reason": "r"}],
    "tally": {"look_again": 1, "flag": 2, "lines": [{"id": "t", "find": "x", "points": 2, "reason": "r"}]},
    "then": [{"id": "s", "if": "p", "suggest": "C2", "reason": "r"}],
    "lists": {"g": ["h", "i"]},
}


def digest_of(document: dict[str, Any]) -> str:
    return ruleset_digest(Ruleset.model_validate(document))


def changed(*place: str | int, to: object) -> dict[str, Any]:
    document: Any = deepcopy(BASE)
    part = document
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = to
    return document  # type: ignore[no-any-return]


@given(ruleset_documents(), st.randoms())
def test_order_says_nothing(document: dict[str, Any], chance: random.Random) -> None:
    shuffled = deepcopy(document)
    for key in ("rules", "signs", "then"):
        chance.shuffle(shuffled.get(key, []))
    for rule in shuffled["rules"]:
        chance.shuffle(rule["phrases"])
        chance.shuffle(rule["unless"])
    chance.shuffle(shuffled["lists"]["victim"])
    keys = list(shuffled)
    chance.shuffle(keys)
    assert digest_of({key: shuffled[key] for key in keys}) == digest_of(document)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=ruleset_documents(), sort_keys=st.booleans())
def test_layout_says_nothing(tmp_path: Path, *, document: dict[str, Any], sort_keys: bool) -> None:
    folder = tmp_path / "folder"
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    for path in (folder / "rules").iterdir():
        path.unlink()
    head = {key: part for key, part in document.items() if key not in {"rules", "lists"}}
    (folder / "ruleset.yaml").write_text(f"# A comment\n{as_yaml(head)}", encoding="utf-8")
    for number, rule in enumerate(document["rules"]):
        text = as_yaml({"rules": [rule]}, sort_keys=sort_keys)
        (folder / "rules" / f"{9 - number}.yaml").write_text(text, encoding="utf-8")
    (folder / "rules" / "lists.yaml").write_text(as_yaml({"lists": document["lists"]}), encoding="utf-8")
    assert load_ruleset(folder).digest == digest_of(document)


@given(st.data())
def test_every_change_of_a_text_is_a_change(data: st.DataObject) -> None:
    document = data.draw(ruleset_documents())
    changed = deepcopy(document)
    rule = data.draw(st.sampled_from(changed["rules"]))
    key = data.draw(st.sampled_from(("phrases", "rationale", "theme", "never_set_aside")))
    match rule[key]:
        case list(texts):
            texts[data.draw(st.integers(0, len(texts) - 1))] += " changed"
        case bool(truth):
            rule[key] = not truth
        case text:
            rule[key] = f"{text}x"
    assert digest_of(changed) != digest_of(document)


@pytest.mark.parametrize(
    "document",
    [
        changed("id", to="demo2"),
        changed("version", to="1.0.1"),
        changed("title", to="Other"),
        changed("language", to="en-GB"),
        changed("status", to="review"),
        changed("code_system", to="scotland"),
        changed("description", to="x"),
        changed("review_by", to="2027-01-01"),
        changed("signs", to=[]),
        changed("signs", 0, "reason", to="s"),
        changed("signs", 0, "with", to=["y"]),
        changed("signs", 0, "by", to="close"),
        changed("tally", "flag", to=1),
        changed("tally", "lines", 0, "points", to=3),
        changed("then", 0, "suggest", to="C1"),
        changed("then", 0, "if", to=["p", "tally"]),
        changed("rules", 0, "owner", to="x"),
        changed("rules", 0, "sources", to=["x"]),
        changed("rules", 0, "examples", to={"quiet": ["x"]}),
        changed("rules", 0, "known_miss", to=["x"]),
        changed("rules", 0, "unless", to=[]),
        changed("rules", 0, "speakers", to=["caller"]),
        changed("lists", "g", to=["h"]),
        changed("lists", to={"g2": ["h", "i"]}),
        changed("extends", to={"id": "base", "version": "1.0.0", "digest": "x"}),
    ],
)
def test_every_part_counts(document: dict[str, Any]) -> None:
    assert digest_of(document) != digest_of(BASE)


def test_moving_a_phrase_from_one_rule_to_another_is_a_change() -> None:
    moved = deepcopy(BASE)
    moved["rules"][1]["phrases"].append(moved["rules"][0]["phrases"].pop())
    assert digest_of(moved) != digest_of(BASE)


def test_a_default_written_out_and_the_digest_itself_are_none() -> None:
    assert digest_of(changed("rules", 0, "never_set_aside", to=False)) == digest_of(BASE)
    assert digest_of(changed("rules", 0, "speakers", to=[])) == digest_of(BASE)
    assert digest_of(changed("digest", to="x")) == digest_of(BASE)


@given(ruleset_documents())
def test_composed_and_decomposed_letters_are_the_same(document: dict[str, Any]) -> None:
    document["rules"][0]["phrases"].append("fiancée, ﬁnal Å")
    document["rules"][0]["phrases"].append("fiancee\u0301s")
    parts = {form: deepcopy(document) for form in ("NFC", "NFD")}
    for form, part in parts.items():
        for place in list(places_in(part)):
            parent: Any = part
            for step in place[:-1]:
                parent = parent[step]
            if place and isinstance(parent[place[-1]], str):
                parent[place[-1]] = unicodedata.normalize(form, parent[place[-1]])  # type: ignore[arg-type]
    assert digest_of(parts["NFC"]) == digest_of(parts["NFD"])


def test_the_canonical_content_never_changes_unnoticed() -> None:
    """Digests stand in decision logs for years: whoever changes this test breaks them."""
    plain = {key: part for key, part in BASE.items() if key not in {"signs", "tally", "then"}}
    assert canonical_json(Ruleset.model_validate(plain)) == (
        '{"code_system":"nhs-arp","format":1,"id":"demo","language":"en","lists":{"g":["h","i"]},"rules":[{"id":"a",'
        '"phrases":["b","c"],"theme":"x","unless":["d"]},{"id":"e","phrases":["f"],"theme":"y"}],"status":"draft",'
        '"title":"Demo","version":"1.0.0"}'
    )
    assert digest_of(plain) == "sha256:4fa2cffbbb9ce3b5fdcca4533c0558a72c2cc2424bf61cdd303360476bcd8bfd"
    assert canonical_json(Ruleset.model_validate(BASE)).partition('"signs":')[2] == (
        '[{"find":["x"],"id":"p","reason":"r"},{"find":["y"],"id":"q","reason":"r"}],"status":"draft","tally":{"flag":2,'
        '"lines":[{"find":["x"],"id":"t","points":2,"reason":"r"}],"look_again":1},"then":[{"id":"s","if":["p"],'
        '"reason":"r","suggest":"C2"}],"title":"Demo","version":"1.0.0"}'
    )
