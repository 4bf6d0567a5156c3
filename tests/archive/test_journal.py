from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triage_triggers import ResumeError
from triage_triggers.archive.journal import Journal, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_what_follows_the_size_that_stands_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    first = Journal(path, 0)
    first.append(b"one")
    assert first.sync() == 3
    first.append(b"never synced")
    first.close()
    second = Journal(path, 3)
    second.append(b"two")
    assert second.sync() == 6
    second.close()
    assert path.read_bytes() == b"onetwo"


def test_less_than_should_be_there_is_an_error_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"on")
    with pytest.raises(ResumeError, match="only 2 of 3 bytes"):
        Journal(path, 3)
    assert path.read_bytes() == b"on"


def test_two_can_not_write_at_once(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="no locks of this kind on Windows")
    first = Journal(tmp_path / "journal", 0)
    with pytest.raises(ResumeError, match="another process"):
        Journal(tmp_path / "journal", 0)
    first.close()
    Journal(tmp_path / "journal", 0).close()


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    for content in (b"first", b"second"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]
