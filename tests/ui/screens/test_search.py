"""The search screen: what it finds, how it says so, and that it stays masked."""

from pathlib import Path

import pytest

from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from tests.frames import small_world, table
from tests.ui.screens.screen import screen, texts
from ui.words import Words

HOSTILE = "</script><img src=x onerror=alert(1)>\u202e"


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    """The small world and one with a longer name, in a home of its own: a search writes index and audit."""
    frames = small_world()
    people = [*frames["Person"].to_dicts(), {"key": "990101199001010042", "name": "欧阳若兰"}]
    made = lake_home(tmp_path)
    write_tables(made, frames | {"Person": table("Person", people)})
    return made


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_full_card_is_found_and_stays_masked(home: LakeHome, language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]  # one of the two literals
    card = open_tables(home).frame("Account")["key"].sort()[0]
    app = screen("search", home, language)
    app.text_input(key="search-one").set_value(f"{card[:4]} {card[4:]}").run()
    assert not app.exception and not app.error
    table = app.dataframe[0].value
    assert table[words("search.how")].to_list()[0] == words("search.how_exact")
    assert card not in str(table.to_dict()) and card[-4:] in str(table.to_dict())


def test_a_guess_is_marked_and_a_miss_says_what_to_do(home: LakeHome) -> None:
    words = Words("en")
    app = screen("search", home)
    app.text_input(key="search-one").set_value("欧阳若龘").run()
    assert words("search.only_guesses") in texts(app)
    assert set(app.dataframe[0].value[words("search.sure")]) == {words("search.sure_no")}
    app.text_input(key="search-one").set_value("zzqqzzqq9").run()
    assert words("search.nothing") in texts(app)
    for text in ("x" * 300, "6*2*2", HOSTILE):
        app.text_input(key="search-one").set_value(text).run()
        assert not app.exception


def test_a_list_says_what_was_found_and_what_not(home: LakeHome) -> None:
    words = Words("en")
    cards = open_tables(home).frame("Account")["key"].sort().head(3).to_list()
    app = screen("search", home)
    app.segmented_control(key="search-mode").set_value("many").run()
    app.text_area(key="search-cells").set_value("\n".join([*cards, cards[0], "nobody-9"]))
    next(b for b in app.button if b.label == words("search.start")).click().run()
    assert not app.exception
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures == {words("search.found"): "3", words("search.lost"): "1",
                       words("search.bad"): "0", words("search.repeated"): "1"}  # fmt: skip
    assert cards[0] not in str([frame.value.to_dict() for frame in app.dataframe])
    app.text_area(key="search-cells").set_value("1\n" * 2_001)
    next(b for b in app.button if b.label == words("search.start")).click().run()
    assert "2,001" in app.error[0].value
