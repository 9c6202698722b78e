"""The gangs screen's views: gallery, list, hierarchy, two side by side."""

import shutil
from dataclasses import replace

import pytest

from cases.gang_comparison import compare_gangs
from detect.results import Detection
from detect.store import open_detection, write_detection
from graph.lake.home import LakeHome, lake_home
from tests.ui.screens.screen import screen, texts
from ui.gang_gallery import PAGE
from ui.words import Words

WORDS = Words("en")
Found = tuple[LakeHome, Detection]


@pytest.fixture(scope="module")
def found(sample_home: LakeHome, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The sample with its gang and a second one, made of half of its members, as detection stores them."""
    home = lake_home(tmp_path_factory.mktemp("two-gangs") / "home")
    shutil.copytree(sample_home.root, home.root)
    detection = open_detection(home)
    assert detection is not None and detection.gangs
    whole = detection.gangs[0]
    half = replace(whole, gang_id="gang-half", score=whole.score / 2, members=whole.members[::2])
    two = replace(detection, gangs=(whole, half))
    write_detection(home, two)
    return home, two


def test_the_gallery_shows_a_card_a_gang_and_the_chosen_one_below(found: Found) -> None:
    home, detection = found
    app = screen("gangs", home)
    cards = [b for b in app.button if b.key and b.key.startswith("gallery-")]
    assert len(cards) == min(PAGE, len(detection.gangs))
    second = detection.gangs[1].gang_id
    app.button(key=f"gallery-{second}").click().run()
    assert not app.exception
    assert second in [subheader.value for subheader in app.subheader]


def test_the_hierarchy_has_a_line_for_each_gang_cell_and_tie(found: Found) -> None:
    home, detection = found
    app = screen("gangs", home)
    app.segmented_control(key="gangs_view").set_value("tree").run()
    below = sum(len(g.hierarchy.cells) + len(g.hierarchy.chains) for g in detection.gangs if g.hierarchy)
    assert len(app.dataframe[0].value) == len(detection.gangs) + below


def test_two_gangs_side_by_side_say_what_joins_them(found: Found) -> None:
    home, detection = found
    app = screen("gangs", home)
    app.segmented_control(key="gangs_view").set_value("beside").run()
    assert not app.exception
    one, other = detection.gangs[:2]
    compared = compare_gangs(one, other, detection.findings)
    joined = bool(compared.shared or compared.chains)
    said = (
        WORDS("beside.joined", shared=len(compared.shared), chains=len(compared.chains))
        if joined
        else WORDS("beside.apart", one=one.gang_id, other=other.gang_id)
    )
    assert said in texts(app)
    app.selectbox(key="beside_first").set_value(other.gang_id).run()
    assert not app.exception
    assert app.selectbox(key="beside_second").value != other.gang_id
