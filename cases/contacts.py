"""Common contacts of a set of numbers: who was in touch with several of them, by calls and texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cases.streams import PROOF
from graph.lake.tables import LakeTables

# A number in touch with more than these is a service, a shop or a hotline (rule Q06).
HUB_PARTNERS = 200
CONTACT_SCHEMA: dict[str, pl.DataType] = {
    "contact": pl.String(),
    "of": pl.Int64(),
    "called_by_them": pl.Int64(),
    "called_them": pl.Int64(),
    "texts": pl.Int64(),
    "partners": pl.Int64(),
    "hub": pl.Boolean(),
    "first_at": pl.Datetime("us", "UTC"),
    "last_at": pl.Datetime("us", "UTC"),
}


@dataclass(frozen=True, slots=True)
class Contacts:
    """common: CONTACT_SCHEMA. among: calls and texts between the asked numbers themselves."""

    common: pl.DataFrame
    among: int


def common_contacts(tables: LakeTables, sims: Sequence[str], least: int, hub: int = HUB_PARTNERS) -> Contacts:
    """Numbers outside `sims` in touch with at least `least` of them; SIMs of one number count once.

    called_by_them, called_them, texts: events. partners: distinct numbers the contact was in touch with in
    the whole lake; above `hub` it is a hub: those come last, since having a hotline in common says nothing.
    Order: hubs last, most of the asked, fewest partners, most events, key. No calls give no rows.
    """
    rows = _touches(tables, sims)
    inside = rows.filter("inside").select("event_key").unique().height
    outer = rows.filter(~pl.col("inside"))
    texts = pl.col("relation") == "SMS"
    found = (
        outer.group_by(contact="other")
        .agg(
            of=pl.col("own").str.split("@").list.first().n_unique().cast(pl.Int64),
            called_by_them=(~texts & pl.col("outward")).sum().cast(pl.Int64),
            called_them=(~texts & ~pl.col("outward")).sum().cast(pl.Int64),
            texts=texts.sum().cast(pl.Int64),
            first_at=pl.col("at").min(),
            last_at=pl.col("at").max(),
        )
        .filter(pl.col("of") >= least)
    )
    partners = _partners(tables, found["contact"].to_list())
    whole = found.join(partners, on="contact", how="left").with_columns(pl.col("partners").fill_null(0))
    whole = whole.with_columns(hub=pl.col("partners") > hub)
    events = pl.sum_horizontal("called_by_them", "called_them", "texts")
    ordered = whole.sort("hub", pl.col("of") * -1, "partners", events * -1, "contact")
    return Contacts(ordered.select(list(CONTACT_SCHEMA)).cast(pl.Schema(CONTACT_SCHEMA)), inside)


def contact_rows(tables: LakeTables, sims: Sequence[str], contact: str) -> pl.DataFrame:
    """Calls and texts between one contact and the asked numbers: relation, at, own, outward, PROOF; by at."""
    rows = _touches(tables, sims, PROOF).filter(pl.col("other") == contact)
    return rows.select("relation", "at", "own", "outward", *PROOF).sort(
        "at", "relation", "own", "source", "row"
    )


def _touches(tables: LakeTables, sims: Sequence[str], more: Sequence[str] = ()) -> pl.DataFrame:
    """Every call and text with an asked number at an end, from its side; between two of them twice."""
    own = sorted(set(sims))
    parts = []
    for relation in ("CALLED", "SMS"):
        for outward, near, far in ((True, "from_key", "to_key"), (False, "to_key", "from_key")):
            rows = tables.scan(relation, by_to=not outward).filter(pl.col(near).is_in(own))
            parts.append(
                rows.select(
                    "event_key", "at", *more, relation=pl.lit(relation), own=near, other=far,
                    outward=pl.lit(outward), inside=pl.col(far).is_in(own),
                )
            )  # fmt: skip
    return pl.concat(pl.collect_all(parts)).filter(pl.col("own") != pl.col("other"))


def _partners(tables: LakeTables, contacts: Sequence[str]) -> pl.DataFrame:
    parts = []
    for relation in ("CALLED", "SMS"):
        for outward, near, far in ((True, "from_key", "to_key"), (False, "to_key", "from_key")):
            rows = tables.scan(relation, by_to=not outward).filter(pl.col(near).is_in(list(contacts)))
            parts.append(rows.select(contact=near, other=far))
    pairs = pl.concat(parts).filter(pl.col("contact") != pl.col("other")).unique()
    return pairs.group_by("contact").agg(partners=pl.len().cast(pl.Int64)).collect()
