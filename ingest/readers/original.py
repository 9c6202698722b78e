"""Takes a source file in: copied first, hashed from the copy, then kept read-only under its sha256."""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from graph import durable
from graph.durable import disk, make_folder, put
from graph.errors import DuanlianError
from graph.lake.home import LakeHome
from graph.lake.seal import unbroken
from ingest.limits import Limits
from ingest.readers.grid import refuse
from ingest.reasons import Reason

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Original:
    """A source file's private copy; `name` is its file name as received."""

    name: str
    sha256: str
    size: int
    copy: Path


def take_original(path: Path, home: LakeHome, limits: Limits) -> Original:
    """Copy `path` into the home's private intake folder and hash the copy.

    The copy becomes an original by `keep_original`, or goes to the vault; until then it is only readable by
    its owner. UnreadableSource with NOT_A_FILE, EMPTY_FILE, TOO_LARGE or FILE_CHANGED.
    """
    before = _status(path)
    if not stat.S_ISREG(before.st_mode):
        raise refuse(Reason.NOT_A_FILE, path.name)
    if before.st_size == 0:
        raise refuse(Reason.EMPTY_FILE, path.name)
    if before.st_size > limits.file_bytes:
        raise refuse(Reason.TOO_LARGE, path.name)
    with disk(Path("intake")):
        handle, name = tempfile.mkstemp(dir=intake_folder(home))
    copy = Path(name)
    try:
        digest, size = _copy(path, handle)
        after = _status(path)
    except DuanlianError:
        copy.unlink()
        raise
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns) or size != before.st_size:
        copy.unlink()
        raise refuse(Reason.FILE_CHANGED, path.name)
    return Original(path.name, digest, size, copy)


def keep_original(original: Original, home: LakeHome) -> Path:
    """Move the copy to originals/<sha256>, read-only; an equal one already there stays as it is.

    One that is no longer equal, because the disk damaged it, is replaced.
    """
    place = home.originals / original.sha256
    with disk(place):
        make_folder(home.originals)
        if unbroken(place, original.sha256):
            original.copy.unlink(missing_ok=True)
            return place
        original.copy.chmod(0o400)
        durable.step("write", place)
        put(original.copy, place)
    return place


def drop_original(original: Original) -> None:
    """Remove the private copy: the file is already kept, or its content went to the vault."""
    original.copy.unlink(missing_ok=True)


def intake_folder(home: LakeHome) -> Path:
    """The private folder of files being read; created with mode 0700."""
    folder = home.root / "intake"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def clear_intake(home: LakeHome) -> None:
    """Remove copies that an interrupted run left behind."""
    shutil.rmtree(home.root / "intake", ignore_errors=True)


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise refuse(Reason.NOT_A_FILE, path.name) from error


def _copy(path: Path, copy: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        # O_NONBLOCK: a FIFO put in the file's place between stat and open must not hang the load.
        source = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    except OSError as error:
        os.close(copy)
        raise refuse(Reason.NOT_A_FILE, path.name, "it can't be opened") from error
    with source, disk(Path("intake")), os.fdopen(copy, "wb") as target:
        durable.step("write", path)
        for piece in _pieces(source, path):
            digest.update(piece)
            size += len(piece)
            target.write(piece)
    return digest.hexdigest(), size


def _pieces(source: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        while piece := source.read(_PIECE):
            yield piece
    except OSError as error:
        raise refuse(Reason.NOT_A_FILE, path.name, "it can't be read to its end") from error
