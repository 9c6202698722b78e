"""Tables of any length: the browser gets a page at a time, in order, and loses none."""

import pytest
from streamlit.testing.v1 import AppTest

from graph.lake.home import LakeHome
from ui.tables import PAGE

SCRIPT = """
from pathlib import Path
import streamlit as st
from graph.settings import Settings
from ui.desk import desk
from ui.tables import show_table

here = desk(Settings(home=Path({home!r}), language="en"))
rows = [{{"number": n, "twice": 2 * n}} for n in range({count})]
styles = {{({count} - 1, "twice"): "color: red"}}
chosen = show_table(here, rows, key="t", download="t", select={select}, styles=styles)
st.caption(f"chosen {{chosen}}")
"""


def run(home: LakeHome, count: int, select: bool = False) -> AppTest:
    app = AppTest.from_string(
        SCRIPT.format(home=str(home.root), count=count, select=select), default_timeout=60
    )
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("count", [1, PAGE])
def test_what_fits_on_a_page_has_no_pages(small_home: LakeHome, count: int) -> None:
    app = run(small_home, count)
    assert len(app.number_input) == 0
    assert len(app.dataframe[0].value) == count


def test_more_goes_to_the_browser_a_page_at_a_time(small_home: LakeHome) -> None:
    count = 2 * PAGE + 7
    app = run(small_home, count)
    seen = list(app.dataframe[0].value["number"])
    for page in (2, 3):
        app.number_input(key="t-page").set_value(page).run()
        assert not app.exception
        seen += list(app.dataframe[0].value["number"])
    assert seen == list(range(count))
    assert f"Rows {2 * PAGE + 1:,} to {count:,} of {count:,}" in "".join(c.value for c in app.caption)


def test_a_page_that_is_no_more_becomes_the_last_one(small_home: LakeHome) -> None:
    app = run(small_home, 3 * PAGE)
    app.number_input(key="t-page").set_value(3).run()
    shorter = AppTest.from_string(
        SCRIPT.format(home=str(small_home.root), count=PAGE + 1, select=False), default_timeout=60
    )
    shorter.session_state["t-page"] = 3
    shorter.run()
    assert not shorter.exception
    assert list(shorter.dataframe[0].value["number"]) == [PAGE]
