"""What a child leaves is not believed: each lie about names, types, counts or content is found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.guard.delivery import NotBelieved, accept
from ingest.guard.serve import leave
from ingest.layouts import built_in
from ingest.limits import DEFAULT_LIMITS
from ingest.row_files import RowFiles
from tests.ingest.build import sheet_row, write_sheet

Answer = dict[str, Any]


@pytest.fixture
def answer(tmp_path: Path) -> Answer:
    """An honest answer with its files in `scratch`."""
    path = write_sheet(tmp_path / "a.csv", [sheet_row(), sheet_row(amount="2.00"), sheet_row(amount="x")])
    scratch, own = tmp_path / "scratch", tmp_path / "own"
    scratch.mkdir()
    own.mkdir()
    return leave(path.read_bytes(), path.name, None, DEFAULT_LIMITS, built_in(), RowFiles(scratch, 1))


def rewritten(scratch: Path, file: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    change(pl.read_parquet(scratch / file)).write_parquet(scratch / file)


def test_an_honest_answer_is_believed_and_moved(tmp_path: Path, answer: Answer) -> None:
    delivery = accept(answer, tmp_path / "scratch", tmp_path / "own", built_in())
    assert (delivery.rows_in, delivery.rejected, delivery.frames[0].rows) == (3, {"BAD_AMOUNT": 1}, 2)
    assert not list((tmp_path / "scratch").iterdir())


LIES: dict[str, Callable[[Answer, Path], object]] = {
    "a name that leads out": lambda a, s: a["frames"][0].update(file="../a.csv"),
    "a name no parser gives": lambda a, s: a["frames"][0].update(file="x.parquet"),
    "a missing file": lambda a, s: (s / "1-0.parquet").unlink(),
    "a link": lambda a, s: ((s / "1-0.parquet").unlink(), (s / "1-0.parquet").symlink_to(s.parent / "a.csv")),
    "a torn file": lambda a, s: (s / "1-0.parquet").write_bytes((s / "1-0.parquet").read_bytes()[:-100]),
    "a template that is none": lambda a, s: a["frames"][0].update(template="../x"),
    "another template": lambda a, s: a["frames"][0].update(template="login_log"),
    "too many rows": lambda a, s: (a["frames"][0].update(rows=9), a.update(rows_in=10)),
    "a negative count": lambda a, s: a.update(layout_rows=-1),
    "a truth for a count": lambda a, s: a.update(layout_rows=True),
    "an account that does not add up": lambda a, s: a.update(rows_in=7),
    "a flag that is none": lambda a, s: a.update(flags=["x"]),
    "no rows at all": lambda a, s: a.update(frames=[], rows_in=1),
    "a text for an answer": lambda a, s: a.update(frames="1-0.parquet"),
    "nothing": lambda a, s: a.clear(),
    "a layout nobody declared": lambda a, s: a["sheets"][0].update(layout="x"),
    "a field of no template": lambda a, s: a["sheets"][0]["columns"].update(x=0),
    "a column beyond the header": lambda a, s: a["sheets"][0]["columns"].update(amount=99),
    "a column more": lambda a, s: rewritten(s, "1-0.parquet", lambda f: f.with_columns(more=pl.lit(1))),
    "a float for an amount": lambda a, s: rewritten(
        s, "1-0.parquet", lambda f: f.with_columns(pl.col("amount").cast(pl.Float64))
    ),
    "a key that is no hash": lambda a, s: rewritten(
        s, "1-0.parquet", lambda f: f.with_columns(row_key=pl.lit("x"))
    ),
    "a row without place": lambda a, s: rewritten(s, "1-0.parquet", lambda f: f.with_columns(row=pl.lit(0))),
    "a code that is none": lambda a, s: rewritten(
        s, "1-rejects.parquet", lambda f: f.with_columns(code=pl.lit("FINE"))
    ),
    "raw text that is no hex": lambda a, s: rewritten(
        s, "1-rejects.parquet", lambda f: f.with_columns(raw=pl.lit("xyz"))
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found_and_leaves_nothing(tmp_path: Path, answer: Answer, lie: str) -> None:
    LIES[lie](answer, tmp_path / "scratch")
    with pytest.raises(NotBelieved):
        accept(answer, tmp_path / "scratch", tmp_path / "own", built_in())
    assert not list((tmp_path / "own").iterdir())
