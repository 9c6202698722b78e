"""What named people judged of pairs of records: same, different or unsure; append-only beside the ledger."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from graph.errors import InputError
from graph.lake.home import LakeHome

Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
JUDGED_TYPES = ("Person", "Organization", "Address", "Device")
_GIVEN = "at, type, key_a, key_b, verdict, judged_by, reason, content_a, content_b"
# The ledger's own file: same durability, and it stays when files are unloaded or the lake is rebuilt.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS judgements (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, key_a TEXT NOT NULL, key_b TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
  judged_by TEXT NOT NULL, reason TEXT NOT NULL, content_a TEXT NOT NULL, content_b TEXT NOT NULL,
  CHECK (key_a < key_b)) STRICT;
CREATE TABLE IF NOT EXISTS judged_moves (key TEXT PRIMARY KEY, now TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS judgements_no_update BEFORE UPDATE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TRIGGER IF NOT EXISTS judgements_no_delete BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision about two nodes of a type; key_a < key_b. seq 0: not stored yet.

    content_a, content_b: hash of the source row behind a record without a number, by which it is found again
    when an equal row of another file comes to stand for it; else empty.
    """

    type: str
    key_a: str
    key_b: str
    verdict: Verdict
    judged_by: str
    reason: str
    at: datetime
    content_a: str = ""
    content_b: str = ""
    seq: int = 0

    @property
    def pair(self) -> tuple[str, str, str]:
        """What the judgement is about."""
        return (self.type, self.key_a, self.key_b)

    @property
    def ends(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Key and content of both records."""
        return (self.key_a, self.content_a), (self.key_b, self.content_b)

    def between(self, one: str, other: str) -> "Judgement":
        """The same judgement about these keys, in order."""
        first, second = sorted((one, other))
        return replace(self, key_a=first, key_b=second)


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
                f"INSERT INTO judgements ({_GIVEN}) VALUES (:{_GIVEN.replace(', ', ', :')})",
                values,
            )
            seq = int(cursor.lastrowid or 0)
        return replace(made, seq=seq)

    def history(self) -> list[Judgement]:
        """Every judgement, oldest first; none before the first."""
        if not self._home.ledger.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(f"SELECT seq, {_GIVEN} FROM judgements ORDER BY seq").fetchall()
        return [_from_row(row) for row in rows]

    def in_force(self) -> list[Judgement]:
        """The last judgement of each pair, in order of type and keys."""
        last = {made.pair: made for made in self.history()}
        return [last[pair] for pair in sorted(last)]

    def current(self) -> list[Judgement]:
        """As `in_force`, about the keys that the records bear since the last settling (`remember_moves`)."""
        history = self.history()
        if not history:
            return []
        with self._open() as connection:
            now = dict(connection.execute("SELECT key, now FROM judged_moves").fetchall())
        last = {}
        for made in history:
            moved = made.between(now.get(made.key_a, made.key_a), now.get(made.key_b, made.key_b))
            if moved.key_a != moved.key_b:
                last[moved.pair] = moved
        return [last[pair] for pair in sorted(last)]

    def remember_moves(self, moves: Mapping[str, str]) -> None:
        """Keep which keys judged records bear now; replaces what was kept."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM judged_moves")
            connection.executemany("INSERT INTO judged_moves VALUES (?, ?)", sorted(moves.items()))
            connection.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._home.root.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._home.ledger, timeout=30, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(_SCHEMA)
            yield connection


def _from_row(row: tuple[Any, ...]) -> Judgement:
    seq, at, type_name, key_a, key_b, verdict, judged_by, reason, *contents = row
    made = Judgement(type_name, key_a, key_b, verdict, judged_by, reason, datetime.fromisoformat(at))
    return replace(made, seq=seq, content_a=contents[0], content_b=contents[1])
