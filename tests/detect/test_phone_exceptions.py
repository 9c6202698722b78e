"""Innocent explanations from nets and phones that many use: from which numbers on they hold."""

from detect.exceptions_phones import repair_shop, shared_net
from detect.facts import Facts
from detect.worlds import build_world
from tests.detect.ledgers import in_memory

NET = {"min_share": 0.5, "max_holders": 2}


def _held(lines: list[str], condition: str) -> dict[str, float]:
    world = build_world(lines)
    names = {ref.key: name for name, ref in world.names.items()}
    facts = Facts(in_memory(world.frames))
    found = shared_net(facts, NET) if condition == "net" else repair_shop(facts, {"min_holders": 3})
    return {names[account]: strength for account, strength in found.iter_rows()}


def test_logins_from_private_addresses_explain_from_half_of_them_on() -> None:
    nat = ["P : Ip identifying=false", "K1 LOGGED_IN_FROM P at=2024-03-01T09:00"]
    half = [*nat, "K1 LOGGED_IN_FROM Q at=2024-03-02T09:00"]
    less = [*half, "K1 LOGGED_IN_FROM Q at=2024-03-03T09:00"]
    assert _held(nat, "net") == {"K1": 1.0} and _held(half, "net") == {"K1": 0.5} and _held(less, "net") == {}


def test_an_address_of_more_holders_than_the_bound_is_shared() -> None:
    two = ["A HOLDS K1", "A HOLDS K2", "B HOLDS K3", "K1..K3 LOGGED_IN_FROM P at=2024-03-01T09:00"]
    assert _held(two, "net") == {}
    three = [*two, "K4 LOGGED_IN_FROM P at=2024-03-02T09:00"]
    assert set(_held(three, "net")) == {"K1", "K2", "K3", "K4"}


def _tried(back: int) -> list[str]:
    """Three cards of three people tried out in D for a day, `back` of which go back to their own phones."""
    own = [f"S{n} CALLED X at=2024-03-01T09:00 from_device=key(D{n})" for n in (1, 2, 3)]
    tried = [f"S{n} CALLED X at=2024-03-0{n + 1}T09:00 from_device=key(D)" for n in (1, 2, 3)]
    again = [f"S{n} CALLED X at=2024-03-09T09:00 from_device=key(D{n})" for n in range(1, back + 1)]
    return ["D : Device", "D1..D3 : Device", "K LOGGED_IN D at=2024-03-05T09:00", *own, *tried, *again]


def test_a_phone_in_which_cards_are_tried_and_go_back_is_a_repair_shop() -> None:
    assert _held(_tried(3), "repair") == {"K": 1.0}


def test_cards_that_stay_away_are_no_customers() -> None:
    assert _held(_tried(2), "repair") == {}


def test_cards_of_one_holder_are_one_customer() -> None:
    assert _held([*_tried(3), "A HOLDS S1", "A HOLDS S2"], "repair") == {}


def test_no_rows_explain_nothing() -> None:
    assert _held(["A HOLDS K1"], "net") == {} and _held(["A HOLDS K1"], "repair") == {}
