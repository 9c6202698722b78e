"""F03 finds the passes that trying every group of payments in finds, one after the other."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings

from detect.detectors.pass_through import pass_through
from detect.facts import Facts
from detect.worlds import build_world
from tests.detect.ledgers import Payment, facts_of, in_memory, ledgers

WINDOW = 30
BOUNDS: dict[str, Any] = {
    "window": timedelta(minutes=WINDOW),
    "share": 0.9,
    "left": 0.01,
    "floor": 8_000,
    "max_group": 50,
    "strong": 5,
}


def _passes(account: str, payments: list[Payment]) -> list[tuple[int, int]]:
    """(sum in, sum out) of each pass, shortest first from each first payment, without overlap."""
    ins = sorted((p for p in payments if p.payee == account), key=lambda p: (p.minute, p.row))
    outs = sorted((p for p in payments if p.payer == account), key=lambda p: (p.minute, p.row))
    found: list[tuple[int, int]] = []
    first, free = 0, 0
    while first < len(ins):
        done = None
        for last in range(first, len(ins)):
            if ins[last].minute - ins[first].minute > WINDOW:
                break
            total = sum(p.fen for p in ins[first : last + 1])
            for end in range(free, len(outs)):
                inside = [p for p in outs[free : end + 1] if p.minute >= ins[first].minute]
                out = outs[end]
                late = 0 <= out.minute - ins[last].minute <= WINDOW
                gone = sum(p.fen for p in inside)
                enough = total >= 8_000 and gone * 10 >= total * 9
                if late and enough and out.balance is not None and out.balance * 100 <= total:
                    done = (last, end, total, gone)
                    break
            if done:
                break
        if done is None:
            first += 1
            continue
        found.append(done[2:])
        first, free = done[0] + 1, done[1] + 1
    return found


@settings(max_examples=120, deadline=None)
@given(ledgers(accounts=3, payments=12))
def test_passes_are_those_of_the_plain_search(payments: list[Payment]) -> None:
    hits = {hit.subject.key: hit for hit in pass_through(facts_of(payments), BOUNDS).hits}
    for account in ("K0", "K1", "K2"):
        wanted = _passes(account, payments)
        assert (account in hits) == bool(wanted)
        if wanted:
            assert hits[account].values["passes"] == len(wanted)
            assert hits[account].values["sum_in"] == sum(one[0] for one in wanted)
            assert hits[account].values["sum_out"] == sum(one[1] for one in wanted)


def test_an_unknown_balance_proves_nothing() -> None:
    known = [Payment("V", "K", 0, 10_000, row=1), Payment("K", "B", 30, 9_000, 100, row=2)]
    unknown = [known[0], Payment("K", "B", 30, 9_000, None, row=2)]
    assert [hit.rows for hit in pass_through(facts_of(known), BOUNDS).hits] == [
        (("0" * 64, 1), ("0" * 64, 2))
    ]
    assert pass_through(facts_of(unknown), BOUNDS).hits == ()


def test_the_window_is_closed() -> None:
    late = [Payment("V", "K", 0, 10_000, row=1), Payment("K", "B", 31, 9_000, 100, row=2)]
    assert pass_through(facts_of(late), BOUNDS).hits == ()


def _passed(lines: list[str]) -> list[dict[str, Any]]:
    facts = Facts(in_memory(build_world(lines).frames))
    return [dict(hit.values) for hit in pass_through(facts, BOUNDS).hits]


def test_cash_paid_in_is_money_in() -> None:
    out = "K TRANSFER B at=2024-03-01T09:30 amount=90 from_balance_fen=100"
    assert _passed(["M CASH_IN K at=2024-03-01T09:00 amount=100", out]) == [
        {"passes": 1, "sum_in": 10_000, "sum_out": 9_000}
    ]
    assert _passed(["M CASH_IN K at=2024-03-01T08:59 amount=100", out]) == [], "a minute before the window"
    assert _passed(["M CASH_IN K at=2024-03-01T00:00 amount=100 precision=day", out]) == []


def test_cash_and_a_transfer_are_one_group() -> None:
    lines = [
        "M CASH_IN K at=2024-03-01T09:00 amount=60",
        "V TRANSFER K at=2024-03-01T09:10 amount=40",
        "K TRANSFER B at=2024-03-01T09:20 amount=95 from_balance_fen=50",
    ]
    assert _passed(lines) == [{"passes": 1, "sum_in": 10_000, "sum_out": 9_500}]
