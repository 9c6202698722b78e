"""The bank sheets hold true balances, mirror rows and the habits of each bank."""

from collections import defaultdict

from tests.simulate.worlds import FAILED, MONEY_IN, Row, Written, fen, second, sheets_of


def effect(row: Row) -> int:
    """Change of the balance by one row."""
    if row["success"] in FAILED:
        return 0
    return fen(row["amount"]) * (1 if row["direction"] in MONEY_IN else -1)


def test_running_balances_hold_on_every_link_but_lost_rows(written: Written) -> None:
    held = broken = 0
    for sheet in sheets_of(written.folder):
        before: dict[str, int] = {}
        for row in sheet.rows:
            account, after = row["account"], fen(row["balance"])
            assert after >= 0
            if account in before:
                if before[account] + effect(row) == after:
                    held += 1
                else:
                    broken += 1
            before[account] = after
    assert held > 20_000
    assert 0 < broken < 0.006 * held


def test_mirror_rows_share_no_serial_and_lie_within_a_minute(written: Written) -> None:
    seen: set[str] = set()
    times: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    cards = {row["卡号"]: row["账号"] for row in written.tables("account_register") if row["卡号"]}
    rows = [row for sheet in sheets_of(written.folder) for row in sheet.rows if row["success"] not in FAILED]
    for row in rows:
        if row["serial"]:
            assert row["serial"] not in seen
            seen.add(row["serial"])
        peer = cards.get(row["peer"], row["peer"])
        into = row["direction"] in MONEY_IN
        ends = (peer, row["account"]) if into else (row["account"], peer)
        times[(*ends, row["amount"], int(into))].append(second(row["time"]))
    pairs = 0
    for (payer, payee, amount, into), paid in times.items():
        got = times.get((payer, payee, amount, 1), [])
        if not into and len(paid) == len(got) == 1:
            pairs += 1
            assert 0 <= got[0] - paid[0] <= 60
    assert pairs > 15_000


def test_each_direction_code_and_both_encodings_are_used(written: Written) -> None:
    codes = {row["direction"] for sheet in sheets_of(written.folder) for row in sheet.rows}
    assert codes >= {"进", "出", "借", "贷", "收", "付", "收入", "支出"}
    starts = {path.read_bytes()[:3] for path in written.folder.glob("bank_sheet_*.csv")}
    assert b"\xef\xbb\xbf" in starts and len(starts) > 1
    assert len(list(written.folder.glob("bank_sheet_6_*.xlsx"))) == 2


def test_reversals_pair_with_an_equal_debit_of_the_same_account(written: Written) -> None:
    reversals = 0
    for sheet in sheets_of(written.folder):
        debits = {(r["account"], fen(r["amount"])) for r in sheet.rows if r["direction"] not in MONEY_IN}
        for row in sheet.rows:
            if row["memo"] == "冲正":
                reversals += 1
                assert (row["account"], abs(fen(row["amount"]))) in debits
    assert reversals > 5


def test_overlapping_exports_repeat_some_rows(written: Written) -> None:
    rows = [tuple(row.values()) for row in written.tables("bank_sheet_2_")]
    assert 0 < len(rows) - len(set(rows)) < 0.05 * len(rows)


def test_failed_rows_are_there_and_move_nothing(written: Written) -> None:
    failed = [r for sheet in sheets_of(written.folder) for r in sheet.rows if r["success"] in FAILED]
    assert failed


def test_a_person_has_one_class_one_account_at_a_bank_and_it_is_the_first(written: Written) -> None:
    opened: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in written.tables("account_register"):
        if row["账户类别"]:
            opened[row["证件号码"], row["开户行"]].append((row["开户时间"], row["账户类别"]))
    assert any(len(of) > 1 for of in opened.values())
    for of in opened.values():
        assert [kind for _, kind in sorted(of)] == ["I", *["II"] * (len(of) - 1)]
