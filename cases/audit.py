"""The append-only, hash-chained audit in its own SQLite file: intent before data is read, outcome after."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cases.chain import GENESIS, Chain, Values, row_problem
from graph.errors import EvidenceBroken
from graph.lake.home import LakeHome

_TABLE = {
    "at": "TEXT NOT NULL", "actor": "TEXT NOT NULL", "role": "TEXT NOT NULL", "case_no": "TEXT",
    "purpose": "TEXT NOT NULL", "action": "TEXT NOT NULL", "objects": "TEXT NOT NULL", "query_digest": "TEXT",
    "intent_seq": "INTEGER", "rows": "INTEGER", "outcome": "TEXT NOT NULL",
}  # fmt: skip
_FIELDS = tuple(_TABLE)


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


class Audit:
    """One audit file; each append is one durable transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._chain = Chain(path, "audit", _TABLE)

    def append(self, entry: Entry) -> int:
        """Store one row on disk and give its number; writers wait for each other."""
        return self._chain.append(entry.values())[0]

    def head(self) -> str:
        """`seq:hash` of the newest row, `0:` and zeros without one; kept off-host it shows a cut tail."""
        if not self.path.exists():
            return f"0:{GENESIS}"
        with self._chain.open() as connection:
            last = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        return f"{last[0]}:{last[1]}" if last else f"0:{GENESIS}"

    def rows(self, limit: int = 100) -> list[dict[str, Any]]:
        """The newest rows first, as plain values."""
        if not self.path.exists():
            return []
        with self._chain.open() as connection:
            newest = f"{self._chain.select} ORDER BY seq DESC LIMIT ?"
            found = connection.execute(newest, (limit,)).fetchall()
        return [dict(zip(self._chain.columns, row, strict=True)) for row in found]

    def digests(self, action: str) -> list[str]:
        """The digests that finished acts of one kind left, oldest first.

        EvidenceBroken when the file can't be read.
        """
        if not self.path.exists():
            return []
        wanted = "action = ? AND outcome = 'done' AND query_digest IS NOT NULL ORDER BY seq"
        query = f"SELECT query_digest FROM audit WHERE {wanted}"
        try:
            with self._chain.open() as connection:
                return [digest for (digest,) in connection.execute(query, (action,))]
        except sqlite3.DatabaseError as error:
            raise self._unreadable() from error

    def verify(self, known_head: str | None = None) -> Verdict:
        """Check number, link, hash and pairing of every row; `known_head` (`seq:hash`) also finds a cut tail.

        EvidenceBroken when the file can't be read as an audit at all.
        """
        if not self.path.exists():
            return _against_head(Verdict(0, f"0:{GENESIS}"), {}, known_head)
        try:
            with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
                return _checked(self._chain.rows(connection), known_head)
        except sqlite3.DatabaseError as error:
            raise self._unreadable() from error

    def _unreadable(self) -> EvidenceBroken:
        return EvidenceBroken(
            "The audit file can't be read; restore it from a backup and compare its head.",
            file=str(self.path),
        )


def _checked(found: Iterable[Values], known_head: str | None) -> Verdict:
    previous_hash, count = GENESIS, 0
    wanted = int(known_head.partition(":")[0]) if known_head else -1
    seen: dict[int, str] = {}
    answered: set[int] = set()
    for values in found:
        count += 1
        problem = _problem(count, values, previous_hash, answered)
        if problem:
            return Verdict(count - 1, f"{count - 1}:{previous_hash}", count, problem)
        previous_hash = values["hash"]
        if count == wanted:
            seen[count] = previous_hash
    return _against_head(Verdict(count, f"{count}:{previous_hash}"), seen, known_head)


def _problem(expected: int, values: Values, previous_hash: str, answered: set[int]) -> str:
    problem = row_problem(expected, values, previous_hash, _FIELDS)
    intent = values["intent_seq"]
    if problem or intent is None:
        return problem
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
