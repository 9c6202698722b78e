"""A boosted floor for labelled accounts: LightGBM on plain statistics of an account's transfers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

_SIDES = (("out", "from_key", "to_key"), ("in", "to_key", "from_key"))
_SETTINGS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_child_samples": 20,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}
_ROUNDS = 200
FEATURES = [
    f"{side}_{what}" for side in ("out", "in") for what in ("count", "sum", "others", "mean", "max", "days")
]
"""Per side: transfers, fen moved, distinct others, mean and greatest amount, days with a transfer."""


def features(moves: pl.DataFrame, accounts: Sequence[str]) -> pl.DataFrame:
    """account and FEATURES (float64, 0 without transfers), one row an account, in the order given.

    moves: from_key, to_key (text), amount_fen (int64), at (UTC).
    """
    frame = pl.DataFrame({"account": accounts}, schema={"account": pl.String})
    for side, own, peer in _SIDES:
        of_side = moves.group_by(pl.col(own).alias("account")).agg(
            pl.len().alias(f"{side}_count"),
            pl.col("amount_fen").sum().alias(f"{side}_sum"),
            pl.col(peer).n_unique().alias(f"{side}_others"),
            pl.col("amount_fen").mean().alias(f"{side}_mean"),
            pl.col("amount_fen").max().alias(f"{side}_max"),
            pl.col("at").dt.date().n_unique().alias(f"{side}_days"),
        )
        frame = frame.join(of_side, on="account", how="left", maintain_order="left")
    return frame.select("account", pl.col(FEATURES).cast(pl.Float64).fill_null(0.0))


def boosted(
    train: pl.DataFrame,
    test: pl.DataFrame,
    learn: Sequence[str],
    target: Sequence[bool],
    judged: Sequence[str],
    names: Sequence[str],
) -> list[str]:
    """The judged accounts, best first (ties by key), by a model of the learnt accounts; the same each time.

    train, test: account and the columns `names`. learn: rows of train, with their `target`; judged: of test.
    """
    import lightgbm

    data = lightgbm.Dataset(_rows(train, learn, names), label=np.array(target, dtype=np.float64))
    model = lightgbm.train(_SETTINGS, data, num_boost_round=_ROUNDS)
    scores = np.asarray(model.predict(_rows(test, judged, names)))
    return [account for _, account in sorted(zip((-scores).tolist(), judged, strict=True))]


def average_precision(order: Sequence[str], true: frozenset[str]) -> float:
    """Area under precision and recall as a sum of steps: the mean, over true ones, of precision at each.

    order: best first, no repeats; true ones that it leaves out count 0. No true ones give 0.
    """
    hits, total = 0, 0.0
    for place, account in enumerate(order, start=1):
        if account in true:
            hits += 1
            total += hits / place
    return total / len(true) if true else 0.0


def recall_at(order: Sequence[str], true: frozenset[str], k: int) -> float:
    """Share (0 to 1) of the true ones among the first k; 0 when there are none."""
    return sum(account in true for account in order[:k]) / len(true) if true else 0.0


def _rows(frame: pl.DataFrame, accounts: Sequence[str], names: Sequence[str]) -> Any:
    wanted = pl.DataFrame({"account": accounts}, schema={"account": pl.String})
    return wanted.join(frame, on="account", how="left", maintain_order="left").select(names).to_numpy()
