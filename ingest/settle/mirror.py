"""Matches the two reports of one event, one to one, with the least total time difference (DOMAIN 3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

_LARGEST = 60
_SLOT_SPANS = 16
_NEVER = 1e12  # microseconds; far above any allowed difference, and sums of it stay exact in a float


@dataclass(frozen=True, slots=True)
class Matches:
    """pairs: left, right (the sides' ids). ties: rows with several equally good pairings, left apart."""

    pairs: pl.DataFrame
    ties: int


def match_mirrors(left: pl.DataFrame, right: pl.DataFrame, on: Sequence[str], within_s: int) -> Matches:
    """Pair rows of both sides with equal `on` columns and times at most `within_s` seconds apart.

    left, right: id (uint32, unique in its side), at (UTC), and the columns of `on`. Every pair that each best
    assignment contains is matched; where several are equally good the rows they differ in stay unmatched.
    """
    near = _near(left, right, on, within_s * 1_000_000)
    several = pl.col("left").is_duplicated() | pl.col("right").is_duplicated()
    doubtful = near.select(several).to_series()
    # A pair may be the only one for one side only; such groups are solved together.
    solved, ties = _solve(near.filter(doubtful))
    return Matches(pl.concat([near.filter(~doubtful).select("left", "right"), solved]).sort("left"), ties)


def _near(left: pl.DataFrame, right: pl.DataFrame, on: Sequence[str], span: int) -> pl.DataFrame:
    """Candidates: left, right, apart (microseconds).

    Time is cut into slots much longer than the span, so nearly every row of the right side lies in one slot
    with all that is near it; one close to a border goes into both.
    """
    stamp = pl.col("at").dt.timestamp("us")
    width = _SLOT_SPANS * span
    one = left.select(*on, slot=stamp // width)
    other = right.select(*on, slot=(stamp - span) // width, last=(stamp + span) // width)
    border = (other["slot"] != other["last"]).arg_true()
    both = pl.concat([other.drop("last"), other[border].select(*on, slot="last")])
    # Equal hashes find the candidates at half the cost of a join by all columns, which then are compared.
    spots = pl.int_range(right.height, dtype=pl.UInt32, eager=True)
    hashed = pl.DataFrame({"hash": both.hash_rows(), "right": pl.concat([spots, spots.gather(border)])})
    found = (
        one.select(left=pl.int_range(pl.len(), dtype=pl.UInt32))
        .with_columns(hash=one.hash_rows())
        .join(hashed, on="hash")
    )
    i, j = found["left"], found["right"]
    pairs = pl.DataFrame(
        {
            "left": left["id"].gather(i),
            "right": right["id"].gather(j),
            "apart": (left["at"].gather(i) - right["at"].gather(j)).dt.total_microseconds().abs(),
        }
    )
    equal = pairs["apart"] <= span
    for column in on:
        equal &= left[column].gather(i) == right[column].gather(j)
    return pairs.filter(equal)


def with_partner(
    left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame, columns: Sequence[str]
) -> pl.DataFrame:
    """`left` with these columns of its partner in `right` beside it (`to_` in front), null without one.

    pairs: as of `Matches`, ids being row numbers.
    """
    partner = partners(pairs, left.height)
    return left.hstack(right.select(pl.col(columns).gather(partner).name.prefix("to_")))


def partners(pairs: pl.DataFrame, height: int) -> pl.Series:
    """The right id of each left one below `height`, null without one."""
    alone = pl.repeat(None, height, dtype=pl.UInt32, eager=True)
    return alone.scatter(pairs["left"], pairs["right"])


def without_partner(height: int, pairs: pl.DataFrame) -> pl.Series:
    """The right ids below `height` that no pair holds."""
    alone = np.ones(height, dtype=np.bool_)
    alone[pairs["right"].to_numpy()] = False
    return pl.Series(np.flatnonzero(alone))


def _solve(pairs: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    schema: dict[str, pl.DataType] = {"left": pl.UInt32(), "right": pl.UInt32()}
    if pairs.is_empty():
        return pl.DataFrame(schema=schema), 0
    lefts, rights = pairs["left"].unique().sort(), pairs["right"].unique().sort()
    i = lefts.search_sorted(pairs["left"]).to_numpy().astype(np.int64)
    j = rights.search_sorted(pairs["right"]).to_numpy().astype(np.int64)
    cost = pairs["apart"].to_numpy().astype(np.float64)
    size = len(lefts) + len(rights)
    graph = coo_matrix((np.ones(len(i)), (i, j + len(lefts))), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label[i], kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(label[i][order]) != 0, True])
    found: list[tuple[int, int]] = []
    ties = 0
    for first, last in pairwise(starts):
        part = order[first:last]
        matched, doubtful = _assign(i[part], j[part], cost[part])
        found += [(lefts[int(a)], rights[int(b)]) for a, b in matched]
        ties += doubtful
    return pl.DataFrame(found, schema=schema, orient="row"), ties


def _assign(i: np.ndarray, j: np.ndarray, cost: np.ndarray) -> tuple[list[tuple[int, int]], int]:
    """Pairs that every assignment of most pairs and least total difference contains, and how many others."""
    rows, columns = np.unique(i), np.unique(j)
    if max(len(rows), len(columns)) > _LARGEST:
        return [], min(len(rows), len(columns))
    matrix = np.full((len(rows), len(columns)), _NEVER)
    matrix[np.searchsorted(rows, i), np.searchsorted(columns, j)] = cost
    a, b = linear_sum_assignment(matrix)
    best = matrix[a, b].sum()
    matched, doubtful = [], 0
    for row, column in zip(a, b, strict=True):
        if matrix[row, column] >= _NEVER:
            continue
        kept, matrix[row, column] = matrix[row, column], 2 * _NEVER
        c, d = linear_sum_assignment(matrix)
        other = matrix[c, d].sum()
        matrix[row, column] = kept
        if other <= best:
            doubtful += 1
        else:
            matched.append((int(rows[row]), int(columns[column])))
    return matched, doubtful
