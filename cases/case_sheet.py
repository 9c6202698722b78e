"""What the lake and detection hold about each case: reports, victims, losses, payees, gangs, links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from detect.results import Detection, Finding
from graph.contract import Ref
from graph.lake.tables import LakeTables

LINKING_RULES = ("X01", "X03")


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """One case as its reports state it.

    loss_fen: sum of what its reports say was lost, of those that say it; unstated: how many do not. paid_fen:
    sum of the payments its reports name. payees: the accounts that these payments name, most money first.
    """

    number: str
    fraud_type: str = ""
    unit: str = ""
    status: str = ""
    opened_at: datetime | None = None
    reports: tuple[str, ...] = ()
    victims: int = 0
    loss_fen: int = 0
    unstated: int = 0
    payments: int = 0
    paid_fen: int = 0
    payees: tuple[str, ...] = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The nodes that are the case: itself, its reports, the accounts that they name."""
        reports = (Ref("Report", key) for key in self.reports)
        return (Ref("Case", self.number), *reports, *(Ref("Account", key) for key in self.payees))


@dataclass(frozen=True, slots=True)
class Touched:
    """A gang that has some of a case's payees as members."""

    gang_id: str
    payees: int
    members: int


@dataclass(frozen=True, slots=True)
class CaseLinks:
    """What detection says of a case. others: further cases, by the findings of X01 and X03 naming both."""

    gangs: tuple[Touched, ...] = ()
    findings: tuple[Finding, ...] = ()
    others: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)


def case_sheets(tables: LakeTables) -> tuple[CaseSheet, ...]:
    """Every case, the newest first, then by number; no cases give none."""
    filed = tables.scan("FILED").select(report="from_key", case="to_key").unique()
    reports = _grouped(
        filed.join(tables.scan("Report").select(report="key", fen="amount_fen"), on="report", how="left")
        .group_by("case")
        .agg(
            pl.col("report").sort(),
            loss=pl.col("fen").sum(),
            unstated=pl.col("fen").is_null().sum(),
        )
    )
    victims = _grouped(tables.scan("VICTIM_OF").group_by(case="to_key").agg(n=pl.col("from_key").n_unique()))
    paid = (
        tables.scan("PAID_TO")
        .select("amount_fen", report="from_key", account="to_key")
        .join(filed, on="report")
        .group_by("case", "account")
        .agg(fen=pl.col("amount_fen").sum(), n=pl.len())
        .sort("case", "fen", "account", descending=[False, True, False])
    )
    payees = _grouped(
        paid.group_by("case", maintain_order=True).agg(
            pl.col("account"), fen=pl.col("fen").sum(), n=pl.col("n").sum()
        )
    )
    nodes = tables.scan("Case").select("key", "fraud_type", "unit", "status", "opened_at").collect()
    none: dict[str, object] = {}
    sheets = [
        _sheet(
            row, reports.get(row["key"], none), victims.get(row["key"], none), payees.get(row["key"], none)
        )
        for row in nodes.iter_rows(named=True)
    ]
    return tuple(sorted(sheets, key=lambda one: (-_stamp(one.opened_at), one.number)))


def case_links(sheet: CaseSheet, found: Detection) -> CaseLinks:
    """Gangs of its payees (most payees first), findings on its nodes (best first), linked cases."""
    own, payees = set(sheet.refs), {Ref("Account", key) for key in sheet.payees}
    gangs = []
    for gang in found.gangs:
        members = {member.ref for member in gang.members}
        if members & payees:
            gangs.append(Touched(gang.gang_id, len(members & payees), len(members)))
    here = [one for one in found.findings if _about(one, own)]
    others: dict[str, list[Finding]] = {}
    for one in here:
        for ref in (one.subject, *one.others) if one.rule in LINKING_RULES else ():
            if ref.type == "Case" and ref.key != sheet.number:
                others.setdefault(ref.key, []).append(one)
    return CaseLinks(
        tuple(sorted(gangs, key=lambda one: (-one.payees, one.gang_id))),
        tuple(sorted(here, key=lambda one: (-one.score, one.rule, one.finding_id))),
        {key: tuple(others[key]) for key in sorted(others, key=lambda k: (-len(others[k]), k))},
    )


def _about(finding: Finding, refs: set[Ref]) -> bool:
    return finding.subject in refs or any(ref in refs for ref in finding.others)


def _sheet(
    row: Mapping[str, object],
    reports: Mapping[str, object],
    victims: Mapping[str, object],
    payees: Mapping[str, object],
) -> CaseSheet:
    opened = row["opened_at"]
    return CaseSheet(
        str(row["key"]),
        str(row["fraud_type"] or ""),
        str(row["unit"] or ""),
        str(row["status"] or ""),
        opened if isinstance(opened, datetime) else None,
        _texts(reports.get("report")),
        _count(victims.get("n")),
        _count(reports.get("loss")),
        _count(reports.get("unstated")),
        _count(payees.get("n")),
        _count(payees.get("fen")),
        _texts(payees.get("account")),
    )


def _grouped(frame: pl.LazyFrame) -> dict[str, dict[str, object]]:
    return {row["case"]: row for row in frame.collect().iter_rows(named=True)}


def _texts(found: object) -> tuple[str, ...]:
    listed: Iterable[object] = found if isinstance(found, Sequence) and not isinstance(found, str) else ()
    return tuple(str(one) for one in listed)


def _count(found: object) -> int:
    return found if isinstance(found, int) else 0


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at is not None else 0.0
