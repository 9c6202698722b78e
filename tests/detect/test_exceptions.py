"""Innocent explanations of fees, resale, refunds and agencies hold from their bounds on, no hair before."""

from detect.exceptions import explained, load_exceptions
from detect.facts import Facts
from detect.worlds import build_world
from tests.detect.ledgers import in_memory


def _held(lines: list[str], name: str) -> dict[str, float]:
    """Name in the world -> strength of one explanation."""
    world = build_world(lines)
    names = {ref.key: called for called, ref in world.names.items()}
    found = explained(Facts(in_memory(world.frames)), load_exceptions())
    return {names[a]: strength for a, e, strength in found.iter_rows() if e == name}


def test_fees_of_five_payers_in_a_month_explain_collector_and_payers() -> None:
    four = ["P1..P4 TRANSFER K at=2024-03-01T09:00 every=P1D amount=200 memo=班费"]
    fifth = "P5 TRANSFER K at=2024-03-31T23:00 amount=200 memo=班费"
    assert set(_held([*four, fifth], "campus")) == {"K", "P1", "P2", "P3", "P4", "P5"}
    assert _held(four, "campus") == {}
    assert _held([*four, fifth.replace("03-31T23", "04-01T00")], "campus") == {}, "another month"
    assert _held([line.replace("200", "1001") for line in [*four, fifth]], "campus") == {}


def test_goods_that_many_pay_a_private_account_are_resale() -> None:
    sales = ["P1..P10 TRANSFER K at=2024-03-01T09:00 every=P1D amount=30 memo=代购款"]
    other = "V TRANSFER K at=2024-03-20T09:00 amount=700"
    assert _held([*sales, other], "resale")["K"] == 0.3
    assert _held([*sales, other.replace("700", "701")], "resale").get("K") is None
    assert "K" not in _held([sales[0].replace("P10", "P9")], "resale")
    assert "K" not in _held([sales[0].replace("every=P1D", "every=PT1H")], "resale"), "one day"
    assert "K" not in _held(["K : Account corporate=true", *sales], "resale")
    shop = "V TRANSFER K at=2024-03-20T09:00 amount=1 merchant_no=M000001"
    assert "K" not in _held([*sales, shop], "resale")


def test_a_fifth_of_refunds_explains_an_account() -> None:
    lines = [
        "S TRANSFER K at=2024-03-01T09:00 amount=200 memo=商品退款",
        "K TRANSFER B at=2024-03-02 amount=800",
    ]
    assert _held(lines, "shop_refund")["K"] == 0.2
    assert "K" not in _held([lines[0], lines[1].replace("800", "801")], "shop_refund")


def test_units_of_one_address_or_of_one_agent_are_an_agency() -> None:
    seats = [f"U{n} : Organization address=虚构路1号" for n in (1, 2, 3)]
    held = [f"Organization:U{n} HOLDS K{n}" for n in (1, 2, 3)]
    assert set(_held([*seats, *held], "agency")) == {"K1", "K2", "K3"}
    assert _held([*seats[:2], *held], "agency") == {}, "the third unit's address is not known"
    opened = [f"K{n} OPENED_BY_AGENT A at=2024-03-0{n}T09:00" for n in (1, 2, 3)]
    assert set(_held([*held, *opened], "agency")) == {"K1", "K2", "K3"}
    assert _held([*held, *opened[:2]], "agency") == {}
    assert _held([line.replace("Organization:U", "U") for line in held] + opened, "agency") == {}, "persons"
