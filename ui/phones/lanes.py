"""Lanes: one row a device, one bar the time a SIM was in it; boxes in percent, every text escaped."""

import html
from datetime import datetime

import polars as pl

from export.signs import local_text
from graph.contract import Ref
from graph.schema.shorthand import FAMILY_COLOURS
from ui.desk import Desk

MOST_LANES = 40
_COLOURS = (*FAMILY_COLOURS.values(), "#b3261e", "#5f6b7a")
_LANE = "display:flex;align-items:center;height:20px;border-bottom:1px solid rgba(128,128,128,.25)"
_NAME = "flex:0 0 190px;font-size:12px;font-variant-numeric:tabular-nums"
_BAR = "position:absolute;top:4px;height:12px;border-radius:2px"
_FOOT = "display:flex;justify-content:space-between;margin-left:190px;font-size:11px"
_BARS = "position:relative;flex:1;height:100%"


def lanes(desk: Desk, found: pl.DataFrame) -> str:
    """The stays as HTML for `st.html`; the devices with most stays, in the order of their first one.

    Colours repeat after eight SIMs: the title of each bar names its SIM, the table has all.
    """
    most = found.group_by("device").len().sort("len", "device", descending=[True, False]).head(MOST_LANES)
    rows = found.filter(pl.col("device").is_in(most["device"].to_list())).sort("first_at", "device", "sim")
    first, last = rows["first_at"].min(), rows["last_at"].max()
    assert isinstance(first, datetime) and isinstance(last, datetime)  # noqa: S101 - a column of instants
    long = max(1.0, (last - first).total_seconds())
    sims = {sim: number for number, sim in enumerate(dict.fromkeys(rows["sim"].to_list()))}
    bars: dict[str, list[str]] = {}
    for one in rows.iter_rows(named=True):
        left = (one["first_at"] - first).total_seconds() / long * 100
        wide = (one["last_at"] - one["first_at"]).total_seconds() / long * 100
        span = f"{local_text(one['first_at'])} – {local_text(one['last_at'])}"
        said = html.escape(f"{desk.scope.key(Ref('Sim', one['sim']))} · {span}", quote=True)
        place = f"left:{left:.2f}%;width:max(3px,{wide:.2f}%);background:{_COLOURS[sims[one['sim']] % 8]}"
        bars.setdefault(one["device"], []).append(f'<div title="{said}" style="{_BAR};{place}"></div>')
    ends = f"<span>{local_text(first)}</span><span>{local_text(last)}</span>"
    foot = f'<div style="{_FOOT}">{ends}</div>'
    return "".join(_lane(desk, device, "".join(parts)) for device, parts in bars.items()) + foot


def _lane(desk: Desk, device: str, bars: str) -> str:
    name = html.escape(desk.scope.key(Ref("Device", device)))
    return f'<div style="{_LANE}"><div style="{_NAME}">{name}</div><div style="{_BARS}">{bars}</div></div>'
