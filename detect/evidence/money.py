"""Claims from time-ordered money: what came in and soon went out, between accounts that are no hubs."""

import numpy as np
import polars as pl

from detect.evidence.claims import claims_from
from graph.contract import Floats, Ints
from graph.lake.tables import LakeTables

WINDOW_S = 24 * 3600
LEAST_FEN = 100_000
LEAST_PASSED = 0.8
MOST_PARTNERS = 40
_SECOND = 1_000_000


def pass_through_claims(tables: LakeTables, holder_of: pl.DataFrame) -> list[pl.DataFrame]:
    """Transfers of at least 1,000 yuan whose payer took in nearly as much as it gave in the 24 hours before.

    holder_of: type, key, holder. Moves between accounts of one holder and those at accounts with more than
    40 payers or payees (shops, wages, hubs) are left out; day-only times too. strength: share passed on.
    """
    money = (
        tables.scan("TRANSFER")
        .filter((pl.col("precision").fill_null("second") != "day") & (pl.col("from_key") != pl.col("to_key")))
        .select("from_type", "from_key", "to_type", "to_key", "at", "amount_fen", "source", "row")
        .collect()
    )
    if not money.height:
        return []
    passed = money.with_columns(pl.Series("passed", passed_share(money)))
    holders = holder_of.filter(pl.col("type") == "Account").select("key", "holder")
    narrow = (
        passed.lazy()
        .with_columns(
            # As categories the keys are numbers, which are counted in a third of the time.
            pl.col("from_key", "to_key").cast(pl.Categorical).name.suffix("_code")
        )
        .with_columns(
            pl.col("from_key_code").n_unique().over("to_key_code").alias("payers"),
            pl.col("to_key_code").n_unique().over("from_key_code").alias("payees"),
        )
        .filter((pl.col("amount_fen") >= LEAST_FEN) & (pl.col("passed") >= LEAST_PASSED))
        .filter((pl.col("payers") <= MOST_PARTNERS) & (pl.col("payees") <= MOST_PARTNERS))
        .join(holders.lazy().rename({"holder": "payer"}), left_on="from_key", right_on="key", how="left")
        .join(holders.lazy().rename({"holder": "payee"}), left_on="to_key", right_on="key", how="left")
        .filter((pl.col("payer") != pl.col("payee")).fill_null(True))
    )
    return [claims_from(narrow, "pass_through", strength=pl.col("passed"))]


def passed_share(money: pl.DataFrame) -> Floats:
    """For each transfer: what its payer took in during the 24 hours before, over what it gave, at most 1.

    money: from_key, to_key, at (UTC), amount_fen. Both sums include the instant itself; outflow includes the
    transfer. No rows give no values.
    """
    accounts = pl.Enum(pl.concat([money.get_column("from_key"), money.get_column("to_key")]).unique())
    payer = money.get_column("from_key").cast(accounts).to_physical().to_numpy().astype(np.int64)
    payee = money.get_column("to_key").cast(accounts).to_physical().to_numpy().astype(np.int64)
    at = money.get_column("at").dt.timestamp("us").to_numpy() // _SECOND
    amount = money.get_column("amount_fen").to_numpy().astype(np.int64)
    span = int(at.max() - at.min()) + 2 * WINDOW_S + 2
    moment = at - at.min() + WINDOW_S + 1
    taken = _window_sums(payee * span + moment, amount, payer * span + moment)
    given = _window_sums(payer * span + moment, amount, payer * span + moment)
    return np.minimum(1.0, taken / np.maximum(given, 1))


def _window_sums(place: Ints, amount: Ints, asked: Ints) -> Ints:
    """Sum of amounts whose place lies in [asked - window, asked]; accounts never overlap on the line."""
    order = np.argsort(place, kind="stable")
    ordered = place[order]
    sums = np.concatenate([[0], np.cumsum(amount[order])])
    until = np.searchsorted(ordered, asked, side="right")
    since = np.searchsorted(ordered, asked - WINDOW_S, side="left")
    found: Ints = sums[until] - sums[since]
    return found
