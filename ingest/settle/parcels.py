"""Parcels with their senders, recipients and addresses from waybills."""

import polars as pl

from ingest.settle.collect import Collector
from ingest.settle.holdings import Holdings


def add_parcels(waybills: pl.DataFrame, sims: Holdings, found: Collector) -> None:
    """Parcel nodes, SENT, RECEIVED, SENT_FROM and DELIVERED_TO of `waybills` rows.

    One parcel a courier and waybill number: the same number at two couriers is two parcels. A parcel not yet
    signed for is received, as far as known, at its sending time. Privacy numbers tie nobody to a parcel.
    """
    parcel = pl.coalesce("courier", pl.lit("unknown")) + ":" + pl.col("waybill_no")
    rows = waybills.with_columns(parcel=parcel).sort("row_key")
    rows = rows.with_columns(
        sender_sim=sims.resolve(rows["sender_phone"], rows["sent"]),
        recipient_sim=sims.resolve(rows["recipient_phone"], rows["sent"]),
    )
    found.add_nodes(
        "Parcel",
        rows.select(
            "row_key", "source", "row", "waybill_no", "courier", "goods", "customer_code", "branch",
            key="parcel", weight_g=pl.coalesce("weight_g", "weight"), fee_fen="fee", as_of="received",
        ),
        0,
    )  # fmt: skip
    one = rows.unique("parcel", keep="first", maintain_order=True)
    found.add_relations(
        "SENT",
        one.select(
            "source", "row", "region",
            event_key="row_key", from_key="sender_sim", to_key="parcel", at="sent",
            name="sender", address="sender_address",
        ),
    )  # fmt: skip
    found.add_relations(
        "RECEIVED",
        one.select(
            "source", "row", "region",
            event_key="row_key", from_key="parcel", to_key="recipient_sim",
            at=pl.coalesce("received", "sent"), name="recipient", address="recipient_address",
        ),
    )  # fmt: skip
    for name, address in (("SENT_FROM", "sender_address"), ("DELIVERED_TO", "recipient_address")):
        found.add_relations(
            name,
            one.select("row_key", "source", "row", from_key="parcel", to_key=address, valid_from_at="sent"),
        )
