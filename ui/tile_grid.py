"""Provinces as equal tiles at their rough places, without borders; places with coordinates as points."""

import html
import math
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import streamlit as st

from cases.boundaries import Ring, read_boundaries
from cases.regions import PROVINCES, Counted, Regions, regions
from detect.results import Detection
from export.signs import money_text
from graph.errors import InputError
from graph.schema.shorthand import PEOPLE
from ui.desk import Desk, kept_while
from ui.tables import show_table

_COLUMNS, _ROWS = 10, 8
_MOST_POINTS = 3_000
_WIDTH, _HEIGHT = 720, 480
_STYLE = """<style>
  [class*="st-key-tile-"] button {padding: 2px 0; min-height: 3rem; line-height: 1.2; border-radius: 4px;}
  [class*="st-key-tile-"] button p {font-size: 0.8rem; font-variant-numeric: tabular-nums;}
  %s
</style>"""


def show_regions(desk: Desk, found: Detection | None) -> None:
    """Draw the tile grid of what is chosen, the cities of the tile that was pressed, and the point map."""
    words = desk.words
    what = Counted(
        st.segmented_control(
            words("tiles.what"), [one.value for one in Counted], key="tiles-what",
            default=Counted.VICTIMS.value, format_func=lambda name: words(f"tiles.{name}"), required=True,
        )
    )  # fmt: skip
    mules = [mule.account for mule in found.mules] if found else []
    stamp = f"{desk.state} {what.value} {len(mules)} {found.lake_digest if found else ''}"
    counted = kept_while(
        "tiles-counted", stamp, words("tiles.working"), lambda: regions(desk.tables, what, mules)
    )
    st.caption(words(f"tiles.{what.value}_note"))
    if not counted.count and not counted.unknown:
        st.info(words("tiles.nothing"), icon=":material/info:")
    else:
        _grid(desk, counted)
        _said(desk, counted)
        _cities(desk, counted)
    with st.expander(words("tiles.points")):
        if st.toggle(words("tiles.points_show"), key="tiles-points"):
            _points(desk)


def _grid(desk: Desk, counted: Regions) -> None:
    words = desk.words
    numbers = {code: counted.province(code)[0] for code in PROVINCES}
    most = max([1, *numbers.values()])
    shades = " ".join(
        f".st-key-tile-{code} button {{background: rgba(196,80,27,{_shade(n / most):.2f}) !important;}}"
        for code, n in numbers.items() if n
    )  # fmt: skip
    st.html(_STYLE % shades)
    places = {(row, column): code for code, (*_, row, column) in PROVINCES.items()}
    for row in range(_ROWS):
        for column, cell in enumerate(st.columns(_COLUMNS, gap="xxsmall")):
            code = places.get((row, column))
            if code is None:
                continue
            sign, zh, en, *_ = PROVINCES[code]
            name = sign if words.language == "zh" else en[:9]
            cell.button(
                f"{name}  \n{numbers[code]:,}" if numbers[code] else name, key=f"tile-{code}",
                help=f"{zh if words.language == 'zh' else en}: {numbers[code]:,}",
                on_click=_choose, args=(code,), width="stretch",
            )  # fmt: skip


def _shade(share: float) -> float:
    """How dense a tile is for its share (0 to 1) of the fullest: text stays readable on both grounds."""
    return 0.12 + 0.5 * math.sqrt(share)


def _choose(code: str) -> None:
    st.session_state["tile-chosen"] = code


def _said(desk: Desk, counted: Regions) -> None:
    words = desk.words
    inside = sum(counted.count.values()) - counted.outside
    st.caption(
        words("tiles.said", n=f"{inside:,}", outside=f"{counted.outside:,}", unknown=f"{counted.unknown:,}")
    )


def _cities(desk: Desk, counted: Regions) -> None:
    """The chosen tile's cities; before a choice all codes, so that codes of no province are seen too."""
    words = desk.words
    code = st.session_state.get("tile-chosen", "")
    if code:
        _, zh, en, *_ = PROVINCES[code]
        st.markdown(f"**{zh if words.language == 'zh' else en}** · {code}")
        st.button(words("tiles.all"), key="tiles-all", icon=":material/close:", on_click=_choose, args=("",))
    rows = []
    for city, n, fen in counted.cities(code)[:200]:
        province = PROVINCES.get(city[:2])
        name = (
            words("tiles.no_province") if province is None else province[1 if words.language == "zh" else 2]
        )
        row = {
            words("tiles.city"): f"{city}00",
            words("tiles.province"): name,
            words("overview.count"): f"{n:,}",
        }
        rows.append(row | ({words("explore.amount"): money_text(fen)} if counted.fen else {}))
    if rows:
        show_table(desk, rows, key="tiles-cities", download="regions")
    elif code:
        st.caption(words("tiles.none_here"))


def _points(desk: Desk) -> None:
    words = desk.words
    cells = desk.tables.scan("Cell").select("lon", "lat").drop_nulls().unique().sort("lon", "lat").collect()
    good = cells.filter(pl.col("lon").is_between(-180, 180) & pl.col("lat").is_between(-90, 90))
    if good.is_empty():
        st.info(words("tiles.no_points"), icon=":material/info:")
        return
    shown = good.gather_every(-(-good.height // _MOST_POINTS))
    rings: Sequence[Ring] = ()
    path = desk.settings.map_geojson
    if path is not None:
        try:
            rings = _boundaries(path)
        except InputError as error:
            st.error(words(f"tiles.bad_{error.facts['reason']}"), icon=":material/error:")
    st.html(point_map(list(shown.iter_rows()), rings, words("tiles.points")))
    st.caption(words("tiles.points_said", n=f"{shown.height:,}", all=f"{good.height:,}",
                     bad=f"{cells.height - good.height:,}"))  # fmt: skip
    st.caption(words("tiles.with_borders" if rings else "tiles.no_borders"))


def _boundaries(path: Path) -> Sequence[Ring]:
    return read_boundaries(path)


def point_map(points: Sequence[tuple[float, float]], rings: Sequence[Ring], title: str) -> str:
    """An SVG of (longitude, latitude) points with a scale, over the rings that were given; nothing else."""
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    shrink = max(0.05, math.cos(math.radians((min(lats) + max(lats)) / 2)))
    span = max((max(lons) - min(lons)) * shrink / _WIDTH, (max(lats) - min(lats)) / _HEIGHT, 1e-4) * 1.1
    middle = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2

    def at(lon: float, lat: float) -> str:
        x, y = _WIDTH / 2 + (lon - middle[0]) * shrink / span, _HEIGHT / 2 - (lat - middle[1]) / span
        return f"{x:.1f},{y:.1f}"

    drawn = "".join(
        f'<polyline points="{" ".join(at(*p) for p in ring)}" fill="none" stroke="#8a94a3"/>'
        for ring in rings
    )
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="2.5" fill="{PEOPLE}" fill-opacity="0.6"/>'
        for x, y in (at(*p).split(",") for p in points)
    )
    km = _round_km(span * 111.32 * 120)
    bar = km / (span * 111.32)
    scale = (
        f'<path d="M16 {_HEIGHT - 16} h{bar:.1f}" stroke="currentColor" stroke-width="2"/>'
        f'<text x="16" y="{_HEIGHT - 22}" font-size="12" fill="currentColor">{km:g} km</text>'
    )
    return (
        f'<svg role="img" aria-label="{html.escape(title)}" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="100%" '
        f'style="max-height: 480px; border: 1px solid #8a94a355">{drawn}{dots}{scale}</svg>'
    )


def _round_km(rough: float) -> float:
    """The round number (1, 2 or 5 times a power of ten) at or below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return max(step for step in (1, 2, 5) if step * power <= rough * 1.0001) * power
