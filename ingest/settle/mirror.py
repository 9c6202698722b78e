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
_NEVER = 1e12  # microseconds; far above any allowed difference, and sums of it stay exact in a float


@dataclass(frozen=True, slots=True)
class Matches:
    """pairs: left, right (row keys). ties: rows with several equally good pairings, left apart."""

    pairs: pl.DataFrame
    ties: int


def match_mirrors(left: pl.DataFrame, right: pl.DataFrame, on: Sequence[str], within_s: int) -> Matches:
    """Pair rows of both sides with equal `on` columns and times at most `within_s` seconds apart.

    left, right: row_key, at (UTC), and the columns of `on`. Every pair that each best assignment contains is
    matched; where several assignments are equally good the rows they differ in stay unmatched.
    """
    span = within_s * 1_000_000
    stamp = pl.col("at").dt.timestamp("us")
    slot = stamp // span
    one = left.select(*on, left="row_key", left_us=stamp, slot=slot)
    other = right.select(
        *on, right="row_key", right_us=stamp, slot=pl.concat_list(slot - 1, slot, slot + 1)
    ).explode("slot")
    near = (
        one.join(other, on=[*on, "slot"])
        .select("left", "right", apart=(pl.col("left_us") - pl.col("right_us")).abs())
        .filter(pl.col("apart") <= span)
    )
    counted = near.with_columns(lefts=pl.len().over("left"), rights=pl.len().over("right"))
    simple = counted.filter((pl.col("lefts") == 1) & (pl.col("rights") == 1)).select("left", "right")
    # A pair may be simple for one side only; such groups are solved together below.
    rest = counted.filter((pl.col("lefts") > 1) | (pl.col("rights") > 1))
    solved, ties = _solve(rest)
    return Matches(pl.concat([simple, solved]).sort("left"), ties)


def _solve(pairs: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    schema: dict[str, pl.DataType] = {"left": pl.String(), "right": pl.String()}
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
    found: list[tuple[str, str]] = []
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
