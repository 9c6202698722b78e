"""The truth files name only what the source files hold, and the rings are as large as promised."""

from tests.simulate.worlds import FAILED, MONEY_IN, Written, fen, sheets_of


def test_every_serial_of_the_truth_is_a_completed_row_with_that_account(written: Written) -> None:
    rows = {row["serial"]: row for sheet in sheets_of(written.folder) for row in sheet.rows}
    transfers = written.truth("transfers")
    assert len(transfers) > 20_000
    payer_side = 0
    for transfer in transfers:
        row = rows[transfer["serial"]]
        assert row["success"] not in FAILED
        into = row["direction"] in MONEY_IN
        assert row["account"] == transfer["account_to" if into else "account_from"]
        payer_side += not into
    assert payer_side > 0.9 * len(transfers)


def test_roles_rings_and_victims_are_consistent(written: Written) -> None:
    persons = written.truth("persons")
    roles = {row["role"] for row in persons}
    assert roles >= {
        "victim",
        "financier",
        "den_manager",
        "caller",
        "card_provider",
        "card_dealer",
        "laundry_house",
    }
    assert roles >= {"score_runner", "score_platform", "cash_crew", "card_runner", "tech_keeper", ""}
    for row in persons:
        assert (row["ring"] != "") == (row["role"] not in ("", "victim"))
    assert {row["ring"] for row in persons} == {"", "R001", "R002"}


def test_mules_are_two_to_four_in_a_hundred_and_never_victims_accounts(written: Written) -> None:
    accounts = written.truth("accounts")
    mules = [row for row in accounts if row["is_mule"] == "1"]
    assert 0.02 <= len(mules) / len(accounts) <= 0.045
    victims = {row["person_key"] for row in written.truth("persons") if row["role"] == "victim"}
    financiers = {row["person_key"] for row in written.truth("persons") if row["role"] == "financier"}
    assert not [row for row in mules if row["holder_key"] in victims | financiers]
    assert any(row["controller_key"] != row["holder_key"] for row in mules)
    assert {row["level"] for row in mules} >= {"1", "2", "3"}


def test_first_level_receives_exactly_what_victims_paid(written: Written) -> None:
    """Level-1 sums by fifo equal the victims' payments unless money comes back to a level-1 account."""
    reported = sum(fen(row["金额"]) for row in written.tables("cases"))
    received: dict[str, int] = {}
    paid_to = {(row["案件编号"], row["收款账户"]) for row in written.tables("cases")}
    cards = {row["卡号"]: row["账号"] for row in written.tables("account_register") if row["卡号"]}
    first = {(case, cards.get(account, account)) for case, account in paid_to}
    for row in written.truth("flows"):
        if (row["victim_case"], row["account"]) in first:
            received[row["victim_case"]] = received.get(row["victim_case"], 0) + int(row["received_fen"])
    assert 0 <= sum(received.values()) - reported < 0.25 * reported
    assert len(received) == len({case for case, _ in paid_to})


def test_calls_logins_and_parcels_are_in_proportion(written: Written) -> None:
    transfers = len(written.truth("transfers"))
    traces = sum(len(written.tables(start)) for start in ("call_records", "login_log", "waybills"))
    assert 0.3 <= traces / transfers <= 1.0


def test_re_issued_numbers_have_two_holders(written: Written) -> None:
    holders: dict[str, set[str]] = {}
    for row in written.tables("sim_register"):
        holders.setdefault(row["号码"], set()).add(row["证件号码"])
    assert max(len(found) for found in holders.values()) == 2
