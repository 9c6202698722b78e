"""Weights of the kinds of evidence and the formula that damps what many share (docs/gangs.md)."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from graph.errors import InvalidRule

WEIGHTS = Path(__file__).parents[2] / "queries" / "weights" / "evidence.yml"


@dataclass(frozen=True, slots=True)
class KindWeight:
    """One kind of evidence.

    base: weight of a tie to a thing that hardly anybody else has. first: share (0 to 1) of it that one row
    carries; every `half` further rows halve what is missing. most: things of more holders are ignored.
    carries: share (0 to 1) of suspicion that passes along the tie; a shared home carries little.
    """

    base: float
    first: float
    half: float
    most: int
    carries: float


def load_kinds(path: Path = WEIGHTS) -> dict[str, KindWeight]:
    """The kinds of `queries/weights/evidence.yml`; InvalidRule names a kind with a missing or wrong value."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    kinds: dict[str, KindWeight] = {}
    for name, values in raw["kinds"].items():
        try:
            kind = KindWeight(
                float(values["base"]),
                float(values["first"]),
                float(values.get("half", 1.0)),
                int(values["most"]),
                float(values["carries"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidRule(
                f"Evidence kind {name} in {path.name} needs base, first, most and carries; add them.",
                file=path.name,
            ) from error
        if not (0 < kind.base <= 1 and 0 < kind.first <= 1 and 0 <= kind.carries <= 1) or (
            kind.most < 2 or kind.half <= 0
        ):
            raise InvalidRule(
                f"Evidence kind {name} in {path.name} is out of bounds; base, first, carries are at most 1.",
                file=path.name,
            )
        kinds[name] = kind
    return kinds


def rarity(popularity: pl.Expr) -> pl.Expr:
    """1 / ln(e + popularity - 1): 1 for a thing of one holder, falling slowly (DOMAIN 5, D01)."""
    return 1.0 / (pl.lit(math.e) + popularity - 1.0).log()


def repetition(rows: pl.Expr, first: pl.Expr, half: pl.Expr) -> pl.Expr:
    """1 - (1 - first) x 2^(-(rows - 1) / half): a thousand rows carry no more than the whole weight."""
    return 1.0 - (1.0 - first) * pl.lit(0.5).pow(
        ((rows.cast(pl.Float64) - 1.0) / half).clip(upper_bound=30.0)
    )
