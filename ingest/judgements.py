"""What named people judged of pairs of records: same, different or unsure; append-only beside the ledger."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from graph.errors import InputError
from graph.lake.home import LakeHome

Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
JUDGED_TYPES = ("Person", "Organization", "Address", "Device")
_COLUMNS = "seq, at, type, key_a, key_b, verdict, judged_by, reason"
# The ledger's own file: same durability, and it stays when files are unloaded or the lake is rebuilt.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS judgements (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, key_a TEXT NOT NULL, key_b TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
  judged_by TEXT NOT NULL, reason TEXT NOT NULL, CHECK (key_a < key_b)) STRICT;
CREATE TRIGGER IF NOT EXISTS judgements_no_update BEFORE UPDATE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TRIGGER IF NOT EXISTS judgements_no_delete BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision about two nodes of a type; key_a < key_b. seq 0: not stored yet."""

    type: str
    key_a: str
    key_b: str
    verdict: Verdict
    judged_by: str
    reason: str
    at: datetime
    seq: int = 0

    @property
    def pair(self) -> tuple[str, str, str]:
        """What the judgement is about."""
        return (self.type, self.key_a, self.key_b)


def judgement(
    type_name: str, one: str, other: str, verdict: str, judged_by: str, reason: str, at: datetime
) -> Judgement:
    """A judgement with its keys in order; InputError for anything that no named person could have decided."""
    if type_name not in JUDGED_TYPES:
        raise InputError(f"Records of type {type_name} are not judged; use one of {', '.join(JUDGED_TYPES)}.")
    if verdict not in VERDICTS:
        raise InputError(f"A judgement is one of {', '.join(VERDICTS)}.")
    if not judged_by.strip() or not reason.strip():
        raise InputError("A judgement needs the name of who decides and a reason; give both.")
    if one == other:
        raise InputError("Both keys are the same record; name two different ones.")
    first, second = sorted((one, other))
    return Judgement(type_name, first, second, verdict, judged_by.strip(), reason.strip(), at)


class Judgements:
    """The judgements of one home."""

    def __init__(self, home: LakeHome) -> None:
        self._home = home

    def add(self, made: Judgement) -> Judgement:
        """Store one for good; the last one about a pair is in force."""
        values = asdict(made) | {"at": made.at.astimezone(UTC).isoformat(timespec="microseconds")}
        with self._open() as connection:
            cursor = connection.execute(
                "INSERT INTO judgements (at, type, key_a, key_b, verdict, judged_by, reason)"
                " VALUES (:at, :type, :key_a, :key_b, :verdict, :judged_by, :reason)",
                values,
            )
            seq = int(cursor.lastrowid or 0)
        return replace(made, seq=seq)

    def history(self) -> list[Judgement]:
        """Every judgement, oldest first; none before the first."""
        if not self._home.ledger.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM judgements ORDER BY seq").fetchall()
        return [_from_row(row) for row in rows]

    def in_force(self) -> list[Judgement]:
        """The last judgement of each pair, in order of type and keys."""
        last = {made.pair: made for made in self.history()}
        return [last[pair] for pair in sorted(last)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._home.root.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._home.ledger, timeout=30, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(_SCHEMA)
            yield connection


def _from_row(row: tuple[Any, ...]) -> Judgement:
    seq, at, type_name, key_a, key_b, verdict, judged_by, reason = row
    return Judgement(type_name, key_a, key_b, verdict, judged_by, reason, datetime.fromisoformat(at), seq)
