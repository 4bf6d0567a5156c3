"""What a ruleset says, as one number."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["canonical_json", "ruleset_digest"]


def ruleset_digest(ruleset: Ruleset) -> str:
    """Return ``sha256:`` and the SHA-256, in hexadecimal, of a ruleset's canonical content.

    The content is everything that was written: what decides about calls, and what people rely on when they sign
    (title, status, approval, rationales, examples, the lint checks that are excused and why). Equal are: the same
    rules, or words of a class, in another order or in other files; the same phrases in another order within a rule,
    its ``unless`` or a list; signs and lines of ``then`` in another order (that of the tally's lines decides
    something); letters composed or decomposed (Unicode NFC); a default written out or left out; comments, quotes and
    layout. An overlay's content is what results, with the id, version and digest of what it extends. ``digest`` itself
    is left out.

    >>> from triage_triggers.ruleset.definition import Ruleset
    >>> head = dict(format=1, id="demo", version="1.0.0", title="Demo", language="en", status="draft")
    >>> knife = dict(id="demo.knife", theme="weapon", phrases=["a knife", "a blade"])
    >>> first = Ruleset(**head, code_system="nhs-arp", rules=[knife])
    >>> second = Ruleset(**head, code_system="nhs-arp", rules=[knife | {"phrases": ["a blade", "a knife"]}])
    >>> ruleset_digest(first) == ruleset_digest(second)
    True
    >>> ruleset_digest(first)[:7]
    'sha256:'
    """
    return f"sha256:{hashlib.sha256(canonical_json(ruleset).encode()).hexdigest()}"


def canonical_json(ruleset: Ruleset) -> str:
    """Return the content that :func:`ruleset_digest` hashes: JSON, keys sorted, no spaces, not escaped to ASCII."""
    # Defaults are left out so that a key which a later version of this package adds changes no digest.
    written = ruleset.model_dump_json(by_alias=True, exclude={"digest"}, exclude_defaults=True)
    content: dict[str, Any] = json.loads(unicodedata.normalize("NFC", written))
    for rule in content.get("rules", ()):
        for key in ("phrases", "unless"):
            if key in rule:
                rule[key].sort()
    lines = content.get("tally", {}).get("lines", ())
    for part in (content, *content.get("rules", ()), *content.get("signs", ()), *lines, *content.get("then", ())):
        if "lint" in part:
            part["lint"]["allow"].sort(key=lambda excused: (excused["check"], excused["reason"]))
    for phrases in content.get("lists", {}).values():
        phrases.sort()
    for key in ("rules", "signs", "then"):
        if key in content:
            content[key].sort(key=itemgetter("id"))
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
