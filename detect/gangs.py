"""Finds gangs: suspicious communities of the evidence graph that several independent signs support."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from detect.attachment import Units, attached
from detect.evidence import EvidenceGraph, build_evidence
from detect.facts import Facts
from detect.fragility import fragility
from detect.gang_graph import GangGraph
from detect.gang_links import MEMBER_THINGS, links_of
from detect.hierarchy import with_hierarchy
from detect.innocence import Innocents, doubt
from detect.membership import Ties, groups, labelled, overlap
from detect.placement import at_their_accounts, without_payees
from detect.results import Finding, Gang, Member
from detect.steadiness import REPEATS, stays, steadiness
from detect.suspicion import GangWeights, Suspicion, load_gang_weights, suspect
from graph.contract import Algorithms, Ints, Ref
from graph.lake.tables import LakeTables

_MEMBER_TYPES = ("Person", "Organization", "Account", *MEMBER_THINGS)


def find_gangs(
    tables: LakeTables,
    findings: Sequence[Finding],
    algorithms: Algorithms,
    seed: int = 0,
    evidence: EvidenceGraph | None = None,
    weights: GangWeights | None = None,
    facts: Facts | None = None,
) -> tuple[Gang, ...]:
    """Gangs of the lake, score descending then id; none when nothing is suspicious.

    algorithms: the engine's promise; Leiden runs there. evidence: that of the lake when already built;
    facts: shared joins of the same tables, made anew when None. Members are persons,
    organisations, accounts, SIMs and devices, ordered by type and key. Same input and seed give the same
    gangs, whatever the order of rows. Method and formulas: docs/gangs.md.
    """
    evidence = build_evidence(tables) if evidence is None else evidence
    weights = load_gang_weights() if weights is None else weights
    suspicion = suspect(evidence, findings, weights)
    ties = Ties.of(evidence)
    units = Units.of(evidence, victims(tables, evidence))

    def search(resolution: float, run_seed: int) -> list[Ints]:
        cores = groups(ties, suspicion, algorithms, weights, resolution, run_seed)
        cores = without_payees(cores, ties, units)
        cores = [core for core in cores if _is_gang(ties, suspicion, units, weights, core)]
        return attached(at_their_accounts(cores, ties, units, suspicion), units, weights)

    found = search(weights.resolution, seed)
    if not found:
        return ()
    repeats = [search(weights.resolution * factor, seed + step) for step, factor in REPEATS]
    innocents = Innocents.of(facts or Facts(tables), evidence.holder_of)
    gangs, near, about = [], evidence.within(np.unique(np.concatenate(found))), _by_subject(findings)
    for group in found:
        gang = _gang(near, ties, suspicion, about, weights, group, repeats)
        graph = GangGraph.of(near, group)
        gangs.append(replace(gang, fragility=fragility(graph), doubt=doubt(graph, innocents)))
    return with_hierarchy(evidence, sorted(gangs, key=lambda gang: (-gang.score, gang.gang_id)))


def _by_subject(findings: Sequence[Finding]) -> dict[Ref, list[tuple[int, str]]]:
    """Subject -> (place in `findings`, id) of its findings."""
    found: dict[Ref, list[tuple[int, str]]] = {}
    for place, finding in enumerate(findings):
        found.setdefault(finding.subject, []).append((place, finding.finding_id))
    return found


def victims(tables: LakeTables, evidence: EvidenceGraph) -> frozenset[str]:
    """Keys of the holders of accounts that victims paid from."""
    paid = tables.scan("PAID_FROM").select(key="to_key").unique().collect()
    held = evidence.holder_of.filter(pl.col("type") == "Account").join(paid, on="key", how="semi")
    return frozenset(held["holder"].to_list())


def _is_gang(ties: Ties, suspicion: Suspicion, units: Units, weights: GangWeights, group: Ints) -> bool:
    """Several persons (holders too), several independent streams, and enough suspicion of their own."""
    if float(suspicion.seed[group].sum()) < weights.least_seed:
        return False
    persons = int(units.person[np.unique(units.owner[group])].sum())
    return persons >= weights.least_persons and len(_streams(ties, suspicion, group)) >= weights.least_streams


def _streams(ties: Ties, suspicion: Suspicion, group: Ints) -> set[str]:
    """Independent streams of evidence: families of ties inside, and the signs suspicion started from."""
    signs = suspicion.seeds["stream"].filter(pl.Series(np.isin(suspicion.seeds["id"].to_numpy(), group)))
    return ties.families(group) | set(signs.to_list())


def _gang(
    evidence: EvidenceGraph,
    ties: Ties,
    suspicion: Suspicion,
    about: Mapping[Ref, Sequence[tuple[int, str]]],
    weights: GangWeights,
    group: Ints,
    repeats: Sequence[Sequence[Ints]],
) -> Gang:
    links = links_of(evidence, group)
    linked = {end for link in links for end in (link.a, link.b)}
    shares, stay = ties.strength(labelled([group], len(ties.total)))[group], stays(group, repeats)
    nodes = evidence.nodes[group.tolist()]
    members = tuple(
        Member(Ref(t, k), round(float(share), 6), stays=float(again))
        for t, k, part, share, again in zip(
            nodes["type"], nodes["key"], nodes["part"], shares, stay, strict=True
        )
        if t in _MEMBER_TYPES and not part and Ref(t, k) in linked
    )
    mine = tuple(name for _, name in sorted(one for m in members for one in about.get(m.ref, ())))
    stability = float(np.mean([overlap(group, other) for other in repeats]))
    score = _score(ties, suspicion, weights, group, float(np.mean(shares)))
    return Gang(
        _gang_id(members),
        score,
        round(stability, 6),
        members,
        links,
        mine,
        steadiness=steadiness(group, repeats),
    )


def _score(ties: Ties, suspicion: Suspicion, weights: GangWeights, group: Ints, cohesion: float) -> float:
    """(1 - e^(-S / 2 least_seed)) x (1 - 2^(-streams / 2)) x (1 + cohesion) / 2; S: summed seeds."""
    total = float(suspicion.seed[group].sum())
    signs = len(_streams(ties, suspicion, group))
    amount = 1.0 - math.exp(-total / (2.0 * weights.least_seed))
    support = 1.0 - math.exp2(-signs / 2.0)
    return round(amount * support * (1.0 + cohesion) / 2.0, 6)


def _gang_id(members: Sequence[Member]) -> str:
    """The same members give the same id, on any engine."""
    text = "\n".join(f"{m.ref.type} {m.ref.key}" for m in members)
    return f"gang-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
