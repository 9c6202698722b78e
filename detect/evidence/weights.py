"""Weights of the kinds of evidence and the formula that damps what many share (docs/gangs.md)."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import Field

from graph.checked_yaml import read_checked
from graph.parameters import Strict

WEIGHTS = Path(__file__).parents[2] / "queries" / "weights" / "evidence.yml"


class KindWeight(Strict):
    """One kind of evidence.

    base: weight of a tie to a thing that hardly anybody else has. first: share (0 to 1) of it that one row
    carries; every `half` further rows halve what is missing. most: things of more holders are ignored.
    carries: share (0 to 1) of suspicion that passes along the tie; a shared home carries little.
    """

    base: Annotated[float, Field(gt=0, le=1)]
    first: Annotated[float, Field(gt=0, le=1)]
    half: Annotated[float, Field(gt=0)] = 1.0
    most: Annotated[int, Field(ge=2)]
    carries: Annotated[float, Field(ge=0, le=1)]


class _Kinds(Strict):
    kinds: Mapping[str, KindWeight]


def load_kinds(path: Path = WEIGHTS) -> dict[str, KindWeight]:
    """The kinds of `queries/weights/evidence.yml`; InvalidRule names a kind with a missing or wrong value."""
    return dict(read_checked(path, _Kinds).kinds)


def rarity(popularity: pl.Expr) -> pl.Expr:
    """1 / ln(e + popularity - 1): 1 for a thing of one holder, falling slowly (DOMAIN 5, D01)."""
    return 1.0 / (pl.lit(math.e) + popularity - 1.0).log()


def repetition(rows: pl.Expr, first: pl.Expr, half: pl.Expr) -> pl.Expr:
    """1 - (1 - first) x 2^(-(rows - 1) / half): a thousand rows carry no more than the whole weight."""
    return 1.0 - (1.0 - first) * pl.lit(0.5).pow(
        ((rows.cast(pl.Float64) - 1.0) / half).clip(upper_bound=30.0)
    )
