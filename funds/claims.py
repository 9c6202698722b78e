"""The victims' payments a trace starts from: which transfer each reported payment is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from funds.cells import FIRST_VICTIM
from funds.ledgers import Ledgers
from funds.notices import Notice
from graph.contract import Ints
from graph.lake.tables import LakeTables

_DAY = 24 * 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Claims:
    """victims, currencies, paid_fen: of each owner from FIRST_VICTIM on; of_event: of each event, or -1.

    A victim who paid in two currencies is two owners, so that no sum mixes them.
    """

    victims: tuple[str, ...]
    currencies: tuple[str, ...]
    paid_fen: tuple[int, ...]
    of_event: Ints
    notices: tuple[Notice, ...] = ()


def claims_of(ledgers: Ledgers, payments: Mapping[str, str], notices: Sequence[Notice] = ()) -> Claims:
    """payments: event_key -> victim (a case, a report, any name); keys that no row has become a notice."""
    rows = ledgers.rows
    wanted = pl.DataFrame(
        {"event_key": list(payments), "victim": list(payments.values())},
        schema={"event_key": pl.String, "victim": pl.String},
    )
    numbered = rows.select("event_key", "currency", "fen", "payer_ledger").with_row_index("event")
    found = numbered.join(wanted, on="event_key").sort("victim", "currency", "event")
    owners = found.group_by("victim", "currency", maintain_order=True).agg(pl.col("fen").sum())
    place = found.join(owners.with_row_index("owner"), on=["victim", "currency"], maintain_order="left")
    of_event = np.full(rows.height, -1, dtype=np.int64)
    of_event[place["event"].to_numpy()] = place["owner"].to_numpy().astype(np.int64) + FIRST_VICTIM
    said = list(notices)
    if found.height < len(payments):
        said.append(Notice("NO_ROW", count=len(payments) - found.height, what="-"))
    payer = found["payer_ledger"].to_numpy()
    blind = int((~ledgers.followed[payer[payer >= 0]]).sum()) + int((payer < 0).sum())
    if blind:
        said.append(Notice("VICTIM_WITHOUT_SHEET", count=blind))
    return Claims(
        tuple(owners["victim"]), tuple(owners["currency"]), tuple(owners["fen"]), of_event, tuple(said)
    )


def reported_claims(tables: LakeTables, ledgers: Ledgers, cases: Sequence[str] | None = None) -> Claims:
    """The payments that reports tell of, one victim a case (the report where it has no case).

    cases: only these; None: all. Payments without a row are told as notices, one a case.
    """
    reported = reported_payments(tables)
    if cases is not None:
        reported = reported.filter(pl.col("case").is_in(list(cases)))
    return matched_claims(reported, match_payments(reported, ledgers.rows), ledgers)


def matched_claims(reported: pl.DataFrame, matched: pl.DataFrame, ledgers: Ledgers) -> Claims:
    """The claims of reported payments (`reported_payments`) and their rows (`match_payments`).

    A victim is what the column `case` of both says. Payments without a row are told as notices, one a victim.
    """
    missing = (
        reported.join(matched, on=["source", "row"], how="anti")
        .group_by("case")
        .agg(count=pl.len(), fen=pl.col("amount_fen").sum())
        .sort("case")
    )
    notices = [Notice("NO_ROW", count=count, fen=fen, what=case) for case, count, fen in missing.iter_rows()]
    return claims_of(ledgers, dict(matched.select("event_key", "case").iter_rows()), notices)


def reported_payments(tables: LakeTables) -> pl.DataFrame:
    """One row a reported payment: report, case, account, named (payer), amount_fen, at (us), source, row."""
    case = (
        tables.scan("FILED")
        .group_by(pl.col("from_key").alias("report"))
        .agg(pl.col("to_key").min().alias("case"))
    )
    payer = tables.scan("PAID_FROM").select(report="from_key", source="source", row="row", named="to_key")
    return (
        tables.scan("PAID_TO")
        .select("amount_fen", "source", "row", report="from_key", account="to_key", at=_us())
        .join(payer, on=["report", "source", "row"], how="left")
        .join(case, on="report", how="left")
        .with_columns(case=pl.coalesce("case", "report"))
        .collect()
    )


def cases_of_payer(tables: LakeTables, account: str) -> list[str]:
    """The victims (cases, else reports) whose reports name this account as one they paid from, sorted."""
    reports = tables.scan("PAID_FROM").filter(pl.col("to_key") == account).collect()["from_key"]
    reported = reported_payments(tables)
    return reported.filter(pl.col("report").is_in(reports.implode()))["case"].unique().sort().to_list()


def _us() -> pl.Expr:
    return pl.col("at").dt.timestamp("us")


def match_payments(reported: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The row that is each reported payment, one to one, nearest in time: source, row, event_key, case.

    A report's time is vague: the same payee and amount, the same payer where named, within a day.
    """
    near = (
        rows.lazy()
        .select("event_key", "payer", account="payee", amount_fen="fen", row_at="at")
        .join(reported.lazy(), on=["account", "amount_fen"])
        .filter(pl.col("named").is_null() | (pl.col("named") == pl.col("payer")))
        .with_columns(off=(pl.col("row_at") - pl.col("at")).abs())
        .filter(pl.col("off") <= _DAY)
        .sort("off", "event_key", "source", "row")
        .collect()
    )
    taken: set[str] = set()
    matched: dict[tuple[str, int], tuple[str, str]] = {}
    for case, key, source, row in near.select("case", "event_key", "source", "row").iter_rows():
        if key not in taken and (source, row) not in matched:
            taken.add(key)
            matched[source, row] = (key, case)
    lines = [(source, row, key, case) for (source, row), (key, case) in matched.items()]
    schema = {"source": pl.String, "row": pl.Int64, "event_key": pl.String, "case": pl.String}
    return pl.DataFrame(lines, schema=schema, orient="row")
