"""Planted patterns satisfy the definitions of DOMAIN.md 5, checked from the written files alone."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.simulate.worlds import MONEY_IN, Row, Written, fen, second, sheets_of

HOUR, DAY = 3_600, 86_400


@dataclass(frozen=True)
class Transfer:
    """One cited row with its ends; `at` is the time in that row."""

    payer: str
    payee: str
    fen: int
    at: int
    terminal: str


@cache
def rows_by_serial(folder: Path) -> dict[str, Row]:
    return {row["serial"]: row for sheet in sheets_of(folder) for row in sheet.rows}


@cache
def holders(folder: Path) -> dict[str, str]:
    return {row["account"]: row["holder_key"] for row in Written(folder).truth("accounts")}


@cache
def numbers(folder: Path) -> dict[str, str]:
    found = {row["卡号"]: row["账号"] for row in Written(folder).tables("account_register") if row["卡号"]}
    return found


@cache
def planted(folder: Path) -> dict[str, list[list[tuple[str, str]]]]:
    """Rule -> patterns -> (kind, serial) rows."""
    found: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in Written(folder).truth("patterns"):
        found[row["rule_id"]][row["pattern_id"]].append((row["kind"], row["serial"]))
    return {rule: list(patterns.values()) for rule, patterns in found.items()}


def transfers(world: Written, rule: str) -> list[list[Transfer]]:
    """The transfers of each pattern of a rule."""
    rows, cards, patterns = rows_by_serial(world.folder), numbers(world.folder), []
    for pattern in planted(world.folder)[rule]:
        cited = []
        for kind, serial in pattern:
            assert kind == "transfer"
            row = rows[serial]
            own, peer = row["account"], cards.get(row["peer"], row["peer"])
            payer, payee = (peer, own) if row["direction"] in MONEY_IN else (own, peer)
            cited.append(Transfer(payer, payee, fen(row["amount"]), second(row["time"]), row["terminal"]))
        patterns.append(cited)
    assert patterns
    return patterns


@pytest.mark.parametrize(
    "rule",
    ["F01", "F03", "F06", "F09", "F10", "F19", "C04", "C08", "D01", "S04", "P01", "F02", "F11", "F18", "C03"],
)
def test_rule_is_planted(written: Written, rule: str) -> None:
    assert planted(written.folder)[rule]


def test_f01_five_payers_in_a_day_then_nine_tenths_out_to_two(written: Written) -> None:
    for rows in transfers(written, "F01"):
        hub = max({r.payee for r in rows}, key=lambda a: sum(r.payee == a for r in rows))
        into, out = [r for r in rows if r.payee == hub], [r for r in rows if r.payer == hub]
        assert len({holders(written.folder)[r.payer] for r in into}) >= 5
        assert max(r.at for r in into) - min(r.at for r in into) <= DAY
        assert len({r.payee for r in out}) <= 2
        assert sum(r.fen for r in out) >= 0.9 * sum(r.fen for r in into)
        assert all(0 <= r.at - max(i.at for i in into) <= DAY for r in out)


def test_f02_one_large_sum_goes_to_five_within_a_day(written: Written) -> None:
    for first, *rest in transfers(written, "F02"):
        assert first.fen >= 2_000_000
        assert len({holders(written.folder)[r.payee] for r in rest}) >= 5
        assert all(r.payer == first.payee and 0 <= r.at - first.at <= DAY for r in rest)
        assert sum(r.fen for r in rest) >= 0.9 * first.fen


def test_f03_leaves_hardly_anything_within_two_hours(written: Written) -> None:
    rows = rows_by_serial(written.folder)
    for pattern in planted(written.folder)["F03"]:
        cited = [rows[serial] for _, serial in pattern]
        first, rest = cited[0], cited[1:]
        out = sum(abs(fen(r["amount"])) for r in rest)
        assert out >= 0.9 * fen(first["amount"]) >= 450_000
        assert second(rest[-1]["time"]) - second(first["time"]) <= 2 * HOUR
        assert fen(rest[-1]["balance"]) <= 0.01 * fen(first["amount"])


def test_f06_sleeps_half_a_year_then_trades_ten_times_in_three_days(written: Written) -> None:
    by_account = defaultdict(list)
    for row in rows_by_serial(written.folder).values():
        if row["peer"]:
            by_account[row["account"]].append(second(row["time"]))
    for rows in transfers(written, "F06"):
        account = max({r.payer for r in rows}, key=lambda a: sum(a in (r.payer, r.payee) for r in rows))
        first = min(r.at for r in rows)
        before = [at for at in by_account[account] if at < first - 60]
        assert before and first - max(before) >= 180 * DAY
        assert len(rows) >= 10 and max(r.at for r in rows) - first <= 3 * DAY + 60


def test_f09_passes_three_hops_within_two_hours_each(written: Written) -> None:
    for rows in transfers(written, "F09"):
        assert len(rows) >= 3
        accounts = [rows[0].payer] + [r.payee for r in rows]
        assert len(set(accounts)) == len(accounts)
        for one, following in pairwise(rows):
            assert one.payee == following.payer
            assert 0 <= following.at - one.at <= 2 * HOUR
            assert 0.8 * one.fen <= following.fen <= one.fen


def test_f10_comes_back_to_its_start_within_three_days(written: Written) -> None:
    for rows in transfers(written, "F10"):
        assert 3 <= len(rows) <= 6 and rows[0].payer == rows[-1].payee
        assert all(a.payee == b.payer and a.at < b.at for a, b in pairwise(rows))
        assert rows[-1].at - rows[0].at <= 72 * HOUR and rows[-1].fen >= 0.8 * rows[0].fen
        assert len({holders(written.folder)[r.payer] for r in rows}) == len(rows)


def test_f11_scatters_over_three_middles_and_gathers(written: Written) -> None:
    for rows in transfers(written, "F11"):
        legs = list(zip(rows[::2], rows[1::2], strict=True))
        assert len({holders(written.folder)[a.payee] for a, _ in legs}) >= 3
        assert len({a.payer for a, _ in legs}) == len({b.payee for _, b in legs}) == 1
        assert all(a.payee == b.payer and a.at < b.at and 0.8 * a.fen <= b.fen <= a.fen for a, b in legs)
        assert max(r.at for r in rows) - min(r.at for r in rows) <= DAY


def test_f18_three_holders_draw_at_one_machine_within_half_an_hour(written: Written) -> None:
    for rows in transfers(written, "F18"):
        drawn, into = rows[1::2], rows[::2]
        assert len({r.terminal for r in drawn}) == 1 and drawn[0].terminal
        assert len({holders(written.folder)[r.payer] for r in drawn}) >= 3
        assert max(r.at for r in drawn) - min(r.at for r in drawn) <= 1_800
        assert all(0 <= d.at - i.at <= 2 * HOUR for i, d in zip(into, drawn, strict=True))


def test_f19_one_account_is_paid_by_two_victims(written: Written) -> None:
    victims = {row["person_key"] for row in written.truth("persons") if row["role"] == "victim"}
    for rows in transfers(written, "F19"):
        assert len({r.payee for r in rows}) == 1
        payers = {holders(written.folder)[r.payer] for r in rows}
        assert len(payers) >= 2 and payers <= victims


def test_registers_show_shared_phones_and_parties_at_a_branch(written: Written) -> None:
    register = {row["账号"]: row for row in written.tables("account_register")}
    for pattern in planted(written.folder)["C04"]:
        phone = next(serial for kind, serial in pattern if kind == "phone")
        rows = [register[serial] for kind, serial in pattern if kind == "account"]
        assert {row["预留手机"] for row in rows} == {phone} and len({row["证件号码"] for row in rows}) >= 2
    for pattern in planted(written.folder)["C03"]:
        rows = [register[serial] for _, serial in pattern]
        times = [second(row["开户时间"]) for row in rows]
        assert len({row["网点代码"] for row in rows}) == 1 and max(times) - min(times) <= 2 * HOUR
        assert len({row["证件号码"] for row in rows}) >= 3


def test_logins_show_one_device_of_three_holders(written: Written) -> None:
    used: dict[str, set[str]] = defaultdict(set)
    for row in written.tables("login_log"):
        used[row.get("设备指纹") or row.get("IMEI") or ""].add(row["账号"])
    for pattern in planted(written.folder)["D01"]:
        device = next(serial for kind, serial in pattern if kind == "device")
        accounts = {serial for kind, serial in pattern if kind == "account"}
        assert accounts <= used[device]
        assert len({holders(written.folder)[account] for account in accounts}) >= 3


def test_parcels_of_three_holders_go_to_one_dealer_soon_after_opening(written: Written) -> None:
    parcels = {row["运单号"]: row for row in written.tables("waybills")}
    opened = defaultdict(list)
    for row in written.tables("account_register"):
        opened[row["证件号码"]].append(second(row["开户时间"]))
    ids = defaultdict(list)
    for row in written.tables("person_register"):
        ids[(row["姓名"], row["手机号"])].append(row["证件号码"])
    for pattern in planted(written.folder)["P01"]:
        rows = [parcels[serial] for _, serial in pattern]
        assert len({row["收件手机"] for row in rows}) == 1
        assert len({(row["寄件人"], row["寄件手机"]) for row in rows}) >= 3
        for row in rows:
            sent = second(row["揽收时间"])
            times = [at for key in ids[(row["寄件人"], row["寄件手机"])] for at in opened[key]]
            assert float(row["重量"]) <= 0.5 and any(0 <= sent - at <= 14 * DAY for at in times)


def test_calls_show_boxes_new_lines_and_lines_that_rang_victims(written: Written) -> None:
    calls = written.tables("call_records")
    made = defaultdict(list)
    by_device = defaultdict(list)
    for row in calls:
        if row["通联类型"] == "主叫":
            made[row["本端号码"]].append(row)
            by_device[row["IMEI"]].append((second(row["开始时间"]), row["IMSI"]))
    for pattern in planted(written.folder)["S04"]:
        seen = sorted(by_device[pattern[0][1]])
        assert any(len({i for t, i in seen if 0 <= t - at <= DAY}) >= 4 for at, _ in seen)
    started = {row["号码"]: second(row["入网时间"]) for row in reversed(written.tables("sim_register"))}
    for pattern in planted(written.folder)["S03"]:
        number = pattern[0][1]
        early = [r for r in made[number] if 0 <= second(r["开始时间"]) - started[number] <= DAY]
        assert len({r["对端号码"] for r in early}) >= 30
    for pattern in planted(written.folder).get("S09", []):
        called = {row["对端号码"] for row in made[pattern[0][1]]}
        assert {serial for kind, serial in pattern if kind == "phone"} <= called
