from __future__ import annotations

import pytest

from triage_triggers.errors import PhraseError
from triage_triggers.phrases.tokens import is_plainly_said, tokens


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("hit me", "run end"),
        ("(hit|punched) me", "flat run end"),
        ("[just]", "flat end"),
        ("(um|hit)", "open run bar run close end"),  # for the parser to say that "um" is no word
        ("(hit|)", "open run bar close end"),
        ("(a (b|c))", "open run flat close end"),
        ("(hit]", "open run close end"),
        ("hit~ {victim} … me", "run tilde run list run gap run end"),
        ("p.t. says", "run end"),
        ("{", "brace end"),
        ("", "end"),
    ],
)
def test_kinds(source: str, kinds: str) -> None:
    found = list(tokens(source))
    assert [token.kind for token in found] == kinds.split()
    assert "".join(token.text for token in found) == source
    assert all(source.startswith(token.text, token.offset) for token in found)


@pytest.mark.parametrize("source", ["child(ren)", "(hit|kick)ed", "hit~me", "{victim}s", "a[b]"])
def test_what_must_not_touch(source: str) -> None:
    with pytest.raises(PhraseError, match="put a space before"):
        list(tokens(source))


@pytest.mark.parametrize(
    ("text", "plain"), [("hit", True), (" hit me ", True), ("um", False), ("UM no", False), ("é", False), ("", False)]
)
def test_what_is_plainly_said(text: str, plain: bool) -> None:  # noqa: FBT001  a test's parameter
    assert is_plainly_said(text) is plain
