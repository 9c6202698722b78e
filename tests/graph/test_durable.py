"""Durable steps: old or new whole, nothing left of a failure, and one sentence when the disk refuses."""

import os
from pathlib import Path

import pytest

from graph import durable
from graph.durable import put_folder, remove, replace_bytes, replacing, write_once
from graph.errors import StorageFailed


def fail_at(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def step(found: str, path: Path) -> None:
        if found == name:
            raise OSError(28, os.strerror(28))

    monkeypatch.setattr(durable, "step", step)


@pytest.mark.parametrize("name", ["write", "written", "synced"])
def test_a_file_stays_as_it_was_when_its_replacement_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    place = tmp_path / "new" / "file"
    replace_bytes(place, b"old")
    fail_at(monkeypatch, name)
    with pytest.raises(
        StorageFailed, match=r"^file can't be written \(No space left on device\); free space"
    ):
        replace_bytes(place, b"new")
    assert [path.name for path in place.parent.iterdir()] == ["file"]
    assert place.read_bytes() == b"old"


def test_a_writer_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "file") as temporary:
        temporary.write_bytes(b"half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_private_files_are_private_from_their_first_byte(tmp_path: Path) -> None:
    replace_bytes(tmp_path / "one", b"x", 0o600)
    write_once(tmp_path / "two", b"x")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_of_many_that_write_once_one_wins_and_all_read_the_same(tmp_path: Path) -> None:
    place = tmp_path / "key"
    contents = [bytes([n]) * 4096 for n in range(5)]
    assert [write_once(place, content) for content in contents] == [True, False, False, False, False]
    assert place.read_bytes() == contents[0]
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_folder_appears_whole_and_goes_whole(tmp_path: Path) -> None:
    made = tmp_path / "made.tmp"
    made.mkdir()
    (made / "inner").write_bytes(b"x")
    put_folder(made, tmp_path / "made")
    assert (tmp_path / "made" / "inner").read_bytes() == b"x"
    remove(tmp_path / "made")
    remove(tmp_path / "made")
    assert list(tmp_path.iterdir()) == []
