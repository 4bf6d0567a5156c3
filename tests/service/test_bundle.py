"""Signed rulesets: taken from who may sign, refused from everybody else."""

from __future__ import annotations

import contextlib
import json
import threading
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("cryptography", reason="needs the extra 'service'")

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from triage_triggers import BundleError, Evaluator, RulesetStatusError
from triage_triggers.service.bundle import Pull, latest_bundle, open_bundle, seal_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=9)


def keys() -> tuple[bytes, bytes]:
    private = ed25519.Ed25519PrivateKey.generate()
    pem, pkcs8, info = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.PublicFormat.SubjectPublicKeyInfo,
    )
    secret = private.private_bytes(pem, pkcs8, serialization.NoEncryption())
    return secret, private.public_key().public_bytes(pem, info)


PRIVATE, PUBLIC = keys()


@pytest.fixture
def sealed(evaluator: Evaluator) -> bytes:
    return seal_bundle(evaluator.ruleset, evaluator.ladder, PRIVATE, expires=LATER)


def test_a_bundle_is_what_was_sealed(evaluator: Evaluator, sealed: bytes) -> None:
    bundle = open_bundle(sealed, PUBLIC)
    assert bundle.ruleset == evaluator.ruleset
    assert bundle.ladder.digest == evaluator.ladder.digest
    assert bundle.expires == LATER
    again = Evaluator(bundle.ruleset, ladder=bundle.ladder)
    assert again.evaluate("He hit me.", current_code="C4") == evaluator.evaluate("He hit me.", current_code="C4")


def test_what_somebody_else_signed_or_nobody_is_refused(evaluator: Evaluator, sealed: bytes) -> None:
    other, other_public = keys()
    with pytest.raises(BundleError, match="not signed by the key"):
        open_bundle(seal_bundle(evaluator.ruleset, evaluator.ladder, other, expires=LATER), PUBLIC)
    with pytest.raises(BundleError, match="not signed by the key"):
        open_bundle(sealed, other_public)
    for key in (b"", b"no key", PRIVATE):
        with pytest.raises(BundleError, match="must be an Ed25519 public key"):
            open_bundle(sealed, key)
    with pytest.raises(BundleError, match="must be an Ed25519 private key"):
        seal_bundle(evaluator.ruleset, evaluator.ladder, PUBLIC, expires=LATER)
    for content in (b"", b"{}", b"[]", sealed[:-40], b'{"signed": 7, "signature": ""}'):
        with pytest.raises(BundleError):
            open_bundle(content, PUBLIC)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_bundle_changed_anywhere_is_refused_or_says_the_same(sealed: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BundleError):
        assert open_bundle(bytes(changed), PUBLIC).ruleset == open_bundle(sealed, PUBLIC).ruleset


def test_an_expired_one_or_one_that_is_withdrawn_is_refused(evaluator: Evaluator, sealed: bytes) -> None:
    assert open_bundle(sealed, PUBLIC, today=LATER).expires == LATER
    with pytest.raises(BundleError, match="expired on"):
        open_bundle(sealed, PUBLIC, today=LATER + timedelta(days=1))
    withdrawn = evaluator.ruleset.model_copy(update={"status": "withdrawn", "digest": ""})
    with pytest.raises(RulesetStatusError):
        open_bundle(seal_bundle(withdrawn, evaluator.ladder, PRIVATE, expires=LATER), PUBLIC)


def test_of_a_folder_the_latest_good_one_is_taken_and_never_an_older_one(evaluator: Evaluator, tmp_path: Path) -> None:
    def put(name: str, version: str, made: datetime, key: bytes = PRIVATE, expires: date = LATER) -> Path:
        ruleset = evaluator.ruleset.model_copy(update={"version": version})
        path = tmp_path / f"{name}.bundle"
        path.write_bytes(seal_bundle(ruleset, evaluator.ladder, key, expires=expires, made=made))
        return path

    now = datetime.now(UTC)
    with pytest.raises(BundleError, match="no file"):
        latest_bundle(str(tmp_path), PUBLIC)
    put("b", "1.0.0", now)
    pull = Pull(str(tmp_path), PUBLIC)
    assert pull.is_newer()
    assert pull.evaluator().ruleset.version == "1.0.0"
    assert not pull.is_newer()
    put("evil", "6.6.6", now + timedelta(days=1), keys()[0])
    put("old", "0.9.0", now + timedelta(days=1), expires=TODAY - timedelta(days=1))
    assert not pull.is_newer()
    newer = put("a", "1.1.0", now + timedelta(seconds=1))
    assert pull.evaluator().ruleset.version == "1.1.0"
    newer.unlink()
    with pytest.raises(BundleError, match="made before the one in service"):
        pull.evaluator()
    put("c", "1.2.0", now + timedelta(seconds=2))
    loaded = threading.Event()

    def load() -> None:
        pull.evaluator()
        loaded.set()

    threading.Thread(target=pull.watch, args=(0.01, load), daemon=True).start()
    assert loaded.wait(10)


def test_commands_make_and_check(run: Run, tmp_path: Path) -> None:
    rules, private, public, bundle = (tmp_path / name for name in ("rules.yaml", "a.pem", "b.pem", "my.bundle"))
    rules.write_text(
        "format: 1\nid: demo\nversion: 1.0.0\ntitle: Demo\nlanguage: en\nstatus: draft\ncode_system: nhs-arp\n"
        "rules: [{id: demo.hit, theme: violence, phrases: [hit me]}]\n"
    )
    private.write_bytes(PRIVATE)
    public.write_bytes(PUBLIC)
    made = run("bundle", "make", rules, "-o", bundle, "--key", private, "--expires", LATER)
    assert (made.exit_code, "demo 1.0.0" in made.output) == (0, True)
    checked = run("bundle", "check", bundle, "--key", public)
    assert (checked.exit_code, f"until {LATER}" in checked.output) == (0, True)
    outside = json.loads(bundle.read_bytes())
    outside["signed"] = outside["signed"].replace("hit me", "hit him")
    bundle.write_text(json.dumps(outside))
    assert run("bundle", "check", bundle, "--key", public).exit_code == 2
    assert run("bundle", "make", rules, "-o", bundle, "--key", private, "--expires", "soon").exit_code == 2
    assert run("bundle", "make", rules, "-o", bundle, "--key", private, "--expires", "2020-01-01").exit_code == 2
