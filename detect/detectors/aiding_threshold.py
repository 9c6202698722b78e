"""C09: figures of a person's accounts and SIMs that reach dated rows of the aiding offence (DOMAIN 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from graph.contract import Ref
from graph.lake.same import as_one

_ROWS_FOR_FULL = 3
_LINK = (pl.col("source").alias("link_source"), pl.col("row").alias("link_row"))
_NO_SIM = ("fixed", "固话", "固定电话", "95", "400", "95号", "400号")
_OWN, _OTHERS = pl.col("side") == "own", pl.col("side") == "others"


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the table: in force from a day, the figures that reach it, and how it is said."""

    since: date
    reached: pl.Expr
    zh: str
    en: str


def aiding_threshold(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Persons whose figures reach a row that was in force when they acted; only such acts count for it.

    An act is counting victims' money that comes into an account the person holds, or opened as agent for
    somebody else; or the first use of the person's SIM in a device with a SIM that victims named. Moves
    between the person's own accounts do not count. subject: the person; others: accounts and SIMs.
    parameters: the rows' numbers and dates; share, max_level, min_inflow_share, floor (as F20). No reports
    give nothing.
    """
    acts = pl.concat([*_account_acts(facts, parameters), *_sim_acts(facts)]).with_columns(
        pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date().alias("on")
    )
    table = _table(parameters)
    met = pl.concat([_reaching(acts, row, place) for place, row in enumerate(table)])
    mine = acts.join(met.select("person").unique(), on="person", how="semi").sort(
        "person", "at", "source", "row"
    )
    by_person = mine.partition_by("person", as_dict=True)
    rows_of = met.group_by("person").agg(pl.col("place").sort()).sort("person")
    hits = [
        _hit(person, [table[place] for place in places], by_person[(person,)])
        for person, places in rows_of.iter_rows()
    ]
    return DetectorResult(in_order(hits))


def _table(parameters: Mapping[str, Any]) -> list[_Row]:
    """The rows whose figures the lake can hold; the others stand in the rule's limits."""
    p = parameters
    settlement, over = int(p["settlement"]), int(p["inflow_over"])
    unproved = int(p["unproved_factor"]) * settlement
    first, second, third = (p[name] for name in ("from_2019", "from_2021", "from_2025"))
    law_2019 = (f"法释〔2019〕15号第12条（{first}起）", f"Interpretation 2019-15 Art. 12 (from {first}): ")
    law_2021 = (
        f"意见（二）第9条（{second}起，施行日待核）",
        f"Opinions II Art. 9 (from {second}, day unverified): ",
    )
    law_2025 = (f"法发〔2025〕12号第6条（{third}起）", f"Opinions 2025-12 Art. 6 (from {third}): ")
    own = (pl.col("accounts_own") >= int(p["own_accounts"])) & (pl.col("inflow_own") > over)
    others = (pl.col("accounts_others") >= 1) & (pl.col("inflow_others") > over)
    rows: list[tuple[date, tuple[str, str], pl.Expr, str, str]] = [
        (first, law_2019, pl.col("carried_own") >= settlement,
         f"支付结算金额≥{_yuan(settlement)}元", f"settlement ≥ {_yuan(settlement)} yuan"),
        (first, law_2019, pl.col("inflow_own") >= unproved,
         f"被帮助对象无法查证时金额≥{_yuan(unproved)}元",
         f"helped offence not provable, amount ≥ {_yuan(unproved)} yuan"),
        (second, law_2021, pl.col("accounts_others") >= int(p["others_accounts"]),
         f"他人账户≥{p['others_accounts']}个", f"others' accounts ≥ {p['others_accounts']}"),
        (third, law_2025, own,
         f"本人账户≥{p['own_accounts']}个且流入>{_yuan(over)}元",
         f"own accounts ≥ {p['own_accounts']} and inflow > {_yuan(over)} yuan"),
        (third, law_2025, others,
         f"他人或单位账户且流入>{_yuan(over)}元",
         f"others' or units' accounts and inflow > {_yuan(over)} yuan"),
        (third, law_2025, pl.col("sims") >= int(p["sims"]),
         f"电话卡、物联网卡≥{p['sims']}张", f"SIM or IoT cards ≥ {p['sims']}"),
    ]  # fmt: skip
    return [_Row(since, reached, law[0] + zh, law[1] + en) for since, law, reached, zh, en in rows]


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}"


def _figures(acts: pl.DataFrame) -> pl.DataFrame:
    """One row a person: victims' money and inflow in fen, accounts and SIMs, as own and as others'."""
    victims, inflow = pl.col("kind") == "victims", pl.col("kind") == "inflow"
    fen, thing = pl.col("fen"), pl.col("thing")
    return acts.group_by("person").agg(
        fen.filter(victims & _OWN).sum().alias("carried_own"),
        fen.filter(inflow & _OWN).sum().alias("inflow_own"),
        fen.filter(inflow & _OTHERS).sum().alias("inflow_others"),
        thing.filter(victims & _OWN).n_unique().alias("accounts_own"),
        thing.filter(victims & _OTHERS).n_unique().alias("accounts_others"),
        thing.filter(pl.col("kind") == "sim").n_unique().alias("sims"),
    )


def _reaching(acts: pl.DataFrame, row: _Row, place: int) -> pl.DataFrame:
    figures = _figures(acts.filter(pl.col("on") >= row.since))
    return figures.filter(row.reached).select("person", pl.lit(place).alias("place"))


def _account_acts(facts: Facts, parameters: Mapping[str, Any]) -> list[pl.DataFrame]:
    """Victims' money and all inflow of the accounts it reached, for their holders and agents."""
    steps = facts.carrying(float(parameters["share"])).drop_nulls("account")
    into = facts.tables.scan("TRANSFER").select(
        pl.col("to_key").alias("account"),
        pl.col("from_key").alias("payer"),
        pl.col("amount_fen").alias("fen"),
        "at",
        *PROOF,
    )
    cash = facts.tables.scan("CASH_IN").select(
        pl.col("to_key").alias("account"), pl.lit(None, dtype=pl.String).alias("payer"),
        pl.col("amount_fen").alias("fen"), "at", *PROOF,
    )  # fmt: skip
    inflow = (
        pl.concat([into, cash])
        .join(steps.select("account").unique().lazy(), on="account", how="semi")
        .collect()
    )
    held = (
        steps.group_by("account")
        .agg(pl.col("level").min(), pl.col("carried_fen").sum())
        .join(inflow.group_by("account").agg(pl.col("fen").sum()), on="account")
        .filter(
            pl.col("level") <= int(parameters["max_level"]),
            pl.col("carried_fen") >= int(parameters["floor"]),
            pl.col("carried_fen") >= float(parameters["min_inflow_share"]) * pl.col("fen"),
        )
    )
    links = _links(facts).join(held, on="account", how="semi")
    victims = steps.select("account", "payer", pl.col("carried_fen").alias("fen"), "at", *PROOF)
    return [_linked(facts, links, victims, "victims"), _linked(facts, links, inflow, "inflow")]


def _links(facts: Facts) -> pl.DataFrame:
    """person, account, side (own: holds it; others: opened it as agent for another holder), link rows."""
    columns = ("side", "link_source", "link_row")
    own = (
        facts.tables.scan("HOLDS")
        .filter((pl.col("from_type") == "Person") & (pl.col("to_type") == "Account"))
        .select(
            pl.col("from_key").alias("person"),
            pl.col("to_key").alias("account"),
            pl.lit("own").alias("side"),
            *_LINK,
        )
        .with_columns(as_one(facts.tables, "person"))
        .collect()
    )
    agents = (
        facts.tables.scan("OPENED_BY_AGENT")
        .select(
            pl.col("to_key").alias("person"),
            pl.col("from_key").alias("account"),
            pl.lit("others").alias("side"),
            *_LINK,
        )
        .with_columns(as_one(facts.tables, "person"))
        .collect()
        .join(facts.holder_of, on="account")
        .filter(pl.col("holder") != pl.col("person"))
    )
    both = pl.concat([own, agents.select("person", "account", *columns)])
    return both.sort("person", "account", *columns).unique(
        ["person", "account"], keep="first", maintain_order=True
    )


def _linked(facts: Facts, links: pl.DataFrame, events: pl.DataFrame, kind: str) -> pl.DataFrame:
    payer = facts.holder_of.select(pl.col("account").alias("payer"), pl.col("holder").alias("paid_by"))
    return (
        links.join(events, on="account")
        .join(payer, on="payer", how="left")
        .filter(pl.col("paid_by").ne_missing(pl.col("person")))
        .select(
            "person",
            pl.col("account").alias("thing"),
            pl.lit(kind).alias("kind"),
            "side",
            "fen",
            "at",
            "link_source",
            "link_row",
            *PROOF,
        )
    )


def _sim_acts(facts: Facts) -> list[pl.DataFrame]:
    """The person's SIMs used in a device in which a SIM that victims named was used, at their first use.

    The second frame holds the rows that say so of the device (kind `named`), for the proof only.
    """
    dummy = facts.tables.scan("Device").filter(pl.col("placeholder").fill_null(False)).select("key")
    used = facts.tables.scan("USED_IN").join(dummy, left_on="to_key", right_on="key", how="anti")
    reports = facts.tables.scan("NAMED_CALLER").select(pl.col("to_key").alias("from_key"), "source", "row")
    named = used.select("from_key", "to_key", *_LINK).join(reports, on="from_key")
    no_sim = facts.tables.scan("Sim").filter(pl.col("kind").is_in(_NO_SIM)).select("key")
    held = (
        facts.tables.scan("HOLDS")
        .filter((pl.col("from_type") == "Person") & (pl.col("to_type") == "Sim"))
        .join(no_sim, left_on="to_key", right_on="key", how="anti")
        .select(pl.col("from_key").alias("person"), pl.col("to_key").alias("thing"), *_LINK)
        .with_columns(as_one(facts.tables, "person"))
    )
    own = (
        used.select(
            "to_key", pl.col("from_key").alias("thing"), pl.col("valid_from_at").alias("at"), "source", "row"
        )
        .drop_nulls("at")
        .join(named.select("to_key").unique(), on="to_key", how="semi")
        .join(held, on="thing")
    )
    proof = own.select("person", "thing", "at", "to_key").join(named.drop("from_key"), on="to_key")
    return [_as_acts(own, "sim").collect(), _as_acts(proof, "named").collect()]


def _as_acts(rows: pl.LazyFrame, kind: str) -> pl.LazyFrame:
    nothing = [
        pl.lit(None, dtype=d).alias(n) for n, d in (("other_source", pl.String), ("other_row", pl.Int64))
    ]
    side, fen = pl.lit("own").alias("side"), pl.lit(0, dtype=pl.Int64).alias("fen")
    return rows.select(
        "person", "thing", pl.lit(kind).alias("kind"), side, fen, "at", "link_source", "link_row",
        "source", "row", *nothing,
    )  # fmt: skip


def _hit(person: str, met: list[_Row], acts: pl.DataFrame) -> Hit:
    counted = acts.filter(pl.col("on") >= min(row.since for row in met))
    figures = _figures(counted).row(0, named=True)
    dated = counted.filter(pl.col("kind").is_in(["victims", "sim"]))
    things = dated.select("kind", "thing").unique().sort("kind", "thing").iter_rows()
    return Hit(
        subject=Ref("Person", person),
        score=graded(len(met), 1, _ROWS_FOR_FULL),
        first_at=dated["at"].min(),  # type: ignore[arg-type] # an instant column
        last_at=dated["at"].max(),  # type: ignore[arg-type] # an instant column
        values={
            "rows_zh": tuple(row.zh for row in met),
            "rows_en": tuple(row.en for row in met),
            "first_act": dated["on"].min(),
            "last_act": dated["on"].max(),
            **{name: figures[name] for name in figures if name != "person"},
        },
        rows=proof_rows(
            [
                *counted.select(PROOF).iter_rows(),
                *(
                    (s, r, None, None)
                    for s, r in counted.select("link_source", "link_row").unique().iter_rows()
                ),
            ]
        ),
        others=tuple(Ref("Sim" if kind == "sim" else "Account", thing) for kind, thing in things),
    )
