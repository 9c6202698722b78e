"""What all refund plans of a lake start from: every reported payment traced by the four methods."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import polars as pl

from funds.book import AMOUNT, BALANCE, GAP, LEDGER
from funds.cells import FIRST_VICTIM, UNKNOWN
from funds.claims import Claims, match_payments, matched_claims, reported_payments
from funds.comparison import Comparison, compare
from funds.ledgers import Ledgers, load_ledgers
from funds.refund.claims import CONSERVING, Arrival
from graph.lake.tables import LakeTables

_YUAN = "CNY"
_Place = tuple[datetime, str, int, str | None, int | None]


@dataclass(frozen=True)
class RefundGround:
    """found: the trace by each conserving method, a victim a report. reported, matched: as of `funds.claims`.

    All victims are traced at once: another victim's money is never the account's own.
    """

    tables: LakeTables
    ledgers: Ledgers
    found: Comparison
    reported: pl.DataFrame
    matched: pl.DataFrame

    def ledger(self, account: str) -> int | None:
        """The account's ledger in yuan, None when no movement names it."""
        numbers = self.ledgers.numbers_of(account)
        return next((n for n in numbers if self.ledgers.currencies[n] == _YUAN), None)

    @cached_property
    def arrived(self) -> pl.DataFrame:
        """owner, event, ledger, fen, method: victims' money each row brought to each ledger, by method."""
        parts = [
            self.found.traced[name]
            .told.filter((pl.col("place") >= 0) & (pl.col("owner") >= FIRST_VICTIM))
            .group_by("owner", "event", ledger="place")
            .agg(pl.col("fen").sum())
            .with_columns(method=pl.lit(name))
            for name in CONSERVING
        ]
        return pl.concat(parts)

    @cached_property
    def losses(self) -> dict[str, int]:
        """Report -> the sum of the payments it names, in fen, whether a row is known or not.

        Payments whose row has another currency are left out: nothing is added up over two.
        """
        rows = self.ledgers.rows.filter(pl.col("currency") != _YUAN).select("event_key")
        foreign = self.matched.join(rows, on="event_key")
        kept = self.reported.join(foreign, on=["source", "row"], how="anti")
        return dict(kept.group_by("report").agg(pl.col("amount_fen").sum()).sort("report").iter_rows())

    @cached_property
    def came_back(self) -> dict[str, list[int]]:
        """Report -> later transfers from an account the victim paid back to the one that paid, in fen."""
        rows = self.ledgers.rows.filter(pl.col("currency") == _YUAN)
        rows = rows.select("event_key", "payer", "payee", "fen", "at")
        paid = self.matched.join(rows, on="event_key").select("case", "at", payer="payee", payee="payer")
        back = rows.join(paid, on=["payer", "payee"], suffix="_paid").filter(pl.col("at") > pl.col("at_paid"))
        back = back.unique(["case", "event_key"])
        told: dict[str, list[int]] = {}
        for report, fen in back.sort("case", "at", "event_key").select("case", "fen").iter_rows():
            told.setdefault(report, []).append(fen)
        return told

    @cached_property
    def without_row(self) -> dict[str, int]:
        """Report -> what of its loss has no row in the sheets, where there is any."""
        missing = self.reported.join(self.matched, on=["source", "row"], how="anti")
        return dict(missing.group_by("report").agg(pl.col("amount_fen").sum()).sort("report").iter_rows())

    def victim(self, owner: int) -> str:
        """The report that an owner of the trace stands for."""
        return self.claims.victims[owner - FIRST_VICTIM]

    def foreign(self, account: str) -> int:
        """How many victims' money came to the account in another currency."""
        others = [n for n in self.ledgers.numbers_of(account) if n != self.ledger(account)]
        return int(self.arrived.filter(pl.col("ledger").is_in(others))["owner"].n_unique())

    def arrivals(self, ledger: int) -> dict[int, tuple[Arrival, ...]]:
        """Owner -> the rows by which the victim's money came to the ledger by any method, by time."""
        here = self.arrived.filter(pl.col("ledger") == ledger)
        if here.is_empty():
            return {}
        spread = (
            here.group_by("owner", "event")
            .agg(most=pl.col("fen").max(), least=pl.col("fen").min(), methods=pl.len())
            .with_columns(
                least=pl.when(pl.col("methods") == len(CONSERVING)).then(pl.col("least")).otherwise(0)
            )
            .sort("owner", "event")
        )
        keys = self.ledgers.rows["event_key"].gather(spread["event"])
        places = _places(self.tables, keys)
        of_event = self.claims.of_event
        told: dict[int, list[Arrival]] = {}
        for line, key in zip(spread.iter_rows(named=True), keys, strict=True):
            at, source, row, other_source, other_row = places[key]
            arrival = Arrival(
                event_key=key,
                at=at,
                fen=line["most"],
                source=source,
                row=row,
                direct=bool(of_event[line["event"]] == line["owner"]),
                least_fen=line["least"],
                mirror=None if other_source is None or other_row is None else (other_source, other_row),
            )
            told.setdefault(line["owner"], []).append(arrival)
        return {owner: tuple(sorted(own, key=lambda a: (a.at, a.event_key))) for owner, own in told.items()}

    def held(self, ledger: int) -> dict[str, dict[int, int]]:
        """Method -> owner -> fen of victims' money that lies on the ledger at the end of the data."""
        here = self.found.held.filter(pl.col("ledger") == ledger)
        return {
            name: dict(here.filter(pl.col(name) > 0).select("owner", name).iter_rows()) for name in CONSERVING
        }

    def unknown_fen(self, ledger: int) -> int:
        """The most unknown money by any method: what came with others' rows or lies there through a gap."""
        lying = [
            one.held.filter((pl.col("ledger") == ledger) & (pl.col("owner") == UNKNOWN))["fen"].sum()
            for one in self.found.traced.values()
        ]
        return max(self.found.unknown.get(ledger, 0), *(int(fen) for fen in lying))

    def deposits(self, ledger: int) -> tuple[int, int]:
        """Rows of money in, and deposits without a usable row: an opening balance, gaps with money in."""
        book = self.ledgers.book
        entry = book.entry[book.entry[:, LEDGER] == ledger]
        if not len(entry):
            return int((self.ledgers.rows["payee_ledger"] == ledger).sum()), 0
        opening = int(entry[0, BALANCE] - entry[0, GAP] > 0)
        return int((entry[:, AMOUNT] > 0).sum()), opening + int((entry[:, GAP] > 0).sum())

    def last_at(self, account: str) -> datetime | None:
        """The time of the account's last row, by its own side's clock where known; None without rows."""
        rows = self.ledgers.rows
        times = pl.concat(
            [
                rows.filter(pl.col(end) == account).select(at=pl.coalesce(f"{way}_at", "at"))
                for end, way in (("payer", "out"), ("payee", "in"))
            ]
        )
        last: datetime | None = times.select(pl.col("at").max().cast(pl.Datetime("us", "UTC"))).item()
        return last

    def first_at(self, account: str) -> datetime | None:
        """The time of the first row that names the account, by whatever clock; None without rows."""
        mine = (pl.col("payer") == account) | (pl.col("payee") == account)
        times = self.ledgers.rows.filter(mine).select(pl.col("at").min().cast(pl.Datetime("us", "UTC")))
        first: datetime | None = times.item()
        return first

    @cached_property
    def data_to(self) -> datetime | None:
        """The time of the last movement of the lake; None without any."""
        times = self.ledgers.rows.select(pl.col("at").max().cast(pl.Datetime("us", "UTC")))
        last: datetime | None = times.item()
        return last

    def upstream(self, ledger: int) -> list[str]:
        """The accounts victims' money went through on its way to the ledger, itself included, sorted.

        The account a victim paid from is none of them: the payment is wholly the victim's.
        """
        steps = self._steps
        payer, payee = steps["payer"].to_numpy(), steps["payee"].to_numpy()
        reached = np.zeros(len(self.ledgers.followed), dtype=np.bool_)
        reached[ledger] = True
        count = 0
        while count != int(reached.sum()):
            count = int(reached.sum())
            reached[payer[reached[payee]]] = True
        return sorted({self.ledgers.accounts[int(n)] for n in np.flatnonzero(reached)})

    @cached_property
    def _steps(self) -> pl.DataFrame:
        """payer, payee: ledgers of rows that carried traced money on, victims' own payments left out."""
        rows = self.ledgers.rows
        events = self.arrived.select("event", "owner").unique().sort("event", "owner")
        event = events["event"].to_numpy()
        passed_on = self.claims.of_event[event] != events["owner"].to_numpy()
        kept = event[passed_on]
        pairs = pl.DataFrame(
            {"payer": rows["payer_ledger"].gather(kept), "payee": rows["payee_ledger"].gather(kept)}
        )
        return pairs.filter((pl.col("payer") >= 0) & (pl.col("payee") >= 0)).unique().sort("payer", "payee")

    @property
    def claims(self) -> Claims:
        """Who the owners of the trace are: reports, by currency."""
        return next(iter(self.found.traced.values())).claims


def refund_ground(tables: LakeTables) -> RefundGround:
    """Trace every report's payments by the four conserving methods; an empty lake gives an empty ground."""
    ledgers = load_ledgers(tables)
    reported = reported_payments(tables).with_columns(case=pl.col("report"))
    matched = match_payments(reported, ledgers.rows)
    found = compare(ledgers, matched_claims(reported, matched, ledgers), CONSERVING)
    return RefundGround(tables, ledgers, found, reported, matched)


def _places(tables: LakeTables, keys: pl.Series) -> dict[str, _Place]:
    """Event key -> instant, source and row, and those of the mirror row."""
    parts = [
        tables.scan(name)
        .filter(pl.col("event_key").is_in(keys.implode()))
        .select("event_key", "at", "source", "row", "other_source", "other_row")
        for name in ("TRANSFER", "CASH_IN")
    ]
    found = pl.concat(parts).collect()
    return {line[0]: line[1:] for line in found.iter_rows()}
