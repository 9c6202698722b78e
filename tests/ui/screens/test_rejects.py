"""Rejected rows on the load screen: masked first, to be downloaded and corrected once a reason is given."""

from pathlib import Path

from graph.lake.home import lake_home
from tests.ingest.build import load, sheet_row, write_sheet
from tests.ui.screens.screen import screen, texts
from ui.words import Words

BAD = "8801000100O000001"


def test_rejected_rows_are_masked_and_can_be_taken_out_to_correct(tmp_path: Path) -> None:
    load(tmp_path / "home", write_sheet(tmp_path / "a.csv", [sheet_row(), sheet_row(own=BAD)]))
    words = Words("en")
    app = screen("load", lake_home(tmp_path / "home"))
    assert not app.exception
    shown = " ".join(table.value.to_csv() for table in app.dataframe)
    assert BAD not in shown and "880100" in shown and "BAD_IDENTIFIER" in shown
    assert words("load.correct_masked") in texts(app)
    app.text_input(key="case_no_input").set_value("A990100000001")
    app.text_input(key="reason_input").set_value("correct a number").run()
    app.button(key="show-full").click().run()
    app.button(key="rejects-correct").click().run()
    assert not app.exception
    assert BAD in " ".join(table.value.to_csv() for table in app.dataframe)
    assert words("load.correct_note") in texts(app)
    assert not list((tmp_path / "home").glob(".correct-*"))
