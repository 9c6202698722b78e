"""The chart for colour-blind readers: distances of the family colours, and signs that need no colour."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from graph.schema.catalog import NODE_TYPES
from graph.schema.shorthand import FAMILY_COLOURS
from ui.canvas.model import Shape
from ui.chart_marks import GREY

Floats = npt.NDArray[np.float64]
GROUNDS = {"light": "#ffffff", "dark": "#171614"}
# Machado, Oliveira and Fernandes 2009, table 1, severity 1.0, on linear RGB.
BLINDNESS: dict[str, list[list[float]]] = {
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ],
}  # fmt: skip


def linear(colour: str) -> Floats:
    """Linear RGB of "#rrggbb" (IEC 61966-2-1)."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def seen(colour: str, blindness: str) -> Floats:
    """Linear RGB as somebody sees it."""
    return np.clip(np.array(BLINDNESS[blindness]) @ linear(colour), 0, 1)


def lab(rgb: Floats) -> Floats:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    share = to_xyz @ rgb / np.array([0.9505, 1.0, 1.089])
    f = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, blindness: str) -> float:
    """CIE 1976 difference of two colours as somebody sees them."""
    return float(np.linalg.norm(lab(seen(one, blindness)) - lab(seen(other, blindness))))


def contrast(one: str, other: str, blindness: str) -> float:
    """WCAG 2.2 contrast of two colours as somebody sees them."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    first, second = (float(weights @ seen(colour, blindness)) for colour in (one, other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def on_dark(colour: str) -> str:
    """What `lineColour` of the canvas makes of a colour on a dark ground."""
    parts = [round(int(colour[at : at + 2], 16) * 0.62 + 255 * 0.38) for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)


# The least differences measured on 2026-11-23 (2.3 is just noticeable). A palette may only get better where
# it is worst: the one before had 28 for full sight and 4.4 for deuteranopia on the dark ground.
LEAST = {
    ("none", "light"): 24.6, ("none", "dark"): 14.4, ("protanopia", "light"): 21.8,
    ("protanopia", "dark"): 12.8, ("deuteranopia", "light"): 19.2, ("deuteranopia", "dark"): 9.5,
    ("tritanopia", "light"): 16.1, ("tritanopia", "dark"): 9.8,
}  # fmt: skip


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_families_differ_in_every_kind_of_sight(blindness: str, ground: str) -> None:
    colours = [on_dark(colour) if ground == "dark" else colour for colour in FAMILY_COLOURS.values()]
    least = min(distance(one, other, blindness) for one, other in combinations(colours, 2))
    assert least >= LEAST[blindness, ground]
    assert least > 2.3


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_marks_and_lines_stand_out_from_the_ground(blindness: str, ground: str) -> None:
    nodes = {*FAMILY_COLOURS.values(), GREY, *(node.colour for node in NODE_TYPES.values() if node.stored)}
    lines = {on_dark(colour) if ground == "dark" else colour for colour in nodes}
    assert min(contrast(colour, GROUNDS[ground], blindness) for colour in lines) >= 3
    # A node has a rim besides, lighter or darker than its fill.
    assert min(contrast(colour, GROUNDS[ground], blindness) for colour in nodes) >= 2.0


def test_every_type_can_be_told_without_any_colour() -> None:
    signs = [(node.shape, node.icon) for node in NODE_TYPES.values()]
    assert len(set(signs)) == len(signs)
    assert all(node.icon for node in NODE_TYPES.values())


def test_types_of_one_shape_are_far_apart_in_colour_or_of_one_family() -> None:
    for one, other in combinations(NODE_TYPES.values(), 2):
        if one.shape == other.shape and one.family != other.family and one.stored and other.stored:
            assert min(distance(one.colour, other.colour, sight) for sight in BLINDNESS) > 20


def test_the_canvas_can_draw_every_shape_of_the_catalog() -> None:
    known: tuple[str, ...] = Shape.__args__  # type: ignore[attr-defined]  # a Literal lists its members
    assert {node.shape for node in NODE_TYPES.values()} <= set(known)


def test_lines_have_the_colours_of_their_families() -> None:
    catalog = {node.family: node.colour for node in reversed(NODE_TYPES.values()) if node.stored}
    assert catalog | {"case": FAMILY_COLOURS["case"]} == FAMILY_COLOURS
