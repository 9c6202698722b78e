"""Runs one screen of the app in Streamlit's own test harness."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from graph.lake.home import LakeHome

SCREENS = sorted(path.stem for path in (Path(__file__).parents[3] / "ui" / "screens").glob("[a-z]*.py"))
"""Every screen there is: one that nobody thought of here is tried all the same."""
SCRIPT = """
from pathlib import Path
from graph.settings import Settings
from importlib import import_module
from ui.desk import desk
from ui.frame import frame

here = desk(Settings(home=Path({home!r}), language={language!r}))
frame(here)
import_module("ui.screens.{name}").show(here)
"""


def screen(name: str, home: LakeHome, language: str = "en") -> AppTest:
    """The screen called `name` over a home, run once; fails when it raised."""
    app = AppTest.from_string(
        SCRIPT.format(home=str(home.root), language=language, name=name), default_timeout=60
    )
    app.run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> str:
    """Everything in words that the screen shows."""
    parts = [*app.header, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    return "\n".join(str(part.value) for part in [*parts, *app.success, *app.code])
