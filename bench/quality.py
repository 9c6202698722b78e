"""Quality of gangs and mules on worlds with known truth: `python -m bench.quality --seeds 101 102`."""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from bench.clock import machine, run
from detect.quality import GangQuality, RankingQuality, gang_quality, group_of_persons, ranking_quality
from detect.results import Detection
from detect.store import open_detection
from graph.contract import EdgeTable
from graph.engines.embedded.algorithms import EmbeddedAlgorithms
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, open_tables

# Roles of the truth that belong to no ring's members.
_NOT_MEMBERS = ("victim",)


def main() -> None:
    """Print one table row a seed: gangs, mules, and the floors beside them."""
    given = _parser().parse_args()
    print(machine())
    rows: list[dict[str, float]] = []
    for seed in given.seeds:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            world = ["--accounts", str(given.accounts), "--seed", str(seed), "--noise", given.noise]
            run("-m", "simulate", "--out", str(place / "data"), *world)
            run("-m", "ingest", str(place / "data"), "--lake", str(place / "lake"))
            run("-m", "detect", "--lake", str(place / "lake"), "--engine", given.engine)
            rows.append({"seed": seed} | measure(place / "lake", place / "data" / "truth"))
        print(json.dumps(rows[-1]), flush=True)
    print(as_table(rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101])
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--noise", default="MID", choices=["LOW", "MID", "HIGH"])
    parser.add_argument("--engine", default="embedded")
    return parser


def measure(lake: Path, truth: Path) -> dict[str, float]:
    """All measures of one detected world; gangs and mules are those stored in the lake's home."""
    home = lake_home(lake)
    detection = open_detection(home)
    if detection is None:
        raise SystemExit(f"Nothing was detected in {lake}; run `python -m detect` on it first.")
    tables = open_tables(home)
    persons = pl.read_csv(truth / "persons.csv", infer_schema=False)
    accounts = pl.read_csv(truth / "accounts.csv", infer_schema=False)
    gangs = _gangs(detection, persons)
    mules = _mules(detection, accounts)
    return {
        "ari": gangs.ari,
        "nmi": gangs.nmi,
        "rings": gangs.rings,
        "gangs": gangs.gangs,
        "person_recall": gangs.recall,
        "person_precision": gangs.precision,
        "floor_ari": _leiden_floor(tables, accounts),
        "mules": mules.true,
        "shown": mules.shown,
        "mule_precision": mules.precision,
        "mule_recall": mules.recall,
        "precision_at_recall_0.7": mules.precision_at_recall,
        **_ranking_floors(tables, accounts),
    }


def rings_of_persons(persons: pl.DataFrame) -> dict[str, str]:
    """Person -> ring, of members only; victims are no members."""
    inside = persons.filter(pl.col("ring").fill_null("") != "").filter(~pl.col("role").is_in(_NOT_MEMBERS))
    return dict(inside.select("person_key", "ring").iter_rows())


def _gangs(detection: Detection, persons: pl.DataFrame) -> GangQuality:
    found = {g.gang_id: [m.ref.key for m in g.members if m.ref.type == "Person"] for g in detection.gangs}
    true, gang_of = rings_of_persons(persons), group_of_persons(found)
    quality = gang_quality(true, gang_of)
    _check(true, gang_of, quality)
    return quality


def _check(true: Mapping[str, str], found: Mapping[str, str], quality: GangQuality) -> None:
    """Our measures must agree with scikit-learn's."""
    nodes = sorted(set(true) | set(found))
    one = [true.get(n, f"alone {n}") for n in nodes]
    other = [found.get(n, f"alone {n}") for n in nodes]
    assert abs(adjusted_rand_score(one, other) - quality.ari) < 1e-9  # noqa: S101 - the measure's own check
    assert abs(normalized_mutual_info_score(one, other) - quality.nmi) < 1e-9  # noqa: S101


def _mules(detection: Detection, accounts: pl.DataFrame) -> RankingQuality:
    ranked = [mule.account for mule in detection.mules]
    return ranking_quality(ranked, _true_mules(accounts), len(ranked))


def _true_mules(accounts: pl.DataFrame) -> frozenset[str]:
    return frozenset(accounts.filter(pl.col("is_mule") == "1")["account"].to_list())


def _leiden_floor(tables: LakeTables, accounts: pl.DataFrame) -> float:
    """ARI of plain Leiden on summed transfers for rings by account holders.

    Over ring members' accounts and the accounts of every community that holds one of them would drown the
    figure in bystanders; so only holders of ring accounts are compared, which flatters the floor.
    """
    money = tables.scan("TRANSFER").group_by("from_key", "to_key").agg(pl.col("amount_fen").sum()).collect()
    keys = pl.concat([money["from_key"], money["to_key"]]).unique().sort()
    number = pl.DataFrame({"key": keys, "n": np.arange(len(keys), dtype=np.int64)})
    ends = money.join(number, left_on="from_key", right_on="key").join(
        number, left_on="to_key", right_on="key", suffix="_to"
    )
    edges = EdgeTable(
        len(keys),
        ends["n"].to_numpy(),
        ends["n_to"].to_numpy(),
        ends["amount_fen"].cast(pl.Float64).to_numpy(),
    )
    community = number.with_columns(pl.Series("community", EmbeddedAlgorithms().communities(edges, seed=0)))
    rings = accounts.filter(pl.col("ring").fill_null("") != "").join(
        community, left_on="account", right_on="key"
    )
    of_holder = rings.sort("account").unique("holder_key", keep="first", maintain_order=True)
    return float(adjusted_rand_score(of_holder["ring"].to_list(), of_holder["community"].to_list()))


def _ranking_floors(tables: LakeTables, accounts: pl.DataFrame) -> dict[str, float]:
    """Precision among the first k (k: number of mules) when accounts are ranked by turnover and by degree."""
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
    true = _true_mules(accounts)
    floors = {}
    for by in ("turnover", "degree"):
        ranked = totals.sort([by, "account"], descending=[True, False])["account"].to_list()
        floors[f"floor_{by}"] = ranking_quality(ranked, true, len(true)).precision_at_k
    return floors


def as_table(rows: Sequence[Mapping[str, float]]) -> str:
    """A Markdown table, one line a seed and the least and mean of each measure; no rows give no lines."""
    if not rows:
        return ""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_figure(row[name]) for name in names) + " |" for row in rows]
    for label, of in (("least", min), ("mean", _mean)):
        figures = [_figure(of([row[name] for row in rows])) for name in names[1:]]
        lines.append(f"| {label} | " + " | ".join(figures) + " |")
    return "\n".join(lines)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _figure(value: float) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
