"""The ledger of ingest: which files were given, which batches count, and each file's row account."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph import durable
from graph.durable import storage_failed
from graph.errors import DuanlianError, InputError, UnreadableSource
from graph.lake.home import LakeHome
from ingest.mapped import SheetRecord, sheet_from, sheet_said

LOADED, QUARANTINED, UNLOADED = "loaded", "quarantined", "unloaded"
_DISK = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_TORN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TABLES = """
CREATE TABLE IF NOT EXISTS files (
  seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, file TEXT NOT NULL, size INTEGER NOT NULL,
  template TEXT NOT NULL, state TEXT NOT NULL, rows_in INTEGER NOT NULL, loaded INTEGER NOT NULL,
  duplicates INTEGER NOT NULL, rejected INTEGER NOT NULL, layout_rows INTEGER NOT NULL,
  code TEXT NOT NULL, flags TEXT NOT NULL, case_no TEXT NOT NULL,
  CHECK (rows_in = loaded + duplicates + rejected));
CREATE TABLE IF NOT EXISTS batches (
  sha256 TEXT NOT NULL, template TEXT NOT NULL, path TEXT NOT NULL, rows INTEGER NOT NULL,
  content TEXT NOT NULL, PRIMARY KEY (sha256, template));
CREATE TABLE IF NOT EXISTS rejects (
  sha256 TEXT NOT NULL, code TEXT NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (sha256, code));
CREATE TABLE IF NOT EXISTS loads (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS layouts (content TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sheets (
  sha256 TEXT NOT NULL, at INTEGER NOT NULL, sheet TEXT NOT NULL, template TEXT NOT NULL,
  layout TEXT NOT NULL, content TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (sha256, at));
CREATE TABLE IF NOT EXISTS archives (
  sha256 TEXT PRIMARY KEY, file TEXT NOT NULL, size INTEGER NOT NULL, inner TEXT NOT NULL,
  left_out INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reports (name TEXT PRIMARY KEY, body TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file's row account: rows_in = loaded + duplicates + rejected, always (G1)."""

    file: str
    sha256: str
    template: str = ""
    rows_in: int = 0
    loaded: int = 0
    duplicates: int = 0
    rejected: int = 0
    state: str = LOADED
    code: str = ""
    layout_rows: int = 0
    flags: tuple[str, ...] = ()
    case_no: str = ""
    size: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One Parquet batch in force; `path` is relative to the batches' folder, `content` its bytes' sha256."""

    sha256: str
    template: str
    path: str
    rows: int
    content: str


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """A zip archive as received: its files in force are those named in `inner`, (name, sha256) each.

    The archive's own bytes are not kept; its tables are. left_out: entries that are no tables.
    """

    sha256: str
    file: str
    size: int
    inner: tuple[tuple[str, str], ...]
    left_out: int = 0


class Ledger:
    """SQLite, write-ahead log, full synchronisation: a committed batch survives a kill (G3)."""

    def __init__(self, home: LakeHome) -> None:
        home.root.mkdir(parents=True, exist_ok=True)
        self._place = home.ledger
        with _translated():
            self._connection = sqlite3.connect(home.ledger, timeout=30, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def check(self) -> None:
        """UnreadableSource when the file is damaged: nothing is written into a torn ledger."""
        with _translated():
            found = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise _torn()

    def entries(self) -> int:
        """How many times a file's state was ever put down; grows with every commit."""
        return int(self._connection.execute("SELECT coalesce(max(id), 0) FROM loads").fetchone()[0])

    def files(self) -> list[FileRecord]:
        """Every file ever given, in the order they first came."""
        rows = self._connection.execute(
            "SELECT file, sha256, template, rows_in, loaded, duplicates, rejected, state, code, layout_rows,"
            " flags, case_no, size FROM files ORDER BY seq"
        )
        return [replace(FileRecord(*row), flags=tuple(json.loads(row[10]))) for row in rows]

    def file(self, sha256: str) -> FileRecord | None:
        """The record of one file, None when it was never given."""
        return next((record for record in self.files() if record.sha256 == sha256), None)

    def batches(self) -> list[BatchRecord]:
        """The batches in force, by template and sha256; UnreadableSource for one that no load named so."""
        rows = self._connection.execute(
            "SELECT sha256, template, path, rows, content FROM batches ORDER BY template, sha256"
        )
        records = [BatchRecord(*row) for row in rows]
        if any(record.path != batch_name(record.template, record.sha256) for record in records):
            raise _torn()
        return records

    def rejects(self) -> dict[str, dict[str, int]]:
        """Rejected rows of each file by reason code."""
        found: dict[str, dict[str, int]] = {}
        for sha256, code, rows in self._connection.execute("SELECT * FROM rejects ORDER BY sha256, code"):
            found.setdefault(sha256, {})[code] = rows
        return found

    def loaded_at(self) -> dict[str, datetime]:
        """When each file (sha256) first came into force, UTC."""
        rows = self._connection.execute(
            "SELECT sha256, min(at) FROM loads WHERE state = ? GROUP BY sha256", (LOADED,)
        )
        return {sha256: datetime.fromisoformat(at) for sha256, at in rows}

    def sheets(self, sha256: str) -> list[SheetRecord]:
        """How each sheet of a file in force was read, in file order; none for files of older ledgers."""
        rows = self._connection.execute(
            "SELECT sheet, template, layout, content, said FROM sheets WHERE sha256 = ? ORDER BY at",
            (sha256,),
        )
        return [sheet_from(*row) for row in rows]

    def layout_body(self, content: str) -> str | None:
        """What the template with this content hash said (canonical JSON), None when it read nothing here."""
        row = self._connection.execute("SELECT body FROM layouts WHERE content = ?", (content,)).fetchone()
        return str(row[0]) if row else None

    def archives(self) -> list[ArchiveRecord]:
        """Every archive that files came in, by name and sha256."""
        rows = self._connection.execute(
            "SELECT sha256, file, size, inner, left_out FROM archives ORDER BY file, sha256"
        )
        return [
            ArchiveRecord(sha256, file, size, tuple((n, s) for n, s in json.loads(inner)), left_out)
            for sha256, file, size, inner, left_out in rows
        ]

    def commit_archive(self, record: ArchiveRecord) -> None:
        """Keep which files came in an archive."""
        with self._transaction() as run:
            inner = json.dumps(record.inner, ensure_ascii=False)
            values = (record.sha256, record.file, record.size, inner, record.left_out)
            run("INSERT OR REPLACE INTO archives VALUES (?,?,?,?,?)", values)

    def commit(
        self,
        record: FileRecord,
        batches: list[BatchRecord],
        rejects: Mapping[str, int],
        sheets: Sequence[SheetRecord] = (),
    ) -> None:
        """Put a file's account, batches, rejects and sheets in force at once; replaces what it had before."""
        with self._transaction() as run:
            self._forget(run, record.sha256)
            known = run("SELECT seq FROM files WHERE sha256 = ?", (record.sha256,)).fetchone()
            run(
                "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    known[0] if known else None,
                    record.sha256,
                    record.file,
                    record.size,
                    record.template,
                    record.state,
                    record.rows_in,
                    record.loaded,
                    record.duplicates,
                    record.rejected,
                    record.layout_rows,
                    record.code,
                    json.dumps(record.flags),
                    record.case_no,
                ),
            )
            for batch in batches:
                run("INSERT INTO batches VALUES (?,?,?,?,?)", tuple(asdict(batch).values()))
            for code, count in sorted(rejects.items()):
                run("INSERT INTO rejects VALUES (?,?,?)", (record.sha256, code, count))
            for at, sheet in enumerate(sheets):
                run("INSERT OR IGNORE INTO layouts VALUES (?,?,?)", (sheet.content, sheet.layout, sheet.body))
                names = (sheet.sheet, sheet.template, sheet.layout, sheet.content)
                run(
                    "INSERT INTO sheets VALUES (?,?,?,?,?,?,?)",
                    (record.sha256, at, *names, sheet_said(sheet)),
                )
            self._log(run, record.sha256, record.state)

    def unload(self, sha256: str) -> None:
        """Take a file's batches out of force; its record stays with state `unloaded`."""
        with self._transaction() as run:
            self._forget(run, sha256)
            run(
                "UPDATE files SET state=?, rows_in=0, loaded=0, duplicates=0, rejected=0 WHERE sha256=?",
                (UNLOADED, sha256),
            )
            self._log(run, sha256, UNLOADED)

    def save_report(self, name: str, body: Mapping[str, Any]) -> None:
        """Keep a report (plain values) under a name."""
        with self._transaction() as run:
            run("INSERT OR REPLACE INTO reports VALUES (?,?)", (name, json.dumps(body, sort_keys=True)))

    def report(self, name: str) -> dict[str, Any]:
        """A kept report, empty when there is none."""
        row = self._connection.execute("SELECT body FROM reports WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else {}

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with _translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
                durable.step("commit", self._place)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            durable.step("committed", self._place)
            # Moved into the main file before anybody is told: losing the log then loses nothing.
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            durable.step("kept", self._place)

    @staticmethod
    def _forget(run: Any, sha256: str) -> None:
        run("DELETE FROM batches WHERE sha256 = ?", (sha256,))
        run("DELETE FROM rejects WHERE sha256 = ?", (sha256,))
        run("DELETE FROM sheets WHERE sha256 = ?", (sha256,))

    @staticmethod
    def _log(run: Any, sha256: str, state: str) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        run("INSERT INTO loads (at, sha256, state) VALUES (?,?,?)", (at, sha256, state))


def full_sha(records: list[FileRecord], start: str) -> list[str]:
    """The sha256 of every file whose sha256 begins with `start`."""
    return [record.sha256 for record in records if start and record.sha256.startswith(start)]


def batch_name(name: str, sha256: str) -> str:
    """Where a file's batch of one template lies below the batches' folder."""
    return f"{name}/{sha256}.parquet"


def batch_path(home: LakeHome, batch: BatchRecord) -> Path:
    """Where a batch lies."""
    return home.batches / batch.path


@contextmanager
def _translated() -> Iterator[None]:
    """What SQLite refuses, in the words of the family; a broken constraint is a defect and stays as it is."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise _translate(error) from error


def _translate(error: sqlite3.DatabaseError) -> DuanlianError | sqlite3.DatabaseError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DISK:
        return storage_failed("ledger.sqlite", str(error))
    if code in _TORN:
        return _torn()
    if code == sqlite3.SQLITE_BUSY:
        return InputError(
            "Another process is writing the ledger; wait for it to end and run this again.", code="LOCKED"
        )
    return error


def _torn() -> UnreadableSource:
    return UnreadableSource(
        "The ledger is damaged on disk; put back a copy of ledger.sqlite, or set it aside and load the files"
        " again.",
        file="ledger.sqlite",
    )
