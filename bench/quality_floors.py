"""Floors that detection must beat: plain Leiden on transfers, accounts ranked by turnover or by degree."""

import numpy as np
import polars as pl
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from bench.quality_truth import Truth
from detect.quality import precision_at, ranking_quality
from graph.contract import EdgeTable
from graph.engines.embedded.algorithms import EmbeddedAlgorithms
from graph.lake.tables import LakeTables


def leiden_floor(tables: LakeTables, truth: Truth) -> dict[str, float | None]:
    """ARI and NMI of plain Leiden on summed transfers for rings by account holders.

    Over ring members' accounts and the accounts of every community that holds one of them would drown the
    figure in bystanders; so only holders of ring accounts are compared, which flatters the floor.
    """
    money = tables.scan("TRANSFER").group_by("from_key", "to_key").agg(pl.col("amount_fen").sum()).collect()
    keys = pl.concat([money["from_key"], money["to_key"]]).unique().sort()
    number = pl.DataFrame({"key": keys, "n": np.arange(len(keys), dtype=np.int64)})
    ends = money.join(number, left_on="from_key", right_on="key").join(
        number, left_on="to_key", right_on="key", suffix="_to"
    )
    # In one order whatever the threads did: the communities depend on it.
    ends = ends.sort("n", "n_to")
    edges = EdgeTable(
        len(keys),
        ends["n"].to_numpy(),
        ends["n_to"].to_numpy(),
        ends["amount_fen"].cast(pl.Float64).to_numpy(),
    )
    community = number.with_columns(pl.Series("community", EmbeddedAlgorithms().communities(edges, seed=0)))
    inside = truth.accounts.filter(pl.col("ring").fill_null("") != "")
    rings = inside.join(community, left_on="account", right_on="key")
    of_holder = rings.sort("account").unique("holder_key", keep="first", maintain_order=True)
    true, found = of_holder["ring"].to_list(), of_holder["community"].to_list()
    return {
        "floor_ari": float(adjusted_rand_score(true, found)),
        "floor_nmi": float(normalized_mutual_info_score(true, found)),
    }


def ranking_floors(tables: LakeTables, truth: Truth) -> dict[str, float | None]:
    """Accounts ranked by turnover and by degree: precision among the first k (number of mules) and 50, and
    at recall 0.8."""
    money = tables.scan("TRANSFER")
    sides = [
        money.select(pl.col(own).alias("account"), pl.col(peer).alias("peer"), "amount_fen")
        for own, peer in (("from_key", "to_key"), ("to_key", "from_key"))
    ]
    totals = (
        pl.concat(sides)
        .group_by("account")
        .agg(pl.col("amount_fen").sum().alias("turnover"), pl.col("peer").n_unique().alias("degree"))
        .collect()
    )
    floors: dict[str, float | None] = {}
    for by in ("turnover", "degree"):
        ranked = totals.sort([by, "account"], descending=[True, False])["account"].to_list()
        quality = ranking_quality(ranked, truth.mules, len(ranked), wanted_recall=0.8)
        floors[f"{by}_at_k"] = quality.precision_at_k
        floors[f"{by}_at_50"] = precision_at(ranked, truth.mules, 50)
        floors[f"{by}_at_recall_0.8"] = quality.precision_at_recall
    return floors
