"""Follows victims' money through time-ordered transfers: whose money reached which account by which rows."""

from collections import deque
from dataclasses import dataclass, field

import polars as pl

from detect.evidence.claims import claims_from
from graph.lake.tables import LakeTables

# A transfer counts if it carries at least this share of the report's money (DOMAIN 7.2).
LEAST_SHARE = 0.01
# Money that rests longer is taken for spent or frozen: it no longer ties two accounts (D).
MOST_REST_S = 72 * 3600
MOST_LEVEL = 8
_SECOND = 1_000_000
_DAY_S = 24 * 3600

STEP: dict[str, pl.DataType] = {
    "report": pl.String(),
    "level": pl.Int64(),
    "carried_fen": pl.Int64(),
    "place": pl.Int64(),
}


@dataclass(slots=True)
class _Layer:
    report: int
    fen: int
    level: int
    since: int


@dataclass(slots=True)
class _Ledger:
    """Victims' money now on each account, oldest first; victims' money leaves before the account's own."""

    layers: dict[str, deque[_Layer]] = field(default_factory=dict)

    def add(self, account: str, layer: _Layer) -> None:
        self.layers.setdefault(account, deque()).append(layer)

    def take(self, account: str, fen: int, at: int) -> list[_Layer]:
        """Remove up to `fen`; what rested too long is dropped first."""
        resting = self.layers[account]
        taken: list[_Layer] = []
        while resting and fen > 0:
            first = resting[0]
            if at - first.since > MOST_REST_S:
                resting.popleft()
                continue
            part = min(first.fen, fen)
            taken.append(_Layer(first.report, part, first.level, first.since))
            fen -= part
            first.fen -= part
            if not first.fen:
                resting.popleft()
        if not resting:
            del self.layers[account]
        return taken


def victim_steps(tables: LakeTables) -> pl.DataFrame:
    """Transfers that carry at least 1 % of a report's money, with report, level, carried_fen.

    Columns: ends, at, event_key, amount_fen, source and row of TRANSFER plus report, level (1: the victim's
    own payment), carried_fen. Reports whose payment no sheet shows start at the payee's account at the
    reported time. Source: DOMAIN.md 7.1, 7.2.
    """
    money = _ordered_money(tables)
    reports = _reports(tables)
    paid = _payments(money, reports)
    steps = _follow(money, reports, paid)
    return money.with_row_index("place").cast({"place": pl.Int64}).join(steps, on="place").drop("place")


def victim_claims(steps: pl.DataFrame) -> list[pl.DataFrame]:
    """Direct ties payer - payee of the steps after the victim's own payment, stronger for a larger share."""
    onward = steps.filter((pl.col("level") > 1) & (pl.col("from_key") != pl.col("to_key")))
    share = (pl.col("carried_fen") / pl.col("amount_fen")).clip(0.0, 1.0)
    return [claims_from(onward, "victim_money", strength=share)]


def reported_claims(tables: LakeTables) -> list[pl.DataFrame]:
    """What one report names belongs together: payee accounts and calling numbers."""
    paid = tables.scan("PAID_TO").rename(_TURNED)
    named = tables.scan("NAMED_CALLER").rename(_TURNED)
    return [claims_from(paid, "report"), claims_from(named, "report")]


_TURNED = {"from_type": "to_type", "from_key": "to_key", "to_type": "from_type", "to_key": "from_key"}


def _ordered_money(tables: LakeTables) -> pl.DataFrame:
    ends = ("from_type", "from_key", "to_type", "to_key")
    columns = [*ends, "at", "event_key", "amount_fen", "source", "row"]
    return tables.scan("TRANSFER").select(columns).sort("at", "event_key").collect()


def _reports(tables: LakeTables) -> pl.DataFrame:
    """report, payee, amount_fen, at, payer (null when unknown); one row a payment, in stable order."""
    payer = (
        tables.scan("PAID_FROM")
        .sort("from_key", "to_type", "to_key")
        .select(pl.col("from_key").alias("report"), pl.col("to_key").alias("payer"))
        .unique("report", keep="first", maintain_order=True)
    )
    return (
        tables.scan("PAID_TO")
        .select(pl.col("from_key").alias("report"), pl.col("to_key").alias("payee"), "amount_fen", "at")
        .join(payer, on="report", how="left")
        .filter(pl.col("amount_fen") > 0)
        .sort("at", "report", "payee", "amount_fen")
        .collect()
        .with_row_index("n")
    )


def _payments(money: pl.DataFrame, reports: pl.DataFrame) -> dict[int, int]:
    """Place of the transfer that is a report's payment -> its number: same ends and amount, within a day."""
    candidates = (
        money.select("from_key", "to_key", "amount_fen", pl.col("at").alias("paid_at"))
        .with_row_index("place")
        .join(reports, left_on=["to_key", "amount_fen"], right_on=["payee", "amount_fen"])
        .filter((pl.col("payer") == pl.col("from_key")).fill_null(True))
        .with_columns((pl.col("paid_at") - pl.col("at")).dt.total_seconds().abs().alias("off"))
        .filter(pl.col("off") <= _DAY_S)
        .sort("off", "place", "n")
    )
    paid: dict[int, int] = {}
    matched: set[int] = set()
    for place, number in candidates.select("place", "n").iter_rows():
        if place not in paid and number not in matched:
            paid[place] = number
            matched.add(number)
    return paid


def _follow(money: pl.DataFrame, reports: pl.DataFrame, paid: dict[int, int]) -> pl.DataFrame:
    names, amounts = reports["report"].to_list(), reports["amount_fen"].to_list()
    found: set[int] = set(paid.values())
    at_report = (reports["at"].dt.timestamp("us") // _SECOND).to_list()
    unseen = deque((at_report[n], n) for n in range(len(names)) if n not in found)
    payees = reports["payee"].to_list()
    ledger = _Ledger()
    steps: list[tuple[str, int, int, int]] = []
    payer_of, payee_of = money["from_key"].to_list(), money["to_key"].to_list()
    instants, fen = (money["at"].dt.timestamp("us") // _SECOND).to_list(), money["amount_fen"].to_list()
    for place, payer in enumerate(payer_of):
        at = instants[place]
        while unseen and unseen[0][0] <= at:
            since, number = unseen.popleft()
            ledger.add(payees[number], _Layer(number, amounts[number], 1, since))
        if place in paid:
            number = paid[place]
            ledger.add(payee_of[place], _Layer(number, fen[place], 1, at))
            steps.append((names[number], 1, fen[place], place))
        elif payer in ledger.layers and payee_of[place] != payer:
            carried: dict[tuple[int, int], int] = {}
            for layer in ledger.take(payer, fen[place], at):
                key = (layer.report, layer.level)
                carried[key] = carried.get(key, 0) + layer.fen
            for (number, level), part in carried.items():
                if level < MOST_LEVEL and part >= LEAST_SHARE * amounts[number]:
                    ledger.add(payee_of[place], _Layer(number, part, level + 1, at))
                    steps.append((names[number], level + 1, part, place))
    return pl.DataFrame(steps, schema=STEP, orient="row")
