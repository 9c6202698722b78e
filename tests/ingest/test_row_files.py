"""Files of rows, written while a source file is read: row groups in order, nothing of a refused file."""

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from ingest.guard.serve import leave
from ingest.layouts import built_in
from ingest.limits import DEFAULT_LIMITS
from ingest.readers.grid import refuse
from ingest.reasons import Reason
from ingest.row_files import GROUP_ROWS, RowFiles
from ingest.rows import batch_columns
from ingest.template import template
from tests.ingest.build import SHEET, sheet_row, write_sheet, write_text

COLUMNS = batch_columns(template("bank_sheet"))


def rows(first: int, last: int) -> pl.DataFrame:
    numbers = pl.int_range(first, last + 1, dtype=pl.Int64, eager=True).alias("row")
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in COLUMNS.items() if name != "row"]
    memo = pl.concat_str(pl.lit("样例"), pl.col("row").cast(pl.String))
    return pl.DataFrame({"row": numbers}).with_columns(absent).with_columns(memo=memo).select(list(COLUMNS))


def test_pieces_become_row_groups_in_their_order(tmp_path: Path) -> None:
    files = RowFiles(tmp_path, 7)
    pieces = [rows(1, GROUP_ROWS + 5), rows(GROUP_ROWS + 6, GROUP_ROWS + 6), rows(9, 8)]
    for piece in pieces:
        files.add("bank_sheet", piece)
    (spec,) = files.close()
    assert spec == {"template": "bank_sheet", "file": "7-0.parquet", "rows": GROUP_ROWS + 6}
    stored = pl.read_parquet(tmp_path / spec["file"])
    assert stored.schema == COLUMNS
    assert stored.equals(pl.concat(pieces))
    meta = pq.ParquetFile(tmp_path / spec["file"]).metadata
    assert [meta.row_group(i).num_rows for i in range(meta.num_row_groups)] == [GROUP_ROWS, 5, 1]


def test_a_template_without_rows_has_a_file_with_its_columns(tmp_path: Path) -> None:
    files = RowFiles(tmp_path, 1)
    files.add("bank_sheet", rows(1, 0))
    (spec,) = files.close()
    stored = pl.read_parquet(tmp_path / spec["file"])
    assert (stored.height, stored.schema) == (0, COLUMNS)


def test_nothing_is_left_of_a_file_that_is_refused_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise refuse(Reason.COUNT_DIFFERS, "a.csv")

    monkeypatch.setattr("ingest.parse._check_account", refused)
    data = write_sheet(tmp_path / "a.csv", [sheet_row()]).read_bytes()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(Exception, match=r"a\.csv"):
        leave(data, "a.csv", None, DEFAULT_LIMITS, built_in(), RowFiles(scratch, 1))
    assert not list(scratch.iterdir())


def test_rows_of_a_large_file_are_the_same_however_many_pieces_it_is_read_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [sheet_row(amount=f"{n}.00", memo="样例" * 20) for n in range(400)]
    data = write_text(tmp_path / "a.csv", SHEET, lines).read_bytes()
    stored = []
    for number, piece in enumerate((1 << 25, 1 << 12)):
        monkeypatch.setattr("ingest.readers.delimited._PIECE", piece)
        answer = leave(data, "a.csv", None, DEFAULT_LIMITS, built_in(), RowFiles(tmp_path, number))
        assert answer["rows_in"] == 400
        stored.append(pl.read_parquet(tmp_path / answer["frames"][0]["file"]))
    assert stored[0].equals(stored[1])
    assert stored[0]["row"].is_sorted()
