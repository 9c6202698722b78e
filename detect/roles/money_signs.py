"""Signs that money shows: lent cards, pools, score-running, wages, sinks, cash."""

import polars as pl

from detect.roles.sign import Inside, signs

LENT_LEVELS = 4
POOL_PAYERS = 4
WAGE_DAYS = 2
# Wages of one person differ by overtime and commission, not by a multiple.
WAGE_SPREAD = 0.35
SINK_FEN = 1_000_000
CASH_ROWS = 2


def money_signs(inside: Inside) -> list[pl.DataFrame]:
    """One frame a sign, with the columns of SIGN."""
    own = inside.accounts.filter(pl.col("person").is_not_null())
    flows = _inner_transfers(inside)
    pools = _pools(inside, flows)
    return [
        signs(_victim_money(inside, own), "victim_money_on_card"),
        signs(_victims_direct(inside, own), "paid_by_victims"),
        signs(own.join(pools, left_on=["gang", "key"], right_on=["gang", "to_key"]), "holds_pool"),
        *_runner_signs(own, flows, pools),
        signs(_wages(inside), "wage_like_pay"),
        signs(_sink(inside), "late_net_sink"),
        signs(_cash(inside, own), "cash_out"),
    ]


def _inner_transfers(inside: Inside) -> pl.DataFrame:
    """Transfers between accounts of one gang: gang, from_key, to_key, at, amount_fen, source, row."""
    accounts = inside.accounts.select("gang", "key").lazy()
    return (
        inside.tables.scan("TRANSFER")
        .select("from_key", "to_key", "at", "amount_fen", "source", "row")
        .join(accounts, left_on="from_key", right_on="key")
        .join(accounts, left_on=["gang", "to_key"], right_on=["gang", "key"])
        .filter(pl.col("from_key") != pl.col("to_key"))
        .collect()
    )


def _victim_money(inside: Inside, own: pl.DataFrame) -> pl.DataFrame:
    steps = inside.evidence.steps.filter(pl.col("level") <= LENT_LEVELS)
    return own.join(steps.select("source", "row", key="to_key"), on="key")


def _victims_direct(inside: Inside, own: pl.DataFrame) -> pl.DataFrame:
    steps = inside.evidence.steps.filter(pl.col("level") == 1)
    return own.join(steps.select("source", "row", key="to_key"), on="key")


def _pools(inside: Inside, flows: pl.DataFrame) -> pl.DataFrame:
    """Transfers into accounts that at least 4 accounts of the gang pay, each paid by victims before."""
    direct = inside.evidence.steps.filter(pl.col("level") == 1).select(from_key="to_key").unique()
    into = flows.join(direct, on="from_key", how="semi")
    wide = pl.col("from_key").n_unique().over("gang", "to_key") >= POOL_PAYERS
    return into.filter(wide).select("gang", "to_key", "from_key", "at", "source", "row")


def _runner_signs(own: pl.DataFrame, flows: pl.DataFrame, pools: pl.DataFrame) -> list[pl.DataFrame]:
    """Payers of a pool; and those whose first payment to it came before anything of the gang reached them."""
    payers = own.join(pools, left_on=["gang", "key"], right_on=["gang", "from_key"])
    taken = flows.group_by("gang", "to_key").agg(pl.col("at").min().alias("first_in"))
    ahead = (
        payers.join(taken, left_on=["gang", "key"], right_on=["gang", "to_key"], how="left", suffix="_in")
        .filter(pl.col("first_in").is_null() | (pl.col("at") < pl.col("first_in")))
        .filter(pl.col("at") == pl.col("at").min().over("gang", "key"))
    )
    return [signs(payers, "pays_pool"), signs(ahead, "deposit_first")]


def _wages(inside: Inside) -> pl.DataFrame:
    """Much the same sum from one account of the gang to a member's account, on at least 2 days."""
    persons = inside.members.filter(pl.col("type") == "Person").select("gang", person="key").lazy()
    held = inside.evidence.holder_of.lazy().filter(pl.col("type") == "Account").select("key", person="holder")
    payees = held.join(persons, on="person")
    pay = (
        inside.tables.scan("TRANSFER")
        .select("from_key", "to_key", "at", "amount_fen", "source", "row")
        .join(inside.accounts.lazy().select("gang", "key"), left_on="from_key", right_on="key")
        .join(payees, left_on=["gang", "to_key"], right_on=["gang", "key"])
        .collect()
    )
    pair = ["gang", "from_key", "to_key"]
    middle = pl.col("amount_fen").median().over(pair)
    regular = pay.filter((pl.col("amount_fen") - middle).abs() <= WAGE_SPREAD * middle)
    return regular.filter(pl.col("at").dt.date().n_unique().over(pair) >= WAGE_DAYS).filter(
        pl.col("amount_fen").median().over(pair) >= 200_000
    )


def _sink(inside: Inside) -> pl.DataFrame:
    """A large sum from the gang to a member's account that no victim's money is seen to leave."""
    persons = inside.members.filter(pl.col("type") == "Person").select("gang", person="key").lazy()
    held = inside.evidence.holder_of.lazy().filter(pl.col("type") == "Account").select("key", person="holder")
    passing = inside.evidence.ties.filter(pl.col("kind").is_in(["victim_money", "pass_through"]))
    names = inside.evidence.nodes.select("id", "key")
    leaving = passing.join(names, left_on="a", right_on="id").get_column("key").implode()
    return (
        inside.tables.scan("TRANSFER")
        .filter(pl.col("amount_fen") >= SINK_FEN)
        .select("from_key", "to_key", "source", "row")
        .join(inside.accounts.lazy().select("gang", "key"), left_on="from_key", right_on="key")
        .join(held.join(persons, on="person"), left_on=["gang", "to_key"], right_on=["gang", "key"])
        .filter(~pl.col("to_key").is_in(leaving))
        .collect()
    )


def _cash(inside: Inside, own: pl.DataFrame) -> pl.DataFrame:
    out = inside.tables.scan("CASH_OUT").select("source", "row", key="from_key").collect()
    return own.join(out, on="key").filter(pl.len().over("gang", "key") >= CASH_ROWS)
