"""Claims from openings: accounts opened close together at one branch belong to one party."""

import polars as pl

from detect.evidence.claims import claims_from
from graph.lake.tables import LakeTables

# A party goes through one counter without long breaks; ordinary customers come in between (D).
GAP_MIN = 120
MOST_A_PARTY = 30


def opening_claims(tables: LakeTables) -> list[pl.DataFrame]:
    """Accounts whose openings at one branch follow each other within 2 hours, day-only times left out.

    A run of more than 30 openings is a busy counter (campus, payroll) and proves nothing.
    """
    opened = (
        tables.scan("OPENED_AT")
        .filter(pl.col("precision").fill_null("second") != "day")
        .sort("to_key", "at", "from_key")
        .with_columns((pl.col("at") - pl.col("at").shift(1).over("to_key")).dt.total_minutes().alias("gap"))
        .with_columns((pl.col("gap").is_null() | (pl.col("gap") > GAP_MIN)).cum_sum().alias("party"))
        .with_columns(pl.len().over("party").alias("size"), pl.col("at").first().over("party").alias("since"))
        .filter(pl.col("size").is_between(2, MOST_A_PARTY))
    )
    return [claims_from(opened, "opening", part=pl.col("since").dt.strftime("%Y-%m-%dT%H:%MZ"))]
