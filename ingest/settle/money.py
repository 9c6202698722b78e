"""Makes transfer and cash events out of settled ledger rows."""

from dataclasses import dataclass

import polars as pl

from ingest.settle.carried import Carried
from ingest.settle.collect import UNKNOWN_REGION, Collector
from ingest.settle.mirror import match_mirrors, partners, without_partner

MIRROR_WITHIN_S = 120
_YUAN = ("人民币", "人民币元", "CNY", "RMB", "156", "01")
_CASH_WORDS = r"现金|取现|存现|ATM"
# What one half of a transfer is known by.
SIDE = (
    "row_key", "ledger", "peer", "amount", "currency", "balance", "peer_balance", "at", "serial", "memo",
    "ip", "mac", "terminal", "merchant_no", "region", "day_only", "source", "row", "direction",
)  # fmt: skip

# Of these, what is compared, as numbers; all else is only told.
_COMPARED = ("ledger", "peer", "amount", "direction", "at", "day_only", "serial")
_TOLD = (
    "row_key", "balance", "peer_balance", "serial", "memo", "ip", "mac", "terminal", "merchant_no", "region",
    "source", "row",
)  # fmt: skip
# What the payee's report adds to the payer's.
_MIRRORED = tuple(column for column in _TOLD if column not in ("row_key", "peer_balance"))
_COUNTER = ("is_cash", "kind", "merchant_name", "branch_code", "branch_name", "place")


@dataclass(frozen=True, slots=True)
class MoneyReport:
    """transfers: events; mirrored: of these with both sides' rows; ties: rows without one best pair."""

    transfers: int
    mirrored: int
    ties: int
    cash: int
    without_peer: int


@dataclass(frozen=True, slots=True)
class _Sides:
    """out: payers' rows. partner: of each the payee's row, nulls without one. alone: payees' other rows."""

    out: pl.DataFrame
    partner: pl.DataFrame
    alone: pl.DataFrame
    mirrored: int
    ties: int


def add_money(
    rows: pl.DataFrame,
    found: Collector,
    others: pl.DataFrame | None = None,
    carried: Carried | None = None,
) -> MoneyReport:
    """Add TRANSFER, CASH_OUT and CASH_IN events of ledger rows without reversals.

    rows, carried: as of `ledgers.Ledgers`. Rows without direction, usable counterparty or counter make no
    event. others: the other halves of transfers (SIDE), settled before, that rows of other ledgers tell of;
    for rows that are not carried.
    """
    if carried is None:
        told = halves(rows)
        whole = told if others is None else pl.concat([told, others.select(SIDE)], how="diagonal")
        known = whole.select(*_COMPARED, spot=pl.int_range(pl.len(), dtype=pl.UInt32))
        carried, own = Carried(whole.lazy()), told.height
    else:
        known = rows.filter(_usable()).rename({"time": "at"}).select(*_COMPARED, "spot")
        own = known.height
    peerless = known["peer"].is_null()
    sides, rest = _sides(known.filter(~peerless), carried), known.filter(peerless)
    # All texts at once: each column is read once for all of them.
    first, second, single, cash = carried.take(
        (sides.out["spot"], _TOLD),
        (sides.partner["spot"], _MIRRORED),
        (sides.alone["spot"], _TOLD),
        (rest["spot"], (*_TOLD, *_COUNTER)),
    )
    transfers = _transfers(sides, first, second, single)
    found.add_relations("TRANSFER", transfers)
    drawn = _cash(rest, cash)
    for name, direction in (("CASH_OUT", "out"), ("CASH_IN", "in")):
        found.add_relations(name, _cash_events(drawn.filter(pl.col("direction") == direction), name))
    _add_counters(drawn, found)
    paid = own - rest.height
    return MoneyReport(transfers.height, sides.mirrored, sides.ties, drawn.height, own - paid - drawn.height)


def halves(rows: pl.DataFrame) -> pl.DataFrame:
    """What single rows (as of `ledgers.Ledgers.rows`) tell of transfers and cash: SIDE, and counters."""
    told = rows.filter(_usable()).rename({"time": "at"}).select(*SIDE, *_COUNTER)
    return told.with_columns(_region(), currency=_yuan(told["currency"]).cast(pl.String))


def _usable() -> pl.Expr:
    return pl.col("direction").is_not_null() & (pl.col("amount") > 0)


def _region() -> pl.Expr:
    return pl.when(pl.col("region") != UNKNOWN_REGION).then(pl.col("region"))


def _yuan(currencies: pl.Series) -> pl.Series:
    """Currencies as an enumeration, yuan under one name."""
    different = currencies.drop_nulls().unique()
    yuan = different.filter(different.str.to_uppercase().is_in(_YUAN))
    names = pl.Enum(pl.concat([different, pl.Series(["CNY"])]).unique().sort())
    return currencies.cast(names).replace(yuan, "CNY")


def _sides(moved: pl.DataFrame, carried: Carried) -> _Sides:
    (told,) = carried.take((moved["spot"], ["currency"]))
    moved = moved.with_columns(currency=_yuan(told["currency"]))
    out, into = (moved.filter(pl.col("direction") == way).drop("direction") for way in ("out", "in"))
    pairs, ties = _mirrored(_match_side(out, "ledger", "peer"), _match_side(into, "peer", "ledger"))
    partner = into.select(pl.col("spot", "at", "currency").gather(partners(pairs, out.height)))
    return _Sides(out, partner, into[without_partner(into.height, pairs)], pairs.height, ties)


def _transfers(
    sides: _Sides, first: pl.DataFrame, second: pl.DataFrame, single: pl.DataFrame
) -> pl.DataFrame:
    # The code of a serial has done its work: its text takes its place.
    payer = sides.out.drop("serial").hstack(first).with_columns(_region())
    payee = sides.alone.drop("serial").hstack(single).with_columns(_region())
    other = sides.partner.drop("spot").hstack(second).with_columns(_region())
    payer = payer.hstack(other.rename(lambda column: f"to_{column}"))
    return pl.concat([_from_payer(payer), _from_payee(payee)])


def _mirrored(left: pl.DataFrame, right: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """left, right (the sides' ids) of the rows that report one transfer, and the rows in ties."""
    on = ["payer", "payee", "amount", "currency", "day_only"]
    # One number given to both reports by the clearing house decides before any time difference does.
    first = match_mirrors(
        left.filter(pl.col("serial").is_not_null()),
        right.filter(pl.col("serial").is_not_null()),
        [*on, "serial"],
        MIRROR_WITHIN_S,
    )
    rest_left = left.filter(~pl.col("id").is_in(first.pairs["left"].implode()))
    rest_right = right.filter(~pl.col("id").is_in(first.pairs["right"].implode()))
    second = match_mirrors(rest_left, rest_right, on, MIRROR_WITHIN_S)
    return pl.concat([first.pairs, second.pairs]), first.ties + second.ties


def _match_side(side: pl.DataFrame, payer: str, payee: str) -> pl.DataFrame:
    return side.select(
        "at", "amount", "serial", "day_only", id=pl.int_range(pl.len(), dtype=pl.UInt32),
        payer=payer, payee=payee, currency=pl.col("currency").fill_null("CNY"),
    )  # fmt: skip


def _precision(day_only: pl.Expr) -> pl.Expr:
    return pl.when(day_only).then(pl.lit("day")).otherwise(pl.lit("second"))


def _from_payer(both: pl.DataFrame) -> pl.DataFrame:
    return both.select(
        event_key="row_key",
        from_key="ledger",
        to_key="peer",
        at="at",
        region=pl.coalesce("region", "to_region"),
        amount_fen="amount",
        currency=pl.coalesce("currency", "to_currency"),
        from_balance_fen="balance",
        to_balance_fen=pl.coalesce("to_balance", "peer_balance"),
        from_at="at",
        to_at="to_at",
        serial="serial",
        to_serial="to_serial",
        memo=pl.coalesce("memo", "to_memo"),
        precision=_precision(pl.col("day_only")),
        ip=pl.coalesce("ip", "to_ip"),
        mac=pl.coalesce("mac", "to_mac"),
        terminal=pl.coalesce("terminal", "to_terminal"),
        merchant_no=pl.coalesce("merchant_no", "to_merchant_no"),
        source="source",
        row="row",
        other_source="to_source",
        other_row="to_row",
    )


def _from_payee(alone: pl.DataFrame) -> pl.DataFrame:
    none = pl.lit(None)
    return alone.select(
        event_key="row_key",
        from_key="peer",
        to_key="ledger",
        at="at",
        region="region",
        amount_fen="amount",
        currency="currency",
        from_balance_fen="peer_balance",
        to_balance_fen="balance",
        from_at=none.cast(pl.Datetime("us", "UTC")),
        to_at="at",
        serial=none.cast(pl.String),
        to_serial="serial",
        memo="memo",
        precision=_precision(pl.col("day_only")),
        ip="ip",
        mac="mac",
        terminal="terminal",
        merchant_no="merchant_no",
        source="source",
        row="row",
        other_source=none.cast(pl.String),
        other_row=none.cast(pl.Int64),
    )


def _cash(peerless: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Cash rows with a counter: merchant number, else terminal, else branch (docs/architecture.md)."""
    worded = pl.col("memo").str.contains(_CASH_WORDS) | pl.col("kind").str.contains(_CASH_WORDS)
    cash = pl.col("is_cash").fill_null(worded.fill_null(False))
    rows = peerless.drop("serial").hstack(texts).filter(cash).with_columns(_region())
    counter = pl.coalesce("merchant_no", "terminal:" + pl.col("terminal"), "branch:" + pl.col("branch_code"))
    return rows.with_columns(counter=counter).filter(pl.col("counter").is_not_null())


def _cash_events(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    ends = ("ledger", "counter") if name == "CASH_OUT" else ("counter", "ledger")
    return rows.select(
        event_key="row_key",
        from_key=ends[0],
        to_key=ends[1],
        at="at",
        region="region",
        amount_fen="amount",
        balance_fen="balance",
        serial="serial",
        memo="memo",
        precision=_precision(pl.col("day_only")),
        terminal="terminal",
        branch="branch_code",
        source="source",
        row="row",
    )


def _add_counters(rows: pl.DataFrame, found: Collector) -> None:
    kind = (
        pl.when(pl.col("merchant_no").is_not_null())
        .then(pl.lit("merchant"))
        .when(pl.col("terminal").is_not_null())
        .then(pl.lit("terminal"))
        .otherwise(pl.lit("branch counter"))
    )
    name = pl.coalesce("merchant_name", "branch_name")
    counters = rows.select(
        "row_key", "source", "row", key="counter", name=name, kind=kind, place="place", as_of="at"
    )
    latest = counters.sort("as_of", "row_key", descending=[True, False])
    found.add_nodes("Merchant", latest.unique(["key", "name", "place"], keep="first", maintain_order=True), 1)
