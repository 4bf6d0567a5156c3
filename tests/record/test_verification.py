from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.record.conftest import CALLS
from tools.log_trials import TAMPERINGS, change_bytes, full_disk, kill_writers, tamper, write_sample
from triage_triggers import Evaluator, LogBusyError, LogError, RecordError
from triage_triggers.record import Anchor, DecisionLog, verify_log
from triage_triggers.record.entries import digest, parse_entry

if TYPE_CHECKING:
    from triage_triggers.record import Verification


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Anchor]:
    """A log of twenty decisions, one of them erased, and its anchor; tests change copies of it."""
    log = tmp_path_factory.mktemp("log") / "log.db"
    return log, write_sample(log, 20)


@pytest.fixture
def copy(written: tuple[Path, Anchor], tmp_path: Path) -> Path:
    return Path(shutil.copy(written[0], tmp_path / "copy.db"))


def change(log: Path, *statements: str) -> Verification:
    with closing(sqlite3.connect(log)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return verify_log(log)


def said(found: Verification) -> str:
    return "\n".join(map(str, found.faults))


def test_a_log_as_it_was_recorded(written: tuple[Path, Anchor]) -> None:
    log, anchor = written
    for anchors in (None, anchor, [anchor, anchor]):
        found = verify_log(log, anchors)
        assert found.ok, said(found)
        assert (found.entries, found.decisions, found.erased) == (23, 21, 1)
        assert (found.anchor, found.anchored) == (anchor, anchors is not None)


def test_a_log_that_went_on_still_fits_an_earlier_anchor(path: Path, evaluator: Evaluator) -> None:
    with DecisionLog.open(path) as log:
        anchors = []
        for call in CALLS:
            log.attach(evaluator).evaluate(call)
            anchors.append(log.anchor())
        assert log.verify(anchors).ok
        with DecisionLog.open(path.with_name("other.db")) as other:
            assert "the anchor is of another log" in said(log.verify(other.anchor()))


@pytest.mark.parametrize("name", TAMPERINGS)
def test_rows_removed_exchanged_or_falsified_are_found_without_an_anchor(
    copy: Path, name: str, written: tuple[Path, Anchor]
) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        TAMPERINGS[name](connection, 6, 11)
        connection.commit()
    assert not verify_log(copy).ok
    assert verify_log(written[0]).ok


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DELETE FROM entries WHERE sequence = 7", "entry 7: the entry is not there"),
        ("DELETE FROM entries WHERE sequence BETWEEN 7 AND 9", "entry 7: entries 7 to 9 are not there"),
        ("UPDATE entries SET hash = 'x' WHERE sequence = 7", "entry 7: the entry, or its hash, was changed"),
        ("UPDATE entries SET entry = '{' WHERE sequence = 7", "entry 7: the entry can't be read"),
        ("UPDATE entries SET entry = x'5b5d' WHERE sequence = 7", "entry 7: the entry can't be read"),
        ("UPDATE entries SET sequence = 23 WHERE sequence = 0", "entry 0: the entry is not there"),
        ("UPDATE entries SET at = '1999' WHERE sequence = 7", "entry 7: the time noted beside"),
        ("UPDATE entries SET decision_id = x'00' WHERE sequence = 7", "entry 7: the decision id noted beside"),
        (
            "UPDATE payloads SET call = x'00' WHERE sequence = 7",
            "entry 7: what was recorded about the call was changed",
        ),
        ("DELETE FROM payloads WHERE sequence = 7", "entry 7: the payload is not there"),
        ("UPDATE payloads SET erased_by = 21 WHERE sequence = 7", "entry 7: the payload was removed without a tombst"),
        ("UPDATE payloads SET erased_by = 9 WHERE sequence = 4", "entry 4: the payload is noted as erased by another"),
        (
            "UPDATE payloads SET erased_by = NULL WHERE sequence = 4",
            "entry 4: the payload is there in spite of a tombs",
        ),
        ("UPDATE payloads SET call = 'x' WHERE sequence = 4", "entry 4: the payload is there in spite of a tombstone"),
        ("INSERT INTO payloads (sequence) VALUES (99)", "entry 99: there is a payload without an entry"),
        ("INSERT INTO payloads (sequence) VALUES (21)", "entry 21: a payload belongs to decisions and resp"),
        ("DELETE FROM head", "the note of how far the log goes is not there"),
        ("DELETE FROM entries WHERE sequence = 22", "entry 22: the log went on to entry 22; its tail was cut off"),
        ("UPDATE head SET sequence = 21", "entry 22: the last entry is not the one noted as the last"),
        ("DELETE FROM entries", "there is no decision log in this file; it is empty"),
        ("UPDATE contents SET content = '{}'", "a stored ruleset or ladder can't be read"),
        ("UPDATE contents SET content = x'7b7d'", "was changed"),
        (
            "UPDATE contents SET digest = x'78' WHERE kind = CAST('ladder' AS BLOB)",
            "another digest than is noted beside",
        ),
        ("DELETE FROM contents", "entry 7: the content recorded, sha256:"),
        ("CREATE TABLE more (a)", "the tables are not those of a decision log"),
        ("DROP INDEX payloads_call_id", "the tables are not those of a decision log"),
        ("PRAGMA application_id = 7", "the file does not say that it is a decision log"),
        ("PRAGMA user_version = 7", "the file says that it has schema 7"),
    ],
)
def test_each_fault_is_named(copy: Path, statement: str, message: str) -> None:
    assert message in said(change(copy, statement))


def test_content_that_fits_its_key_but_is_no_ruleset_is_named(copy: Path) -> None:
    content = b"{}"
    key = digest(content)
    rows = f"INSERT INTO contents VALUES (CAST('{key}' AS BLOB), CAST('%s' AS BLOB), x'00', x'7b7d')"  # noqa: S608
    for kind in ("ruleset", "ladder"):
        found = change(copy, "DELETE FROM contents WHERE digest = x'00'", rows % kind)
        assert f"the stored {kind} {key} can't be read by this version" in said(found)


def test_a_tail_cut_off_by_who_knows_the_format_is_found_with_an_anchor_only(
    copy: Path, written: tuple[Path, Anchor]
) -> None:
    found = change(
        copy,
        "DELETE FROM payloads WHERE sequence = 22",
        "DELETE FROM entries WHERE sequence = 22",
        "UPDATE head SET (sequence, hash) = (SELECT sequence, hash FROM entries WHERE sequence = 21)",
    )
    assert found.ok
    found = verify_log(copy, written[1])
    assert said(found) == "entry 22: the anchor's entry is not there: the log's tail was cut off"


def test_a_log_written_anew_is_found_with_an_anchor_only(copy: Path, written: tuple[Path, Anchor]) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        previous = ""
        for sequence, entry in connection.execute("SELECT sequence, entry FROM entries ORDER BY sequence").fetchall():
            data = parse_entry(entry)
            changed = entry.replace(data["previous"].encode(), previous.encode()) if sequence > 1 else entry
            changed = changed.replace(b'"engine":"0', b'"engine":"9') if sequence else changed
            previous = digest(changed)
            row = (changed, previous.encode(), sequence)
            connection.execute("UPDATE entries SET entry = ?, hash = ? WHERE sequence = ?", row)
            if sequence == 0:
                assert changed == entry
        connection.execute("UPDATE head SET hash = ?", (previous.encode(),))
        connection.commit()
    assert verify_log(copy).ok
    assert "the entry is not the anchor's: the log was written anew" in said(verify_log(copy, written[1]))


def test_a_changed_byte_is_found_or_changed_no_value(written: tuple[Path, Anchor], tmp_path: Path) -> None:
    log = Path(shutil.copy(written[0], tmp_path / "log.db"))
    found = change_bytes(log, written[1], 60, seed=sys.hash_info.width)
    assert found.missed == ()
    assert found.found > 20
    assert tamper(log, 20, seed=3).missed == ()


def test_of_many_faults_the_first_are_named(copy: Path) -> None:
    query = "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 1300) "
    found = change(copy, f"INSERT INTO payloads (sequence) {query} SELECT i FROM n")  # noqa: S608
    assert len(found.faults) == 1001
    assert str(found.faults[-1]) == "there are more than 1,000 faults"


@pytest.mark.parametrize("content", [b"", b"no database at all, but text", b"SQLite format 3\0" + bytes(4096)])
def test_a_file_that_is_no_log_is_a_fault_and_an_error_to_who_opens_it(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert not verify_log(path).ok
    with pytest.raises(LogError):
        DecisionLog.open(path, create=False)
    with pytest.raises(LogError):
        DecisionLog.open(path, read_only=True)


def test_a_file_cut_short_is_a_fault(copy: Path) -> None:
    content = copy.read_bytes()
    for size in (50, 5_000, len(content) // 2, len(content) - 4096):
        copy.write_bytes(content[:size])
        assert not verify_log(copy).ok


def test_another_database_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(LogError, match="an SQLite database, but no decision log"):
        DecisionLog.open(path)
    assert path.read_bytes() == before


def test_a_log_of_a_newer_version_is_refused_by_name(copy: Path) -> None:
    change(copy, "PRAGMA user_version = 2")
    for read_only in (False, True):
        with pytest.raises(LogError, match=r"has schema 2, and this version .* reads schema 1; use"):
            DecisionLog.open(copy, read_only=read_only)


def test_what_is_not_there_is_an_error(path: Path) -> None:
    with pytest.raises(LogError, match="no such file"):
        verify_log(path)
    with pytest.raises(LogError, match="can't be opened"):
        DecisionLog.open(path, create=False)
    with pytest.raises(LogError, match="can't be opened"):
        DecisionLog.open(path.parent / "nowhere" / "log.db")
    assert not path.exists()


def test_damage_that_reaches_the_caller_is_named(copy: Path, evaluator: Evaluator) -> None:
    change(copy, "DELETE FROM head")
    with DecisionLog.open(copy) as log, pytest.raises(LogError, match="note of its last entry is gone"):
        log.attach(evaluator).evaluate("He hit me.")
    change(copy, "UPDATE entries SET entry = '{}' WHERE sequence = 0")
    with DecisionLog.open(copy) as log, pytest.raises(LogError, match="the log is damaged"):
        log.anchor()


@pytest.mark.parametrize("content", ["x'7b7d'", "'{}'"])
def test_a_ruleset_that_is_not_what_was_stored_is_not_handed_out(copy: Path, content: str) -> None:
    change(copy, f"UPDATE contents SET content = {content}")  # noqa: S608
    with DecisionLog.open(copy, read_only=True) as log:
        for build in (log.ruleset, log.ladder):
            with pytest.raises(LogError, match="is not what was stored"):
                build(next(log.records()))


def test_content_that_this_version_can_not_read_is_named(copy: Path) -> None:
    key = digest(b"{}").encode()
    for kind in ("ruleset", "ladder"):
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("DELETE FROM contents WHERE kind = ?", (kind.encode(),))
            connection.execute("INSERT OR REPLACE INTO contents VALUES (?, ?, ?, x'7b7d')", (key, kind.encode(), key))
            connection.commit()
        message = f"the stored {kind} .* can't be built again by this version"
        with DecisionLog.open(copy, read_only=True) as log, pytest.raises(LogError, match=message):
            (log.ruleset if kind == "ruleset" else log.ladder)(key.decode())


def test_a_locked_file_is_busy_and_no_fault(copy: Path) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LogBusyError):
            verify_log(copy, timeout=0.05)


@pytest.mark.parametrize(
    "line", ["", "{}", "[1]", "null", '{"log": 1, "sequence": 1, "hash": "", "at": ""}', "[" * 9999]
)
def test_what_is_no_anchor_is_refused(line: str) -> None:
    with pytest.raises(RecordError, match="an anchor must be one line of JSON"):
        Anchor.from_json(line)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_writers_killed_lose_nothing_acknowledged(tmp_path: Path) -> None:
    killed = kill_writers(tmp_path, 6, seed=5, writers=3)
    assert (killed.lost, killed.faults, killed.failures) == (0, (), ())
    assert killed.recorded >= killed.acknowledged >= 6


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on files")
def test_a_disk_that_is_full_stops_nothing_half_way(tmp_path: Path) -> None:
    assert "is full" in full_disk(tmp_path)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM])
def test_a_log_that_may_not_be_opened_is_an_error_and_no_fault(
    copy: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr("triage_triggers.record.verification.connect_to_read", refuse)
    with pytest.raises(LogError, match=r"can't be opened|may not be read"):
        verify_log(copy)


def test_whatever_reading_a_damaged_file_does_is_a_fault(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("triage_triggers.record.verification.schema", fail)
    assert said(verify_log(copy)) == "the file is damaged, and can't be read to its end (MemoryError)"


def test_an_index_that_is_damaged_is_named(written: tuple[Path, Anchor], tmp_path: Path) -> None:
    with DecisionLog.open(written[0], read_only=True) as log:
        decision = list(log.records())[7].decision_id.bytes
    content = written[0].read_bytes()
    copy = tmp_path / "copy.db"
    found = []
    for part in range(1, len(parts := content.split(decision))):
        copy.write_bytes(decision.join(parts[:part]) + decision[::-1] + decision.join(parts[part:]))
        found.append(said(verify_log(copy)))
    in_table, in_index = sorted(found, key=lambda faults: "noted beside" not in faults)
    assert "entry 8: the decision id noted beside the entry is not the entry's" in in_table
    assert "the file is damaged: row" in in_index


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET sequence = -7 WHERE sequence = 7",
        "UPDATE payloads SET erased_by = 21 WHERE sequence = 7",
        "UPDATE payloads SET erased_by = 6 WHERE sequence = 7",
        "UPDATE payloads SET salt = x'00' WHERE sequence = 7",
        "UPDATE payloads SET salt = NULL WHERE sequence = 7",
    ],
)
def test_reading_stops_at_what_was_changed(copy: Path, statement: str) -> None:
    change(copy, statement, "UPDATE entries SET sequence = 7 WHERE sequence = -7")
    if "-7" in statement:
        change(copy, "UPDATE entries SET sequence = 77 WHERE sequence = 8")
    with DecisionLog.open(copy, read_only=True) as log, pytest.raises(LogError, match="is not what was recorded"):
        list(log.records())
