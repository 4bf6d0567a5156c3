"""Try to lose or falsify what a decision log holds: kill its writers, change its bytes, rearrange its rows.

    python tools/log_trials.py kills --count 200
    python tools/log_trials.py changes --count 1000
    python tools/log_trials.py full-disk

Each prints its figures and ends with status 1 if anything acknowledged was lost or anything false was not found.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from triage_triggers import Call, Evaluator, LogBusyError, LogError, Ruleset, Utterance
from triage_triggers.record import DecisionLog, verify_log
from triage_triggers.record.entries import digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.record import Anchor

__all__ = ["TAMPERINGS", "Killed", "Tampered", "change_bytes", "full_disk", "kill_writers", "tamper", "write_sample"]

WRITERS: Final = 4
RULES: Final = {
    "format": 1,
    "id": "trial",
    "version": "1.0.0",
    "title": "For trials",
    "language": "en",
    "status": "draft",
    "code_system": "nhs-arp",
    "rules": [{"id": "trial.hit", "theme": "violence", "phrases": ["hit me"]}],
    "signs": [{"id": "p", "find": "violence", "reason": "Violence."}],
    "then": [{"id": "p", "if": "p", "suggest": "C3", "reason": "Violence."}],
}


class Killed(NamedTuple):
    """What came of killing writers: kills, records acknowledged, of these lost, all records, faults, failed writers."""

    kills: int
    acknowledged: int
    lost: int
    recorded: int
    faults: tuple[str, ...]
    failures: tuple[str, ...]


class Tampered(NamedTuple):
    """What came of changing bytes: found by ``verify``, without effect on any stored value, or missed."""

    found: int
    harmless: int
    missed: tuple[str, ...]


def kill_writers(folder: Path, count: int, seed: int, *, writers: int = WRITERS) -> Killed:
    """Let several processes write one log, kill one at random time after time, and look for what was acknowledged."""
    chance = random.Random(seed)  # noqa: S311  no secret
    log, evaluator = folder / "log.db", Evaluator(Ruleset.model_validate(RULES))
    acknowledged = [folder / f"acknowledged-{number}" for number in range(writers)]
    running = [_start_writer(log, evaluator, path, chance.random()) for path in acknowledged]
    faults: set[str] = set()
    for kill in range(count):
        number = chance.randrange(writers)
        before = _size(acknowledged[number])
        until = time.monotonic() + 30
        while _size(acknowledged[number]) == before and time.monotonic() < until:
            time.sleep(0.001)  # it has begun to write
        time.sleep(chance.uniform(0, 0.03))
        _kill(running[number])
        if kill % 10 == 0:  # while the others write
            faults.update(str(fault) for fault in verify_log(log).faults)
        running[number] = _start_writer(log, evaluator, acknowledged[number], chance.random())
    for process in running:
        _kill(process)
    promised = {line for path in acknowledged if path.exists() for line in path.read_text().split("\n")[:-1]}
    with DecisionLog.open(log, create=False) as opened:
        recorded = {str(record.decision_id) for record in opened.records()}
    faults.update(str(fault) for fault in verify_log(log).faults)
    failures = tuple(path.read_text() for path in folder.glob("failed-*"))
    return Killed(count, len(promised), len(promised - recorded), len(recorded), tuple(sorted(faults)), failures)


def _start_writer(log: Path, evaluator: Evaluator, acknowledged: Path, seed: float) -> int:
    process = os.fork()
    if process == 0:
        try:
            _write_for_ever(log, evaluator, acknowledged, seed)
        except BaseException as error:  # noqa: BLE001  whatever it is, the trial must see it
            log.with_name(f"failed-{os.getpid()}").write_text(f"{type(error).__name__}: {error}")
        finally:
            os._exit(1)
    return process


def _write_for_ever(log: Path, evaluator: Evaluator, acknowledged: Path, seed: float) -> NoReturn:
    chance = random.Random(seed)  # noqa: S311  no secret
    out = os.open(acknowledged, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with DecisionLog.open(log, text="full", timeout=30) as opened:
        while True:
            calls = [
                Call(f"K-{chance.random()}", [Utterance("He hit me. " * chance.randrange(1, 200), "caller")])
                for _ in range(chance.choice((1, 1, 1, 5, 40)))
            ]
            items = [(call, evaluator.evaluate(call)) for call in calls]
            records = opened.append_many(items, ruleset=evaluator.ruleset, ladder=evaluator.ladder)
            os.write(out, "".join(f"{record.decision_id}\n" for record in records).encode())


def _kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def write_sample(log: Path, decisions: int) -> Anchor:
    """Write a log that has everything a log can have, and return its anchor."""
    evaluator = Evaluator(Ruleset.model_validate(RULES))
    with DecisionLog.open(log, text="full") as opened:
        recorded = opened.attach(evaluator)
        for number in range(decisions):
            recorded.evaluate(
                Call(f"S-{number % 17}", [Utterance(f"He hit me. {number} " * (1 + number % 30), "caller")])
            )
        opened.erase("S-3", note="request 1")
        recorded.evaluate(Call("S-last", [Utterance("I fell.")]))
        return opened.anchor()


def change_bytes(log: Path, anchor: Anchor, count: int, seed: int) -> Tampered:
    """Change one random byte of a copy, again and again; who is not found must have changed no stored value."""
    chance = random.Random(seed)  # noqa: S311  no secret
    content, values = log.read_bytes(), _values(log)
    found = harmless = 0
    missed: list[str] = []
    copy = log.with_name("changed.db")
    for _ in range(count):
        offset = chance.randrange(len(content))
        changed = content[offset] ^ chance.randrange(1, 256)
        copy.write_bytes(content[:offset] + bytes((changed,)) + content[offset + 1 :])
        if not _passes(copy, anchor):
            found += 1
        elif _values(copy) == values:
            harmless += 1
        else:
            missed.append(f"byte {offset}: {content[offset]} became {changed}")
    return Tampered(found, harmless, tuple(missed))


def tamper(log: Path, count: int, seed: int) -> Tampered:
    """Remove, exchange or falsify rows of a copy by SQL, again and again, without an anchor to compare with."""
    chance = random.Random(seed)  # noqa: S311  no secret
    found, missed = 0, []
    copy = log.with_name("tampered.db")
    for _ in range(count):
        name = chance.choice(sorted(TAMPERINGS))
        shutil.copyfile(log, copy)
        with closing(sqlite3.connect(copy)) as connection:
            (last,) = connection.execute("SELECT max(sequence) FROM entries").fetchone()
            one, other = chance.sample(range(1, last + 1), 2)
            TAMPERINGS[name](connection, one, other)
            connection.commit()
        if _passes(copy, None):
            missed.append(f"{name} {one} {other}")
        else:
            found += 1
    return Tampered(found, 0, tuple(missed))


def _remove(connection: sqlite3.Connection, one: int, _: int) -> None:
    connection.execute("DELETE FROM entries WHERE sequence = ?", (one,))
    connection.execute("DELETE FROM payloads WHERE sequence = ?", (one,))


def _remove_and_close_the_gap(connection: sqlite3.Connection, one: int, other: int) -> None:
    _remove(connection, one, other)
    for table in ("entries", "payloads"):
        connection.execute(f"UPDATE {table} SET sequence = -sequence WHERE sequence > ?", (one,))  # noqa: S608
        connection.execute(f"UPDATE {table} SET sequence = -sequence - 1 WHERE sequence < 0")  # noqa: S608
    connection.execute("UPDATE head SET sequence = sequence - 1")


def _cut_the_tail(connection: sqlite3.Connection, one: int, _: int) -> None:
    for table in ("entries", "payloads"):
        connection.execute(f"DELETE FROM {table} WHERE sequence >= ?", (one,))  # noqa: S608


def _exchange(connection: sqlite3.Connection, one: int, other: int) -> None:
    for table in ("entries", "payloads"):
        for old, new in ((one, -1), (other, one), (-1, other)):
            connection.execute(f"UPDATE {table} SET sequence = ? WHERE sequence = ?", (new, old))  # noqa: S608


def _exchange_payloads(connection: sqlite3.Connection, one: int, other: int) -> None:
    kept = [sequence for (sequence,) in connection.execute("SELECT sequence FROM payloads WHERE salt IS NOT NULL")]
    place = one % len(kept)
    one, other = kept[place], kept[(place + 1 + other % (len(kept) - 1)) % len(kept)]
    for old, new in ((one, -1), (other, one), (-1, other)):
        connection.execute("UPDATE payloads SET sequence = ? WHERE sequence = ?", (new, old))


def _falsify(connection: sqlite3.Connection, one: int, _: int) -> None:
    """Change an entry and give it the hash that belongs to it, as somebody would who knows the format a little."""
    (entry,) = connection.execute("SELECT entry FROM entries WHERE sequence = ?", (one,)).fetchone()
    entry = entry.replace(b'"at":"20', b'"at":"19')
    row = (entry, digest(entry).encode(), one)
    connection.execute("UPDATE entries SET entry = ?, hash = ?, at = '19' || substr(at, 3) WHERE sequence = ?", row)


def _erase_in_silence(connection: sqlite3.Connection, one: int, _: int) -> None:
    connection.execute("UPDATE payloads SET erased_by = NULL WHERE erased_by IS NOT NULL AND sequence <> ?", (one,))
    columns = "salt = NULL, call_id = NULL, input_digest = NULL, call = NULL, assessment = NULL"
    connection.execute(f"UPDATE payloads SET {columns} WHERE sequence = ?", (one,))  # noqa: S608


def _insert(connection: sqlite3.Connection, one: int, _: int) -> None:
    (last,) = connection.execute("SELECT max(sequence) FROM entries").fetchone()
    query = "INSERT INTO entries SELECT ?, at, NULL, entry, hash FROM entries WHERE sequence = ?"
    connection.execute(query, (last + 1, one))


TAMPERINGS: Final[dict[str, Callable[[sqlite3.Connection, int, int], None]]] = {
    "remove": _remove,
    "remove and close the gap": _remove_and_close_the_gap,
    "cut the tail": _cut_the_tail,
    "exchange two": _exchange,
    "exchange two payloads": _exchange_payloads,
    "falsify": _falsify,
    "erase in silence": _erase_in_silence,
    "insert": _insert,
}


def _passes(log: Path, anchor: Anchor | None) -> bool:
    try:
        return verify_log(log, anchor).ok
    except LogError:
        return False


def _values(log: Path) -> object:
    """Return every value that the log stores, or what reading it says instead."""
    try:
        with closing(sqlite3.connect(f"{log.absolute().as_uri()}?immutable=1", uri=True)) as connection:
            tables = ("contents", "entries", "payloads", "head")
            return [connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]  # noqa: S608
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)


def full_disk(folder: Path) -> str:
    """Write until the file may grow no more (a limit of the operating system's), and look at what the caller gets."""
    evaluator = Evaluator(Ruleset.model_validate(RULES))
    log, limits = folder / "log.db", resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    acknowledged, message = 0, "the limit was never reached"
    with DecisionLog.open(log, text="full") as opened:
        recorded = opened.attach(evaluator)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, limits[1]))
        try:
            for number in range(10_000):
                recorded.evaluate(Call(f"D-{number}", [Utterance("He hit me. " * 100)]))
                acknowledged += 1
        except LogBusyError:
            raise
        except LogError as error:
            message = str(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        recorded.evaluate(Call("D-after", [Utterance("There is room again.")]))
        found = opened.verify()
        kept = sum(1 for _ in opened.records())
    if kept != acknowledged + 1 or not found.ok:
        raise AssertionError(f"{acknowledged + 1} acknowledged, {kept} recorded, faults: {found.faults}")
    return f"{acknowledged} acknowledged and kept; then: {message.removeprefix(f'{folder}/')}; then written again"


def main() -> int:
    """Run a trial and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trial", choices=("kills", "changes", "full-disk"))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.trial == "full-disk":
            print(full_disk(folder))
            return 0
        if options.trial == "kills":
            killed = kill_writers(folder, options.count, options.seed)
            print(killed)
            return int(bool(killed.lost or killed.faults or killed.failures))
        anchor = write_sample(folder / "log.db", 60)
        changed = change_bytes(folder / "log.db", anchor, options.count, options.seed)
        print("one byte changed:", changed)
        tampered = tamper(folder / "log.db", options.count, options.seed)
        print("rows removed, exchanged or falsified:", tampered)
        return int(bool(changed.missed or tampered.missed))


if __name__ == "__main__":
    sys.exit(main())
