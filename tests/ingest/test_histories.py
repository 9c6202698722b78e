"""Whatever history files have had, the same rows in force give one digest, and every row is accounted for."""

import csv
import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from bench.trials import Command, Fault
from bench.warmed import Warmed
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables
from ingest.citation import original_row
from ingest.ledger import LOADED, UNLOADED, FileRecord, Ledger
from ingest.load import ALREADY, load_files
from ingest.settle import settle
from ingest.settled import is_settled
from ingest.unload import unload
from tests.ingest.build import SHEET, A, B, C, sheet_row, write_text
from tests.ingest.parser import shared_parser

# Payments out of A, one of them also in B's sheet, and one that two sheets tell with different notes.
POOL = (
    sheet_row(at="2024-03-04 10:00:00", amount="1.00"),
    sheet_row(at="2024-03-04 10:00:00", amount="1.00", own=B, peer=A, direction="进"),
    sheet_row(at="2024-03-04 10:05:00", amount="2.50", peer=C, serial="S2"),
    sheet_row(at="2024-03-04 10:06:00", amount="1,234.50", serial="S3", memo="虚构"),
    sheet_row(at="2024-03-05 00:00:00", amount="7", own=C, peer=B, balance="93.00"),
    sheet_row(at="2024-03-05 00:00:01", amount="8", own=C, peer=A, balance="85.00"),
)
BAD = (sheet_row(amount="1.001"), sheet_row(own="6.22202E+18"), sheet_row(at="2021-06-31 10:00:00"))
picks = st.lists(st.integers(0, len(POOL) - 1), min_size=1, max_size=7)


@cache
def warmed() -> Warmed:
    """One process to die in, for all histories; it ends when this one does."""
    return Warmed()


@cache
def digest_of(rows: frozenset[int]) -> str:
    """The digest of a lake that was given these rows in one file, in order, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="duanlian-oracle-") as name:
        home = LakeHome(Path(name) / "var")
        if rows:
            path = write_text(Path(name) / "all.csv", SHEET, [POOL[i] for i in sorted(rows)], ";")
            load_files(home, [path], parser=shared_parser())
        return settle(home).tables.digest.digest


class Histories(RuleBasedStateMachine):
    """A lake beside a dictionary: file -> rows that were given, and which files are in force."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="duanlian-history-"))
        self.home = LakeHome(self.folder / "var")
        self.given: dict[str, tuple[Path, tuple[int, ...], int]] = {}
        self.force: dict[str, tuple[int, ...]] = {}
        self.written = 0

    def teardown(self) -> None:
        self.check()
        shutil.rmtree(self.folder)

    @rule(rows=picks, bad=st.integers(0, 3))
    def give(self, rows: list[int], bad: int) -> None:
        self.load(self.write(rows, bad))

    @rule(rows=picks, at=st.integers(1, 75), again=st.integers(0, 60))
    def be_killed_and_run_again(self, rows: list[int], at: int, again: int) -> None:
        sha256 = self.write(rows, 1)
        command = Command((self.given[sha256][0],))
        for fault in (Fault("kill", at), Fault("kill", again), Fault()):
            outcome = warmed().run(self.home, command, fault)
            if outcome.acknowledged:
                assert self.record(sha256).state == LOADED
        assert outcome.done
        if sha256 not in self.force:
            self.must_account(self.record(sha256), sha256)
        assert is_settled(self.home)

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def give_again(self, data: st.DataObject) -> None:
        self.load(self.pick(data, self.given))

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def give_renamed(self, data: st.DataObject) -> None:
        sha256 = self.pick(data, self.given)
        path, rows, bad = self.given[sha256]
        renamed = path.with_name(f"renamed-{path.name}")
        shutil.copy(path, renamed)
        self.given[sha256] = (renamed, rows, bad)
        self.load(sha256)

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def give_shuffled(self, data: st.DataObject) -> None:
        rows = self.given[self.pick(data, self.given)][1]
        self.load(self.write(data.draw(st.permutations(rows)), 0))

    @precondition(lambda self: any(len(rows) > 1 for _, rows, _ in self.given.values()))
    @rule(data=st.data())
    def give_split(self, data: st.DataObject) -> None:
        long = {sha256: given for sha256, given in self.given.items() if len(given[1]) > 1}
        rows = long[self.pick(data, long)][1]
        at = data.draw(st.integers(1, len(rows) - 1))
        for part in (rows[:at], rows[at:]):
            self.load(self.write(part, 0))

    @precondition(lambda self: self.force)
    @rule(data=st.data())
    def take_out(self, data: st.DataObject) -> None:
        sha256 = self.pick(data, self.force)
        unload(self.home, sha256)
        del self.force[sha256]
        record = self.record(sha256)
        assert (record.state, record.rows_in, record.loaded) == (UNLOADED, 0, 0)

    @rule(rows=picks)
    def give_and_take_out(self, rows: list[int]) -> None:
        before = settle(self.home).tables.digest
        sha256 = self.write(rows, 1)
        if sha256 not in self.force:
            self.load(sha256)
            settle(self.home)
            unload(self.home, sha256)
            del self.force[sha256]
            assert settle(self.home).tables.digest == before

    def check(self) -> None:
        """One digest for these rows, the account of every file, and every transfer found in its file."""
        tables = settle(self.home).tables
        assert tables.digest.digest == digest_of(frozenset(i for rows in self.force.values() for i in rows))
        with closing(Ledger(self.home)) as ledger:
            records = ledger.files()
        assert {record.sha256 for record in records if record.state == LOADED} == set(self.force)
        assert all(r.rows_in == r.loaded + r.duplicates + r.rejected for r in records)
        self.must_cite(open_tables(self.home))

    def must_cite(self, tables: LakeTables) -> None:
        for event in tables.frame("TRANSFER").iter_rows(named=True):
            path, rows, bad = self.given[event["source"]]
            with path.open(encoding="utf-8", newline="") as handle:
                cells = list(csv.DictReader(handle, delimiter=";"))[event["row"] - 1]
            said = original_row(self.home, event["source"], event["row"], full=True)
            assert said == {title: text for title, text in cells.items() if text}
            own, peer = cells["交易账号"], cells["交易对手账卡号"]
            ends = (own, peer) if cells["收付标志"] == "出" else (peer, own)
            assert (event["from_key"], event["to_key"]) == ends
            assert event["amount_fen"] == Decimal(cells["交易金额"].replace(",", "")) * 100
            assert len(rows) + bad >= event["row"]

    def load(self, sha256: str) -> None:
        path = self.given[sha256][0]
        (record,) = load_files(self.home, [path], parser=shared_parser()).records
        if sha256 in self.force:
            assert (record.state, record.loaded) == (ALREADY, 0)
            assert record.rows_in == record.duplicates + record.rejected
        else:
            self.must_account(record, sha256)

    def must_account(self, record: FileRecord, sha256: str) -> None:
        """Count by the dictionary what loading a file must have counted, and put it in force there."""
        _, rows, bad = self.given[sha256]
        known = {i for others in self.force.values() for i in others}
        fresh = len(set(rows) - known)
        assert (record.state, record.rows_in, record.rejected) == (LOADED, len(rows) + bad, bad)
        assert (record.loaded, record.duplicates) == (fresh, len(rows) - fresh)
        self.force[sha256] = rows

    def write(self, rows: list[int] | tuple[int, ...], bad: int) -> str:
        """A file of these rows with bad ones in front; its sha256."""
        self.written += 1
        path = self.folder / f"{self.written}.csv"
        lines = [SHEET, *BAD[:bad], *(POOL[i] for i in rows)]
        path.write_text("".join(";".join(cells) + "\n" for cells in lines), encoding="utf-8")
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        self.given[sha256] = (path, tuple(rows), bad)
        return sha256

    def record(self, sha256: str) -> FileRecord:
        with closing(Ledger(self.home)) as ledger:
            record = ledger.file(sha256)
        assert record is not None
        return record

    @staticmethod
    def pick(data: st.DataObject, among: Mapping[str, object]) -> str:
        return data.draw(st.sampled_from(sorted(among)))


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=12,
    stateful_step_count=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
