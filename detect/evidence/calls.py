"""Claims from calls: repeated talk between two numbers, and dialling strangers from one cell."""

import polars as pl

from detect.evidence.claims import claims_from
from graph.lake.tables import LakeTables

LEAST_CALLS = 2
# Calls from one cell before a SIM counts as staying there.
LEAST_ON_CELL = 2
MOST_PARTNERS = 200
# A den's SIM: nearly only outgoing, to many numbers, nearly always on one cell (DOMAIN 5, S04; D).
DIALLER_CALLEES = 10
DIALLER_OUT = 0.9
DIALLER_ON_CELL = 0.9


def call_claims(tables: LakeTables) -> list[pl.DataFrame]:
    """Pairs that called each other at least twice; SIMs with the cells they talk or dial strangers from."""
    calls = tables.scan("CALLED").filter(pl.col("from_key") != pl.col("to_key")).collect()
    return [_repeated(calls), _diallers(calls), _cells(calls)]


def _repeated(calls: pl.DataFrame) -> pl.DataFrame:
    low = pl.min_horizontal("from_key", "to_key")
    high = pl.max_horizontal("from_key", "to_key")
    partners = (
        pl.concat([calls.select(a="from_key", b="to_key"), calls.select(a="to_key", b="from_key")])
        .group_by("a")
        .agg(pl.col("b").n_unique().alias("partners"))
    )
    busy = partners.filter(pl.col("partners") > MOST_PARTNERS).get_column("a").implode()
    pairs = (
        calls.lazy()
        .with_columns(low.alias("from_key"), high.alias("to_key"))
        .filter(pl.len().over("from_key", "to_key") >= LEAST_CALLS)
        .filter(~pl.col("from_key").is_in(busy) & ~pl.col("to_key").is_in(busy))
    )
    return claims_from(pairs, "call")


def _diallers(calls: pl.DataFrame) -> pl.DataFrame:
    out = calls.group_by("from_key").agg(
        pl.len().alias("made"),
        pl.col("to_key").n_unique().alias("callees"),
        pl.col("from_cell").drop_nulls().mode().sort().first().alias("cell"),
        pl.col("from_cell").drop_nulls().unique_counts().max().alias("on_cell"),
    )
    taken = calls.group_by("to_key").agg(pl.len().alias("taken"))
    diallers = (
        out.join(taken, left_on="from_key", right_on="to_key", how="left")
        .with_columns(pl.col("taken").fill_null(0))
        .filter(pl.col("callees") >= DIALLER_CALLEES)
        .filter(pl.col("made") >= DIALLER_OUT * (pl.col("made") + pl.col("taken")))
        .filter(pl.col("on_cell") >= DIALLER_ON_CELL * pl.col("made"))
        .select("from_key", "cell")
    )
    rows = (
        calls.join(diallers, on="from_key")
        .filter(pl.col("from_cell") == pl.col("cell"))
        .with_columns(pl.lit("Cell").alias("to_type"), pl.col("cell").alias("to_key"))
    )
    return claims_from(rows, "den_cell")


def _cells(calls: pl.DataFrame) -> pl.DataFrame:
    """SIMs with at least 2 calls on one cell; busy cells are left out later, by their many holders."""
    lazy = calls.lazy()
    ends = pl.concat(
        [
            lazy.select("source", "row", from_type="from_type", from_key="from_key", to_key="from_cell"),
            lazy.select("source", "row", from_type="to_type", from_key="to_key", to_key="to_cell"),
        ]
    )
    stays = ends.filter(
        pl.col("to_key").is_not_null() & (pl.len().over("from_key", "to_key") >= LEAST_ON_CELL)
    )
    return claims_from(stays.with_columns(pl.lit("Cell").alias("to_type")), "cell")
