"""Where suspicion starts (victims' money, findings) and how far evidence carries it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix, csr_matrix

from detect.evidence import EvidenceGraph
from detect.results import Finding
from graph.checked_yaml import read_checked
from graph.contract import Floats, Ints

WEIGHTS = Path(__file__).parents[1] / "queries" / "weights" / "gangs.yml"
_ROUNDS = 30
_VICTIMS = "victims"


@dataclass(frozen=True, slots=True)
class GangWeights:
    """Numbers of `queries/weights/gangs.yml`: what starts suspicion and what makes a gang."""

    rules: Mapping[str, float]
    other_rules: float
    named_share: float
    victims_one: float
    victims_more: float
    victims_deeper: float
    hold_back: float
    least_suspicion: float
    least_member: float
    least_strength: float
    resolution: float
    attach: float
    attach_contacts: int
    part_persons: int
    part_ties: float
    part_talk: float
    part_bond: float
    least_persons: int
    least_streams: int
    least_seed: float


def load_gang_weights(path: Path = WEIGHTS) -> GangWeights:
    """The weights in the file; InvalidRule names a missing or unknown one."""
    return read_checked(path, GangWeights)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Per node: seed (0 to 1, own signs), spread (0 to 1, with what ties carry), streams (distinct signs).

    seeds: node id, stream (a rule id or `victims`), weight.
    """

    seed: Floats
    spread: Floats
    seeds: pl.DataFrame


def suspect(evidence: EvidenceGraph, findings: Sequence[Finding], weights: GangWeights) -> Suspicion:
    """Seed the nodes and let ties carry suspicion: p = max(seed, sum(c w p) / (sum(w) + hold_back)).

    A node whose ties lead mostly to unsuspicious ones stays low; `hold_back` keeps one weak tie from
    convincing. Nodes without evidence do not appear.
    Source: harmonic functions (Zhu et al. 2003), with sinks.
    """
    count = evidence.nodes.height
    seeds = pl.concat([_victim_seeds(evidence, weights), _finding_seeds(evidence, findings, weights)])
    seeds = seeds.group_by("id", "stream").agg(pl.col("weight").max()).sort("id", "stream")
    seed = np.zeros(count)
    if seeds.height:
        innocent = seeds.group_by("id").agg((1.0 - pl.col("weight")).product().alias("rest")).sort("id")
        seed[innocent["id"].to_numpy()] = 1.0 - innocent["rest"].to_numpy()
    spread = seed.copy()
    carried, total = _matrices(evidence)
    for _ in range(_ROUNDS):
        after = np.maximum(seed, (carried @ spread) / (total + weights.hold_back))
        change = float(np.abs(after - spread).max(initial=0.0))
        spread = after
        if change < 1e-6:
            break
    return Suspicion(seed, spread, seeds)


def _matrices(evidence: EvidenceGraph) -> tuple[csr_matrix, Floats]:
    """What ties carry between nodes (symmetric), and each node's whole evidence weight."""
    count = evidence.nodes.height
    a, b = evidence.ties["a"].to_numpy(), evidence.ties["b"].to_numpy()
    weight = evidence.ties["weight"].to_numpy()
    carried = weight * evidence.ties["carries"].to_numpy()
    half = coo_matrix((carried, (a, b)), shape=(count, count))
    return (half + half.T).tocsr(), weight_at(a, weight, count) + weight_at(b, weight, count)


def weight_at(node: Ints, weight: Floats, count: int) -> Floats:
    """Sum of the weights at each of `count` nodes; a float array even when there are no ties."""
    return np.bincount(node, weight, count).astype(np.float64)


def _victim_seeds(evidence: EvidenceGraph, weights: GangWeights) -> pl.DataFrame:
    """Accounts that victims' money reached: by how many reports, and how deep."""
    received = evidence.steps.group_by(pl.col("to_key").alias("key")).agg(
        pl.col("report").n_unique().alias("reports"), pl.col("level").min().alias("level")
    )
    weight = (
        pl.when(pl.col("level") > 1)
        .then(weights.victims_deeper * (1.0 - pl.lit(0.5).pow(pl.col("reports"))))
        .when(pl.col("reports") > 1)
        .then(weights.victims_more)
        .otherwise(weights.victims_one)
    )
    return _placed(
        evidence,
        received.select(pl.lit("Account").alias("type"), "key", stream=pl.lit(_VICTIMS), weight=weight),
    )


def _finding_seeds(
    evidence: EvidenceGraph, findings: Sequence[Finding], weights: GangWeights
) -> pl.DataFrame:
    rows: list[tuple[str, str, str, float]] = []
    for finding in findings:
        weight = weights.rules.get(finding.rule, weights.other_rules) * (0.5 + 0.5 * finding.score)
        rows.append((finding.subject.type, finding.subject.key, finding.rule, weight))
        rows += [(o.type, o.key, finding.rule, weight * weights.named_share) for o in finding.others]
    schema = {"type": pl.String(), "key": pl.String(), "stream": pl.String(), "weight": pl.Float64()}
    return _placed(evidence, pl.DataFrame(rows, schema=schema, orient="row").filter(pl.col("weight") > 0))


def _placed(evidence: EvidenceGraph, seeds: pl.DataFrame) -> pl.DataFrame:
    whole = evidence.nodes.filter(pl.col("part") == "").select("id", "type", "key")
    return seeds.join(whole, on=["type", "key"]).select("id", "stream", pl.col("weight").cast(pl.Float64))
