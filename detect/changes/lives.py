"""When identifiers ended and when others began: the two sides between which replacements are looked for."""

from datetime import timedelta

import polars as pl

from detect.changes.settings import TYPES, ChangeSettings
from detect.facts import Facts

_DAY_S = 86_400.0
_CLOSED = ("销户", "注销", "停机", "拆机")


def lives(seen: pl.DataFrame) -> pl.DataFrame:
    """First and last time of every identifier with timed traces.

    Columns: type, own, rows, first_at, last_at, acted_at (last own act, null without one), pace (rows a
    second between first and last, at least over one day), since_at and until_at (when the lake's rows of
    this type begin and end, without their first and last hundredth: one stray row moves neither).
    """
    timed = seen.filter(pl.col("at").is_not_null())
    # A call is a trace to its peer and to its cell: one row of a source counts once.
    rows = timed.unique(["type", "own", "at", "source", "row"]).sort("type", "own", "at")
    span = pl.col("at").cast(pl.Int64)
    edges = rows.group_by("type").agg(
        since_at=span.quantile(0.01, "nearest").cast(rows.schema["at"]),
        until_at=span.quantile(0.99, "nearest").cast(rows.schema["at"]),
    )
    acted = timed.filter("acts").group_by("type", "own").agg(acted_at=pl.col("at").max())
    found = rows.group_by("type", "own").agg(
        rows=pl.len(), first_at=pl.col("at").min(), last_at=pl.col("at").max()
    )
    lasted = (pl.col("last_at") - pl.col("first_at")).dt.total_seconds().clip(lower_bound=_DAY_S)
    return (
        found.join(acted, on=["type", "own"], how="left")
        .join(edges, on="type")
        .with_columns(pace=(pl.col("rows") - 1) / lasted)
        .sort("type", "own")
    )


def ended(facts: Facts, known: pl.DataFrame, settings: ChangeSettings) -> pl.DataFrame:
    """Identifiers that ended: type, own, at, how (silent, closed, frozen, stopped), rows; by type, own.

    Numbers and devices end when the own pace lets expect `least_expected` rows in the silence, or when the
    register closed them. Accounts end only by a freeze, stop or closing: a lent account is dropped by the
    dozen, and nothing says what came in its place.
    """
    silent_s = (pl.col("until_at") - pl.col("last_at")).dt.total_seconds()
    silent = pl.col("pace") * silent_s >= settings.least_expected
    quiet = known.filter(pl.col("type") != "Account").join(
        _closed_sims(facts), on=["type", "own"], how="left"
    )
    quiet = quiet.filter(silent | pl.col("closed").fill_null(False)).select(
        "type",
        "own",
        "rows",
        at="last_at",
        how=pl.when(pl.col("closed").fill_null(False)).then(pl.lit("closed")).otherwise(pl.lit("silent")),
    )
    found = pl.concat([quiet, _controlled(facts, known, settings)])
    return found.filter(pl.col("rows") >= settings.least_rows).sort("type", "own")


def began(facts: Facts, known: pl.DataFrame, settings: ChangeSettings) -> pl.DataFrame:
    """Identifiers that began: type, own, at, rows; by type, own.

    Issued or opened after the lake's rows begin, or unseen for so long before that the own pace lets expect
    `least_expected` rows there.
    """
    issued = pl.concat(
        [
            facts.tables.scan("Sim").select(type=pl.lit("Sim"), own="key", issued_at="opened_at"),
            facts.tables.scan("Account").select(type=pl.lit("Account"), own="key", issued_at="opened_at"),
        ]
    ).collect()
    before_s = (pl.col("first_at") - pl.col("since_at")).dt.total_seconds()
    fresh = pl.col("issued_at").is_not_null() & (pl.col("issued_at") >= pl.col("since_at"))
    return (
        known.join(issued, on=["type", "own"], how="left")
        .filter(fresh | (pl.col("pace") * before_s >= settings.least_expected))
        .filter(pl.col("rows") >= settings.least_rows)
        .select("type", "own", "rows", at="first_at")
        .sort("type", "own")
    )


def _closed_sims(facts: Facts) -> pl.DataFrame:
    gone = facts.tables.scan("Sim").filter(pl.col("status").is_in(_CLOSED))
    return gone.select(type=pl.lit("Sim"), own="key", closed=pl.lit(True)).collect()


def _controlled(facts: Facts, known: pl.DataFrame, settings: ChangeSettings) -> pl.DataFrame:
    """Accounts that a freeze, stop or closing ended: no own act later than `linger_days` after it.

    Of several orders the first one that the account did not outlive is taken.
    """
    orders = facts.tables.scan("ControlOrder").select(order="key", kind="kind", started_at="started_at")
    held = (
        facts.tables.scan("CONTROL")
        .join(orders, left_on="from_key", right_on="order")
        .select(
            own="to_key",
            at=pl.coalesce("started_at", "at"),
            how=pl.when(pl.col("kind").str.contains("冻"))
            .then(pl.lit("frozen"))
            .otherwise(pl.lit("stopped")),
        )
    )
    closed = facts.tables.scan("Account").filter(pl.col("closed_at").is_not_null())
    ends = pl.concat([held, closed.select(own="key", at="closed_at", how=pl.lit("closed"))]).collect()
    last = pl.coalesce("acted_at", "last_at")
    return (
        known.filter(pl.col("type") == "Account")
        .join(ends, on="own")
        .filter(last <= pl.col("at") + timedelta(days=settings.linger_days))
        .filter(pl.col("first_at") <= pl.col("at"))
        .sort("own", "at", "how")
        .unique("own", keep="first", maintain_order=True)
        .select("type", "own", "rows", "at", "how")
    )


def unseen_types(known: pl.DataFrame) -> tuple[str, ...]:
    """Types without any timed row: nothing can be said of them."""
    there = set(known["type"].to_list())
    return tuple(name for name in TYPES if name not in there)
