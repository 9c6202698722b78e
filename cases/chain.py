"""An append-only SQLite file whose rows carry the hash of the row before: what was changed is found."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
_WAIT_S = 30.0
Values = dict[str, Any]


def chained_hash(seq: int, values: Mapping[str, Any], previous_hash: str, fields: Iterable[str]) -> str:
    """SHA-256 over the row and the hash before it; a JSON list, so no field can slip into another."""
    body = json.dumps([seq, *(values[name] for name in fields), previous_hash], ensure_ascii=True)
    return hashlib.sha256(body.encode("ascii")).hexdigest()


def row_problem(expected: int, values: Mapping[str, Any], previous_hash: str, fields: Sequence[str]) -> str:
    """What is wrong with the row that should have the number `expected`; empty when nothing is."""
    if values["seq"] != expected:
        return "A row is missing before this number."
    if values["previous_hash"] != previous_hash:
        return "The row does not follow the one before it."
    if values["hash"] != chained_hash(expected, values, previous_hash, fields):
        return "The row was changed after it was written."
    return ""


@dataclass(frozen=True, slots=True)
class Chain:
    """One table in its own file. fields: column -> SQL type, in the order the hash takes them."""

    path: Path
    table: str
    fields: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the table, number first and hashes last."""
        return ("seq", *self.fields, "previous_hash", "hash")

    @property
    def select(self) -> str:
        """The query of all rows, in no order."""
        return f"SELECT {', '.join(self.columns)} FROM {self.table}"

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A connection that keeps what it commits; the file and its table are made at first use."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            self._make(connection)
            yield connection

    def _make(self, connection: sqlite3.Connection) -> None:
        """The file's mode and table; SQLite waits for no other process that makes them, so this does."""
        until = time.monotonic() + _WAIT_S
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(self._schema())
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def append(
        self, values: Values, allow: Callable[[sqlite3.Connection], None] = lambda _: None
    ) -> tuple[int, str]:
        """Store one row on disk; its number and hash. Writers wait for each other.

        allow: looks at the rows while no other writer can add one, and raises to refuse the new one.
        """
        with self.open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            allow(connection)
            newest = f"SELECT seq, hash FROM {self.table} ORDER BY seq DESC LIMIT 1"
            last = connection.execute(newest).fetchone()
            seq, previous_hash = (last[0] + 1, last[1]) if last else (1, GENESIS)
            own = chained_hash(seq, values, previous_hash, self.fields)
            row = (seq, *(values[name] for name in self.fields), previous_hash, own)
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {self.table} ({', '.join(self.columns)}) VALUES ({marks})", row)
            connection.execute("COMMIT")
        return seq, own

    def rows(self, connection: sqlite3.Connection) -> Iterator[Values]:
        """Every row, oldest first, as stored and unchecked."""
        for row in connection.execute(f"{self.select} ORDER BY seq"):
            yield dict(zip(self.columns, row, strict=True))

    def _schema(self) -> str:
        columns = ", ".join(f"{name} {kind}" for name, kind in self.fields.items())
        refused = f"SELECT RAISE(ABORT, 'the {self.table} is append-only'); END;"
        return (
            f"CREATE TABLE IF NOT EXISTS {self.table} (seq INTEGER PRIMARY KEY, {columns},"
            " previous_hash TEXT NOT NULL, hash TEXT NOT NULL) STRICT;"
            f"CREATE TRIGGER IF NOT EXISTS {self.table}_no_update BEFORE UPDATE ON {self.table}"
            f" BEGIN {refused}"
            f"CREATE TRIGGER IF NOT EXISTS {self.table}_no_delete BEFORE DELETE ON {self.table}"
            f" BEGIN {refused}"
        )
