"""The screen on parcels over the sample: every tab, filter, masks, and what it says without parcels."""

from pathlib import Path

import pytest

from cases.parcels import parcels
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from tests.frames import nodes
from tests.ui.screens.screen import screen, texts
from ui.words import Language, Words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tab_shows_its_table_masked(sample_home: LakeHome, language: Language) -> None:
    words, found = Words(language), parcels(open_tables(sample_home))
    app = screen("parcels", sample_home, language)
    assert f"{found.height:,}" in texts(app)
    for tab in ("sender", "recipient", "sent_from", "delivered_to", "names", "chains", "findings"):
        app.session_state["parcels_tab"] = tab
        app.run()
        assert not app.exception and not app.error
        for table in app.dataframe:
            text = str(table.value.to_dict())
            assert not any(address in text for address in found["delivered_to"].drop_nulls().unique())
    app.session_state["parcels_tab"] = "sender"
    app.run()
    assert app.dataframe[0].value[words("parcels.parcels")].sum() <= found["sender"].drop_nulls().len()


def test_the_filter_narrows_and_says_when_nothing_fits(sample_home: LakeHome) -> None:
    found = parcels(open_tables(sample_home))
    waybill = found["parcel"][0].split(":")[-1]
    app = screen("parcels", sample_home)
    app.text_input(key="parcels_text").set_value(waybill).run()
    assert Words("en")("parcels.counts", n="1", until="")[:12] in texts(app)
    app.text_input(key="parcels_text").set_value("]( <img onerror=alert(1)>").run()
    assert Words("en")("parcels.no_hit") in texts(app) and not app.exception


@pytest.mark.parametrize("name", ["parcels", "phones"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lake_without_such_rows_says_which_template_brings_them(
    tmp_path: Path, name: str, language: Language
) -> None:
    home = lake_home(tmp_path)
    write_tables(home, {"Account": nodes("Account", "8800000000000000001")})
    said = texts(screen(name, home, language))
    assert Words(language)("parcels.none" if name == "parcels" else "phones.no_calls") in said
    assert ("waybills" if name == "parcels" else "call_records") in said
