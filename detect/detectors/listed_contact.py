"""X03: persons and things that few steps lead to a list entry, taken while it was in force (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.list_reach import Bounds, listed, reach
from graph.contract import Ref

_REPORTED = ("Account", "Sim", "Person", "Organization")
_NODE = ["type", "key"]


def listed_contact(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Each node near an entry once, with the fewest steps; others: the entries, then the listed subjects.

    Left out: what a listed person holds, who is listed too, and people of the listed person's home.
    parameters: max_hops, min_contacts, max_partners. No lists give nothing.
    """
    entries = listed(facts)
    bounds = Bounds(
        int(parameters["max_hops"]), int(parameters["min_contacts"]), int(parameters["max_partners"])
    )
    if entries.is_empty():
        return DetectorResult(())
    found, passed = reach(facts, entries, bounds)
    said = (f"X03 did not go on from {passed} nodes with too many partners.",) if passed else ()
    names = entries.select("root", "entry", listed_type="type", listed_key="key")
    near = _of_others(facts, found.filter(pl.col("type").is_in(_REPORTED)).join(names, on="root"))
    near = near.sort(*_NODE, "hops", "entry")
    hits = [_hit(rows, bounds) for rows in near.partition_by(_NODE, maintain_order=True)]
    return DetectorResult(in_order(hits), said)


def _of_others(facts: Facts, near: pl.DataFrame) -> pl.DataFrame:
    """Without the listed persons' own things, without the listed, without people of one home with them."""
    held = pl.concat(
        [
            facts.holder_of.select(pl.lit("Account").alias("type"), key="account", holder="holder"),
            facts.sim_holder.select(pl.lit("Sim").alias("type"), key="sim", holder="holder"),
        ]
    )
    homes = facts.kin.select("person", "home")
    itself = near.select(type="listed_type", key="listed_key").unique()
    both = (
        near.join(itself, on=_NODE, how="anti")
        .join(held, on=_NODE, how="left")
        .join(
            held.rename({"holder": "listed_holder"}),
            left_on=["listed_type", "listed_key"],
            right_on=_NODE,
            how="left",
        )
        .with_columns(who=pl.coalesce("holder", "key"), listed_who=pl.coalesce("listed_holder", "listed_key"))
        .join(homes.rename({"home": "home"}), left_on="who", right_on="person", how="left")
        .join(homes.rename({"home": "listed_home"}), left_on="listed_who", right_on="person", how="left")
    )
    own = pl.col("holder").eq_missing(pl.col("listed_key"))
    kin = (pl.col("home") == pl.col("listed_home")).fill_null(False) & (pl.col("who") != pl.col("listed_who"))
    return both.filter(~own & ~kin)


def _hit(rows: pl.DataFrame, bounds: Bounds) -> Hit:
    first = rows.row(0, named=True)
    entries = sorted(set(rows["entry"].to_list()))
    subjects = sorted(set(rows.select("listed_type", "listed_key").rows()))
    proof = {(one["source"], one["row"]) for way in rows["rows"].to_list() for one in way}
    # A way of registers alone is as firm as one of many dealings.
    firm = min(1.0, first["contacts"] / (4 * bounds.contacts)) if first["contacts"] else 1.0
    return Hit(
        subject=Ref(first["type"], first["key"]),
        score=graded(bounds.hops - first["hops"] + firm, 0, bounds.hops),
        first_at=first["since"],
        last_at=first["until"],
        values={"hops": first["hops"], "entries": len(entries), "contacts": first["contacts"]},
        rows=tuple(sorted(proof)),
        others=(*(Ref("ListEntry", key) for key in entries), *(Ref(kind, key) for kind, key in subjects)),
    )
