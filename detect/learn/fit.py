"""Fits gradient-boosted trees (LightGBM) to signs, the same bytes each time, and explains each score."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from detect.learn.figures import Flags
from detect.signs import Sign
from graph.contract import Floats
from graph.errors import UnreadableSource

ROUNDS = 150
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_data_in_leaf": 10,
    "min_sum_hessian_in_leaf": 0.001,
    "lambda_l2": 1.0,
    "max_bin": 63,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 7,
    "verbosity": -1,
}
"""Chosen beforehand and not tuned: small trees, for some hundred labels."""


def matrix(signs: pl.DataFrame, accounts: Sequence[str], known: Sequence[Sign]) -> Floats:
    """The strength of each sign on each account, 0 where there is none: a row an account, a column a sign.

    signs: as `detect.signs.account_signs`; those not in `known` and accounts not asked for are left.
    """
    row = {account: number for number, account in enumerate(accounts)}
    column = {sign.name: number for number, sign in enumerate(known)}
    found = np.zeros((len(accounts), len(known)), dtype=np.float64)
    for account, sign, strength in signs.select("account", "sign", "strength").iter_rows():
        if account in row and sign in column:
            found[row[account], column[sign]] = strength
    return found


def fit(features: Floats, truth: Flags, known: Sequence[Sign]) -> str:
    """LightGBM's model as text; the same input gives the same text.

    Stronger findings never lower a score and stronger innocent explanations never raise it: a sign may be
    found useless, but never turned round by chance in few labels.
    """
    import lightgbm  # here, because only learning and its scores need it

    parameters = PARAMETERS | {"monotone_constraints": [-1 if sign.innocent else 1 for sign in known]}
    data = lightgbm.Dataset(
        features,
        label=truth.astype(np.float64),
        feature_name=[sign.name.replace(" ", "_") for sign in known],
        params={"verbosity": -1, "max_bin": PARAMETERS["max_bin"]},
        free_raw_data=False,
    )
    text: str = lightgbm.train(parameters, data, num_boost_round=ROUNDS).model_to_string()
    return text


class Model:
    """A fitted model that scores accounts; made of LightGBM's text."""

    def __init__(self, text: str, columns: int) -> None:
        """UnreadableSource when the text is no model over this many signs."""
        import lightgbm

        try:
            self._booster = lightgbm.Booster(model_str=text)
            expected = self._booster.num_feature()
        except lightgbm.basic.LightGBMError as error:
            raise UnreadableSource(
                "The learned model is no model text; run `python -m detect train`."
            ) from error
        if expected != columns:
            raise UnreadableSource(
                "The learned model is over other signs; run `python -m detect train` again."
            )

    def raw(self, features: Floats) -> Floats:
        """Scores in log-odds, one a row."""
        return np.asarray(self._booster.predict(features, raw_score=True, num_threads=1), dtype=np.float64)

    def parts(self, features: Floats) -> Floats:
        """What each sign adds to the score of each row, then the base; a row sums to its score (TreeSHAP)."""
        found: NDArray[np.float64] = np.asarray(
            self._booster.predict(features, pred_contrib=True, num_threads=1), dtype=np.float64
        )
        return found


def probability(raw: Floats) -> Floats:
    """Log-odds as probability, 0 to 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-raw)), dtype=np.float64)
