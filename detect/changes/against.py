"""What speaks against a proposal, and the ordinary reading of it."""

from datetime import datetime

import polars as pl

from detect.changes.decide import Chosen
from detect.changes.settings import ChangeSettings
from detect.changes.sides import Sides
from detect.changes.signs import Trails
from detect.changes.values import Against
from detect.results import Row

_HOUR_S = 3_600.0
_MOST_ROWS = 10
_FEW_ROWS = 6
_ROUND = 6


def speaks_against(
    one: Chosen, together: int, steady: float, sides: Sides, trails: Trails, settings: ChangeSettings
) -> tuple[Against, ...]:
    """The points of `Against` that hold for a pair, in a fixed order."""
    old, new = trails.refs(one)
    before, after = trails.of(old), trails.of(new)
    began_at: datetime = sides.began["at"][one.new]
    points = []
    later = before.filter(pl.col("at") > began_at).sort("at")
    if later.height:
        hours = (later["at"][-1] - began_at).total_seconds() / _HOUR_S
        points.append(Against("overlap", round(hours, 1), _rows(later)))
    cells = [part.filter(pl.col("kind") == "cell") for part in (before, after)]
    places = set(cells[0]["other"].to_list())
    if places and cells[1].height and places.isdisjoint(cells[1]["other"].to_list()):
        points.append(Against("places", float(len(places)), _rows(cells[1])))
    for kind, name in (("holder", "same_holder"), ("sim", "same_sim")):
        stayed = [s for s in trails.signs(one) if s.kind == kind and not s.carried]
        if stayed:
            points.append(Against(name, 1.0, stayed[0].before_rows + stayed[0].after_rows))
    if together < settings.together_least:
        points.append(Against("solitary", float(together)))
    fewest = min(sides.ended["rows"][one.old], sides.began["rows"][one.new])
    if fewest < _FEW_ROWS:
        points.append(Against("few", float(fewest)))
    if one.rivals:
        points.append(Against("rival", round(one.score * (1 - one.margin), _ROUND)))
    if steady < settings.least_stability:
        points.append(Against("wavering", steady))
    signs = trails.signs(one)
    whole = sum(s.value for s in signs)
    carried = sum(s.value for s in signs if s.carried)
    if whole > 0 and carried > 0.5 * whole:
        points.append(Against("unanchored", round(carried / whole, 3)))
    return tuple(points)


def _rows(rows: pl.DataFrame) -> tuple[Row, ...]:
    first = rows.sort("at", "source", "row").unique(["source", "row"], keep="first", maintain_order=True)
    return tuple(first.head(_MOST_ROWS).select("source", "row").iter_rows())
