"""The audit: every tampering is found and named by its first bad number."""

import hashlib
import json
import random
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from cases.audit import _FIELDS, GENESIS, Audit, Entry
from graph.errors import EvidenceBroken

START = datetime(2024, 3, 1, tzinfo=UTC)


def entry(number: int) -> Entry:
    return Entry(START + timedelta(minutes=number), "officer", "analyst", "view", (f"h{number}",))


def filled(path: Path, rows: int = 12) -> Audit:
    audit = Audit(path)
    for number in range(rows):
        intent = audit.append(entry(number))
        if number % 3 == 0:
            audit.append(
                Entry(START, "officer", "analyst", "view", intent_seq=intent, rows=4, outcome="done")
            )
    return audit


def raw(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_an_untouched_audit_holds_and_its_head_is_known(tmp_path: Path) -> None:
    audit = filled(tmp_path / "audit.sqlite")
    verdict = audit.verify(audit.head())
    assert (verdict.rows, verdict.bad_seq) == (16, None)
    assert verdict.head == audit.head() and verdict.head.startswith("16:")


def test_an_audit_that_was_never_written_holds_but_not_against_a_known_head(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "none.sqlite")
    assert audit.head() == f"0:{GENESIS}"
    assert audit.verify().bad_seq is None
    assert audit.verify(f"3:{'a' * 64}").bad_seq == 3


def test_rows_can_not_be_changed_or_deleted_through_the_file(tmp_path: Path) -> None:
    filled(tmp_path / "a.sqlite", 2)
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        for statement in ("DELETE FROM audit WHERE seq = 1", "UPDATE audit SET actor = 'x' WHERE seq = 1"):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE audit SET actor = 'other' WHERE seq = 5", 5),
        ("UPDATE audit SET at = '2020' WHERE seq = 1", 1),
        ("UPDATE audit SET rows = 5 WHERE seq = 2", 2),
        ("UPDATE audit SET purpose = objects, objects = purpose WHERE seq = 7", 7),
        ("UPDATE audit SET hash = previous_hash WHERE seq = 9", 9),
        ("DELETE FROM audit WHERE seq = 6", 6),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET seq = 99 WHERE seq = 16", 16),
    ],
)
def test_a_changed_or_missing_row_is_named(tmp_path: Path, statement: str, bad: int) -> None:
    audit = filled(tmp_path / "a.sqlite")
    raw(tmp_path / "a.sqlite", statement)
    assert audit.verify().bad_seq == bad


def test_every_single_field_of_every_row_is_covered(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    audit = filled(path, 3)
    total = audit.verify().rows
    generator = random.Random(7)
    for field in _FIELDS:
        seq = generator.randint(1, total)
        with sqlite3.connect(path) as connection:
            before = connection.execute(f"SELECT {field} FROM audit WHERE seq = ?", (seq,)).fetchone()[0]
        value = 77 if field in ("rows", "intent_seq") else f"{before}x"
        raw_set(path, field, seq, value)
        assert audit.verify().bad_seq == seq, field
        raw_set(path, field, seq, before)
        assert audit.verify().bad_seq is None


def raw_set(path: Path, field: str, seq: int, value: object) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER IF EXISTS audit_no_update")
    connection.execute(f"UPDATE audit SET {field} = ? WHERE seq = ?", (value, seq))
    connection.commit()
    connection.close()


def test_a_cut_tail_and_a_full_rewrite_are_found_by_a_head_kept_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    audit = filled(path)
    head = audit.head()
    raw(path, "DELETE FROM audit WHERE seq > 10")
    assert audit.verify().bad_seq is None  # the chain alone can't see it
    assert audit.verify(head).bad_seq == 16
    rewritten = Audit(tmp_path / "b.sqlite")
    for number in range(16):
        rewritten.append(entry(number))
    assert rewritten.verify(head).bad_seq == 16


def test_two_outcomes_of_one_intent_are_found(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "a.sqlite")
    intent = audit.append(entry(1))
    for _ in range(2):
        audit.append(Entry(START, "officer", "analyst", "view", intent_seq=intent, outcome="done"))
    assert audit.verify().bad_seq == 3


def test_a_file_that_is_no_audit_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(EvidenceBroken, match="restore it"):
        Audit(path).verify()


def test_the_hash_is_the_documented_one(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "a.sqlite")
    audit.append(entry(1))
    row = audit.rows()[0]
    body = json.dumps([1, *(row[name] for name in _FIELDS), GENESIS])
    assert row["hash"] == hashlib.sha256(body.encode()).hexdigest()


def _append_many(path: str) -> None:
    for number in range(10):
        Audit(Path(path)).append(entry(number))


def _append_at(path: str, start: float) -> None:
    while time.time() < start:
        pass
    Audit(Path(path)).append(entry(0))


def test_several_processes_may_begin_the_file_at_one_moment(tmp_path: Path) -> None:
    with get_context("spawn").Pool(4) as pool:
        for number in range(15):
            path = tmp_path / f"{number}.sqlite"
            pool.starmap(_append_at, [(str(path), time.time() + 0.03)] * 4)
            assert (Audit(path).verify().rows, Audit(path).verify().bad_seq) == (4, None)


def test_writers_in_several_processes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with get_context("spawn").Pool(2) as pool:
        pool.map(_append_many, [str(path)] * 3)
    assert (Audit(path).verify().rows, Audit(path).verify().bad_seq) == (30, None)
