"""The screen on phones and devices over the sample: numbers named, tabs, masks, hostile text."""

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from cases.contacts import common_contacts
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from graph.schema.masks import mask_key
from tests.ui.screens.screen import screen, texts
from ui.words import Language, Words

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def busiest(home: LakeHome, count: int) -> list[str]:
    """The SIMs that call most."""
    calls = open_tables(home).frame("CALLED")
    counted = calls.group_by("from_key").len().sort("len", "from_key", descending=[True, False])
    return counted["from_key"].head(count).to_list()


def asked(home: LakeHome, language: Language, text: str, tab: str) -> AppTest:
    """The screen with these numbers on one of its tabs."""
    app = screen("phones", home, language)
    app.session_state["phones_tab"] = tab
    app.text_area(key="phones_text").set_value(text).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tab_answers_for_many_numbers_and_says_which_it_does_not_know(
    sample_home: LakeHome, language: Language
) -> None:
    words, sims = Words(language), busiest(sample_home, 120)
    text = ", ".join(key.split("@")[0] for key in sims) + "\n15400009999 <script>alert(1)</script>"
    app = asked(sample_home, language, text, "contacts")
    assert not app.error
    (said,) = [str(one.value) for one in app.warning]
    assert "15400009999" not in said and "154" in said and "script" not in said
    shown = app.dataframe[0].value
    numbers = [key.split("@")[0] for key in sims]
    known = open_tables(sample_home).frame("Sim")
    named = known.filter(pl.col("number").is_in(numbers))["key"].to_list()
    found = common_contacts(open_tables(sample_home), named, 2).common
    assert shown[words("phones.of")].tolist() == found["of"].to_list()[:500]
    assert shown[words("phones.contact")][0] == mask_key("Sim", found["contact"][0])
    for tab in ("meetings", "swaps", "hours"):
        app.session_state["phones_tab"] = tab
        app.run()
        assert not app.exception and not app.error
    hours = app.dataframe[0].value
    assert hours.iloc[0][words("phones.whole")] == hours.iloc[1:][words("phones.whole")].sum()


def test_numbers_are_taken_from_the_chart_and_open_there(sample_home: LakeHome) -> None:
    app = screen("phones", sample_home)
    assert Words("en")("phones.start") in texts(app)
    assert app.button(key="phones-take").disabled
    app.text_area(key="phones_text").set_value(busiest(sample_home, 1)[0]).run()
    app.button(key="phones-open").click().run()
    shown = app.session_state["history"].now.shown
    assert [ref.key for ref in shown] == busiest(sample_home, 1)
    app.text_area(key="phones_text").set_value("").run()
    app.button(key="phones-take").click().run()
    assert Words("en")("phones.counts", sims="1", devices="0") in texts(app)
