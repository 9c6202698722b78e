"""What stood around the ended and the begun identifiers, as weighted sparse matrices, one pair a kind."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from scipy import sparse

from detect.changes.settings import ChangeSettings
from detect.evidence.weights import rarity, repetition


@dataclass(frozen=True, slots=True)
class KindSides:
    """One kind of neighbour: `before` ended x neighbours, `after` begun x neighbours, roots of the weights.

    before_ended: the part of `before` whose neighbours ended too, ended x ended; after_begun likewise.
    """

    type: str
    kind: str
    before: sparse.csr_array
    after: sparse.csr_array
    before_ended: sparse.csr_array
    after_begun: sparse.csr_array


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides: `ended` and `began` frames in order of type and key, and a KindSides for each kind.

    things: all neighbours, (other_type, other, slot), in order; columns of the matrices point into it.
    windowed: the traces inside the windows with their weight, one row a neighbour of an identifier.
    """

    ended: pl.DataFrame
    began: pl.DataFrame
    things: pl.DataFrame
    kinds: tuple[KindSides, ...]


def build_sides(
    seen: pl.DataFrame, ended: pl.DataFrame, began: pl.DataFrame, settings: ChangeSettings
) -> Sides:
    """Neighbourhoods of the ended in the window before their end, of the begun in that after their start.

    seen: as of `traces`; ended, began: as of `lives`. Weight of a neighbour: base x rarity x repetition
    (docs/gangs.md, section 1); the matrices hold its root, so that a product of both sides is their
    geometric mean. Neighbours used by more than `most` count nothing.
    """
    weighed = _popular(seen, settings)
    window = timedelta(days=settings.window_days)
    timed = pl.col("at")
    ended, began = ended.with_row_index("n"), began.with_row_index("n")
    lie = pl.col("limit") + timedelta(days=settings.linger_days)
    before = weighed.join(ended.select("type", "own", "n", limit="at"), on=["type", "own"]).filter(
        timed.is_null() | ((timed <= lie) & (timed >= pl.col("limit") - window))
    )
    after = weighed.join(began.select("type", "own", "n", limit="at"), on=["type", "own"]).filter(
        timed.is_null() | (timed <= pl.col("limit") + window)
    )
    key = ["other_type", "other", "slot"]
    things = pl.concat([before.select(key), after.select(key)]).unique().sort(key).with_row_index("thing")
    left, right = _roots(before, things), _roots(after, things)
    kinds = []
    for type_, own_kinds in settings.kinds.items():
        for kind in own_kinds:
            one, other = _of(left, type_, kind), _of(right, type_, kind)
            if one.height or other.height:
                shapes = (ended.height, things.height), (began.height, things.height)
                kinds.append(
                    KindSides(
                        type_,
                        kind,
                        _matrix(one, "thing", shapes[0]),
                        _matrix(other, "thing", shapes[1]),
                        _swapped(one, ended),
                        _swapped(other, began),
                    )
                )
    return Sides(ended, began, things, tuple(kinds))


def _popular(seen: pl.DataFrame, settings: ChangeSettings) -> pl.DataFrame:
    """Traces with `base` and `popularity` (identifiers of the type that have the neighbour), without the
    neighbours of too many."""
    known = pl.DataFrame(
        [
            (type_, kind, one.base, one.most)
            for type_, kinds in settings.kinds.items()
            for kind, one in kinds.items()
        ],
        schema={"type": pl.String, "kind": pl.String, "base": pl.Float64, "most": pl.Int64},
        orient="row",
    )
    # A cell is popular by all who use it, whatever the hour.
    popular = seen.group_by("type", "kind", "other_type", "other").agg(popularity=pl.col("own").n_unique())
    return (
        seen.join(known, on=["type", "kind"])
        .join(popular, on=["type", "kind", "other_type", "other"])
        .filter(pl.col("popularity") <= pl.col("most"))
    )


def _roots(rows: pl.DataFrame, things: pl.DataFrame) -> pl.DataFrame:
    weight = (
        pl.col("base").first()
        * rarity(pl.col("popularity").first().cast(pl.Float64))
        * repetition(pl.len(), pl.lit(0.5), pl.lit(1.0))
    )
    key = ["other_type", "other", "slot"]
    return (
        rows.group_by("type", "kind", "n", *key)
        .agg(root=weight.sqrt())
        .join(things, on=key)
        .sort("type", "kind", "n", "thing")
    )


def _of(rows: pl.DataFrame, type_: str, kind: str) -> pl.DataFrame:
    return rows.filter((pl.col("type") == type_) & (pl.col("kind") == kind))


def _matrix(rows: pl.DataFrame, column: str, shape: tuple[int, int]) -> sparse.csr_array:
    index = (rows["n"].to_numpy(), rows[column].to_numpy())
    return sparse.csr_array((rows["root"].to_numpy(), index), shape=shape)


def _swapped(rows: pl.DataFrame, side: pl.DataFrame) -> sparse.csr_array:
    """The part whose neighbours are themselves on this side, as a matrix over the side's own numbers."""
    own = side.select(other_type="type", other="own", swapped="n")
    both = rows.join(own, on=["other_type", "other"]).sort("n", "swapped")
    return _matrix(both, "swapped", (side.height, side.height))
