"""On a simulated world the settled transfers are the world's own, and its rejects are none."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from ingest.load import LoadResult, find_files
from tests.ingest.build import load, table

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    words = [
        "-m",
        "simulate",
        "--out",
        str(folder / "data"),
        "--accounts",
        "1000",
        "--seed",
        "3",
        "--days",
        "20",
    ]
    subprocess.run([sys.executable, *words], cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def loaded(world: Path) -> LoadResult:
    return load(world / "var", *find_files([world / "data"]))


def test_every_file_is_recognised_and_every_row_accounted_for(loaded: LoadResult) -> None:
    assert all(r.state == "loaded" and r.rejected == 0 for r in loaded.records)
    assert all(r.rows_in == r.loaded + r.duplicates for r in loaded.records)
    kinds = {template for r in loaded.records for template in r.template.split("+")}
    assert {
        "bank_sheet",
        "account_register",
        "sim_register",
        "call_records",
        "login_log",
        "waybills",
        "cases",
        "tips",
    } <= kinds


def test_mirror_rows_are_matched_as_the_world_meant_them(world: Path, loaded: LoadResult) -> None:
    assert loaded.records
    truth = pl.read_csv(world / "data" / "truth" / "transfers.csv", infer_schema=False)
    found = table(world / "var", "TRANSFER").with_columns(known=pl.coalesce("serial", "to_serial"))
    joined = found.join(truth, left_on="known", right_on="serial")
    right = (pl.col("from_key") == pl.col("account_from")) & (pl.col("to_key") == pl.col("account_to"))
    assert joined.select(right.all()).item()
    assert found["known"].n_unique() / found.height >= 0.99  # a mirror row left apart would come twice
    # Masked counterparties (one in a hundred of outside ones) name nobody and make no event.
    assert joined["known"].n_unique() / truth.height >= 0.985
