"""Delimited text: every row has the header's fields or waits, whatever quotes and line ends do."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.limits import DEFAULT_LIMITS
from ingest.readers.delimited import read_delimited
from ingest.recognise import header_score
from tests.ingest.steady import steady

HEADER = "姓名,证件号码,住址"


def read(text: str | bytes) -> tuple[list[tuple[str | None, ...]], dict[int, str], int]:
    """Rows, fault codes by line, and the independent count."""
    data = text.encode() if isinstance(text, str) else text
    rows: list[tuple[str | None, ...]] = []
    faults: dict[int, str] = {}
    counted = 0
    for grid in read_delimited(data, "x.csv", header_score, DEFAULT_LIMITS):
        filled = grid.cells.filter(~_blank(grid.cells))
        rows += [row[1:] for row in filled.iter_rows()]
        faults |= dict(grid.faults.select("line", "code").iter_rows())
        counted += grid.counted
    return rows, faults, counted


def _blank(cells: pl.DataFrame) -> pl.Series:
    return cells.select(pl.all_horizontal(pl.exclude("line").is_null())).to_series()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_delimiters_are_found_by_the_header(delimiter: str) -> None:
    rows, faults, counted = read(f"{HEADER}\n甲,1,样街\n".replace(",", delimiter))
    assert (rows, faults, counted) == ([("甲", "1", "样街")], {}, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(end: str) -> None:
    assert read(f"{HEADER}\n甲,1,样街\n乙,2,\n".replace("\n", end))[0] == [
        ("甲", "1", "样街"),
        ("乙", "2", None),
    ]


def test_rows_with_too_few_or_too_many_fields_wait() -> None:
    rows, faults, counted = read(f"{HEADER}\n甲,1\n乙,2,x,y\n丙,3,z\n")
    assert rows == [("丙", "3", "z")]
    assert faults == {2: "FIELD_COUNT", 3: "FIELD_COUNT"}
    assert counted == 3


def test_quoted_delimiters_quotes_and_line_breaks_belong_to_the_field() -> None:
    rows, faults, counted = read(f'{HEADER}\n"甲,乙",1,"说""好"""\n丙,2,"两\n行"\n"","3",""\n')
    assert rows == [("甲,乙", "1", '说"好"'), ("丙", "2", "两\n行"), (None, "3", None)]
    assert (faults, counted) == ({}, 3)


def test_an_unclosed_quote_costs_one_row_only() -> None:
    body = "".join(f"甲{i},{i},样街\n" for i in range(300))
    rows, faults, counted = read(f'{HEADER}\n坏,0,"没有\n{body}')
    assert faults == {2: "QUOTE_UNCLOSED"}
    assert (len(rows), counted) == (300, 301)


def test_nul_waits_and_text_above_the_header_is_layout() -> None:
    rows, faults, counted = read(f"某某银行反馈\n{HEADER}\n甲,1,a\0b\n" + "乙,2,c\n" * 20)
    assert rows == [("乙", "2", "c")] * 20
    assert faults == {3: "BAD_CHARACTER"}
    assert counted == 21


def test_lines_beyond_the_limit_wait() -> None:
    rows, faults, _ = read(f"{HEADER}\n甲,1,{'长' * 400_000}\n乙,2,c\n")
    assert (len(rows), faults) == (1, {2: "TEXT_TOO_LONG"})


CELLS = st.text(st.sampled_from(list('甲ab1 ,";\n')), max_size=6).filter(lambda t: t.strip() == t)


@steady
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=30), st.booleans())
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str, str]], quote_all: bool) -> None:
    buffer = io.StringIO()
    writer = csv.writer(
        buffer, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator="\n"
    )
    writer.writerow(HEADER.split(","))
    writer.writerows([(f"k{i}", *row[1:]) for i, row in enumerate(rows)])
    read_rows, faults, counted = read(buffer.getvalue())
    expected = [(f"k{i}", row[1] or None, row[2] or None) for i, row in enumerate(rows)]
    assert counted == len(read_rows) + len(faults)
    # A line break inside quotes can leave a line that is a record by itself; then the row waits, whole.
    assert set(faults.values()) <= {"QUOTE_UNCLOSED", "FIELD_COUNT"}
    if not faults:
        assert read_rows == expected


@steady
@given(st.text(st.sampled_from(list('甲a1,"\n\t')), max_size=200))
def test_any_text_is_accounted_for_row_by_row(body: str) -> None:
    rows, faults, counted = read(f"{HEADER}\n{body}\n")
    blanks = counted - len(rows) - len(faults)
    assert blanks >= 0  # rows of empty cells are layout rows; the cleaner counts them apart
