"""A fast slice of `bench.layouts`: each template, written otherwise, is recognised and the graph the same."""

from pathlib import Path

import pytest

from bench.layout_variants import VARIANTS, old_workbook
from bench.layouts import as_table, measure, plain_tables
from ingest.limits import DEFAULT_LIMITS
from ingest.parse import parse_file
from ingest.template import templates
from tests.ingest.build import SHEET, A, sheet_row

SLICE = ("renamed by the user's alias", "XLS")


def test_every_template_is_recognised_in_other_layouts_with_the_same_graph(
    tmp_path: Path, sample_files: Path
) -> None:
    tables = plain_tables(sample_files, 25)
    assert set(tables) == set(templates())
    found = measure(tables, tmp_path / "work", SLICE)
    assert [one.variant for one in found] == list(SLICE)
    assert all(one.kept for one in found), as_table(found)


def test_the_slice_names_variants_that_exist() -> None:
    assert set(SLICE) <= set(VARIANTS)


@pytest.mark.parametrize("rows", [1, 900])
def test_the_old_workbooks_of_the_bench_are_read_whole(rows: int) -> None:
    body = [list(sheet_row(serial=f"S{number}")) for number in range(rows)]
    parsed = parse_file(old_workbook([list(SHEET), *body]), "a.xls", None, DEFAULT_LIMITS)
    (frame,) = parsed.frames["bank_sheet"]
    assert frame["serial"].to_list() == [row[7] for row in body]
    assert frame["own_account"].unique().to_list() == [A]
    assert parsed.flags == set()
