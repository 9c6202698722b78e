"""A bank sheet with a column for money out and one for money in loads like one with amount and direction."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bench.layout_variants import as_html, as_xlsx
from bench.old_workbook import old_workbook
from graph.lake.home import lake_home
from ingest.batch import batch_columns, read_batches
from ingest.citation import original_row
from ingest.ledger import Ledger
from ingest.recognise import recognise
from ingest.template import template
from tests.ingest.build import A, B, C, digest, load, only, write_text

HEADER = ("本方账号", "交易时间", "借方发生额", "贷方发生额", "账户余额", "对方账号", "流水号")
ROWS = [
    (A, "2024-03-04 10:00:00", "100.00", "", "900.00", B, "S1"),
    (A, "2024-03-04 11:00:00", "0.00", "250.50", "1150.50", C, "S2"),
    (A, "2024-03-04 12:00:00", "1,000.00", "-", "150.50", C, "S3"),
    (A, "2024-03-04 13:00:00", "", "-20.00", "130.50", B, "S4"),
]
ONE_COLUMN = ("本方账号", "交易时间", "交易金额", "收付标志", "账户余额", "对方账号", "流水号")
AS_ONE = [("100.00", "出"), ("250.50", "进"), ("1000.00", "出"), ("-20.00", "进")]
Writer = Callable[[Path, Sequence[Sequence[str]]], Path]


def as_text(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    return write_text(folder / "two.csv", rows[0], rows[1:], "\t", "gb18030")


def as_new(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    (folder / "two.xlsx").write_bytes(as_xlsx(rows))
    return folder / "two.xlsx"


def as_old(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    (folder / "two.xls").write_bytes(old_workbook(rows))
    return folder / "two.xls"


def as_page(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    (folder / "page.xls").write_bytes(as_html(rows))
    return folder / "page.xls"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of the same rows with amount and direction."""
    folder = tmp_path_factory.mktemp("one")
    rows = [(row[0], row[1], *one, *row[4:]) for row, one in zip(ROWS, AS_ONE, strict=True)]
    assert only(load(folder / "var", write_text(folder / "one.csv", ONE_COLUMN, rows))).loaded == len(ROWS)
    return digest(folder / "var")


@pytest.mark.parametrize("write", [as_text, as_new, as_old, as_page])
def test_the_graph_is_that_of_one_column_in_every_format(write: Writer, plain: str, tmp_path: Path) -> None:
    record = only(load(tmp_path / "var", write(tmp_path, [HEADER, *ROWS])))
    assert (record.loaded, record.rejected) == (len(ROWS), 0)
    assert digest(tmp_path / "var") == plain


@pytest.mark.parametrize(
    ("out", "into"),
    [("支出金额", "收入金额"), ("转出", "转入"), ("借方金额（元）", "贷方金额（元）"), ("Debit", "Credit")],
)
def test_other_names_mean_the_same(out: str, into: str, plain: str, tmp_path: Path) -> None:
    header = (*HEADER[:2], out, into, *HEADER[4:])
    if "元" in out:
        (tmp_path / "var" / "templates").mkdir(parents=True)
        (tmp_path / "var" / "templates" / "aliases.yml").write_text(
            f"bank_sheet:\n  columns:\n    amount_out: [{out}]\n    amount_in: [{into}]\n", encoding="utf-8"
        )
    load(tmp_path / "var", as_text(tmp_path, [header, *ROWS]))
    assert digest(tmp_path / "var") == plain


def test_a_name_over_two_header_rows_is_known(plain: str, tmp_path: Path) -> None:
    top = [*HEADER[:2], "发生额", "", *HEADER[4:]]
    low = ["", "", "借方", "贷方", "", "", ""]
    load(tmp_path / "var", as_new(tmp_path, [top, low, *ROWS]))
    assert digest(tmp_path / "var") == plain


def test_rows_with_both_or_neither_wait_with_a_reason(tmp_path: Path) -> None:
    bad = [
        (A, "2024-03-05 10:00:00", "1.00", "2.00", "", B, "S5"),
        (A, "2024-03-05 10:00:01", "0.00", "0.00", "", B, "S6"),
        (A, "2024-03-05 10:00:02", "", "1.2万", "", B, "S7"),
    ]
    record = only(load(tmp_path / "var", as_text(tmp_path, [HEADER, *ROWS, *bad])))
    with closing(Ledger(lake_home(tmp_path / "var"))) as ledger:
        codes = ledger.rejects()[record.sha256]
    assert (record.loaded, record.rejected) == (len(ROWS), 3)
    assert codes == {"AMOUNTS_DIFFER": 1, "BAD_AMOUNT": 1, "MISSING_KEY": 1}


def test_the_stored_amount_leads_to_its_own_cell(tmp_path: Path) -> None:
    record = only(load(tmp_path / "var", as_new(tmp_path, [HEADER, *ROWS])))
    home = lake_home(tmp_path / "var")
    with closing(Ledger(home)) as ledger:
        (sheet,) = ledger.sheets(record.sha256)
        (batch,) = ledger.batches()
    stored = read_batches(home, [batch], "bank_sheet").sort("row")
    sides = {column.side: field for field, column in template("bank_sheet").columns.items() if column.side}
    for row, cells in zip(stored.iter_rows(named=True), ROWS, strict=True):
        place, title = sheet.columns[sides[row["direction"]]]
        assert HEADER[place] == title
        said = original_row(home, record.sha256, row["row"])[title]
        assert said == cells[place]
        assert row["amount"] == round(float(said.replace(",", "")) * 100)
    assert "amount_out" not in batch_columns(template("bank_sheet"))


@pytest.mark.parametrize(
    "lacking",
    [("借方发生额",), ("贷方发生额", "收付标志"), ("交易金额", "借方发生额"), ("交易金额",), ("收付标志",)],
)
def test_half_of_what_is_needed_is_no_bank_sheet(lacking: tuple[str, ...]) -> None:
    from graph.errors import UnknownColumns

    with pytest.raises(UnknownColumns, match="lacks") as error:
        recognise(("交易账号", "交易时间", *lacking), "half.csv", "bank_sheet")
    assert error.value.message.count("交易金额") + error.value.message.count("收付标志") <= 2
