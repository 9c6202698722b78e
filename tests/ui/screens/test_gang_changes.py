"""The section of the gangs screen on what replaced what."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from detect.changes import Changes, find_changes
from detect.changes.store import write_changes
from graph.lake.home import LakeHome
from tests.detect.gang_world import lake
from tests.detect.test_changes import swapped
from tests.ui.screens.screen import texts
from ui.words import Words

SCRIPT = """
from pathlib import Path
from detect.results import Gang, Member
from graph.contract import Ref
from graph.settings import Settings
from ui.desk import desk
from ui.frame import frame
from ui.gang_changes import show_gang_changes

here = desk(Settings(home=Path({home!r}), language={language!r}))
frame(here)
show_gang_changes(here, Gang("gang-1", 0.5, 1.0, (Member(Ref("Sim", {key!r}), 1.0),), ()))
"""


def section(home: LakeHome, key: str, language: str = "en") -> AppTest:
    """The section for a gang of one SIM."""
    app = AppTest.from_string(
        SCRIPT.format(home=str(home.root), language=language, key=key), default_timeout=60
    )
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_members_replacement_is_listed_masked(language: str, tmp_path: Path) -> None:
    world, tables = lake(tmp_path, swapped())
    home = LakeHome(tmp_path)
    write_changes(home, find_changes(tables))
    old, new = world.names["SB1"].key, world.names["SB2"].key
    app = section(home, old, language)
    words = Words(language)  # type: ignore[arg-type]  # one of the two literals
    assert words("changes.opinion") in texts(app)
    shown = app.dataframe[0].value
    assert len(shown) == 1 and old not in str(shown) and new not in str(shown)
    assert list(shown[words("changes.decided")]) == [words("changes.yes")]


def test_a_member_without_one_and_data_not_looked_at_are_said(tmp_path: Path) -> None:
    world, tables = lake(tmp_path, swapped())
    home, words = LakeHome(tmp_path), Words("en")
    assert words("changes.not_yet") in texts(section(home, "15400000000"))
    app = section(home, world.names["SB1"].key)
    app.button(key="find-changes").click().run()
    assert not app.exception and len(app.dataframe[0].value) == 1
    write_changes(home, find_changes(tables))
    assert words("changes.none") in texts(section(home, "15400000000"))
    write_changes(home, Changes("of another lake", (), ()))
    assert words("changes.not_yet") in texts(section(home, "15400000000"))
