"""The tour's pages show each picture that the walk takes, once, and each of them is there."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.tour.walk import HEIGHT, STOPS, WIDTH

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(("language", "page"), [("en", "tour.md"), ("zh", "tour.zh.md")])
def test_a_page_shows_every_stop_once(language: str, page: str) -> None:
    shown = re.findall(r"\(images/tour/(\w+)/(\w+)\.png\)", (DOCS / page).read_text(encoding="utf-8"))
    assert sorted(shown) == sorted((language, name) for name in STOPS)
    for _, name in shown:
        with Image.open(DOCS / "images" / "tour" / language / f"{name}.png") as picture:
            assert picture.size == (WIDTH, HEIGHT)
