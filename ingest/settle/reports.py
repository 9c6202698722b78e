"""Cases, victim reports, tip-offs, control orders and list entries."""

import polars as pl

from ingest.settle.cards import CardBook
from ingest.settle.collect import Collector
from ingest.settle.holdings import INSTANT, Holdings
from ingest.settle.persons import add_named, with_party

_ZONE = "Asia/Shanghai"


def add_cases(cases: pl.DataFrame, book: CardBook, sims: Holdings, found: Collector) -> None:
    """Case and Report nodes with payments, callers, sites and victims; a report may list several payments."""
    rows = cases.with_columns(
        report=pl.coalesce("report_no", "case_no"),
        payer=book.resolve(cases["payer_account"]),
        payee=book.resolve(cases["payee_account"]),
        caller_sim=sims.resolve(cases["caller"], cases["paid"]),
    )
    where = ["row_key", "source", "row"]
    found.add_nodes(
        "Case",
        rows.select(
            *where, "fraud_type", "unit", "region", "status", key="case_no", opened_at="opened", as_of="paid"
        ),
        0,
    )
    sums = rows.group_by("report").agg(amount_fen=pl.sum("amount"), paid_at=pl.min("paid"))
    stated = rows.select(
        *where, "fraud_type", "region", "age", "occupation", key="report", case_number="case_no", as_of="paid"
    )
    found.add_nodes("Report", stated.join(sums, left_on="key", right_on="report", how="left"), 0)
    for name, account in (("PAID_FROM", "payer"), ("PAID_TO", "payee")):
        found.add_relations(
            name,
            rows.select(
                "source", "row", "region",
                event_key="row_key", from_key="report", to_key=account, at="paid", amount_fen="amount",
            ),
        )  # fmt: skip
    found.add_relations("FILED", rows.select(*where, from_key="report", to_key="case_no"))
    found.add_relations("NAMED_CALLER", rows.select(*where, from_key="report", to_key="caller_sim"))
    found.add_relations("LED_TO", rows.select(*where, from_key="report", to_key="site"))
    victims = with_party(rows.filter(pl.col("victim_id").is_not_null()), "victim_id", "victim")
    victims = victims.filter(pl.col("party_type") == "Person")
    add_named(victims, "victim", found, 2)
    found.add_relations("VICTIM_OF", victims.select(*where, from_key="party", to_key="case_no"))


def add_controls(orders: pl.DataFrame, book: CardBook, found: Collector) -> None:
    """ControlOrder nodes and the CONTROL event of each; a refused order still tells of an earlier freezer."""
    mode = (
        pl.when(pl.col("mode").is_in(["01", "1", "限额", "限额冻结"]))
        .then(pl.lit("limit"))
        .when(pl.col("mode").is_in(["02", "2", "只收不付"]))
        .then(pl.lit("receive_only"))
        .otherwise(pl.col("mode"))
    )
    rows = orders.with_columns(number=book.resolve(orders["account"]))
    found.add_nodes(
        "ControlOrder",
        rows.select(
            "row_key", "source", "row", "document", "reason", "earlier_freezer",
            key="order_no", kind="measure", mode=mode, requested_fen="requested", executed_fen="executed",
            balance_fen="balance", available_fen="available", started_at="started", ended_at="ended",
            earlier_fen="earlier_amount", earlier_until_at="earlier_until", as_of="started",
        ),
        0,
    )  # fmt: skip
    failed = pl.col("reason").is_not_null()
    state = pl.coalesce("state", pl.when(failed).then(pl.lit("refused")).otherwise(pl.lit("executed")))
    timed = rows.filter(pl.coalesce("started", "ended").is_not_null())
    found.add_relations(
        "CONTROL",
        timed.select(
            "source", "row", "region",
            event_key="row_key", from_key="order_no", to_key="number", at=pl.coalesce("started", "ended"),
            state=state,
        ),
    )  # fmt: skip


def add_lists(
    entries: pl.DataFrame, accounts: pl.Series, book: CardBook, sims: Holdings, found: Collector
) -> None:
    """ListEntry nodes and LISTED_AS edges; whether an entry is in force is asked when it is used."""
    start = (
        pl.col("valid_from").cast(pl.Datetime("us")).dt.replace_time_zone(_ZONE).dt.convert_time_zone("UTC")
    )
    last = (pl.col("valid_to").cast(pl.Datetime("us")) + pl.duration(days=1)).dt.replace_time_zone(_ZONE)
    key = pl.concat_str("issuer", pl.coalesce("document", pl.lit("")), "subject", separator=":")
    rows = entries.filter(pl.col("subject").is_not_null()).with_columns(
        entry=key, starts=start.cast(INSTANT), ends=last.dt.convert_time_zone("UTC").cast(INSTANT)
    )
    found.add_nodes(
        "ListEntry",
        rows.select(
            "row_key", "source", "row", "issuer", "document", "appeal",
            key="entry", kind="list_kind", valid_from_on="valid_from", valid_to_on="valid_to", as_of="starts",
        ),
        0,
    )  # fmt: skip
    word = pl.col("subject_kind")
    known = rows["subject"].is_in(accounts.implode())
    kind = (
        pl.when(word.str.contains("账|卡号|银行卡") | known)
        .then(pl.lit("Account"))
        .when(word.str.contains("电话|手机|号码|SIM"))
        .then(pl.lit("Sim"))
        .when(word.str.contains("单位|企业|公司|机构"))
        .then(pl.lit("Organization"))
        .otherwise(pl.lit("Person"))
    )
    ended = rows.with_columns(
        subject_type=kind,
        account=book.resolve(rows["subject"]),
        sim=sims.resolve(rows["subject"], rows["starts"]),
    )
    target = (
        pl.when(pl.col("subject_type") == "Account")
        .then(pl.col("account"))
        .when(pl.col("subject_type") == "Sim")
        .then(pl.col("sim"))
        .otherwise(pl.col("subject").str.to_uppercase())
    )
    found.add_relations(
        "LISTED_AS",
        ended.select(
            "row_key", "source", "row",
            from_type="subject_type", from_key=target, to_key="entry",
            valid_from_at="starts", valid_to_at="ends",
        ),
    )  # fmt: skip


def add_tips(
    tips: pl.DataFrame, accounts: pl.Series, book: CardBook, sims: Holdings, found: Collector
) -> None:
    """Tip nodes and what they mention: known accounts, and mobile numbers."""
    found.add_nodes(
        "Tip", tips.select("row_key", "source", "row", "channel", key="tip_no", received_at="received"), 0
    )
    named = (
        tips.filter(pl.col("subject").is_not_null())
        .with_columns(number=pl.col("subject").str.split(" "))
        .explode("number")
    )
    if named.is_empty():
        return
    known = named["number"].is_in(accounts.implode())
    mobile = named["number"].str.contains(r"^1[3-9][0-9]{9}$") & ~known
    long = (named["number"].str.len_chars() >= 12) & ~mobile
    found.add_relations(
        "MENTIONS",
        named.with_columns(
            to_type=pl.select(
                pl.when(pl.lit(mobile)).then(pl.lit("Sim")).when(pl.lit(known | long)).then(pl.lit("Account"))
            ).to_series(),
            account=book.resolve(named["number"]),
            sim=sims.resolve(named["number"], named["received"]),
        )
        .filter(pl.col("to_type").is_not_null())
        .select(
            "row_key", "source", "row", "to_type",
            from_key="tip_no",
            to_key=pl.when(pl.col("to_type") == "Sim").then(pl.col("sim")).otherwise(pl.col("account")),
        ),
    )  # fmt: skip
