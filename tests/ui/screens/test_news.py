"""The screen of findings while the data is newer than the results: what newer rows bring."""

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from detect.pipeline import run_detection
from detect.store import open_findings
from detect.worlds import tiny_world
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables, write_tables
from tests.ui.screens.screen import screen, texts
from ui.words import Language, Words

RING = (
    "A HOLDS K1",
    "B HOLDS K2",
    "V1 TRANSFER K1 at=2024-03-01T09:00 amount=10000",
    "K1 TRANSFER K2 at=2024-03-01T09:20 amount=10000 from_balance_fen=0",
)
OLD = (
    "Q HOLDS K8",
    "V8 TRANSFER K8 at=2024-01-01T09:00 amount=9000",
    "K8 TRANSFER K9 at=2024-01-01T09:10 amount=9000",
)


@pytest.fixture
def grown(tmp_path: Path) -> LakeHome:
    """A home whose results know one pass-through, and whose newer rows hold another."""
    home = LakeHome(tmp_path)
    write_tables(home, tiny_world(OLD))
    run_detection(home)
    write_tables(home, tiny_world([*OLD, *RING]))
    return home


@pytest.mark.parametrize("language", ["zh", "en"])
def test_newer_rows_show_what_they_bring(grown: LakeHome, language: Language) -> None:
    app, words = screen("findings", grown, language), Words(language)
    before = open_findings(grown)
    app.segmented_control(key="news-look-at").set_value("news").run()
    assert not app.exception and not app.error
    table = pd.concat([frame.value for frame in app.dataframe])
    assert words("news.new") in set(table[words("news.kind")])
    assert any(str(rule).startswith("F03") for rule in table[words("findings.rule")].dropna())
    keys = set(open_tables(grown).frame("Account")["key"])
    assert not any(key in texts(app) + table.to_csv() for key in keys)
    assert words("news.note") in texts(app)
    assert open_findings(grown) == before


def test_fresh_results_offer_no_news(grown: LakeHome) -> None:
    run_detection(grown)
    app = screen("findings", grown)
    assert not app.exception
    assert "news-look-at" not in {control.key for control in app.segmented_control}


def test_rows_that_bring_nothing_say_so(grown: LakeHome) -> None:
    run_detection(grown)
    tables = open_tables(grown)
    frames = {name: tables.frame(name) for name, rows in tables.rows.items() if rows}
    frames["Person"] = frames["Person"].with_columns(pl.lit("样区").alias("home_region"))
    write_tables(grown, frames)
    app = screen("findings", grown)
    app.segmented_control(key="news-look-at").set_value("news").run()
    assert not app.exception
    assert Words("en")("news.nothing") in texts(app)
