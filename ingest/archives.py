"""Opens zip archives of source files within bounds: each table inside becomes a file of its own."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZipInfo

from graph import durable
from graph.durable import disk
from graph.errors import InputError
from graph.lake.home import LakeHome
from ingest.limits import MEGABYTE, Limits
from ingest.readers.grid import refuse
from ingest.readers.original import Original, intake_folder
from ingest.readers.zip_directory import DamagedEntry, entry_name, open_zip, stream_entry
from ingest.reasons import Reason

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls"})
ARCHIVE_SUFFIX = ".zip"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_NESTED = frozenset({".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".z", ".cab"})


@dataclass(frozen=True, slots=True)
class Inner:
    """One table of an archive: its own original, or why it can't be had.

    name: `archive.zip/folder/inner.csv`. handle: stands for the sha256 of an entry that can't be read.
    """

    name: str
    handle: str
    original: Original | None
    error: InputError | None = None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive's tables in name order, and how many other entries were left out."""

    inner: tuple[Inner, ...]
    left_out: int


def is_table(parts: tuple[str, ...]) -> bool:
    """Whether a path below a folder or archive names a table: no hidden file, README or ground truth."""
    name = parts[-1]
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts) or "truth" in parts[:-1]
    return suffix(name) in TABLE_SUFFIXES and not name.upper().startswith("README") and not hidden


def suffix(name: str) -> str:
    """The file name's ending in lower case."""
    return PurePosixPath(name).suffix.lower()


def is_archive(original: Original) -> bool:
    """Whether a file is a zip but no workbook; a broken one named .zip counts, so that the sentence fits."""
    with original.copy.open("rb") as handle:
        if handle.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            return False
        try:
            names = open_zip(handle, original.name, Limits()).namelist()
        except InputError:
            return suffix(original.name) == ARCHIVE_SUFFIX
    return not {"[Content_Types].xml", "xl/workbook.xml"} & set(names)


def unpack(original: Original, home: LakeHome, limits: Limits) -> Unpacked:
    """Every table of an archive as a private copy in the intake folder; the archive itself is not kept.

    UnreadableSource (ARCHIVE_UNSAFE, ENCRYPTED) when the archive as a whole can't be trusted: too many
    entries, two of one name, names leading outside, links, an archive inside, or bytes beyond the limits as
    streamed. No copy is left then. A damaged entry costs itself only.
    """
    inner: list[Inner] = []
    left_out = 0
    try:
        with original.copy.open("rb") as handle:
            entries = open_zip(handle, original.name, limits).infolist()
            budget = _Budget(original.name, limits)
            for entry in sorted(entries, key=entry_name):
                path = PurePosixPath(entry_name(entry).replace("\\", "/"))
                if entry.is_dir() or not path.parts:
                    continue
                if path.suffix.lower() in _NESTED:
                    raise refuse(Reason.ARCHIVE_UNSAFE, original.name, "an archive inside an archive")
                if is_table(path.parts):
                    inner.append(_take(handle, entry, f"{original.name}/{path}", original, home, budget))
                else:
                    left_out += 1
    except InputError:
        for one in inner:
            if one.original is not None:
                one.original.copy.unlink(missing_ok=True)
        raise
    return Unpacked(tuple(inner), left_out)


class _Budget:
    """How much an archive may still unpack to."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits, self._left = name, limits, limits.archive_bytes

    def spend(self, entry: ZipInfo, piece: int, out: int) -> None:
        """Count a piece; ARCHIVE_UNSAFE beyond the limits. `out`: bytes of this entry so far."""
        self._left -= piece
        ratio = out > MEGABYTE and out > self._limits.expansion * max(entry.compress_size, 1)
        if self._left < 0 or ratio or out > self._limits.file_bytes:
            raise refuse(Reason.ARCHIVE_UNSAFE, self._name, "it unpacks to too much")


def _take(
    handle: IO[bytes], entry: ZipInfo, name: str, outer: Original, home: LakeHome, budget: _Budget
) -> Inner:
    marker = hashlib.sha256(f"{outer.sha256}/{entry.header_offset}".encode()).hexdigest()
    copy = intake_folder(home) / f"{os.getpid()}-{marker[:32]}"
    digest, size = hashlib.sha256(), 0
    try:
        with disk(Path("intake")), os.fdopen(os.open(copy, _NEW, 0o600), "wb") as target:
            durable.step("write", copy)
            for piece in _counted(stream_entry(handle, entry, outer.name), entry, budget):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
    except DamagedEntry:
        copy.unlink(missing_ok=True)
        return Inner(name, marker, None, refuse(Reason.ARCHIVE_UNSAFE, name, "the entry is damaged"))
    except InputError:
        copy.unlink(missing_ok=True)
        raise
    if not size:
        copy.unlink(missing_ok=True)
        return Inner(name, marker, None, refuse(Reason.EMPTY_FILE, name))
    return Inner(name, marker, Original(name, digest.hexdigest(), size, copy))


def _counted(pieces: Iterator[bytes], entry: ZipInfo, budget: _Budget) -> Iterator[bytes]:
    out = 0
    for piece in pieces:
        out += len(piece)
        budget.spend(entry, len(piece), out)
        yield piece
