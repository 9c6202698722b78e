"""Mere payees leave a group, persons stand where their accounts work, homes and lone places join nobody."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detect.attachment import Units, attached
from detect.evidence import EvidenceGraph, build_evidence
from detect.gangs import find_gangs
from detect.membership import Ties
from detect.placement import at_their_accounts, without_payees
from detect.suspicion import Suspicion, load_gang_weights, suspect
from detect.worlds import World
from graph.contract import Ints
from graph.engines.embedded.algorithms import EmbeddedAlgorithms
from tests.detect.gang_world import at, boss, lake, ring

PAID = [f"RK4 TRANSFER SK at={at(4, 11)} amount=14800", "SP HOLDS SK"]


def _parts(folder: Path, lines: list[str]) -> tuple[World, EvidenceGraph, Ties, Units, Suspicion]:
    world, tables = lake(folder, lines)
    evidence = build_evidence(tables)
    suspicion = suspect(evidence, (), load_gang_weights())
    return world, evidence, Ties.of(evidence), Units.of(evidence, frozenset()), suspicion


def _ids(world: World, evidence: EvidenceGraph, *names: str) -> Ints:
    number = dict(evidence.nodes.filter(part="").select("key", "id").iter_rows())
    return np.array(sorted(number[world.key(name)] for name in names), dtype=np.int64)


def _persons(folder: Path, lines: list[str]) -> set[str]:
    world, tables = lake(folder, lines)
    (gang,) = find_gangs(tables, (), EmbeddedAlgorithms())
    names = [f"RP{i}" for i in range(1, 7)] + ["SP", "RBOSS", "KIN", *(f"D{i}" for i in range(1, 5))]
    back = {world.key(name): name for name in names}
    return {back.get(m.ref.key, m.ref.key) for m in gang.members if m.ref.type == "Person"}


@pytest.mark.parametrize(
    ("more", "stays"),
    [
        ([], False),
        ([f"RK5 TRANSFER SK at={at(4, 11, 5)} amount=14700"], True),
        ([f"SK TRANSFER RK6 at={at(4, 12)} amount=14700"], True),
        (["RP1 HOLDS RS1", "SP HOLDS SS", f"RS1 CALLED SS at={at(2, 20)} every=P1D times=6"], True),
    ],
    ids=["one party paid", "two parties paid", "passes on inside", "talks too"],
)
def test_whom_one_party_paid_is_no_member_for_that_alone(
    tmp_path: Path, more: list[str], stays: bool
) -> None:
    world, evidence, ties, units, _ = _parts(tmp_path, ring() + PAID + more)
    group = np.arange(evidence.nodes.height, dtype=np.int64)
    (left,) = without_payees([group], ties, units)
    payee = _ids(world, evidence, "SK", "SP")
    assert (set(payee.tolist()) <= set(left.tolist())) is stays
    assert bool(set(payee.tolist()) & set(left.tolist())) is stays
    assert set(_ids(world, evidence, "RK1", "RK2", "RK3", "RP1").tolist()) <= set(left.tolist())


def test_payees_of_payees_leave_too_and_no_groups_stay_none(tmp_path: Path) -> None:
    chain = ["TP HOLDS TK", f"SK TRANSFER TK at={at(4, 12)} amount=14700"]
    world, evidence, ties, units, _ = _parts(tmp_path, ring() + PAID + chain)
    (left,) = without_payees([np.arange(evidence.nodes.height, dtype=np.int64)], ties, units)
    assert not set(_ids(world, evidence, "SK", "SP", "TK", "TP").tolist()) & set(left.tolist())
    assert without_payees([], ties, units) == []


def test_accounts_without_a_registered_holder_are_left_alone(tmp_path: Path) -> None:
    world, evidence, ties, units, _ = _parts(tmp_path, ring() + PAID[:1])
    (left,) = without_payees([np.arange(evidence.nodes.height, dtype=np.int64)], ties, units)
    assert set(_ids(world, evidence, "SK").tolist()) <= set(left.tolist())


def test_a_person_stands_where_its_account_works(tmp_path: Path) -> None:
    lines = ring("R") + ring("Q") + boss("Q") + ["RP1 HOLDS RS", f"QBS CALLED RS at={at(2, 21)} times=5"]
    world, evidence, ties, units, suspicion = _parts(tmp_path, lines)
    first = _ids(world, evidence, *(f"RK{i}" for i in range(1, 7)), "RV")
    other = _ids(world, evidence, *(f"QK{i}" for i in range(1, 7)), "QV", "QBS", "RP1", "RS")
    person = int(_ids(world, evidence, "RP1")[0])
    here, there = at_their_accounts([first, other], ties, units, suspicion)
    assert person in here.tolist() and person not in there.tolist()
    assert set(first.tolist()) < set(here.tolist())
    # Without an account in any group nothing says better: the person stays.
    bare = np.setdiff1d(first, _ids(world, evidence, "RK1"))
    here, there = at_their_accounts([bare, other], ties, units, suspicion)
    assert person in there.tolist() and person not in here.tolist()


def test_a_customer_paid_once_stays_outside_and_brings_no_friends(tmp_path: Path) -> None:
    friend = ["SP HOLDS SS", "KIN HOLDS KS", f"SS CALLED KS at={at(1, 20)} every=P1D times=9"]
    assert _persons(tmp_path, ring() + PAID + friend) == {f"RP{i}" for i in range(1, 7)}


def test_a_device_is_home_life_until_three_members_use_it(tmp_path: Path) -> None:
    kin = ["KIN HOLDS KINK"]
    kin += [f"{a} LOGGED_IN HV at={at(1, 8 + i)} every=P1D times=9" for i, a in enumerate(("RK1", "KINK"))]
    for number, wider in enumerate(([], ["RK2"], ["RK2", "RK3"])):
        more = [f"{a} LOGGED_IN HV at={at(1, 12 + i)} every=P1D times=9" for i, a in enumerate(wider)]
        world, evidence, _, units, _ = _parts(tmp_path / str(number), ring() + kin + more)
        group = _ids(world, evidence, *(f"RK{i}" for i in range(1, 7)), "HV")
        (found,) = attached([group], units, load_gang_weights())
        assert (int(_ids(world, evidence, "KIN")[0]) in found.tolist()) is (len(wider) == 2)


def test_a_cell_alone_joins_nobody(tmp_path: Path) -> None:
    lines = [*ring(), "HOMECELL : Cell", "KIN HOLDS KS", *(f"RP{i} HOLDS RS{i}" for i in (1, 2, 3))]
    for sim in ("KS", "RS1", "RS2", "RS3"):
        lines.append(f"{sim} CALLED X{sim}1..X{sim}4 at={at(1, 12)} every=P1D from_cell=key(HOMECELL)")
    assert _persons(tmp_path, lines) == {f"RP{i}" for i in range(1, 7)}


def _den(calls: int) -> list[str]:
    """Three members' SIMs dial strangers from one cell, from which two more persons talk with each other."""
    lines = ["DEN : Cell"]
    for i in (1, 2, 3):
        lines.append(f"RP{i} HOLDS RG{i}")
        lines.append(f"RG{i} CALLED X{i}1..X{i}15 at={at(2, 9, i)} every=PT2M from_cell=key(DEN)")
    lines += ["D1 HOLDS DS1", "D2 HOLDS DS2"]
    if calls:
        for one, other in (("DS1", "DS2"), ("DS2", "DS1")):
            ends = "from_cell=key(DEN) to_cell=key(DEN)"
            lines.append(f"{one} CALLED {other} at={at(1, 15)} every=P1D times={calls} {ends}")
    return lines


def test_the_people_of_a_den_join_together(tmp_path: Path) -> None:
    assert {"D1", "D2"} <= _persons(tmp_path / "a", ring() + _den(calls=6))
    assert not {"D1", "D2"} & _persons(tmp_path / "b", ring() + _den(calls=0))


def test_friends_who_talk_elsewhere_do_not_join_through_a_den(tmp_path: Path) -> None:
    lines = [line.replace(" from_cell=key(DEN) to_cell=key(DEN)", "") for line in _den(calls=6)]
    assert not {"D1", "D2"} & _persons(tmp_path, ring() + lines)


def _halves(pairs: int, kinds: int) -> list[str]:
    """Two rings of six whose holders call each other in pairs, and with two kinds send each other parcels."""
    lines = ring("R") + ring("Q")
    for i in range(1, 7):
        lines += [f"{name}P{i} HOLDS {name}S{i}" for name in ("R", "Q")]
    for i in range(1, pairs + 1):
        lines.append(f"RS{i} CALLED QS{i} at={at(1, 20, i)} every=P1D times=7")
        if kinds > 1:
            lines += [f"W{i} : Parcel weight_g=200", f"RS{i} SENT W{i} at={at(2, 9, i)}"]
            lines.append(f"W{i} RECEIVED QS{i} at={at(3, 9, i)}")
    return lines


@pytest.mark.parametrize(("pairs", "kinds", "groups"), [(6, 2, 1), (6, 1, 2), (0, 2, 2)])
def test_halves_of_one_gang_are_told_by_two_families_of_ties(
    tmp_path: Path, pairs: int, kinds: int, groups: int
) -> None:
    world, evidence, _, units, _ = _parts(tmp_path, _halves(pairs, kinds))
    two = [_ids(world, evidence, *(f"{n}K{i}" for i in range(1, 7)), f"{n}V") for n in ("Q", "R")]
    # As large as the cores of Leiden may be: no part that a larger group takes in.
    weights = replace(load_gang_weights(), part_persons=0)
    assert len(attached(two, units, weights)) == groups


def test_one_person_who_deals_with_all_of_another_gang_joins_no_gangs(tmp_path: Path) -> None:
    lines = _halves(0, 2)
    for i in range(1, 7):
        lines.append(f"RS1 CALLED QS{i} at={at(1, 20, i)} every=P1D times=7")
        lines += [f"W{i} : Parcel weight_g=200", f"RS1 SENT W{i} at={at(2, 9, i)}"]
        lines.append(f"W{i} RECEIVED QS{i} at={at(3, 9, i)}")
    world, evidence, _, units, _ = _parts(tmp_path, lines)
    two = [_ids(world, evidence, *(f"{n}K{i}" for i in range(1, 7)), f"{n}V") for n in ("Q", "R")]
    assert len(attached(two, units, replace(load_gang_weights(), part_persons=0))) == 2


def _pool(friend: int) -> list[str]:
    """Two rings, and a pool of five that calls one of the first; a runner has two friends in the second."""
    lines = ring("R") + ring("Q")
    lines += [f"{name}P{i} HOLDS {name}S{i}" for name in ("R", "Q") for i in (1, 2)]
    lines += ["TP HOLDS TS", *(f"UP{i} HOLDS US{i}" for i in range(1, 5))]
    lines += [f"TS CALLED US{i} at={at(1, 12, i)} every=P1D times=7" for i in range(1, 5)]
    lines.append(f"TS CALLED RS1 at={at(1, 20)} every=P1D times=6")
    lines += [f"US1 CALLED QS{i} at={at(1, 21, i)} every=PT12H times={friend}" for i in (1, 2) if friend]
    return lines


@pytest.mark.parametrize("friend", [0, 12])
def test_who_holds_a_part_together_says_where_it_belongs(tmp_path: Path, friend: int) -> None:
    world, evidence, _, units, _ = _parts(tmp_path, _pool(friend))
    rings = [_ids(world, evidence, *(f"{name}K{i}" for i in range(1, 7))) for name in ("Q", "R")]
    pool = _ids(world, evidence, "TS", *(f"US{i}" for i in range(1, 5)))
    found = attached([*rings, pool], units, load_gang_weights())
    (joined,) = [group for group in found if set(pool.tolist()) <= set(group.tolist())]
    assert len(found) == 2 and set(rings[1].tolist()) <= set(joined.tolist())


def test_a_runners_friends_bring_his_pool_nowhere(tmp_path: Path) -> None:
    """Nobody who holds the pool together speaks with either ring: it stays a group of its own."""
    lines = [line for line in _pool(12) if not line.startswith("TS CALLED RS1")]
    world, evidence, _, units, _ = _parts(tmp_path, lines)
    rings = [_ids(world, evidence, *(f"{name}K{i}" for i in range(1, 7))) for name in ("Q", "R")]
    pool = _ids(world, evidence, "TS", *(f"US{i}" for i in range(1, 5)))
    found = attached([*rings, pool], units, load_gang_weights())
    (alone,) = [group for group in found if set(pool.tolist()) <= set(group.tolist())]
    assert len(found) == 3 and not set(rings[0].tolist()) & set(alone.tolist())
