"""The stops of the tour: where to go, what to do there, one picture each."""

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from graph.lake.home import LakeHome
from tests.browser import chromium, open_page, streamlit_app
from ui.words import Language, Words

APP = Path(__file__).resolve().parents[2] / "app.py"
WIDTH, HEIGHT = 1440, 900
_LONG = 180_000
_COLOURS = 128
Act = Callable[[Page, Words], None]


def settled(page: Page) -> None:
    """Wait until Streamlit has finished a run and the chart stands still."""
    page.wait_for_timeout(400)
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=_LONG)
    page.wait_for_timeout(1200)


def go(name: str) -> Act:
    """Open a screen by the menu."""

    def act(page: Page, words: Words) -> None:
        title = words(f"nav.{name}")
        page.get_by_role("link", name=title, exact=True).click(timeout=_LONG)
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=_LONG)

    return act


def press(word: str) -> Act:
    """Press the first button with this text."""
    return lambda page, words: page.get_by_role("button", name=words(word)).first.click(timeout=_LONG)


def chart_drawn(page: Page, words: Words) -> None:
    """Wait for the canvas and its layout."""
    page.wait_for_selector(".stage canvas", state="attached", timeout=_LONG)
    page.wait_for_timeout(3000)


def write(word: str, text: str) -> Act:
    """Type into a field and press Enter."""

    def act(page: Page, words: Words) -> None:
        field = page.get_by_label(words(word)).first
        field.fill(text, timeout=_LONG)
        field.press("Enter")

    return act


def point_at_account(page: Page, right: bool = False) -> None:
    """Click the account that has most room around it."""
    at = page.locator(".chart .stage").evaluate(
        """element => {
            const cy = element._cyreg.cy, box = element.getBoundingClientRect();
            const at = n => n.renderedPosition();
            const gap = n => Math.min(...cy.nodes().filter(m => m !== n).map(m =>
                Math.hypot(at(m).x - at(n).x, at(m).y - at(n).y)));
            const fit = cy.nodes().filter(n => n.data('type') === 'Account' && at(n).x > 320 && at(n).y > 100
                && at(n).x < box.width - 60 && at(n).y < box.height - 60).toArray();
            const best = fit.sort((a, b) => gap(b) - gap(a))[0];
            return [box.x + at(best).x, box.y + at(best).y];
        }"""
    )
    page.mouse.click(*at, button="right" if right else "left")


STOPS: dict[str, tuple[Act, ...]] = {
    "overview": (go("overview"),),
    "search": (go("search"), write("search.field", "zhang")),
    "gangs": (go("gangs"),),
    "explore": (press("gangs.open_chart"), chart_drawn, lambda page, _: point_at_account(page)),
    "menu": (lambda page, _: point_at_account(page, right=True),),
    "mules": (go("mules"),),
    "cards": (go("cards"),),
    "money": (go("money"),),
    "freeze": (go("freeze"),),
    "refund": (go("refund"),),
    "phones": (go("phones"), press("phones.from_chart")),
    "parcels": (go("parcels"),),
    "cases": (go("cases"),),
    "findings": (go("findings"),),
    "queries": (go("queries"),),
    "load": (go("load"),),
    "doctor": (go("doctor"),),
    "same": (go("same"),),
    "settings": (go("settings"),),
}
"""Picture -> what leads there from the stop before."""


def take_pictures(home: LakeHome, language: Language, out: Path) -> Iterator[Path]:
    """Walk over a copy of `home`, so that nothing of the walk stays; one PNG a stop, named for it."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "home"
        shutil.copytree(home.root, own)
        environment = {"DUANLIAN_HOME": str(own), "DUANLIAN_LANGUAGE": language}
        with (
            streamlit_app(APP, env=environment) as address,
            chromium() as browser,
            open_page(browser, width=WIDTH, height=HEIGHT) as watched,
        ):
            watched.page.goto(address)
            settled(watched.page)
            for name, acts in STOPS.items():
                for act in acts:
                    act(watched.page, Words(language))
                    settled(watched.page)
                yield _picture(watched.page, out / f"{name}.png")


def _picture(page: Page, path: Path) -> Path:
    """What the window shows, in few colours: a page of pictures has to stay light."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path
