"""The shared neighbours of a pair with the rows that prove them on both sides."""

from datetime import datetime, timedelta

import polars as pl

from detect.changes.decide import Chosen
from detect.changes.matching import Matching
from detect.changes.settings import ChangeSettings
from detect.changes.sides import KindSides, Sides
from detect.changes.values import Sign
from detect.results import Row
from graph.contract import Ref

_MOST_SIGNS, _MOST_ROWS = 12, 10
_LEAST_VALUE = 1e-6
_ROUND = 6


class Trails:
    """Looks up neighbours, weights and rows of chosen pairs; each pair is made once."""

    def __init__(
        self, seen: pl.DataFrame, sides: Sides, matching: Matching, settings: ChangeSettings
    ) -> None:
        """seen: as of `traces`."""
        self._sides, self._matching, self._settings = sides, matching, settings
        self._rows: dict[tuple[str, str], pl.DataFrame] = {}
        owns = pl.concat([sides.ended.select("type", "own"), sides.began.select("type", "own")]).unique()
        for (type_, own), rows in seen.join(
            owns, on=["type", "own"], how="semi", maintain_order="left"
        ).group_by("type", "own", maintain_order=True):
            self._rows[(str(type_), str(own))] = rows
        self._signs: dict[tuple[int, int], tuple[Sign, ...]] = {}

    def of(self, ref: Ref) -> pl.DataFrame:
        """All traces of one candidate, in their order."""
        return self._rows[(ref.type, ref.key)]

    def refs(self, one: Chosen) -> tuple[Ref, Ref]:
        """Both ends of a pair."""
        type_ = self._sides.ended["type"][one.old]
        return (
            Ref(type_, self._sides.ended["own"][one.old]),
            Ref(type_, self._sides.began["own"][one.new]),
        )

    def signs(self, one: Chosen) -> tuple[Sign, ...]:
        """Shared neighbours, heaviest first, at most 12; a cell at several times of the week is one."""
        key = (one.old, one.new)
        if key not in self._signs:
            self._signs[key] = self._made(one)
        return self._signs[key]

    def _made(self, one: Chosen) -> tuple[Sign, ...]:
        found: dict[tuple[str, Ref, Ref], float] = {}
        for kind in self._sides.kinds:
            both = kind.before[[one.old]].multiply(kind.after[[one.new]]).tocoo()
            for thing, value in zip(both.coords[1].tolist(), both.data.tolist(), strict=True):
                row = self._sides.things.row(thing, named=True)
                ref = Ref(row["other_type"], row["other"])
                found[(kind.kind, ref, ref)] = found.get((kind.kind, ref, ref), 0.0) + value
            for before, after, value in self._over(kind, one):
                pair = (kind.kind, before, after)
                found[pair] = found.get(pair, 0.0) + value
        ranked = sorted(found.items(), key=lambda item: (-round(item[1], _ROUND), item[0]))
        old, new = self.refs(one)
        ended_at, began_at = self._sides.ended["at"][one.old], self._sides.began["at"][one.new]
        return tuple(
            Sign(
                kind,
                before,
                after,
                round(value, _ROUND),
                self._proof(old, kind, before, None, ended_at + timedelta(days=self._settings.linger_days)),
                self._proof(new, kind, after, began_at, None),
            )
            for (kind, before, after), value in ranked[:_MOST_SIGNS]
            if value > _LEAST_VALUE
        )

    def _over(self, kind: KindSides, one: Chosen) -> list[tuple[Ref, Ref, float]]:
        """What swapped neighbours carry: (ended neighbour, begun neighbour, value)."""
        carried = self._matching.carried.get(kind.kind)
        left, right = kind.before_ended[[one.old]].tocoo(), kind.after_begun[[one.new]].tocoo()
        if carried is None or not left.nnz or not right.nnz:
            return []
        part = carried[left.coords[1]][:, right.coords[1]].tocoo()
        found = []
        for r, c, value in zip(
            part.coords[0].tolist(), part.coords[1].tolist(), part.data.tolist(), strict=True
        ):
            ended, begun = int(left.coords[1][r]), int(right.coords[1][c])
            type_ = self._sides.ended["type"][ended]
            pair = Ref(type_, self._sides.ended["own"][ended]), Ref(type_, self._sides.began["own"][begun])
            found.append((*pair, float(value * left.data[r] * right.data[c])))
        return found

    def _proof(
        self, own: Ref, kind: str, other: Ref, since: datetime | None, until: datetime | None
    ) -> tuple[Row, ...]:
        """Rows of a neighbour on one side, first in time first, at most 10."""
        rows = self.of(own).filter(
            (pl.col("kind") == kind) & (pl.col("other_type") == other.type) & (pl.col("other") == other.key)
        )
        window = timedelta(days=self._settings.window_days)
        if until is not None:
            rows = rows.filter(pl.col("at").is_null() | pl.col("at").is_between(until - window, until))
        if since is not None:
            rows = rows.filter(pl.col("at").is_null() | pl.col("at").is_between(since, since + window))
        rows = rows.sort("at", "source", "row").unique(["source", "row"], keep="first", maintain_order=True)
        return tuple(rows.head(_MOST_ROWS).select("source", "row").iter_rows())
