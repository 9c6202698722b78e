"""Fuses all claims into one weighted graph: actors and shared things as nodes, damped ties between them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from detect.evidence.calls import call_claims
from detect.evidence.claims import joined
from detect.evidence.money import pass_through_claims
from detect.evidence.openings import opening_claims
from detect.evidence.parcels import parcel_claims
from detect.evidence.shared import device_claims, ip_claims, register_claims
from detect.evidence.victim_money import reported_claims, victim_claims, victim_steps
from detect.evidence.weights import KindWeight, load_kinds, rarity, repetition
from graph.contract import Ints, Mask
from graph.lake.same import as_one
from graph.lake.tables import LakeTables

# Kinds whose thing is an actor itself: popularity is then the geometric mean of both ends.
DIRECT: tuple[str, ...] = ("holds", "agent", "call", "parcel", "pass_through", "victim_money")
# A thing used only by people of one home is ordinary family life (DOMAIN 5, exception `family`).
ONE_HOME = 0.2


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

    def within(self, nodes: Ints) -> "EvidenceGraph":
        """The same nodes with only the ties and claims between `nodes` (ids), and the holders of these."""
        inside = np.zeros(self.nodes.height, dtype=np.bool_)
        inside[nodes] = True
        ties, claims = (
            f.filter(pl.Series(inside[f["a"].to_numpy()] & inside[f["b"].to_numpy()]))
            for f in (self.ties, self.claims)
        )
        kept = self.nodes.filter(pl.Series(inside))
        held = self.holder_of.join(kept, on=["type", "key"], how="semi", maintain_order="left")
        return replace(self, ties=ties, claims=claims, holder_of=held)


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
    gathered, rows = _gathered(numbered)
    ties = _weigh(gathered.with_row_index("tie"), nodes, _homes(tables, holder_of), kinds).sort("tie")
    kept = np.zeros(gathered.height, dtype=np.bool_)
    kept[ties["tie"].to_numpy()] = True
    proof = rows.filter(pl.Series(kept[rows["tie"].to_numpy()])).select("kind", "a", "b", "source", "row")
    return EvidenceGraph(nodes, ties.drop("tie"), proof, holder_of, steps)


def holders(tables: LakeTables) -> pl.DataFrame:
    """type, key, holder of accounts and SIMs with a registered holder; of several the first by key.

    Records that people judged to be one holder have one key.
    """
    return (
        tables.scan("HOLDS")
        .group_by(pl.col("to_type").alias("type"), pl.col("to_key").alias("key"))
        .agg(pl.col("from_key").min().alias("holder"))
        .with_columns(as_one(tables, "holder"))
        .sort("type", "key")
        .collect()
    )


def _number(claims: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Dense node ids in order of type, key, part; claims with ids a (actor) and b (thing).

    Texts become places in their sorted lists and the three places one number, so that ids are found by
    sorting numbers: a fifth of the cost of joins on text.
    """
    types, keys = (_distinct(claims[f"actor_{of}"], claims[f"thing_{of}"]) for of in ("type", "key"))
    parts = _distinct(pl.Series([""]), claims["part"])
    key_span, type_span = len(parts), len(parts) * max(len(keys), 1)

    def ends(end: str, part: Ints | int) -> Ints:
        of_type, key = _places(claims[f"{end}_type"], types), _places(claims[f"{end}_key"], keys)
        return of_type * type_span + key * key_span + part

    both = np.concatenate([ends("actor", 0), ends("thing", _places(claims["part"], parts))])
    whole, ids = np.unique(both, return_inverse=True)
    nodes = pl.DataFrame(
        {
            "id": np.arange(len(whole), dtype=np.int64),
            "type": types.gather(whole // type_span),
            "key": keys.gather(whole % type_span // key_span),
            "part": parts.gather(whole % key_span),
        }
    )
    a, b = np.split(ids.astype(np.int64), 2)
    numbered = claims.select(
        "kind", a=pl.Series(a), b=pl.Series(b), strength="strength", source="source", row="row"
    )
    return nodes, numbered.filter(pl.Series(a != b))


def _distinct(*texts: pl.Series) -> pl.Series:
    return pl.concat([text.alias("text") for text in texts]).unique().sort()


def _places(texts: pl.Series, among: pl.Series) -> Ints:
    """The place of each text in a sorted list that holds all of them."""
    return texts.cast(pl.Enum(among)).to_physical().to_numpy().astype(np.int64)


def _gathered(numbered: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One tie a (kind, a, b) with its distinct rows and largest strength, and the claims, each once.

    Both are sorted; `tie` of a claim is the place of its tie.
    """
    kinds, sources = _distinct(numbered["kind"]), _distinct(numbered["source"])
    ordered = numbered.with_columns(
        pl.col("kind").cast(pl.Enum(kinds)), pl.col("source").cast(pl.Enum(sources))
    ).sort("kind", "a", "b", "source", "row")

    def changes(*columns: str) -> Mask:
        changed = np.zeros(ordered.height, dtype=np.bool_)
        changed[:1] = True
        for column in columns:
            values = ordered[column].to_physical().to_numpy()
            changed[1:] |= values[1:] != values[:-1]
        return changed

    first = changes("kind", "a", "b")
    once = first | changes("source", "row")
    starts = np.flatnonzero(first)
    ties = (
        ordered.select(pl.col("kind").cast(pl.String), "a", "b")
        .filter(pl.Series(first))
        .with_columns(
            pl.Series("rows", np.add.reduceat(once.astype(np.int64), starts)),
            pl.Series("strength", np.maximum.reduceat(ordered["strength"].to_numpy(), starts)),
        )
    )
    claims = ordered.with_columns(pl.Series("tie", np.cumsum(first) - 1)).filter(pl.Series(once))
    return ties, claims.with_columns(pl.col("kind", "source").cast(pl.String))


def _homes(tables: LakeTables, holder_of: pl.DataFrame) -> pl.DataFrame:
    """type, key, holder, home of actors: whose they are and where that person lives (null when unknown)."""
    lives = tables.scan("LIVES_AT").group_by("from_key").agg(pl.col("to_key").min().alias("home")).collect()
    persons = lives.select(pl.lit("Person").alias("type"), pl.col("from_key").alias("key"), holder="from_key")
    known = pl.concat([holder_of, persons.select("type", "key", "holder")])
    return known.join(lives, left_on="holder", right_on="from_key", how="left")


def _weigh(
    ties: pl.DataFrame, nodes: pl.DataFrame, homes: pl.DataFrame, kinds: Mapping[str, KindWeight]
) -> pl.DataFrame:
    """Ties with weight: base x repetition x strength x rarity x one-home factor (docs/gangs.md)."""
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
    # Holders and homes are only told apart here: as categories they are numbers.
    actor = nodes.join(homes, on=["type", "key"], how="left").select(
        "id", pl.coalesce("holder", "key").cast(pl.Categorical), pl.col("home").cast(pl.Categorical)
    )
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
        .select("tie", "kind", "a", "b", "rows", "popularity", "weight", "carries")
        .filter(pl.col("weight") > 0)
    )


def _with_popularity(ties: pl.DataFrame, actor: pl.DataFrame) -> pl.DataFrame:
    """Ties that connect somebody, with popularity, busiest (the busier end's) and the one-home factor."""
    owned = ties.join(actor, left_on="a", right_on="id")
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
