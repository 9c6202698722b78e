"""Chooses at most one replacement for each identifier, or none, and says by how much it leads."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components

from detect.changes.settings import ChangeSettings
from graph.contract import Floats

_DIGITS = 9  # further digits hang on the order of a sum


@dataclass(frozen=True, slots=True)
class Chosen:
    """One pair of the assignment: place among the ended and the begun, score, share to the second best.

    rivals: (ended, begun) pairs within the margin, best first; decided when there are none.
    """

    old: int
    new: int
    score: float
    margin: float
    rivals: tuple[tuple[int, int], ...]

    @property
    def decided(self) -> bool:
        """Whether the pair leads by enough."""
        return not self.rivals


def choose(score: sparse.csr_array, settings: ChangeSettings) -> tuple[Chosen, ...]:
    """The one-to-one choice with the greatest sum of score over `least_score`, in order of the ended.

    Pairs under `least_score` are no replacements (leaving an identifier alone costs nothing). Blocks that
    share no pair are solved each by itself (Jonker & Volgenant, scipy's linear_sum_assignment). No pairs
    give none.
    """
    found = sparse.coo_array(score)
    data, (row, column) = np.round(found.data, _DIGITS), found.coords
    keep = data >= settings.least_score
    if not keep.any():
        return ()
    data, row, column = data[keep], row[keep], column[keep]
    olds, news = score.shape
    joined = sparse.csr_array((data, (row, column + olds)), shape=(olds + news, olds + news))
    _, block = connected_components(joined, directed=False)
    chosen: list[Chosen] = []
    order = np.argsort(block[row], kind="stable")
    edges = np.flatnonzero(np.diff(block[row][order])) + 1
    for pairs in np.split(order, edges):
        chosen += _choose(row[pairs], column[pairs], data[pairs], settings)
    return tuple(sorted(chosen, key=lambda one: (one.old, one.new)))


def _choose(
    row: npt.NDArray[np.int32], column: npt.NDArray[np.int32], data: Floats, settings: ChangeSettings
) -> list[Chosen]:
    olds, row_at = np.unique(row, return_inverse=True)
    news, column_at = np.unique(column, return_inverse=True)
    table = np.zeros((len(olds), len(news)))
    table[row_at, column_at] = data
    gain = np.maximum(table - settings.least_score, 0.0)
    chosen = []
    for one, other in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
        score = float(table[one, other])
        if score < settings.least_score:
            continue
        beside = [(-table[one, c], int(olds[one]), int(news[c])) for c in range(len(news)) if c != other]
        beside += [(-table[r, other], int(olds[r]), int(news[other])) for r in range(len(olds)) if r != one]
        beside.sort()
        second = -beside[0][0] if beside else 0.0
        near = tuple((o, n) for v, o, n in beside if -v > score * (1 - settings.least_margin))
        chosen.append(Chosen(int(olds[one]), int(news[other]), score, (score - second) / score, near))
    return chosen
