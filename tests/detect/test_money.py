"""Money as arrays: own moves and day-only rows stay out, each side has its own time, cash is one payee."""

from detect.facts import Facts
from detect.money import Money, instant
from detect.worlds import build_world
from graph.contract import Ref
from tests.detect.ledgers import in_memory


def _money(*lines: str) -> tuple[Money, dict[str, Ref]]:
    world = build_world(lines)
    return Facts(in_memory(world.frames)).money, dict(world.names)


def test_moves_between_accounts_of_one_holder_are_no_money_in_or_out() -> None:
    money, _ = _money("A HOLDS K1", "A HOLDS K2", "K1 TRANSFER K2 at=2024-03-01T09:00 amount=10")
    assert len(money.ins.at) == len(money.outs.at) == 0


def test_rows_known_only_by_day_are_counted_and_left_out() -> None:
    money, _ = _money("K1 TRANSFER K2 at=2024-03-01 amount=10 precision=day")
    assert len(money.ins.at) == 0 and money.left_out_days == 1


def test_each_side_is_ordered_by_its_own_time() -> None:
    money, _ = _money(
        "K1 TRANSFER K2 at=2024-03-01T09:00:00 to_at=2024-03-01T09:01:30 amount=10",
        "K3 TRANSFER K2 at=2024-03-01T09:00:30 amount=20",
    )
    assert money.ins.amount.tolist() == [2_000, 1_000]
    assert instant(money.ins.at[1]).minute == 1 and instant(money.outs.at[0]).minute == 0


def test_payers_of_one_holder_are_one_party() -> None:
    money, _ = _money(
        "A HOLDS K1",
        "A HOLDS K2",
        "K1 TRANSFER K9 at=2024-03-01T09:00 amount=10",
        "K2 TRANSFER K9 at=2024-03-01T09:01 amount=10",
    )
    assert len(set(money.ins.party.tolist())) == 1 and len(set(money.ins.peer.tolist())) == 2


def test_cash_counters_are_one_payee_behind_the_accounts() -> None:
    money, _ = _money(
        "K CASH_OUT M1 at=2024-03-01T09:00 amount=10", "K CASH_OUT M2 at=2024-03-01T09:01 amount=10"
    )
    assert money.outs.peer.tolist() == [len(money.accounts)] * 2
    assert len(money.ins.at) == 0


def test_rows_name_both_mirror_rows() -> None:
    world = build_world(["K1 TRANSFER K2 at=2024-03-01T09:00 amount=10"])
    transfer = world.frames["TRANSFER"]
    mirrored = transfer.with_columns(other_source=transfer["source"], other_row=transfer["row"] + 7)
    money = Facts(in_memory({**world.frames, "TRANSFER": mirrored})).money
    assert [row for _, row in money.rows([0])] == [1, 8]
