"""Parcels with their two ends, and who sends and gets them: by phone, address and name, in chains."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from detect.evidence.parcels import LIGHT_G, MOST_RECIPIENTS
from graph.lake.same import representatives
from graph.lake.tables import LakeTables

Side = Literal["sender", "recipient", "sent_from", "delivered_to"]
SIDES: tuple[Side, ...] = ("sender", "recipient", "sent_from", "delivered_to")
_INSTANT = pl.Datetime("us", "UTC")
_ROWS = pl.List(pl.Struct({"source": pl.String(), "row": pl.Int64()}))
PARCEL_SCHEMA: dict[str, pl.DataType] = {
    "parcel": pl.String(),
    "sent_at": _INSTANT,
    "received_at": _INSTANT,
    "sender": pl.String(),
    "sender_name": pl.String(),
    "sent_from": pl.String(),
    "recipient": pl.String(),
    "recipient_name": pl.String(),
    "delivered_to": pl.String(),
    "goods": pl.String(),
    "weight_g": pl.Int64(),
    "rows": _ROWS,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a light parcel weighs at most, and beyond how many others an end is a shop or collection point."""

    light_g: int = LIGHT_G
    many: int = MOST_RECIPIENTS


def parcels(tables: LakeTables) -> pl.DataFrame:
    """PARCEL_SCHEMA, by sent_at, parcel: one row a parcel; what no source says is null.

    sender, recipient: keys of SIMs; sent_from, delivered_to: addresses, of those that people judged to be one
    the representative. Of several rows of one parcel the first counts, all are cited. No waybills, no rows.
    """
    same = representatives(tables, "Address")
    found = tables.scan("Parcel").select("goods", "weight_g", "source", "row", parcel="key").collect()
    for name, own, column in (("SENT", "to_key", "from_key"), ("RECEIVED", "from_key", "to_key")):
        who, at = ("sender", "sent_at") if name == "SENT" else ("recipient", "received_at")
        side = tables.scan(name).select("at", "name", "source", "row", parcel=own, end=column).collect()
        first = (
            side.sort("at", "end", "source", "row")
            .group_by("parcel", maintain_order=True)
            .agg(
                pl.col("end").first().alias(who),
                pl.col("name").drop_nulls().first().alias(f"{who}_name"),
                pl.col("at").first().alias(at),
                pl.struct("source", "row").alias(f"{who}_rows"),
            )
        )
        found = found.join(first, on="parcel", how="left")
    for name, column in (("SENT_FROM", "sent_from"), ("DELIVERED_TO", "delivered_to")):
        where = tables.scan(name).select(parcel="from_key", end="to_key").collect()
        where = where.with_columns(pl.col("end").replace(same)) if same else where
        found = found.join(
            where.group_by("parcel").agg(pl.col("end").min().alias(column)), on="parcel", how="left"
        )
    itself = pl.concat_list(pl.struct("source", "row"))
    rows = pl.concat_list(itself, *(pl.col(f"{who}_rows").fill_null([]) for who in ("sender", "recipient")))
    whole = found.with_columns(rows=rows.list.unique().list.sort())
    return (
        whole.select(list(PARCEL_SCHEMA))
        .cast(pl.Schema(PARCEL_SCHEMA))
        .sort("sent_at", "parcel", nulls_last=True)
    )


def by_side(found: pl.DataFrame, side: Side, bounds: Bounds) -> pl.DataFrame:
    """One row a phone or address on that side: end, parcels, others, light, names, many, first_at, last_at.

    others: distinct phones on the far side, of those without one distinct addresses. names: distinct names
    used at this end. many: more others than a private person has. Order: many last, light desc, parcels desc,
    end. Parcels without that end are left out.
    """
    sends = side in ("sender", "sent_from")
    far = ("recipient", "delivered_to") if sends else ("sender", "sent_from")
    name = "sender_name" if sends else "recipient_name"
    return (
        found.filter(pl.col(side).is_not_null())
        .group_by(end=side)
        .agg(
            parcels=pl.len().cast(pl.Int64),
            others=pl.coalesce(*far).drop_nulls().n_unique().cast(pl.Int64),
            light=(pl.col("weight_g").fill_null(0) <= bounds.light_g).sum().cast(pl.Int64),
            names=pl.col(name).drop_nulls().n_unique().cast(pl.Int64),
            first_at=pl.col("sent_at").min(),
            last_at=pl.col("sent_at").max(),
        )
        .with_columns(many=pl.col("others") > bounds.many)
        .sort("many", pl.col("light") * -1, pl.col("parcels") * -1, "end")
    )


def many_names(found: pl.DataFrame) -> pl.DataFrame:
    """Addresses used under several names: end, names (sorted), phones, parcels, first_at, last_at.

    Both sides of a parcel count; addresses judged to be one are one here. Order: most names, end.
    """
    sides = [
        found.select("sent_at", end="sent_from", name="sender_name", phone="sender"),
        found.select("sent_at", end="delivered_to", name="recipient_name", phone="recipient"),
    ]
    return (
        pl.concat(sides)
        .drop_nulls("end")
        .group_by("end")
        .agg(
            names=pl.col("name").drop_nulls().unique().sort(),
            phones=pl.col("phone").drop_nulls().n_unique().cast(pl.Int64),
            parcels=pl.len().cast(pl.Int64),
            first_at=pl.col("sent_at").min(),
            last_at=pl.col("sent_at").max(),
        )
        .filter(pl.col("names").list.len() > 1)
        .sort(pl.col("names").list.len().cast(pl.Int64) * -1, "end")
    )


def chains(found: pl.DataFrame, bounds: Bounds) -> pl.DataFrame:
    """Ways from a sender over an address to a phone: the three keys, parcels, light, first_at, last_at.

    Only ways with all three; most light parcels first, then parcels, then keys.
    """
    ends = ["sender", "delivered_to", "recipient"]
    return (
        found.drop_nulls(ends)
        .group_by(ends)
        .agg(
            parcels=pl.len().cast(pl.Int64),
            light=(pl.col("weight_g").fill_null(0) <= bounds.light_g).sum().cast(pl.Int64),
            first_at=pl.col("sent_at").min(),
            last_at=pl.col("sent_at").max(),
        )
        .sort(pl.col("light") * -1, pl.col("parcels") * -1, *ends)
    )


def holding(found: pl.DataFrame, text: str) -> pl.DataFrame:
    """The parcels in which some end, name or number contains one of the words of `text`; all for no word."""
    words = [word for word in text.split() if word]
    if not words:
        return found
    columns = ["parcel", "sender", "sender_name", "sent_from", "recipient", "recipient_name", "delivered_to"]
    hit = [
        pl.col(column).str.contains(word, literal=True).fill_null(value=False)
        for column in columns
        for word in words
    ]
    return found.filter(pl.any_horizontal(hit))
