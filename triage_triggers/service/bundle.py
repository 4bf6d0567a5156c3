"""Signed rulesets: one file that holds a ruleset and its ladder, and who vouches for them until when.

A bundle is a JSON object of two texts: ``signed``, itself JSON, and ``signature``, the Ed25519 signature of exactly its
bytes. Nothing of it is read before the signature is checked with the key that the deployer named.
"""

from __future__ import annotations

import base64
import json
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.errors import BundleError, MissingExtraError, TriageTriggersError
from triage_triggers.evaluator import Evaluator
from triage_triggers.record.contents import ladder_content, ladder_from, ruleset_content, ruleset_from
from triage_triggers.ruleset.loading import check_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["Pull", "latest_bundle", "open_bundle", "seal_bundle"]

ENDING: Final = ".bundle"
_FORMAT: Final = 1
_MOST_BYTES: Final = 50_000_000
_WAIT: Final = 30.0


class Bundle(NamedTuple):
    """A ruleset and its ladder, as somebody signed them: when, and until which day, the last one included."""

    ruleset: Ruleset
    ladder: Ladder
    made: datetime
    expires: date


def seal_bundle(ruleset: Ruleset, ladder: Ladder, key: bytes, *, expires: date, made: datetime | None = None) -> bytes:
    """Return a bundle, signed with an Ed25519 private key in PEM, as ``openssl genpkey -algorithm ed25519`` makes one.

    ``expires`` is the last day on which it may be taken into service. Of several bundles, the one ``made`` last is
    taken, by default now. A key that is none is a ``BundleError``.
    """
    content = {
        "format": _FORMAT,
        "made": (made or datetime.now(UTC)).astimezone(UTC).isoformat(),
        "expires": expires.isoformat(),
        "digest": ruleset.digest,
        "ruleset": json.loads(ruleset_content(ruleset).content),
        "ladder": json.loads(ladder_content(ladder).content),
    }
    signed = json.dumps(content, separators=(",", ":"))
    signature = base64.b64encode(_loaded(key, private=True).sign(signed.encode())).decode()
    return json.dumps({"signed": signed, "signature": signature}).encode()


def open_bundle(content: bytes, key: bytes, *, today: date | None = None) -> Bundle:
    """Return what a bundle holds, once its signature is found to be that of the Ed25519 public key, in PEM.

    Raises:
        BundleError: It is none, was changed, is signed by somebody else, or has expired.
        RulesetStatusError: The ruleset is withdrawn, or its approval has expired.
    """
    public, today = _loaded(key, private=False), today or datetime.now(UTC).date()
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  an extra

    try:
        outside = json.loads(content)
        signed, signature = outside["signed"].encode(), base64.b64decode(outside["signature"], validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BundleError("this is no bundle of a ruleset, or it was cut short") from None
    try:
        public.verify(signature, signed)
    except InvalidSignature:
        raise BundleError("the bundle was changed, or is not signed by the key that was named") from None
    try:
        inside = json.loads(signed)
        made, expires = datetime.fromisoformat(inside["made"]), date.fromisoformat(inside["expires"])
        ruleset = ruleset_from(json.dumps(inside["ruleset"]).encode())
        ladder = ladder_from(json.dumps(inside["ladder"]).encode())
        good = inside["format"] == _FORMAT and inside["digest"] == ruleset.digest and made.tzinfo is not None
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise BundleError("the bundle is signed, but this version of triage-triggers can't read what is in it")
    if expires < today:
        raise BundleError(f"the bundle of {ruleset.id} {ruleset.version} expired on {expires}")
    check_status(ruleset, today)
    return Bundle(ruleset, ladder, made, expires)


def latest_bundle(source: str, key: bytes) -> Bundle:
    """Return the bundle in a file, at an https address, or, of a folder, the one made last that is good."""
    if source.startswith("https://"):
        try:
            with urllib.request.urlopen(source, timeout=_WAIT) as answer:  # noqa: S310  https, as was just seen
                return open_bundle(answer.read(_MOST_BYTES), key)
        except OSError as error:
            raise BundleError(f"{source}: the bundle can't be fetched: {error}") from None
    path = Path(source)
    if path.is_dir():
        found, why = [], [f"there is no file *{ENDING} in this folder"]
        for file in sorted(path.glob(f"*{ENDING}")):
            try:
                found.append(latest_bundle(str(file), key))
            except BundleError as error:
                why.append(str(error))
        if not found:
            raise BundleError(f"{source}: {why[-1]}")
        return max(found, key=lambda bundle: bundle.made)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BundleError(f"{source}: the bundle can't be read: {error.strerror}") from None
    try:
        return open_bundle(content, key)
    except BundleError as error:
        raise BundleError(f"{source}: {error}") from None


def _loaded(key: bytes, *, private: bool) -> Any:  # noqa: ANN401  an extra may be missing
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  an extra
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingExtraError("Signed rulesets", "service") from None
    kind, how = ("private", "genpkey -algorithm ed25519") if private else ("public", "pkey -in private.pem -pubout")
    try:
        found: object = (
            serialization.load_pem_private_key(key, None) if private else serialization.load_pem_public_key(key)
        )
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, ed25519.Ed25519PrivateKey if private else ed25519.Ed25519PublicKey):
        raise BundleError(f"the key must be an Ed25519 {kind} key in PEM: openssl {how}")
    return found


class Pull:
    """Where signed rulesets come from, and the one taken last: none that was made before it is taken again."""

    def __init__(self, source: str, key: bytes) -> None:
        self._source, self._key = source, key
        self._taken: Bundle | None = None

    def evaluator(self) -> Evaluator:
        """Return the latest bundle's ruleset, compiled."""
        bundle = latest_bundle(self._source, self._key)
        if self._taken is not None and bundle.made < self._taken.made:
            raise BundleError("the bundle was made before the one in service, and is not taken")
        evaluator = Evaluator(bundle.ruleset, ladder=bundle.ladder)
        self._taken = bundle
        return evaluator

    def is_newer(self) -> bool:
        """Return whether there is a good bundle that was made after the one taken last."""
        try:
            made = latest_bundle(self._source, self._key).made
        except (TriageTriggersError, OSError):
            return False
        return self._taken is None or made > self._taken.made

    def watch(self, every: float, load: Callable[[], object]) -> None:
        """Load the latest bundle again whenever there is a newer one; for ever."""
        while True:
            sleep(every)
            if self.is_newer():
                load()
