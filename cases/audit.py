"""The append-only, hash-chained audit in its own SQLite file: intent before data is read, outcome after."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.errors import EvidenceBroken
from graph.lake.home import LakeHome

GENESIS = "0" * 64
_FIELDS = (
    "at", "actor", "role", "case_no", "purpose", "action", "objects", "query_digest",
    "intent_seq", "rows", "outcome",
)  # fmt: skip
_COLUMNS = ("seq", *_FIELDS, "previous_hash", "hash")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS audit (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, case_no TEXT,
    purpose TEXT NOT NULL, action TEXT NOT NULL, objects TEXT NOT NULL, query_digest TEXT,
    intent_seq INTEGER, rows INTEGER, outcome TEXT NOT NULL,
    previous_hash TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
"""
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM audit"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one audit row says. objects: keyed handles only. intent_seq: the row an outcome belongs to."""

    at: datetime
    actor: str
    role: str
    action: str
    objects: tuple[str, ...] = ()
    case_no: str | None = None
    purpose: str = ""
    query_digest: str | None = None
    intent_seq: int | None = None
    rows: int | None = None
    outcome: str = "intent"

    def values(self) -> dict[str, Any]:
        """The row's values as stored, in field order."""
        raw: dict[str, Any] = {name: getattr(self, name) for name in _FIELDS}
        raw["at"] = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        raw["objects"] = json.dumps(self.objects)
        return raw


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a check: how many rows hold, and the first row that does not (0: the head is missing)."""

    rows: int
    head: str
    bad_seq: int | None = None
    problem: str = ""


def audit_path(home: LakeHome) -> Path:
    """Where an installation keeps its audit."""
    return home.root / "audit.sqlite"


def chained_hash(seq: int, values: dict[str, Any], previous_hash: str) -> str:
    """SHA-256 over the row and the hash before it; a JSON list, so no field can slip into another."""
    body = json.dumps([seq, *(values[name] for name in _FIELDS), previous_hash], ensure_ascii=True)
    return hashlib.sha256(body.encode("ascii")).hexdigest()


class Audit:
    """One audit file; each append is one durable transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(_SCHEMA)
            yield connection

    def append(self, entry: Entry) -> int:
        """Store one row on disk and give its number; writers wait for each other."""
        values = entry.values()
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            last = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
            seq, previous_hash = (last[0] + 1, last[1]) if last else (1, GENESIS)
            row = (seq, *values.values(), previous_hash, chained_hash(seq, values, previous_hash))
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO audit ({', '.join(_COLUMNS)}) VALUES ({marks})", row)
            connection.execute("COMMIT")
        return seq

    def head(self) -> str:
        """`seq:hash` of the newest row, `0:` and zeros without one; kept off-host it shows a cut tail."""
        if not self.path.exists():
            return f"0:{GENESIS}"
        with self._open() as connection:
            last = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        return f"{last[0]}:{last[1]}" if last else f"0:{GENESIS}"

    def rows(self, limit: int = 100) -> list[dict[str, Any]]:
        """The newest rows first, as plain values."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            found = connection.execute(f"{_SELECT} ORDER BY seq DESC LIMIT ?", (limit,)).fetchall()
        return [dict(zip(_COLUMNS, row, strict=True)) for row in found]

    def verify(self, known_head: str | None = None) -> Verdict:
        """Check number, link, hash and pairing of every row; `known_head` (`seq:hash`) also finds a cut tail.

        EvidenceBroken when the file can't be read as an audit at all.
        """
        if not self.path.exists():
            return _against_head(Verdict(0, f"0:{GENESIS}"), {}, known_head)
        try:
            with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
                return _checked(connection.execute(f"{_SELECT} ORDER BY seq"), known_head)
        except sqlite3.DatabaseError as error:
            raise EvidenceBroken(
                "The audit file can't be read; restore it from a backup and compare its head.",
                file=str(self.path),
            ) from error


def _checked(found: Iterator[tuple[Any, ...]] | sqlite3.Cursor, known_head: str | None) -> Verdict:
    previous_hash, count = GENESIS, 0
    wanted = int(known_head.partition(":")[0]) if known_head else -1
    seen: dict[int, str] = {}
    answered: set[int] = set()
    for row in found:
        values = dict(zip(_COLUMNS, row, strict=True))
        count += 1
        problem = _problem(count, values, previous_hash, answered)
        if problem:
            return Verdict(count - 1, f"{count - 1}:{previous_hash}", count, problem)
        previous_hash = values["hash"]
        if count == wanted:
            seen[count] = previous_hash
    return _against_head(Verdict(count, f"{count}:{previous_hash}"), seen, known_head)


def _problem(expected: int, values: dict[str, Any], previous_hash: str, answered: set[int]) -> str:
    if values["seq"] != expected:
        return "A row is missing before this number."
    if values["previous_hash"] != previous_hash:
        return "The row does not follow the one before it."
    if values["hash"] != chained_hash(expected, values, previous_hash):
        return "The row was changed after it was written."
    intent = values["intent_seq"]
    if intent is None:
        return ""
    if not 0 < intent < expected or intent in answered:
        return "The outcome belongs to no open intent."
    answered.add(intent)
    return ""


def _against_head(verdict: Verdict, seen: dict[int, str], known_head: str | None) -> Verdict:
    if known_head is None or known_head.startswith("0:"):
        return verdict
    number, _, wanted = known_head.partition(":")
    if seen.get(int(number)) == wanted:
        return verdict
    problem = "The row named by the known head is missing or differs; the audit was cut or rewritten."
    return Verdict(verdict.rows, verdict.head, int(number), problem)
