"""Detection with its communities searched on a real Neo4j says what it says on the embedded engine."""

from itertools import combinations
from pathlib import Path

import pytest

from detect.pipeline import run_detection
from detect.results import Detection
from graph.contract import Ref
from graph.engines.neo4j_gds.server import Server, at_hand
from graph.lake.home import LakeHome
from tests.detect.gang_world import honest, lake, ring


def gangs_of_persons(detection: Detection) -> dict[Ref, str]:
    """Each person of a gang with that gang's id."""
    return {
        member.ref: gang.gang_id
        for gang in detection.gangs
        for member in gang.members
        if member.ref.type == "Person"
    }


def pairs_together(groups: dict[Ref, str]) -> set[frozenset[Ref]]:
    """The pairs of persons that one gang holds; equal sets are an adjusted Rand index of 1."""
    return {frozenset(pair) for pair in combinations(groups, 2) if groups[pair[0]] == groups[pair[1]]}


@pytest.mark.neo4j
def test_findings_and_mules_are_the_same_and_the_gangs_hold_the_same_persons(
    neo4j_server: Server, neo4j_lake: LakeHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = at_hand(neo4j_lake)
    assert server is not None
    monkeypatch.setenv("DUANLIAN_NEO4J_PASSWORD", server.password)
    home = LakeHome(tmp_path)
    lake(tmp_path, ring() + ring("Q", device="W") + honest())
    here = run_detection(home)
    there = run_detection(home, server.uri)
    assert (here.engine, there.engine) == ("embedded", "neo4j")
    # Rules and mules never ask the engine. Two Leiden programs may cut a weak group differently; these two
    # rings are dense and far apart, so no tolerance is needed.
    assert there.findings == here.findings
    assert there.mules == here.mules
    assert len(here.gangs) == 2
    assert gangs_of_persons(there).keys() == gangs_of_persons(here).keys()
    assert pairs_together(gangs_of_persons(there)) == pairs_together(gangs_of_persons(here))
