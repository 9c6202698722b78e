"""Cells have an anchor, enough holders and their rows; a chain joins two gangs through one hub."""

from collections.abc import Sequence

import pytest

from detect.evidence import EvidenceGraph
from detect.hierarchy import with_hierarchy
from detect.hierarchy_layout import hierarchy_from, hierarchy_text
from detect.hierarchy_words import chain_sentence, hierarchy_lines
from detect.results import Gang, Hierarchy, Member
from graph.contract import Ref
from tests.detect.gang_parts import Tie, evidence


def _ref(name: str) -> Ref:
    kind, _, key = name.partition(" ")
    return Ref(kind, key)


def _gang(gang_id: str, names: Sequence[str]) -> Gang:
    return Gang(gang_id, 0.5, 1.0, tuple(Member(_ref(name), 1.0) for name in sorted(names)), ())


def _of(found: EvidenceGraph, *gangs: Gang) -> list[Hierarchy]:
    whole = [gang.hierarchy for gang in with_hierarchy(found, gangs)]
    assert None not in whole
    return [one for one in whole if one is not None]


def _people(*numbers: int) -> list[str]:
    return [name for n in numbers for name in (f"Person P{n}", f"Account A{n}", f"Sim S{n}")]


HELD = {
    f"{kind} {letter}{n}": f"P{n}" for n in range(10) for kind, letter in (("Account", "A"), ("Sim", "S"))
}


def _world(ties: Sequence[Tie]) -> EvidenceGraph:
    """The ties, and a register entry of each of ten persons so that every node is there."""
    holds = [
        ("holds", f"Person P{n}", f"{kind}{n}", 0.6) for n in range(10) for kind in ("Account A", "Sim S")
    ]
    return evidence([*ties, *holds], HELD)


def test_three_holders_on_one_device_are_a_laundry_house_and_two_are_not() -> None:
    logins = [("device", f"Account A{n}", "Device D", 1.0) for n in (1, 2, 3)]
    (whole,) = _of(
        _world([*logins, ("sim_device", "Sim S4", "Device D", 0.8)]), _gang("G", _people(1, 2, 3, 4))
    )
    (cell,) = whole.cells
    assert (cell.kind, cell.anchors) == ("laundry_house", (_ref("Device D"),))
    wanted = {f"{kind}{n}" for n in (1, 2, 3) for kind in ("Account A", "Person P")} | {"Sim S4", "Person P4"}
    assert set(cell.members) == {_ref(name) for name in wanted}
    assert cell.rows == (("s", 0), ("s", 1), ("s", 2), ("s", 3))
    (less,) = _of(_world(logins[:2]), _gang("G", _people(1, 2, 3)))
    assert less == Hierarchy((), ())


def test_three_accounts_of_one_holder_are_no_house() -> None:
    held = {**HELD, "Account A2": "P1", "Account A3": "P1"}
    ties = [("device", f"Account A{n}", "Device D", 1.0) for n in (1, 2, 3)]
    found = evidence([*ties, ("holds", "Person P1", "Account A1", 0.6)], held)
    (whole,) = _of(found, _gang("G", ["Person P1", "Account A1", "Account A2", "Account A3"]))
    assert whole.cells == ()


def test_devices_that_share_a_holder_are_one_house_and_others_stay_apart() -> None:
    used = {"D": (1, 2, 3), "E": (3, 4, 5), "F": (6, 7, 8)}
    ties = [("device", f"Account A{n}", f"Device {d}", 1.0) for d, of in used.items() for n in of]
    (whole,) = _of(_world(ties), _gang("G", _people(*range(1, 9))))
    assert [cell.anchors for cell in whole.cells] == [
        (_ref("Device D"), _ref("Device E")),
        (_ref("Device F"),),
    ]


def test_a_den_is_a_cell_that_members_dial_from_and_a_common_cell_alone_is_none() -> None:
    there = [("cell", f"Sim S{n}", "Cell C", 0.2) for n in (2, 3)]
    (whole,) = _of(_world([("den_cell", "Sim S1", "Cell C", 0.5), *there]), _gang("G", _people(1, 2, 3)))
    assert [(cell.kind, cell.anchors) for cell in whole.cells] == [("den", (_ref("Cell C"),))]
    (less,) = _of(_world([("cell", "Sim S1", "Cell C", 0.2), *there]), _gang("G", _people(1, 2, 3)))
    assert less.cells == ()


def test_who_collects_cards_may_stand_in_a_second_cell() -> None:
    ties = [
        ("phone", "Account A1", "Sim S4", 0.8),
        ("parcel", "Sim S2", "Sim S4", 0.6),
        ("agent", "Account A3", "Person P4", 0.6),
        *(("device", f"Account A{n}", "Device D", 1.0) for n in (1, 2, 3)),
    ]
    (whole,) = _of(_world(ties), _gang("G", _people(1, 2, 3, 4)))
    kinds = {cell.kind: cell for cell in whole.cells}
    assert set(kinds) == {"card_collection", "laundry_house"}
    assert kinds["card_collection"].anchors == (_ref("Person P4"),)
    assert kinds["card_collection"].rows == (("s", 0), ("s", 1), ("s", 2))
    assert _ref("Person P1") in kinds["card_collection"].members
    assert _ref("Person P1") in kinds["laundry_house"].members


def _dealer(contacts: Sequence[int]) -> EvidenceGraph:
    return _world([("parcel", f"Sim S{n}", "Sim S1", 0.6) for n in contacts])


def test_a_dealer_of_one_gang_that_serves_another_is_named_in_both_chains() -> None:
    gangs = _gang("G", _people(1, 2)), _gang("H", _people(3, 4, 5))
    one, other = _of(_dealer((3, 4)), *gangs)
    (here,), (there,) = one.chains, other.chains
    assert (here.gang_id, here.via, here.owner) == ("H", _ref("Person P1"), "G")
    assert (there.gang_id, there.via, there.owner) == ("G", _ref("Person P1"), "G")
    assert here.partners == there.partners == (_ref("Person P3"), _ref("Person P4"))
    assert here.families == ("parcel",) and here.rows == there.rows == (("s", 0), ("s", 1))


def test_one_contact_joins_no_gangs_and_ties_inside_a_gang_none() -> None:
    gangs = _gang("G", _people(1, 2)), _gang("H", _people(3, 4, 5))
    assert all(one.chains == () for one in _of(_dealer((3,)), *gangs))
    assert all(one.chains == () for one in _of(_dealer((2,)), *gangs))


@pytest.mark.parametrize(("kind", "there"), [("device", True), ("ip_slot", False), ("cell", False)])
def test_a_thing_that_two_holders_of_each_gang_use_joins_them(kind: str, there: bool) -> None:
    actor, thing = ("Sim S", "Cell X") if kind == "cell" else ("Account A", "Device X")
    found = _world([(kind, f"{actor}{n}", thing, 1.0) for n in (1, 2, 3, 4)])
    one, other = _of(found, _gang("G", _people(1, 2)), _gang("H", _people(3, 4)))
    assert bool(one.chains) is bool(other.chains) is there
    if there:
        assert one.chains[0].owner == "" and len(one.chains[0].partners) == 4


def test_a_payee_outside_both_joins_them_and_a_common_friend_or_victim_does_not() -> None:
    gangs = _gang("G", _people(1, 2)), _gang("H", _people(3, 4))
    paid = _world([("victim_money", f"Account A{n}", "Account A9", 1.0) for n in (1, 2, 3, 4)])
    assert [len(one.chains) for one in _of(paid, *gangs)] == [1, 1]
    robbed = _world([("victim_money", "Account A9", f"Account A{n}", 1.0) for n in (1, 2, 3, 4)])
    talks = _world([("call", f"Sim S{n}", "Sim S9", 0.5) for n in (1, 2, 3, 4)])
    assert all(one.chains == () for found in (robbed, talks) for one in _of(found, *gangs))


def test_no_gangs_give_none_and_the_order_of_gangs_changes_no_chain() -> None:
    found = _dealer((3, 4))
    assert with_hierarchy(found, ()) == ()
    one, other = _gang("G", _people(1, 2)), _gang("H", _people(3, 4, 5))
    assert _of(found, one, other) == _of(found, other, one)[::-1]


def test_a_hierarchy_is_stored_without_loss_and_said_in_both_languages() -> None:
    gangs = _gang("G", _people(1, 2)), _gang("H", _people(3, 4, 5))
    dealer = _world(
        [
            *(("parcel", f"Sim S{n}", "Sim S1", 0.6) for n in (3, 4)),
            *(("phone", f"Account A{n}", "Sim S1", 0.8) for n in (2, 3, 5)),
        ]
    )
    for gang in with_hierarchy(dealer, gangs):
        assert gang.hierarchy is not None and hierarchy_from(hierarchy_text(gang.hierarchy)) == gang.hierarchy
        (chain,) = gang.hierarchy.chains
        where = ("本团伙", "of this gang") if gang.gang_id == "G" else ("对方", "of that gang")
        for language, words in zip(("zh", "en"), where, strict=True):
            said = chain_sentence(chain, gang, language, lambda ref: f"<{ref.key}>")
            assert words in said and "<P1>" in said and chain.gang_id in said
            assert said in hierarchy_lines(gang, language, lambda ref: f"<{ref.key}>")
    assert "before cells" in hierarchy_lines(gangs[0], "en", lambda ref: ref.key)[0]
