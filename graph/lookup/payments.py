"""All transfers as compact arrays in order of time and of pairs, for searches along money."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.lake.tables import LakeTables
from graph.lookup.folder import kept_folder
from graph.lookup.texts import SortedTexts

NAME = "payments-1"
_COLUMNS = ("from_key", "to_key", "at", "amount_fen", "event_key")
_ARRAYS = ("payer", "payee", "at", "starts", "pair_payee", "pair_at", "pair_fen")


@dataclass(frozen=True, slots=True)
class Payments:
    """Accounts are numbers in the order of their keys.

    payer, payee (int32), at (microseconds): each transfer, by time, then event key. starts: where each
    payer's transfers begin in pair_payee, pair_at, pair_fen, which go by payer, payee, time, event key.
    """

    accounts: SortedTexts
    payer: Any
    payee: Any
    at: Any
    starts: Any
    pair_payee: Any
    pair_at: Any
    pair_fen: Any

    def numbers(self, keys: Sequence[str]) -> list[int]:
        """The numbers of accounts, in order; those that never paid nor were paid have none."""
        found = []
        for key in keys:
            first, behind = self.accounts.equal(key)
            if first < behind:
                found.append(first)
        return sorted(set(found))


def payments_in(folder: Path | None, tables: LakeTables) -> Payments:
    """The transfers of the lake: mapped from files below `folder`, which are made when first needed.

    folder None: held in memory, for tables that have no home.
    """

    def rows() -> pl.DataFrame:
        return tables.scan("TRANSFER").select(_COLUMNS).collect()

    if folder is None:
        return payments_of(rows())
    kept = kept_folder(folder, NAME, tables.state, lambda place: _write(place, rows()))
    arrays = {name: np.asarray(np.load(kept / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS}
    return Payments(accounts=SortedTexts.open(kept, "accounts"), **arrays)


def payments_of(rows: pl.DataFrame) -> Payments:
    """Payments of rows with from_key, to_key, at (UTC), amount_fen, event_key; none give empty arrays."""
    keys, arrays = _arrays(rows)
    return Payments(accounts=SortedTexts.of(keys.to_list()), **arrays)


def _write(place: Path, rows: pl.DataFrame) -> None:
    keys, arrays = _arrays(rows)
    SortedTexts.write(place, "accounts", keys)
    for name, array in arrays.items():
        np.save(place / f"{name}.npy", array)


def _arrays(rows: pl.DataFrame) -> tuple[pl.Series, dict[str, Any]]:
    keys = pl.concat([rows["from_key"], rows["to_key"]]).unique().sort()
    numbered = pl.Enum(keys) if len(keys) else pl.Categorical()
    coded = rows.select(
        pl.col("from_key").cast(numbered).to_physical().cast(pl.Int32).alias("payer"),
        pl.col("to_key").cast(numbered).to_physical().cast(pl.Int32).alias("payee"),
        pl.col("at").dt.timestamp("us"),
        pl.col("amount_fen").fill_null(0).alias("fen"),
        pl.col("event_key"),
    )
    # Numbers in place of event keys: what is sorted twice is small.
    coded = coded.with_columns(pl.col("event_key").rank("ordinal").alias("event")).drop("event_key")
    by_time = coded.sort("at", "event").select("payer", "payee", "at")
    arrays = {name: by_time[name].to_numpy() for name in ("payer", "payee", "at")}
    by_pair = coded.sort("payer", "payee", "at", "event")
    payer = by_pair["payer"].to_numpy()
    arrays["starts"] = np.searchsorted(payer, np.arange(len(keys) + 1)).astype(np.int64)
    arrays["pair_payee"] = by_pair["payee"].to_numpy()
    arrays["pair_at"] = by_pair["at"].to_numpy()
    arrays["pair_fen"] = by_pair["fen"].to_numpy()
    return keys, arrays
