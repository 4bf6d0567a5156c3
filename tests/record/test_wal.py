"""While a log is in use its newest entries stand in the file beside it; SQLite drops what a damaged page cuts off."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

from tests.record.conftest import CALLS
from triage_triggers.record import DecisionLog, verify_log

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers import Evaluator


def test_a_changed_byte_in_the_newest_entries_is_found_with_an_anchor(
    log: DecisionLog, path: Path, evaluator: Evaluator, tmp_path: Path
) -> None:
    for call in CALLS * 3:
        log.attach(evaluator).evaluate(call)
    anchor = log.anchor()
    copy = tmp_path / "copy.db"
    content = path.with_name(f"{path.name}-wal").read_bytes()
    chance = random.Random(5)  # noqa: S311  no secret
    for offset in [None, *(chance.randrange(32, len(content)) for _ in range(40))]:
        for name in (f"{copy.name}-shm", f"{copy.name}-wal"):
            copy.with_name(name).unlink(missing_ok=True)
        shutil.copy(path, copy)
        changed = bytearray(content)
        if offset is not None:
            changed[offset] ^= 1 << chance.randrange(8)
        copy.with_name(f"{copy.name}-wal").write_bytes(changed)
        assert verify_log(copy, anchor).ok is (offset is None), offset
