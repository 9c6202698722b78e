"""The gang map: sums that agree with the rows, citations for every edge, nothing shown beyond the scope."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from cases.roles.standing import Decisions
from cases.scope import MASKED, Scope
from detect.gang_words import doubt_sentence, fragility_sentence
from detect.results import Break, Doubt, Fragility, Gang, Link, Member, Reading
from export.chart import Citation, MapData, Sureness
from export.gang_map import gang_map
from tests.export.ring import (
    FLOWS,
    FULL,
    HANDLES,
    NAMES,
    PARCEL,
    REGISTER,
    SHEET,
    account,
    device,
    findings,
    frames,
    gang,
    person,
    ring_map,
    sim,
    tables,
)
from tests.frames import at


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(tmp_path_factory.mktemp("ring"))


def by_key(data: MapData) -> dict[str, str]:
    return {node.key: node.id for node in data.nodes}


def test_transfers_are_summed_by_direction_and_agree_with_the_rows(lake: Path) -> None:
    data = ring_map(lake, FULL)
    ids = by_key(data)
    members = {*range(9), 10}
    wanted: dict[tuple[str, str], int] = {}
    for payer, payee, _, yuan in FLOWS:
        if payer in members and payee in members:
            pair = (ids[account(payer).key], ids[account(payee).key])
            wanted[pair] = wanted.get(pair, 0) + yuan * 100
    drawn = {(e.start, e.end): e.total for e in data.edges if e.kind == "TRANSFER"}
    assert drawn == wanted
    assert (ids[account(5).key], ids[account(4).key]) in drawn, "the way back is an edge of its own"


def test_every_edge_cites_rows_and_money_citations_add_up(lake: Path) -> None:
    for edge in ring_map(lake).edges:
        assert edge.citations, edge.kind
        if edge.total is not None:
            assert sum(c.total or 0 for c in edge.citations) == edge.total


def test_a_mirrored_transfer_counts_once_and_cites_both_rows(lake: Path) -> None:
    data = ring_map(lake, FULL)
    ids = by_key(data)
    edge = next(e for e in data.edges if (e.start, e.end) == (ids[account(1).key], ids[account(3).key]))
    assert (edge.count, edge.total) == (1, 30_000_00)
    assert edge.citations == (Citation(SHEET, 4, at(6), 30_000_00), Citation(REGISTER, 42, at(6)))


def test_calls_sum_their_seconds_and_keep_first_and_last(lake: Path) -> None:
    data = ring_map(lake, FULL)
    ids = by_key(data)
    edge = next(e for e in data.edges if e.kind == "CALLED" and e.end == ids[sim(1).key])
    assert (edge.count, edge.total, edge.measure) == (3, 65 + 66 + 68, "duration_s")
    assert (edge.first_at, edge.last_at) == (at(0), at(9))


def test_an_account_a_report_says_was_paid_from_is_marked_as_victim(lake: Path) -> None:
    victims = [node.key for node in ring_map(lake, FULL).nodes if node.victim]
    assert victims == [account(0).key]


def test_evidence_is_drawn_only_where_no_relation_shows_it(lake: Path) -> None:
    data = ring_map(lake, FULL)
    links = [edge for edge in data.edges if edge.kind.startswith("LINK:")]
    ids = by_key(data)
    assert [(e.kind, {e.start, e.end}) for e in links] == [
        ("LINK:opening", {ids[person(2).key], ids[person(6).key]})
    ]
    assert links[0].sureness is Sureness.INFERRED and not links[0].directed
    assert links[0].weight == 1.0 and len(links[0].citations) == 2, "two links of one pair are one edge"


def test_a_holder_tied_to_a_device_through_the_own_account_is_not_drawn_twice(lake: Path) -> None:
    tied = Link(person(5), device(0), "device", 1.0, None, ((SHEET, 9),))
    loose = Link(person(0), device(1), "device", 1.0, None, ((SHEET, 9),))
    given = replace(gang(), links=(tied, loose), members=(*gang().members, Member(device(1), 0.2)))
    data = ring_map(lake, FULL, gang=given)
    ids = by_key(data)
    drawn = [{e.start, e.end} for e in data.edges if e.kind == "LINK:device"]
    assert drawn == [{ids[person(0).key], ids[device(1).key]}]


def test_a_masked_map_holds_no_key_and_no_name_of_the_lake(lake: Path) -> None:
    text = json.dumps(asdict(ring_map(lake)), ensure_ascii=False, default=str)
    secrets = [account(n).key for n in range(11)] + [person(n).key for n in range(8)] + NAMES
    secrets += [sim(n).key[:11] for n in range(3)] + [device(0).key[5:], PARCEL.key[8:]]
    assert [secret for secret in secrets if secret in text] == []
    full = json.dumps(asdict(ring_map(lake, FULL)), ensure_ascii=False, default=str)
    assert all(secret in full for secret in [account(1).key, NAMES[0], person(1).key])


def test_masked_nodes_stay_apart_although_their_texts_are_alike(lake: Path) -> None:
    data = ring_map(lake)
    assert len({node.handle for node in data.nodes}) == len(data.nodes) == 24
    assert {node.handle for node in data.nodes} == {node.handle for node in ring_map(lake, FULL).nodes}


def test_the_same_input_gives_the_same_map(lake: Path, tmp_path: Path) -> None:
    shuffled = replace(gang(), members=gang().members[::-1], links=gang().links[::-1])
    other = gang_map(shuffled, tables(tmp_path), MASKED, HANDLES, Decisions(), findings()[::-1])
    assert other == ring_map(lake) and other.digest == ring_map(lake).digest


def test_events_of_other_regions_are_left_out(lake: Path) -> None:
    assert any(e.kind == "TRANSFER" for e in ring_map(lake, Scope(regions=("0000",))).edges)
    away = ring_map(lake, Scope(regions=("4301",)))
    assert {edge.kind for edge in away.edges} <= {"HOLDS"} | {e.kind for e in away.edges if "LINK" in e.kind}


def test_a_limit_keeps_the_strongest_and_says_what_is_missing(lake: Path) -> None:
    data = ring_map(lake, FULL, limit=5)
    assert len(data.nodes) == 5 and data.left_out == 18
    strengths = sorted((m.strength for m in gang().members), reverse=True)[:5]
    assert sorted((n.strength for n in data.nodes), reverse=True) == strengths


def test_rules_are_those_of_the_gangs_findings_only(lake: Path) -> None:
    assert ring_map(lake).rules == (("D01", 2), ("F09", 1))


def test_levels_make_columns_from_left_to_right(lake: Path) -> None:
    levels = {account(n): level for n, level in [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (10, 5)]}
    data = ring_map(lake, FULL, levels=levels)
    placed = [(n.level, n.x) for n in data.nodes if n.level is not None]
    assert data.layered and sorted(placed) == sorted(placed, key=lambda pair: pair[1])
    assert len({x for level, x in placed if level == 1}) == 1


def test_a_gang_without_members_gives_an_empty_map(lake: Path) -> None:
    data = ring_map(lake, gang=Gang("empty", 0.0, 0.0, (), ()))
    assert (data.nodes, data.edges, data.sources, data.left_out) == ((), (), (), 0)


def test_a_lake_without_the_members_still_draws_them_bare(tmp_path: Path) -> None:
    data = gang_map(gang(), tables(tmp_path, {"Case": frames()["Case"]}), MASKED, HANDLES, Decisions())
    assert len(data.nodes) == 24
    assert {edge.kind for edge in data.edges} == {"LINK:device", "LINK:opening"}


def test_the_map_says_what_the_gang_hangs_by_and_its_two_readings_as_the_screen_does(tmp_path: Path) -> None:
    whole = account(1).key
    hangs = Fragility((Break(account(1), "", None, "", 0.4, (3, 2), ((SHEET, 4),)),), None, (), None, None)
    doubt = Doubt(None, Reading("money", 0.6, ((SHEET, 4),)), (("family", 0.01),), ())
    doubted = replace(gang(), fragility=hangs, doubt=doubt)
    masked = ring_map(tmp_path, gang=doubted)
    assert masked.said == (
        tuple(fragility_sentence(doubted, language, MASKED.key) for language in ("zh", "en")),
        tuple(doubt_sentence(doubted, language) for language in ("zh", "en")),
    )
    assert "分裂为2个部分" in masked.said[0][0] and "2 parts of 3 and 2 holders" in masked.said[0][1]
    assert "资金传递" in masked.said[1][0] and "money passed on" in masked.said[1][1]
    assert not any(whole in text for pair in masked.said for text in pair)
    assert whole in ring_map(tmp_path, FULL, gang=doubted).said[0][1]


def test_a_map_of_older_results_says_that_nothing_was_looked_for(tmp_path: Path) -> None:
    assert all("python -m detect" in text for pair in ring_map(tmp_path).said for text in pair)
