"""Which SIM was in which device, and which phone was on which cell, row by row of the call records."""

from collections.abc import Sequence

import polars as pl

from detect.facts import PROOF, Facts

_DUMMY_CELL = ("0-0", "65535-65535")


def device_sights(facts: Facts) -> pl.LazyFrame:
    """Every sight of a SIM in a device, placeholders left out; in no order, a sight may have several rows.

    Columns: device, number (key of the Sim), imsi (null where the row has none), at, PROOF. A device that is
    not in the records gives no row.
    """
    calls, messages = facts.tables.scan("CALLED"), facts.tables.scan("SMS")
    none = pl.lit(None, dtype=pl.String)
    row = ["at", *PROOF]
    sights = [
        calls.select(*row, device="from_device", number="from_key", imsi="from_imsi"),
        calls.select(*row, device="to_device", number="to_key", imsi=none),
        messages.select(*row, device="from_device", number="from_key", imsi=none),
        facts.tables.scan("AT_CELL").select(*row, device="device", number="from_key", imsi=none),
    ]
    dummy = facts.tables.scan("Device").filter(pl.col("placeholder").fill_null(False)).select("key")
    return (
        pl.concat(sights)
        .filter(pl.col("device").is_not_null())
        .join(dummy, left_on="device", right_on="key", how="anti")
    )


def with_sim(facts: Facts, uses: pl.DataFrame) -> pl.DataFrame:
    """`uses` (number, imsi) with `sim`: the IMSI, else the one the number has elsewhere, else the number.

    So one card is never counted as two, because some of its rows lack the IMSI.
    """
    seen = (
        facts.tables.scan("CALLED")
        .filter(pl.col("from_imsi").is_not_null())
        .group_by(number="from_key")
        .agg(seen=pl.col("from_imsi").min())
    )
    registered = facts.tables.scan("Sim").select(number="key", registered="imsi")
    return (
        uses.lazy()
        .join(seen, on="number", how="left")
        .join(registered, on="number", how="left")
        .with_columns(sim=pl.coalesce("imsi", "seen", "registered", "number"))
        .drop("seen", "registered")
        .collect()
    )


def once(uses: pl.DataFrame) -> pl.DataFrame:
    """One row a sight (device, number, at), the first by source and row; sorted by device, at, number."""
    order = ["device", "at", "number", "source", "row", "other_row"]
    return uses.sort(*order, nulls_last=True).unique(
        ["device", "number", "at"], keep="first", maintain_order=True
    )


def sightings(
    facts: Facts, sims: Sequence[str] | None = None, cells: Sequence[str] | None = None
) -> pl.DataFrame:
    """Every sight of a phone on a cell; in no order, a sight may have several rows.

    Columns: sim (key), cell, at, device (may be null), source, row. A row that says both ends gives two
    sights. sims, cells: only of these. No calls give no rows.
    """
    calls, messages = facts.tables.scan("CALLED"), facts.tables.scan("SMS")
    rows = ["at", "source", "row"]
    sights = [
        facts.tables.scan("AT_CELL").select(*rows, sim="from_key", cell="to_key", device="device"),
        calls.select(*rows, sim="from_key", cell="from_cell", device="from_device"),
        calls.select(*rows, sim="to_key", cell="to_cell", device="to_device"),
        messages.select(*rows, sim="from_key", cell="from_cell", device="from_device"),
    ]
    known = pl.col("cell").is_not_null() & ~pl.col("cell").is_in(_DUMMY_CELL)
    if sims is not None:
        known = known & pl.col("sim").is_in(list(sims))
    if cells is not None:
        known = known & pl.col("cell").is_in(list(cells))
    return pl.concat([part.filter(known) for part in sights]).unique().collect()
