"""Iterative neighbourhood matching: a swapped neighbour counts as far as it is matched itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from detect.changes.settings import ChangeSettings
from detect.changes.sides import Sides
from graph.contract import Floats, Ints

_DAY_US = 86_400_000_000
# Kinds whose neighbours are looked for replacements themselves, and which kind sees such a tie from there.
_SWAPPED = ("bound", "call", "device", "login", "payee", "payer", "sim", "topup")
_REVERSE = {"device": "sim", "sim": "device", "login": "device"}


@dataclass(frozen=True, slots=True)
class Matching:
    """Scores of the pairs that may be one (ended x begun), and what they were made of.

    score: 0 to 1. shared: shared weight. carried: kind -> what a swapped neighbour of it counts for, ended x
    begun; kinds whose neighbours cannot be swapped are not in it.
    rounds: how many were made; stable: whether scores had stopped moving by then.
    """

    score: sparse.csr_array
    shared: sparse.csr_array
    carried: Mapping[str, sparse.csr_array]
    rounds: int
    stable: bool


def match(sides: Sides, settings: ChangeSettings, rounds: int | None = None) -> Matching:
    """Score all pairs of the same type whose times fit; `rounds` 0 is the static comparison, without swaps.

    With I(x, y) the shared weight, W the weight of a neighbourhood and h = evidence_half:

        J = I / (W(x) + W(y) - I)                            soft Jaccard of the neighbourhoods
        score = J x (1 - 2^(-I / h))
        share(u, v) = least of score^2 over the row's and the column's sum of score^2
        carry(u, v) = damping x share(u, v) x (1 - 2^(-I'(u, v) / h))
        I(x, y) = sum over kinds of root weights of what stayed, and of swapped (u, v) x carry(u, v)

    repeated until no score moves by `stable`. I' leaves out what numbers and the devices they are in say of
    each other: a number must not vouch for itself by way of its own phone. As the rows of share sum to at
    most 1, no neighbour counts twice. Source: similarity flooding (Melnik, Garcia-Molina & Rahm 2002) and
    IsoRank (Singh, Xu & Berger 2008, eq. 1, alpha the damping), with the share in place of their division by
    the degrees.
    """
    fits = Fits(sides, settings)
    static = fits(_sum((kind.before @ kind.after.T for kind in sides.kinds), fits.shape))
    weights = (
        _weights([k.before for k in sides.kinds], fits.shape[0]),
        _weights([k.after for k in sides.kinds], fits.shape[1]),
    )
    over: dict[str, sparse.csr_array] = {}
    carries: dict[str, sparse.csr_array] = {}
    shared = static
    score = _score(shared, weights, settings)
    done, stable = 0, False
    limit = settings.rounds if rounds is None else rounds
    while done < limit and not stable:
        done += 1
        share = _share(score)
        carries = {
            kind: _carry(share, shared, over.get(_REVERSE.get(kind, "")), settings) for kind in _SWAPPED
        }
        over = _carried_over(sides, carries, fits)
        shared = fits(_sum((static, *over.values()), fits.shape))
        moved = _score(shared, weights, settings)
        gap = abs(moved - score)
        stable = gap.nnz == 0 or float(gap.max()) < settings.stable
        score = moved
    return Matching(score, shared, carries, done, stable)


class Fits:
    """Keeps only pairs of one type, of different numbers, whose end and start lie close enough."""

    def __init__(self, sides: Sides, settings: ChangeSettings) -> None:
        self.shape = (sides.ended.height, sides.began.height)
        self._types = _codes(sides.ended["type"], sides.began["type"])
        # A number that was issued again, to somebody else, did not replace itself.
        number = pl.col("own").str.split("@").list.first()
        self._numbers = _codes(*(side.select(number).to_series() for side in (sides.ended, sides.began)))
        self._at = [side["at"].cast(pl.Int64).to_numpy() for side in (sides.ended, sides.began)]
        self._longest_us = settings.gap_days * _DAY_US
        self._overlap_us = settings.overlap_days * _DAY_US

    def __call__(self, pairs: sparse.csr_array) -> sparse.csr_array:
        """The part of `pairs` that may be."""
        found = sparse.coo_array(pairs)
        row, column = found.coords
        wait = self._at[1][column] - self._at[0][row]
        keep = (self._types[0][row] == self._types[1][column]) & (found.data > 0)
        keep &= self._numbers[0][row] != self._numbers[1][column]
        keep &= (wait <= self._longest_us) & (wait >= -self._overlap_us)
        kept = sparse.csr_array((found.data[keep], (row[keep], column[keep])), shape=self.shape)
        kept.sort_indices()
        return kept


def _codes(one: pl.Series, other: pl.Series) -> tuple[Ints, Ints]:
    """Equal numbers for equal texts of two columns."""
    code = pl.concat([one, other]).cast(pl.Categorical).to_physical().cast(pl.Int64).to_numpy()
    return code[: len(one)], code[len(one) :]


def _sum(parts: Iterable[sparse.csr_array], shape: tuple[int, int]) -> sparse.csr_array:
    total = sparse.csr_array(shape)
    for part in parts:
        total = total + part
    return sparse.csr_array(total)


def _weights(sides: list[sparse.csr_array], count: int) -> Floats:
    """Whole weight of each neighbourhood: the sum of the squared roots."""
    total = np.zeros(count)
    for one in sides:
        total += np.asarray(one.multiply(one).sum(axis=1)).ravel()
    return total


def _score(
    shared: sparse.csr_array, weights: tuple[Floats, Floats], settings: ChangeSettings
) -> sparse.csr_array:
    found = sparse.coo_array(shared)
    row, column = found.coords
    whole = weights[0][row] + weights[1][column] - found.data
    score = found.data / np.maximum(whole, found.data) * _certainty(found.data, settings)
    return sparse.csr_array((score, (row, column)), shape=shared.shape)


def _certainty(shared: Floats, settings: ChangeSettings) -> Floats:
    certainty: Floats = 1.0 - np.power(2.0, -shared / settings.evidence_half)
    return certainty


def _share(score: sparse.csr_array) -> sparse.csr_array:
    """How far each pair leads in its row and its column: square over the greater of both sums of squares."""
    found = sparse.coo_array(score)
    row, column = found.coords
    square = found.data**2
    rows = np.bincount(row, square, score.shape[0])
    columns = np.bincount(column, square, score.shape[1])
    share = square / np.maximum(np.maximum(rows[row], columns[column]), 1e-300)
    return sparse.csr_array((share, (row, column)), shape=score.shape)


def _carry(
    share: sparse.csr_array,
    shared: sparse.csr_array,
    own: sparse.csr_array | None,
    settings: ChangeSettings,
) -> sparse.csr_array:
    """How far each pair counts as one thing where its neighbours are compared; `own` weight is left out."""
    weight = shared if own is None else sparse.csr_array(shared - own)
    # As `share` and `shared` have entries in the same places, so have their product and the certainty.
    certain = weight.copy()
    certain.data = settings.damping * _certainty(np.maximum(weight.data, 0.0), settings)
    return sparse.csr_array(share.multiply(certain))


def _carried_over(
    sides: Sides, carries: Mapping[str, sparse.csr_array], fits: Fits
) -> dict[str, sparse.csr_array]:
    """Kind -> shared weight by swapped neighbours of that kind."""
    over: dict[str, sparse.csr_array] = {}
    for kind in sides.kinds:
        if kind.kind in carries:
            part = fits(kind.before_ended @ carries[kind.kind] @ kind.after_begun.T)
            over[kind.kind] = part if kind.kind not in over else sparse.csr_array(over[kind.kind] + part)
    return over
