"""Claims from waybills: who sends light parcels to whom, and to which address."""

import polars as pl

from detect.evidence.claims import claims_from
from graph.lake.tables import LakeTables

# A card in an envelope; heavier parcels are ordinary trade (DOMAIN 5, P01).
LIGHT_G = 500
# A sender to many is a shop, a recipient from very many is a collection point or a shop.
MOST_RECIPIENTS = 20


def parcel_claims(tables: LakeTables) -> list[pl.DataFrame]:
    """Direct ties sender - recipient, and ties of a sender to the address its light parcels go to."""
    light = tables.scan("Parcel").filter(pl.col("weight_g").fill_null(0) <= LIGHT_G).select("key")
    sent = tables.scan("SENT").join(light, left_on="to_key", right_on="key", how="semi")
    received = tables.scan("RECEIVED").select(
        pl.col("from_key").alias("parcel"), pl.col("to_key").alias("recipient")
    )
    pairs = (
        sent.join(received, left_on="to_key", right_on="parcel")
        .filter(pl.col("from_key") != pl.col("recipient"))
        .with_columns(pl.lit("Sim").alias("to_type"), pl.col("recipient").alias("to_key"))
        .with_columns(pl.col("to_key").n_unique().over("from_key").alias("reach"))
        .filter(pl.col("reach") <= MOST_RECIPIENTS)
    )
    target = tables.scan("DELIVERED_TO").select(
        pl.col("from_key").alias("parcel"), pl.col("to_key").alias("address")
    )
    addressed = (
        sent.join(target, left_on="to_key", right_on="parcel")
        .with_columns(pl.lit("Address").alias("to_type"), pl.col("address").alias("to_key"))
        .with_columns(pl.col("to_key").n_unique().over("from_key").alias("reach"))
        .filter(pl.col("reach") <= MOST_RECIPIENTS)
    )
    return [claims_from(pairs, "parcel"), claims_from(addressed, "parcel_address")]
