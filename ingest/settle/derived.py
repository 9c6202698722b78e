"""Properties that follow from a node's key: kind of a device, placeholders, reach of an address."""

import polars as pl

from ingest.clean.network import is_placeholder_device, never_identifies_ip


def with_derived(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Fill what the key itself says; nothing a source stated is changed."""
    result = dict(tables)
    if "Device" in result:
        result["Device"] = result["Device"].with_columns(
            kind=pl.col("key").str.extract(r"^([a-z]+):"),
            placeholder=is_placeholder_device(pl.col("key")),
        )
    if "Ip" in result:
        result["Ip"] = result["Ip"].with_columns(identifying=~never_identifies_ip(pl.col("key")))
    if "Sim" in result:
        bare = pl.col("key").str.split("@").list.first()
        result["Sim"] = result["Sim"].with_columns(number=pl.coalesce("number", bare))
    return result
