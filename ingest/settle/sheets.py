"""Bank sheets as settling carries them: numbers, instants and codes; all other columns by their spot."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.settle.carried import Carried, ties
from ingest.settle.reversals import undoes
from ingest.settle.sources import flagged

DIRECTION = pl.Enum(["in", "out"])
NARROW = ("time", "amount", "balance", "success")


@dataclass(frozen=True, slots=True)
class Sheets:
    """Different rows of bank sheets.

    rows: spot (in `carried`), rank (order of the row keys), card, account, peer (places in `numbers`), time,
    amount, balance, direction, success, serial (a code; null where no other row has the same), day_only,
    undoes (see `reversals`). numbers: the texts of all cards and accounts, each once, in any order.
    """

    rows: pl.DataFrame
    numbers: pl.Series
    carried: Carried


def sheets_of(rows: pl.LazyFrame) -> Sheets:
    """The different rows among `bank_sheet` rows: of identical ones the first by (source, row)."""
    carried = Carried(rows)
    numbers = pl.Categories.random()
    code = pl.Categorical(numbers)
    serial = pl.col("serial")
    narrow = rows.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("spot"),
        *NARROW,
        pl.col("direction").cast(DIRECTION),
        card=pl.col("own_card").cast(code),
        account=pl.col("own_account").cast(code),
        peer=pl.col("peer_account").cast(code),
        serial=pl.when(serial.is_not_null()).then(serial.hash()),
        day_only=flagged("DAY_ONLY", "time"),
        undoes=undoes(),
    ).collect()
    texts = numbers.to_series()  # before the columns of that type go: with the last one the texts go as well
    narrow = narrow.with_columns(
        pl.col("card", "account", "peer").to_physical(),
        rank=_ranks(carried, narrow.height),
        serial=_serials(narrow["serial"], carried),
    )
    repeated = narrow["rank"].is_null()
    return Sheets(narrow.filter(~repeated) if repeated.any() else narrow, texts, carried)


def _ranks(carried: Carried, height: int) -> pl.Series:
    """The order of each row's key; null for all but the first of equal ones."""
    keys = carried.rows.select("row_key").collect().to_series()
    half = keys.str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64).to_numpy()
    order = np.argsort(half)
    # Half of a key tells nearly all rows apart at a tenth of the cost of whole keys.
    places, _ = ties(np.diff(half[order]) == 0)
    rank = np.arange(height, dtype=np.uint32)
    first = np.ones(height, dtype=np.bool_)
    if places.size:
        spots = pl.Series("spot", order[places])
        (told,) = carried.take((spots, ["source", "row"]))
        some = told.with_columns(spots, row_key=keys.gather(spots)).sort("row_key", "source", "row")
        order[places] = some["spot"].to_numpy()
        first[places] = (some["row_key"] != some["row_key"].shift(1)).fill_null(True).to_numpy()
    ranks = np.empty(height, dtype=np.uint32)
    ranks[order] = rank
    kept = np.empty(height, dtype=np.bool_)
    kept[order] = first
    return pl.Series("rank", ranks).set(pl.Series(~kept), None)


def _serials(hashes: pl.Series, carried: Carried) -> pl.Series:
    """A code of each serial that several rows have (or that looks so by its hash)."""
    ordered = hashes.drop_nulls().sort()
    several = ordered.filter(ordered == ordered.shift(1)).unique()
    spots = hashes.is_in(several.implode()).fill_null(False).arg_true()
    (texts,) = carried.take((spots, ["serial"]))
    codes = texts["serial"].cast(pl.Categorical(pl.Categories.random())).to_physical()
    return pl.repeat(None, len(hashes), dtype=pl.UInt32, eager=True).scatter(spots, codes)
