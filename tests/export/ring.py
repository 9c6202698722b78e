"""An invented ring for export tests: its tables, the gang by hand, findings and a stamp."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from cases.handles import Handles
from cases.roles.standing import Decisions
from cases.scope import MASKED, Scope
from detect.results import Finding, Gang, Link, Member, RoleReason
from export.chart import MapData
from export.gang_map import gang_map
from export.manifest import Stamp
from graph.contract import Ref
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, write_tables
from tests.frames import at, edge, event, table

SHEET, LOGINS, REGISTER, CALLS = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
HANDLES = Handles(b"k" * 32)
FULL = Scope(full=True)
STAMP = Stamp(
    exporter="officer-7",
    role="investigator",
    made_at=datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC),
    purpose="示例用途",
    audit_head="12:" + "ab" * 32,
)
NAMES = ["虚甲", "虚乙", "虚丙", "虚丁", "虚戊", "虚己", "虚庚", "虚辛"]
ROLES = ["financier", "laundry_house", "card_dealer", "card_provider", "card_provider", "card_provider",
         "cash_crew", "caller"]  # fmt: skip


def person(n: int) -> Ref:
    return Ref("Person", f"99010119900101{n:04d}")


def account(n: int) -> Ref:
    return Ref("Account", f"6200000000000{n:06d}")


def device(n: int) -> Ref:
    return Ref("Device", f"imei:0000000000{n:04d}")


def sim(n: int) -> Ref:
    return Ref("Sim", f"1000000{n:04d}@2024-01-01")


PARCEL = Ref("Parcel", "unknown:SF0000000001")
REPORT, CASE = Ref("Report", "J0001"), Ref("Case", "A0001")


def _pair(ref: Ref) -> tuple[str, str]:
    return (ref.type, ref.key)


# Payer, payee, minutes, yuan: victim 0 and 9 -> level 1 -> level 2 -> house -> cash and financier.
FLOWS = [
    (0, 1, 0, 50_000), (9, 2, 4, 38_000), (1, 3, 6, 30_000), (1, 4, 7, 19_800), (2, 4, 9, 37_500),
    (3, 5, 12, 29_900), (4, 5, 15, 40_000), (4, 6, 17, 17_000), (5, 7, 21, 35_000), (5, 8, 24, 30_000),
    (6, 8, 26, 16_900), (7, 10, 700, 9_000), (8, 10, 701, 12_000), (8, 8, 702, 1), (5, 4, 900, 200),
]  # fmt: skip
HOLDERS = {1: 3, 2: 4, 3: 5, 4: 5, 5: 1, 6: 1, 7: 6, 8: 6, 10: 0}
LOGGED = [(3, 0), (4, 0), (5, 0), (6, 1), (7, 1), (8, 1), (1, 0)]


def frames(**named: str) -> dict[str, pl.DataFrame]:
    """The ring's tables; `named` replaces names of persons by position, as p3="..."."""
    names = [named.get(f"p{n}", name) for n, name in enumerate(NAMES)]
    transfers = [
        event(f"t{n}", _pair(account(a)), _pair(account(b)), at(m), amount_fen=yuan * 100, source=SHEET,
              row=n + 2, currency="CNY", precision="second",
              **({"other_source": REGISTER, "other_row": n + 40} if n == 2 else {}))
        for n, (a, b, m, yuan) in enumerate(FLOWS)
    ]  # fmt: skip
    logins = [
        event(f"l{n}", _pair(account(a)), _pair(device(d)), at(20 + n), source=LOGINS, row=n + 2)
        for n, (a, d) in enumerate(LOGGED)
    ]
    calls = [
        event(f"c{n}", _pair(sim(0)), _pair(sim(b)), at(n * 3), duration_s=65 + n, source=CALLS, row=n + 2)
        for n, b in enumerate([1, 1, 2, 1, 2])
    ]
    holds = [
        edge(_pair(person(p)), _pair(account(a)), at(-9000), source=REGISTER, row=a + 2)
        for a, p in HOLDERS.items()
    ]
    holds += [
        edge(_pair(person(p)), _pair(sim(s)), at(-9000), source=REGISTER, row=60 + s)
        for s, p in [(0, 7), (1, 2), (2, 1)]
    ]
    parcels = [event("w1", _pair(sim(1)), _pair(PARCEL), at(-3000), source=CALLS, row=90)]
    received = [event("w2", _pair(PARCEL), _pair(sim(2)), at(-1500), source=CALLS, row=90)]
    paid = [
        event("r1", _pair(REPORT), _pair(account(0)), at(0), amount_fen=50_000_00, source=REGISTER, row=99)
    ]
    accounts = [
        {"key": account(n).key, "bank": "样例银行",
         "holder_name": names[HOLDERS[n]] if n in HOLDERS else None,
         "balance_fen": 100 * n, "source": REGISTER, "row": n + 2}
        for n in range(11)
    ]  # fmt: skip
    return {
        "Person": table("Person", [
            {"key": person(n).key, "name": name, "sex": "男", "source": REGISTER, "row": 20 + n}
            for n, name in enumerate(names)
        ]),
        "Account": table("Account", accounts),
        "Device": table("Device", [{"key": device(n).key, "kind": "imei"} for n in range(2)]),
        "Sim": table("Sim", [{"key": sim(n).key, "number": sim(n).key[:11]} for n in range(3)]),
        "Parcel": table("Parcel", [{"key": PARCEL.key, "goods": "文件", "waybill_no": "SF0000000001"}]),
        "Report": table("Report", [{"key": REPORT.key, "amount_fen": 50_000_00}]),
        "Case": table("Case", [{"key": CASE.key, "fraud_type": "刷单"}]),
        "TRANSFER": table("TRANSFER", transfers),
        "LOGGED_IN": table("LOGGED_IN", logins),
        "CALLED": table("CALLED", calls),
        "SENT": table("SENT", parcels),
        "RECEIVED": table("RECEIVED", received),
        "HOLDS": table("HOLDS", holds),
        "PAID_FROM": table("PAID_FROM", paid),
    }  # fmt: skip


def gang(gang_id: str = "G-0001") -> Gang:
    """The ring as detection would give it."""
    rows = ((LOGINS, 2), (LOGINS, 3))
    reason = RoleReason((("profit", 0.6, ((SHEET, 13), (SHEET, 14))),), (("salary", 0.1, ((SHEET, 15),)),))
    people = tuple(
        Member(person(n), 0.9 - n * 0.05, {role: 0.82 - n * 0.03, "caller": 0.2}, {role: reason})
        for n, role in enumerate(ROLES)
    )
    accounts = tuple(Member(account(n), 0.95 - n * 0.06) for n in [*range(9), 10])
    others = (
        Member(device(0), 0.8),
        Member(sim(0), 0.6),
        Member(sim(1), 0.5),
        Member(sim(2), 0.5),
        Member(PARCEL, 0.3),
    )
    links = (
        Link(account(3), account(4), "device", 2.5, device(0), rows),
        Link(account(7), account(8), "device", 1.5, device(1), rows),
        Link(person(2), person(6), "opening", 0.7, None, ((REGISTER, 22), (REGISTER, 26))),
        Link(person(6), person(2), "opening", 0.3, None, ((REGISTER, 22),)),
    )
    return Gang(gang_id, 7.31, 0.93, people + accounts + others, links, ("f1", "f2"))


def findings() -> tuple[Finding, ...]:
    """Two findings the gang names and one it does not."""
    return tuple(
        Finding(f"f{n}", rule, n, account(3), 0.7, at(0), at(9), {"window": "PT2H"}, {"share": 0.99},
                (account(4),), ((SHEET, 4), (SHEET, 7)))
        for n, rule in [(1, "F09"), (2, "D01"), (3, "X99")]
    )  # fmt: skip


def tables(folder: Path, given: dict[str, pl.DataFrame] | None = None) -> LakeTables:
    return write_tables(lake_home(folder), given or frames())


@cache
def _in_memory(folder: Path) -> LakeTables:
    return tables(folder)


def ring_map(folder: Path, scope: Scope = MASKED, **more: Any) -> MapData:
    """The ring's map; the lake in `folder` is written once."""
    decided = more.pop("decisions", Decisions())
    return gang_map(more.pop("gang", gang()), _in_memory(folder), scope, HANDLES, decided, findings(), **more)
