"""Proposed users of accounts on small worlds: what is silent, what is proposed, and by which rows."""

from collections.abc import Sequence

import pytest

from detect.controllers.proposal import Control, propose
from detect.controllers.weights import FILE, load_control_weights
from detect.facts import Facts
from detect.worlds import build_world
from graph.errors import InvalidRule
from tests.detect.ledgers import in_memory

DAY = "2024-03-{:02d}T10:00"
WORKER = ["W HOLDS WS", "WS USED_IN V valid_from_at=2024-03-02T08:00 valid_to_at=2024-03-20T08:00"]
LENT = ["H HOLDS K", f"K LOGGED_IN V at={DAY.format(3)} ip=key(I) every=P1D times=3"]
ELSEWHERE = ["H HOLDS HS", "HS USED_IN D valid_from_at=2024-03-01T08:00 valid_to_at=2024-03-20T08:00"]
ADDRESSES = ["I : Ip identifying=true", "J : Ip identifying=true"]


def _proposed(*parts: Sequence[str]) -> tuple[dict[str, Control], dict[str, str]]:
    """Account name -> proposal, and key -> name, of a world in lines."""
    world = build_world(["V : Device", "D : Device", *ADDRESSES, *(line for part in parts for line in part)])
    names = {ref.key: name for name, ref in world.names.items()}
    facts = Facts(in_memory(world.frames))
    return {names[one.subject.key]: one for one in propose(facts)}, names


def _signs(one: Control) -> set[str]:
    return {sign.name for sign in one.signs}


def test_one_sign_alone_is_silent() -> None:
    assert _proposed(WORKER, LENT)[0] == {}


def test_two_signs_of_one_family_are_silent() -> None:
    crowd = [f"H{n} HOLDS K{n}" for n in (1, 2, 3)] + [
        f"K1..K3 LOGGED_IN V at={DAY.format(4)} every=P1D times=2"
    ]
    assert _proposed(WORKER, LENT, crowd)[0] == {}


def test_two_independent_signs_name_the_person_with_the_rows_of_both() -> None:
    found, names = _proposed(WORKER, LENT, ELSEWHERE)
    one = found["K"]
    assert names[one.controller.key] == "W" and names[one.holder.key] == "H" and one.named
    assert _signs(one) == {"own_device", "holder_elsewhere"} and one.families == ("device", "holder")
    assert one.strength == round(1 - 0.4 * 0.55, 4)
    # Three logins, the worker's SIM in V, the holder's SIM in D.
    assert len(one.rows) == 5 and all(sign.rows for sign in one.signs)


def test_the_sign_behaviour_is_a_family_of_its_own() -> None:
    paid = [
        f"O TRANSFER K at={DAY.format(4)} amount=60000 every=PT20M times=6",
        "K : Account opened_at=2024-02-25T09:00",
    ]
    found, names = _proposed(WORKER, LENT, paid)
    assert names[found["K"].controller.key] == "W" and _signs(found["K"]) == {"own_device", "new_and_busy"}


def test_a_person_of_the_holders_home_is_nobody_else() -> None:
    assert _proposed(WORKER, LENT, ELSEWHERE, ["H LIVES_AT A", "W LIVES_AT A"])[0] == {}


def test_colleagues_are_related() -> None:
    firm = ["H : Person employer=虚构制造有限公司", "W : Person employer=虚构制造有限公司"]
    assert _proposed(WORKER, LENT, ELSEWHERE, firm)[0] == {}
    other = ["H : Person employer=虚构制造有限公司", "W : Person employer=虚构贸易有限公司"]
    assert set(_proposed(WORKER, LENT, ELSEWHERE, other)[0]) == {"K"}


def test_a_number_that_two_people_state_names_neither() -> None:
    twice = ["W : Person phone=key(WS)", "X : Person phone=key(WS)"]
    assert _proposed(WORKER, LENT, ELSEWHERE, twice)[0] == {}


def test_the_holders_stated_number_makes_the_device_the_holders() -> None:
    assert _proposed(WORKER, LENT, ELSEWHERE, ["H : Person phone=key(WS)"])[0] == {}


def test_where_nobody_is_seen_the_hand_is_proposed_and_no_person() -> None:
    crowd = [f"H{n} HOLDS K{n}" for n in (1, 2, 3)] + [
        f"K1..K3 LOGGED_IN V at={DAY.format(4)} every=P1D times=2"
    ]
    found, names = _proposed(LENT, ELSEWHERE, crowd, ["H HOLDS HT", "T HOLDS TS", *_mail()])
    one = found["K"]
    assert set(found) == {"K"} and not one.named and names[one.controller.key] == "V"
    assert {"device_of_many", "holder_elsewhere", "card_mailed"} <= _signs(one)


def _mail() -> list[str]:
    return [
        "Q : Parcel weight_g=200",
        "HT SENT Q at=2024-03-01T08:00",
        "Q RECEIVED TS at=2024-03-02T08:00",
    ]


def test_two_people_seen_alike_on_a_device_name_neither() -> None:
    other = ["X HOLDS XS", "XS USED_IN V valid_from_at=2024-03-02T08:00 valid_to_at=2024-03-20T08:00"]
    assert _proposed(WORKER, LENT, ELSEWHERE, other)[0] == {}


def test_the_address_counts_only_by_another_device() -> None:
    chat = ["NetAccount:N BOUND_TO WS", f"NetAccount:N LOGGED_IN {{}} at={DAY.format(3)} ip=key(I)"]
    crowd = [f"H{n} HOLDS K{n}" for n in (1, 2, 3)] + [
        f"K1..K3 LOGGED_IN V at={DAY.format(4)} every=P1D times=2"
    ]
    same = [line.format("V") for line in chat]
    other = [line.format("E") for line in chat]
    assert "K" not in _proposed(WORKER, LENT, crowd, same)[0]
    found, names = _proposed(WORKER, LENT, crowd, other)
    assert names[found["K"].controller.key] == "W" and {"own_device", "own_address"} <= _signs(found["K"])


def test_a_terminal_used_once_is_left_behind() -> None:
    once = [
        "H HOLDS K",
        f"K LOGGED_IN V at={DAY.format(3)}",
        f"K LOGGED_IN D at={DAY.format(5)} every=P1D times=4",
    ]
    assert _proposed(WORKER, once, ELSEWHERE, ["H HOLDS HT", "T HOLDS TS", *_mail()])[0] == {}


def test_a_fingerprint_is_not_told_from_an_imei() -> None:
    renamed = [line.replace(" V ", " Device:F ") for line in (*WORKER, *LENT)]
    found, _ = _proposed(["F : Device key=fp:abc"], renamed, ELSEWHERE)
    assert found == {}


def test_a_payment_with_the_devices_mac_is_use_of_it() -> None:
    login = [f"M LOGGED_IN V at={DAY.format(2)} ip=key(I)", "G HOLDS M"]
    paid = [f"M TRANSFER O at={DAY.format(2)[:-5]}10:02 amount=10 ip=key(I) mac=0a0000000001"]
    use = ["H HOLDS K", f"K TRANSFER O at={DAY.format(5)} amount=10 mac=0a0000000001 every=P1D times=2"]
    found, names = _proposed(WORKER, login, paid, use, ELSEWHERE)
    assert names[found["K"].controller.key] == "W"
    dummy = [line.replace("0a0000000001", "020000000000") for line in (*paid, *use)]
    assert _proposed(WORKER, login, dummy, ELSEWHERE)[0] == {}


def test_money_of_the_home_takes_strength_off() -> None:
    kin = ["H LIVES_AT A", "B LIVES_AT A", "B HOLDS BK", "K TRANSFER BK at=2024-03-06T10:00 amount=9000"]
    assert _proposed(WORKER, LENT, ELSEWHERE, kin)[0] == {}


def test_a_units_account_is_left_alone() -> None:
    unit = ["Organization:U HOLDS K", f"K LOGGED_IN V at={DAY.format(3)} every=P1D times=3"]
    assert _proposed(WORKER, unit, ELSEWHERE)[0] == {}


@pytest.mark.parametrize(
    "lines", [[], WORKER, LENT, ["H HOLDS K"], ["K TRANSFER O at=2024-03-01T10:00 amount=5"]]
)
def test_one_sided_data_propose_nothing(lines: list[str]) -> None:
    assert _proposed(lines)[0] == {}


def test_the_order_of_rows_changes_nothing() -> None:
    world = build_world(["V : Device", "D : Device", *ADDRESSES, *WORKER, *LENT, *ELSEWHERE])
    once = propose(Facts(in_memory(world.frames)))
    turned = {name: frame.reverse() for name, frame in world.frames.items()}
    assert once and propose(Facts(in_memory(turned))) == once


def test_a_sign_that_would_propose_alone_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = FILE.read_text(encoding="utf-8")
    heavy = tmp_path / "controllers.yml"
    heavy.write_text(text.replace("weight: 0.6,", "weight: 0.7,"), encoding="utf-8")
    with pytest.raises(InvalidRule, match=r"controllers\.yml"):
        load_control_weights(heavy)
    assert load_control_weights().least_families == 2
