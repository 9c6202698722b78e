"""Compares Neo4j with the lake: every element where that is quick, else counts and a spread of rows."""

from dataclasses import dataclass

import polars as pl

from graph.engines.neo4j_gds.readback import read_counts, read_table
from graph.engines.neo4j_gds.session import Session
from graph.lake.digest import combine, table_digest
from graph.lake.tables import LakeTables
from graph.schema.catalog import NODE_TYPES

ALL_UP_TO = 200_000
"""Elements up to which each is read back and hashed; above, `graph digest --engine neo4j:local` does it."""
_SAMPLE_KEYS = 300
_SAMPLE_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the two agree, and what was compared: `digest`, or `counts and N rows`."""

    equal: bool
    compared: str


def verify(session: Session, tables: LakeTables, whole: bool | None = None) -> Verdict:
    """Compare what the server holds with `tables`; whole: None means as ALL_UP_TO says.

    Whole: the count of every type, then the content of every element by its hash. Else: the count of every
    type, and of each type the content of the rows at keys spread evenly over it, 5,000 rows at most. A wrong
    value at a key in between is not seen then; `graph digest --engine neo4j:local` sees it.
    """
    counts = {name: rows for name, rows in tables.rows.items() if rows}
    if read_counts(session) != counts:
        return Verdict(False, "counts")
    if whole if whole is not None else sum(counts.values()) <= ALL_UP_TO:
        sums = {name: table_digest(name, read_table(session, name)) for name in counts}
        return Verdict(combine(sums, counts) == tables.digest.digest, "digest")
    compared = 0
    for name in counts:
        wanted, found = _sample(session, tables, name)
        compared += wanted.height
        if table_digest(name, wanted) != table_digest(name, found):
            return Verdict(False, f"rows of {name}")
    return Verdict(True, f"counts and {compared} rows")


def _sample(session: Session, tables: LakeTables, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of a table at keys spread evenly over it, from the lake and from the server."""
    near = "key" if name in NODE_TYPES else "from_key"
    rows = tables.scan(name)
    by_key = rows.group_by(near).len().sort(near).collect()
    step = max(1, by_key.height // _SAMPLE_KEYS)
    spread = by_key.filter(pl.col("len") <= _SAMPLE_ROWS).gather_every(step)
    keys = spread.filter(pl.col("len").cum_sum() <= _SAMPLE_ROWS)[near].to_list()
    wanted = rows.filter(pl.col(near).is_in(keys)).collect()
    if name in NODE_TYPES:
        return wanted, read_table(session, name, "n.key IN $keys", {"keys": keys})
    starts = wanted["from_type"].unique().sort().to_list()
    found = [read_table(session, name, "a.key IN $keys", {"keys": keys}, start) for start in starts]
    return wanted, pl.concat(found) if found else wanted.clear()
