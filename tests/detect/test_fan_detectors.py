"""F01 and F02 find exactly the fans that a search over all windows finds."""

from collections import defaultdict
from datetime import timedelta
from itertools import combinations

from hypothesis import given, settings

from detect.detectors.fan_in_gather_out import fan_in_gather_out
from detect.detectors.single_in_scatter_out import single_in_scatter_out
from tests.detect.ledgers import Payment, facts_of, ledgers

WINDOW = 40
FAN = {
    "min_payers": 2,
    "max_payees": 1,
    "window": timedelta(minutes=WINDOW),
    "share": 0.9,
    "floor": 9_000,
    "max_rows": 1000,
}
SCATTER = {"big": 8_000, "min_payees": 2, "window": timedelta(minutes=WINDOW), "share": 0.9}


def _widest_fan(account: str, payments: list[Payment]) -> int:
    """Most payers over all windows [first in, last in], by trying each pair of payments in."""
    ins = [p for p in payments if p.payee == account]
    outs = [p for p in payments if p.payer == account]
    best = 0
    for first in ins:
        for last in ins:
            if not 0 <= last.minute - first.minute <= WINDOW:
                continue
            inside = [p for p in ins if first.minute <= p.minute <= last.minute]
            after = [p for p in outs if 0 <= p.minute - last.minute <= WINDOW]
            paid: dict[str, int] = defaultdict(int)
            for p in after:
                paid[p.payee] += p.fen
            # Ties at either end may lie inside or outside of a run, so every choice of them is tried.
            sure = [p for p in inside if p.minute not in (first.minute, last.minute)]
            maybe = [p for p in inside if p.minute in (first.minute, last.minute)]
            for count in range(len(maybe) + 1):
                for chosen in combinations(maybe, count):
                    run = [*sure, *chosen]
                    total = sum(p.fen for p in run)
                    payers = len({p.payer for p in run})
                    enough = max(paid.values(), default=0) * 10 >= 9 * total
                    if payers >= FAN["min_payers"] and total >= FAN["floor"] and enough:
                        best = max(best, payers)
    return best


@settings(max_examples=80, deadline=None)
@given(ledgers(payments=9))
def test_fan_in_is_never_wider_than_any_window_and_is_proved_by_its_rows(payments: list[Payment]) -> None:
    hits = fan_in_gather_out(facts_of(payments), FAN).hits
    by_row = {p.row: p for p in payments}
    for hit in hits:
        assert 2 <= hit.values["payers"] <= _widest_fan(hit.subject.key, payments)
        rows = [by_row[row] for _, row in hit.rows]
        ins = [p for p in rows if p.payee == hit.subject.key]
        assert len({p.payer for p in ins}) == hit.values["payers"]
        assert sum(p.fen for p in ins) == hit.values["sum_in"] >= FAN["floor"]
        assert max(p.minute for p in ins) - min(p.minute for p in ins) <= WINDOW
        assert hit.values["sum_out"] * 10 >= 9 * hit.values["sum_in"]


@settings(max_examples=80, deadline=None)
@given(ledgers(payments=9))
def test_fan_in_misses_no_account_when_times_differ(payments: list[Payment]) -> None:
    apart = [Payment(p.payer, p.payee, p.minute + n, p.fen, p.balance, p.row) for n, p in enumerate(payments)]
    hits = fan_in_gather_out(facts_of(apart), FAN).hits
    wanted = {f"K{n}" for n in range(6) if _widest_fan(f"K{n}", apart)}
    assert {hit.subject.key for hit in hits} == wanted
    for account in wanted:
        payers = [hit.values["payers"] for hit in hits if hit.subject.key == account]
        assert max(payers) == _widest_fan(account, apart)


def _scatters(payments: list[Payment]) -> list[tuple[Payment, list[Payment]]]:
    """Every big payment in with what went out after it, where the rule's words hold."""
    found = []
    for big in payments:
        outs = [p for p in payments if p.payer == big.payee and 0 <= p.minute - big.minute <= WINDOW]
        payees = len({p.payee for p in outs})
        if big.fen >= 8_000 and payees >= 2 and sum(p.fen for p in outs) * 10 >= 9 * big.fen:
            found.append((big, outs))
    return found


@settings(max_examples=80, deadline=None)
@given(ledgers(payments=9))
def test_scatter_finds_the_widest_of_each_account(payments: list[Payment]) -> None:
    found: dict[str, int] = {}
    for hit in single_in_scatter_out(facts_of(payments), SCATTER).hits:
        found[hit.subject.key] = max(found.get(hit.subject.key, 0), hit.values["payees"])
    wanted: dict[str, int] = {}
    for big, outs in _scatters(payments):
        wanted[big.payee] = max(wanted.get(big.payee, 0), len({p.payee for p in outs}))
    assert found == wanted


@settings(max_examples=80, deadline=None)
@given(ledgers(accounts=4, payments=12))
def test_every_scatter_is_reported_or_half_of_it_stands_in_others(payments: list[Payment]) -> None:
    hits = single_in_scatter_out(facts_of(payments), SCATTER).hits
    cited = [{row for _, row in hit.rows} for hit in hits]
    scatters = _scatters(payments)
    for big, outs in scatters:
        wanted = {big.row, *(p.row for p in outs)}
        # The payments until the sum is gone; rows are in the order of time and number, as ledgers are.
        ordered = sorted(outs, key=lambda p: (p.minute, p.row))
        before = [sum(p.fen for p in ordered[:n]) for n in range(len(ordered))]
        own = {p.row for p, fen in zip(ordered, before, strict=True) if fen < big.fen}
        assert wanted in cited or 2 * len(set().union(*cited) & own) > len(own)
    assert all(one in [{b.row, *(p.row for p in outs)} for b, outs in scatters] for one in cited)


def test_an_account_that_scatters_twice_is_hit_twice() -> None:
    first = [
        Payment("V", "K", 0, 9_000, row=1),
        *(Payment("K", f"A{n}", n, 3_000, row=n + 1) for n in (1, 2, 3)),
    ]
    second = [
        Payment("U", "K", 500, 9_000, row=9),
        *(Payment("K", f"B{n}", 500 + n, 4_500, row=9 + n) for n in (1, 2)),
    ]
    hits = single_in_scatter_out(facts_of([*first, *second]), SCATTER).hits
    assert [[row for _, row in hit.rows] for hit in hits] == [[1, 2, 3, 4], [9, 10, 11]]


@settings(max_examples=30, deadline=None)
@given(ledgers())
def test_order_of_rows_changes_nothing(payments: list[Payment]) -> None:
    assert fan_in_gather_out(facts_of(payments), FAN) == fan_in_gather_out(facts_of(payments[::-1]), FAN)


def test_a_busy_window_is_cut_and_said() -> None:
    payments = [Payment(f"P{n}", "K", n, 1_000, row=n) for n in range(1, 31)]
    payments.append(Payment("K", "B", 31, 30_000, row=31))
    result = fan_in_gather_out(facts_of(payments), FAN | {"max_rows": 10})
    assert [hit.values["payers"] for hit in result.hits] == [10, 10, 10]
    assert result.truncated == ("F01 looked at the latest 10 rows of a window on 1 busy accounts.",)


def test_no_rows_give_no_hits() -> None:
    assert fan_in_gather_out(facts_of([]), FAN).hits == ()
    assert single_in_scatter_out(facts_of([]), SCATTER).hits == ()
