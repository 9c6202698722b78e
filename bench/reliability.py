"""Reliability of stated probabilities: bins of said and seen, Brier score, expected calibration error."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
EDGES = (0.0, 0.02, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Accounts whose stated probability lies in [low, high), in the last bin 1 too. seen: share of mules."""

    low: float
    high: float
    n: int
    said: float
    seen: float


def bins(said: Floats, truth: Flags, edges: Sequence[float] = EDGES) -> tuple[Bin, ...]:
    """The bins that hold anything, lowest first."""
    place = np.clip(np.searchsorted(edges, said, side="right") - 1, 0, len(edges) - 2)
    found = []
    for number in range(len(edges) - 1):
        mine = place == number
        if mine.any():
            share, seen = float(said[mine].mean()), float(truth[mine].mean())
            found.append(Bin(edges[number], edges[number + 1], int(mine.sum()), share, seen))
    return tuple(found)


def calibration_error(said: Floats, truth: Flags) -> float:
    """Expected calibration error (Naeini et al. 2015) over `EDGES`: distance of said and seen a bin."""
    return (
        sum(one.n * abs(one.said - one.seen) for one in bins(said, truth)) / len(said) if len(said) else 0.0
    )


def brier(said: Floats, truth: Flags) -> float:
    """Mean square of stated probability less truth (Brier 1950)."""
    return float(np.mean((said - truth) ** 2)) if len(said) else 0.0


def interval(said: Floats, truth: Flags, draws: int = 500, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of the calibration error over accounts drawn with repeats.

    Accounts of one ring are no independent draws, so the true interval is wider.
    """
    if not len(said):
        return 0.0, 0.0
    random = np.random.default_rng(seed)
    drawn = [random.integers(0, len(said), len(said)) for _ in range(draws)]
    low, high = np.quantile([calibration_error(said[one], truth[one]) for one in drawn], [0.025, 0.975])
    return float(low), float(high)
