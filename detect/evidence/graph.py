"""Fuses all claims into one weighted graph: actors and shared things as nodes, damped ties between them."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from detect.evidence.calls import call_claims
from detect.evidence.claims import joined
from detect.evidence.money import pass_through_claims
from detect.evidence.openings import opening_claims
from detect.evidence.parcels import parcel_claims
from detect.evidence.shared import device_claims, ip_claims, register_claims
from detect.evidence.victim_money import reported_claims, victim_claims, victim_steps
from detect.evidence.weights import KindWeight, load_kinds, rarity, repetition
from graph.lake.tables import LakeTables

# Kinds whose thing is an actor itself: popularity is then the geometric mean of both ends.
DIRECT: tuple[str, ...] = ("holds", "agent", "call", "parcel", "pass_through", "victim_money")
# A thing used only by people of one home is ordinary family life (DOMAIN 5, exception `family`).
ONE_HOME = 0.2
_END = ("type", "key", "part")


@dataclass(frozen=True, slots=True)
class EvidenceGraph:
    """nodes: id (int64, dense), type, key, part; part is "" or the slot, window or day of a thing.

    ties: kind, a, b (node ids), rows (count), popularity, weight (float64 > 0), carries (share of suspicion
    that passes). claims: kind, a, b, source, row. holder_of: type, key, holder (key of Person or
    Organization). steps: transfers that carry victims' money. All sorted by their leading columns.
    """

    nodes: pl.DataFrame
    ties: pl.DataFrame
    claims: pl.DataFrame
    holder_of: pl.DataFrame
    steps: pl.DataFrame


def build_evidence(tables: LakeTables, kinds: Mapping[str, KindWeight] | None = None) -> EvidenceGraph:
    """The evidence graph of the lake; row order of the tables changes nothing. An empty lake gives no ties.

    kinds: weights by kind, those of queries/weights/evidence.yml when None. Formula: docs/gangs.md.
    """
    kinds = load_kinds() if kinds is None else kinds
    holder_of = holders(tables)
    steps = victim_steps(tables)
    claims = joined(
        [
            *register_claims(tables),
            *device_claims(tables),
            *ip_claims(tables, holder_of),
            *opening_claims(tables),
            *parcel_claims(tables),
            *call_claims(tables),
            *pass_through_claims(tables, holder_of),
            *victim_claims(steps),
            *reported_claims(tables),
        ]
    ).filter(pl.col("kind").is_in(list(kinds)))
    nodes, numbered = _number(claims)
    ties = _weigh(numbered, nodes, _homes(tables, holder_of), kinds)
    rows = numbered.select("kind", "a", "b", "source", "row").unique()
    kept = rows.join(ties.select("kind", "a", "b"), on=["kind", "a", "b"], how="semi")
    return EvidenceGraph(nodes, ties, kept.sort("kind", "a", "b", "source", "row"), holder_of, steps)


def holders(tables: LakeTables) -> pl.DataFrame:
    """type, key, holder of accounts and SIMs with a registered holder; of several the first by key."""
    return (
        tables.scan("HOLDS")
        .group_by(pl.col("to_type").alias("type"), pl.col("to_key").alias("key"))
        .agg(pl.col("from_key").min().alias("holder"))
        .sort("type", "key")
        .collect()
    )


def _number(claims: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Dense node ids in order of type, key, part; claims with ids a (actor) and b (thing)."""
    actors = claims.select(
        pl.col("actor_type").alias("type"), pl.col("actor_key").alias("key"), part=pl.lit("")
    )
    things = claims.select(pl.col("thing_type").alias("type"), pl.col("thing_key").alias("key"), "part")
    nodes = pl.concat([actors, things]).unique().sort(_END).with_row_index("id").cast({"id": pl.Int64})
    numbered = (
        claims.with_columns(pl.lit("").alias("none"))
        .join(nodes.rename({"id": "a"}), left_on=["actor_type", "actor_key", "none"], right_on=_END)
        .join(nodes.rename({"id": "b"}), left_on=["thing_type", "thing_key", "part"], right_on=_END)
        .select("kind", "a", "b", "strength", "source", "row")
        .filter(pl.col("a") != pl.col("b"))
    )
    return nodes, numbered


def _homes(tables: LakeTables, holder_of: pl.DataFrame) -> pl.DataFrame:
    """type, key, holder, home of actors: whose they are and where that person lives (null when unknown)."""
    lives = tables.scan("LIVES_AT").group_by("from_key").agg(pl.col("to_key").min().alias("home")).collect()
    persons = lives.select(pl.lit("Person").alias("type"), pl.col("from_key").alias("key"), holder="from_key")
    known = pl.concat([holder_of, persons.select("type", "key", "holder")])
    return known.join(lives, left_on="holder", right_on="from_key", how="left")


def _weigh(
    numbered: pl.DataFrame, nodes: pl.DataFrame, homes: pl.DataFrame, kinds: Mapping[str, KindWeight]
) -> pl.DataFrame:
    """One tie a (kind, a, b): base x repetition x strength x rarity x one-home factor (docs/gangs.md)."""
    table = pl.DataFrame(
        {
            "kind": list(kinds),
            "base": [k.base for k in kinds.values()],
            "first": [k.first for k in kinds.values()],
            "half": [k.half for k in kinds.values()],
            "most": [k.most for k in kinds.values()],
            "passes": [k.carries for k in kinds.values()],
        }
    )
    ties = numbered.group_by("kind", "a", "b").agg(
        pl.struct("source", "row").n_unique().cast(pl.Int64).alias("rows"), pl.col("strength").max()
    )
    actor = nodes.join(homes, on=["type", "key"], how="left").select("id", "key", "holder", "home")
    weight = (
        pl.col("base")
        * repetition(pl.col("rows"), pl.col("first"), pl.col("half"))
        * pl.col("strength")
        * rarity(pl.col("popularity"))
        * pl.col("factor")
    )
    return (
        _with_popularity(ties, actor)
        .join(table, on="kind")
        .filter(pl.col("busiest") <= pl.col("most"))
        .with_columns(weight.alias("weight"), (pl.col("passes") * pl.col("factor")).alias("carries"))
        .select("kind", "a", "b", "rows", "popularity", "weight", "carries")
        .filter(pl.col("weight") > 0)
        .sort("kind", "a", "b")
    )


def _with_popularity(ties: pl.DataFrame, actor: pl.DataFrame) -> pl.DataFrame:
    """Ties that connect somebody, with popularity, busiest (the busier end's) and the one-home factor."""
    owned = ties.join(actor, left_on="a", right_on="id").with_columns(
        pl.col("holder").fill_null(pl.col("key"))
    )
    per_thing = owned.group_by("kind", "b").agg(
        pl.col("holder").n_unique().alias("holders"),
        pl.col("home").n_unique().alias("homes"),
        pl.col("home").null_count().alias("homeless"),
    )
    per_actor = ties.group_by("kind", "a").agg(pl.col("b").n_unique().alias("things"))
    # A thing that a single actor touches connects nobody.
    touched = ties.group_by("b").agg(pl.col("a").n_unique().alias("actors"))
    direct = pl.col("kind").is_in(DIRECT)
    between = (pl.col("holders") * pl.col("things")).cast(pl.Float64).sqrt()
    one_home = (~direct & (pl.col("holders") > 1) & (pl.col("homes") == 1) & (pl.col("homeless") == 0)) | (
        direct & (pl.col("kind") != "holds") & (pl.col("home") == pl.col("home_there")).fill_null(False)
    )
    return (
        owned.join(actor.select("id", home_there="home"), left_on="b", right_on="id", how="left")
        .join(touched, on="b")
        .filter((pl.col("actors") > 1) | direct)
        .join(per_thing, on=["kind", "b"])
        .join(per_actor, on=["kind", "a"])
        .with_columns(
            pl.when(direct).then(between).otherwise(pl.col("holders").cast(pl.Float64)).alias("popularity"),
            pl.when(direct)
            .then(pl.max_horizontal("holders", "things"))
            .otherwise(pl.col("holders"))
            .alias("busiest"),
            pl.when(one_home).then(ONE_HOME).otherwise(1.0).alias("factor"),
        )
    )
