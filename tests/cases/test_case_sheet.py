"""A case's sums are its reports', a report without a sum is said, and links come from findings only."""

from dataclasses import replace
from pathlib import Path

from cases.case_sheet import case_links, case_sheets
from detect.results import Detection, Finding
from graph.contract import Ref
from graph.lake.home import lake_home
from graph.lake.tables import open_tables
from tests.export.ring import (
    REGISTER,
    _pair,
    account,
    at,
    edge,
    event,
    findings,
    frames,
    gang,
    person,
    table,
    tables,
)

C1, C2, C3 = (Ref("Case", f"A000{n}") for n in (1, 2, 3))
R1, R2, R3 = (Ref("Report", f"J000{n}") for n in (1, 2, 3))


def written(folder: Path) -> None:
    """Two reports in the first case (one states no sum), one in the second, none in the third."""
    paid = [
        (R1, account(0), 50_000_00),
        (R2, account(3), 20_000_00),
        (R2, account(3), 1),
        (R3, account(9), 700),
    ]
    filed = [(R1, C1), (R2, C1), (R3, C2)]
    tables(folder, frames() | {
        "Case": table("Case", [
            {"key": C1.key, "fraud_type": "刷单", "opened_at": at(0)}, {"key": C2.key, "opened_at": at(5)},
            {"key": C3.key},
        ]),
        "Report": table("Report", [
            {"key": R1.key, "amount_fen": 50_000_00}, {"key": R2.key}, {"key": R3.key, "amount_fen": 700}
        ]),
        "FILED": table("FILED", [
            edge(_pair(r), _pair(c), at(0), source=REGISTER, row=n) for n, (r, c) in enumerate(filed)
        ]),
        "VICTIM_OF": table("VICTIM_OF", [
            edge(_pair(person(n)), _pair(C1), at(0), source=REGISTER, row=n) for n in (0, 1)
        ]),
        "PAID_TO": table("PAID_TO", [
            event(f"p{n}", _pair(r), _pair(a), at(n), amount_fen=fen, source=REGISTER, row=n)
            for n, (r, a, fen) in enumerate(paid)
        ]),
    })  # fmt: skip


def test_a_case_sums_what_its_reports_say_and_no_more(tmp_path: Path) -> None:
    written(tmp_path)
    second, first, third = case_sheets(open_tables(lake_home(tmp_path)))
    assert [one.number for one in (second, first, third)] == [C2.key, C1.key, C3.key], "newest first"
    assert (first.reports, first.victims, first.loss_fen, first.unstated) == (
        (R1.key, R2.key),
        2,
        50_000_00,
        1,
    )
    assert (first.payments, first.paid_fen) == (3, 70_000_01)
    assert first.payees == (account(0).key, account(3).key), "most money first"
    assert (second.loss_fen, second.paid_fen, second.victims) == (700, 700, 0)
    assert (third.reports, third.loss_fen, third.payments, third.payees) == ((), 0, 0, ())
    assert first.refs == (C1, R1, R2, account(0), account(3))


def test_links_name_gangs_findings_and_other_cases(tmp_path: Path) -> None:
    written(tmp_path)
    second, first, third = case_sheets(open_tables(lake_home(tmp_path)))
    linking = replace(findings()[0], finding_id="x", rule="X01", subject=account(3), others=(C1, C2))
    by_rule_of_another_kind = replace(linking, finding_id="y", rule="F09", others=(C3,))
    every: tuple[Finding, ...] = (*findings(), linking, by_rule_of_another_kind)
    found = Detection("d", "embedded", every, (gang(),), ())
    links = case_links(first, found)
    assert [(one.gang_id, one.payees) for one in links.gangs] == [("G-0001", 2)]
    assert {one.finding_id for one in links.findings} == {"f1", "f2", "f3", "x", "y"}
    assert links.others == {C2.key: (linking,)}, "only X01 and X03 link cases"
    assert case_links(second, found).others == {C1.key: (linking,)}
    assert case_links(third, found).gangs == () and case_links(third, found).others == {}


def test_no_cases_give_none(tmp_path: Path) -> None:
    tables(tmp_path, frames() | {"Case": table("Case", [])})
    assert case_sheets(open_tables(lake_home(tmp_path))) == ()
