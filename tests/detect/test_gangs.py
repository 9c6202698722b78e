"""Planted gangs are found with their proof; families, payrolls, campuses and markets are not."""

from pathlib import Path

import pytest

from detect.evidence import build_evidence
from detect.gangs import find_gangs
from detect.results import Gang
from detect.suspicion import load_gang_weights, suspect
from graph.engines.embedded.algorithms import EmbeddedAlgorithms
from tests.detect.gang_world import boss, campus, family, honest, lake, market, payroll, ring, rows_of


def _find(folder: Path, lines: list[str], shuffle: int | None = None, seed: int = 0) -> tuple[Gang, ...]:
    _, tables = lake(folder, lines, shuffle)
    return find_gangs(tables, (), EmbeddedAlgorithms(), seed)


def _persons(gang: Gang) -> set[str]:
    return {member.ref.key for member in gang.members if member.ref.type == "Person"}


def test_a_planted_ring_is_found_whole_and_alone(tmp_path: Path) -> None:
    world, tables = lake(tmp_path, ring() + honest())
    gangs = find_gangs(tables, (), EmbeddedAlgorithms())
    assert len(gangs) == 1
    assert _persons(gangs[0]) == {world.key(f"RP{i}") for i in range(1, 7)}


def test_two_rings_stay_apart(tmp_path: Path) -> None:
    world, tables = lake(tmp_path, ring("R") + ring("Q") + honest())
    gangs = find_gangs(tables, (), EmbeddedAlgorithms())
    wanted = {frozenset(world.key(f"{name}P{i}") for i in range(1, 7)) for name in ("R", "Q")}
    assert len(gangs) == 2 and {frozenset(_persons(gang)) for gang in gangs} == wanted


@pytest.mark.parametrize("group", [family, payroll, campus, market, honest])
def test_honest_groups_are_no_gangs(tmp_path: Path, group: object) -> None:
    assert callable(group)
    assert _find(tmp_path, group()) == ()


@pytest.mark.parametrize(
    ("group", "payee"), [(market, "MK"), (payroll, "CK"), (family, "FK1"), (campus, "UK1")]
)
def test_honest_groups_that_victims_paid_are_no_gangs(tmp_path: Path, group: object, payee: str) -> None:
    assert callable(group)
    lines = group()
    for number in (1, 2, 3):
        lines += [
            f"XP{number} HOLDS XK{number}",
            f"XK{number} TRANSFER {payee} at=2024-03-07T09:3{number}+08:00 amount=2600",
            f"XJ{number} PAID_FROM XK{number} at=2024-03-07T09:3{number}+08:00 amount=2600",
            f"XJ{number} PAID_TO {payee} at=2024-03-07T09:3{number}+08:00 amount=2600",
        ]
    assert _find(tmp_path, lines) == ()


def test_victims_are_no_members(tmp_path: Path) -> None:
    world, tables = lake(tmp_path, ring())
    (gang,) = find_gangs(tables, (), EmbeddedAlgorithms())
    assert not _persons(gang) & {world.key("RVP1"), world.key("RVP2")}


def test_the_family_of_a_card_provider_stays_outside(tmp_path: Path) -> None:
    kin = ["RP1 LIVES_AT RH", "KIN LIVES_AT RH", "RP1 HOLDS RS", "KIN HOLDS KINK", "RK1 BOUND_TO RS"]
    kin += ["KINK BOUND_TO RS", "KINK LOGGED_IN KINV at=2024-03-02T09:00 every=P1D times=4"]
    world, tables = lake(tmp_path, ring() + kin)
    (gang,) = find_gangs(tables, (), EmbeddedAlgorithms())
    assert world.key("RP1") in _persons(gang)
    assert world.key("KIN") not in _persons(gang)


def test_a_steady_contact_of_several_members_joins(tmp_path: Path) -> None:
    world, tables = lake(tmp_path, ring() + boss())
    (gang,) = find_gangs(tables, (), EmbeddedAlgorithms())
    assert world.key("RBOSS") in _persons(gang)


def test_a_friend_of_one_member_does_not_join(tmp_path: Path) -> None:
    world, tables = lake(tmp_path, ring() + boss(contacts=1))
    (gang,) = find_gangs(tables, (), EmbeddedAlgorithms())
    assert world.key("RBOSS") not in _persons(gang)


def test_every_member_has_a_link_whose_rows_exist(tmp_path: Path) -> None:
    _, tables = lake(tmp_path, ring() + boss())
    (gang,) = find_gangs(tables, (), EmbeddedAlgorithms())
    known = rows_of(tables)
    linked = {end for link in gang.links for end in (link.a, link.b)}
    assert {member.ref for member in gang.members} <= linked
    assert all(link.rows and set(link.rows) <= known for link in gang.links)
    assert all(0 < link.weight <= 1 for link in gang.links)
    assert gang.evidence > 0


def test_figures_lie_in_their_bounds(tmp_path: Path) -> None:
    for gang in _find(tmp_path, ring() + ring("Q") + honest()):
        assert 0 < gang.score <= 1
        assert 0 <= gang.stability <= 1
        assert all(0 <= member.strength <= 1 for member in gang.members)


def test_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    lines = ring("R") + ring("Q") + honest()
    plain = _find(tmp_path / "a", lines)
    assert plain == _find(tmp_path / "b", lines, shuffle=3)
    assert plain == _find(tmp_path / "c", lines, shuffle=4)


def test_nothing_suspicious_and_nothing_at_all_give_no_gangs(tmp_path: Path) -> None:
    _, tables = lake(tmp_path, [])
    assert find_gangs(tables, (), EmbeddedAlgorithms()) == ()


def test_suspicion_fades_with_innocent_ties(tmp_path: Path) -> None:
    world, tables = lake(tmp_path, ring() + market())
    evidence = build_evidence(tables)
    found = suspect(evidence, (), load_gang_weights())
    ids = dict(evidence.nodes.filter(type="Account").select("key", "id").iter_rows())
    ring_account, shop = world.key("RK6"), world.key("MK")
    assert found.seed[ids[ring_account]] == 0
    assert found.spread[ids[ring_account]] > 0.05
    assert shop not in ids or found.spread[ids[shop]] == 0
