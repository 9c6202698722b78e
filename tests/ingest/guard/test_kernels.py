"""The kernels' machine code: made once, given to children as a copy, and its lack costs time only."""

import logging
from pathlib import Path

import pytest

from ingest.guard import kernels
from ingest.guard.kernels import LARGE_BYTES, give_kernels


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the machine code would lie; nothing is there."""
    folder = tmp_path / "cache" / "parser" / "stamp"
    monkeypatch.setattr(kernels, "_place", lambda: folder)
    return folder


def test_a_small_file_takes_the_kernels_only_if_they_are_there(tmp_path: Path, place: Path) -> None:
    give_kernels(tmp_path / "child", LARGE_BYTES - 1)
    assert not (tmp_path / "child").exists()
    place.mkdir(parents=True)
    (place / "code").write_bytes(b"1")
    give_kernels(tmp_path / "child", 1)
    (tmp_path / "child" / "code").write_bytes(b"2")
    assert (place / "code").read_bytes() == b"1"


def test_kernels_that_can_not_be_compiled_are_done_without(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kernels.sys, "executable", str(tmp_path / "nowhere"))
    with caplog.at_level(logging.WARNING):
        give_kernels(tmp_path / "child", LARGE_BYTES)
    assert not (tmp_path / "child").exists()
    assert not list(place.parent.iterdir())
    assert "can't be compiled" in caplog.text


def test_the_machine_code_is_that_of_these_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    monkeypatch.setattr(kernels, "_SOURCES", tmp_path)
    before = kernels._place.__wrapped__()
    (tmp_path / "a.py").write_text("22")
    assert kernels._place.__wrapped__() != before
