"""Where accounts are used and where persons themselves are seen: logins, chat accounts, SIMs in devices."""

from dataclasses import dataclass

import polars as pl

from detect.controllers.payments import payment_uses
from detect.facts import Facts

TIE = {
    "person": pl.String(),
    "sole": pl.Boolean(),
    "device": pl.String(),
    "kind": pl.String(),
    "ip": pl.String(),
    "first_at": pl.Datetime("us", "UTC"),
    "last_at": pl.Datetime("us", "UTC"),
    "source": pl.String(),
    "row": pl.Int64(),
}
"""Columns of `Uses.ties`."""


@dataclass(frozen=True, slots=True)
class Uses:
    """What the lake says of use, each row with its source row; sorted.

    ties: a person's own SIM or network account in a device (columns TIE; ip null for SIMs). A number that the
    person register states for several people is a tie of each of them; `sole` is false then, for it names
    nobody. logins: account, holder (a person), device, ip, at, source, row of logins and of payments whose
    MAC is a device's. strange: those of `logins` on devices where neither the holder nor anybody of the
    holder's home is seen by a tie. homes: person, home, employer (what
    makes two people related, `Facts.kin`).
    """

    ties: pl.DataFrame
    logins: pl.DataFrame
    strange: pl.DataFrame
    homes: pl.DataFrame


def read_uses(facts: Facts, lead: float) -> Uses:
    """Uses of a lake, `lead` as of `payment_uses`; placeholders (zeros, dummies) are left out.

    Accounts of organisations are too: a unit acts through people, so that the device says nothing (exception
    `agency`).
    """
    homes = facts.kin.select("person", "home", "employer")
    ties, logins = _ties(facts), _logins(facts, lead)
    seen = ties.join(homes.drop("employer"), on="person", how="left").select(
        "device", pl.coalesce("home", "person").alias("home")
    )
    at_home = logins.join(homes.drop("employer"), left_on="holder", right_on="person")
    strange = at_home.join(seen.unique(), on=["device", "home"], how="anti").drop("home")
    return Uses(ties, logins, strange.sort("account", "at", "source", "row"), homes)


def _real(facts: Facts) -> pl.LazyFrame:
    return facts.tables.scan("Device").filter(~pl.col("placeholder").fill_null(False)).select(device="key")


def _logins(facts: Facts, lead: float) -> pl.DataFrame:
    persons = facts.tables.scan("Person").select(holder="key")
    logins = (
        facts.tables.scan("LOGGED_IN")
        .filter(pl.col("from_type") == "Account")
        .select(account="from_key", device="to_key", ip="ip", at="at", source="source", row="row")
        .join(_real(facts), on="device", how="semi")
        .collect()
    )
    uses = pl.concat([logins, payment_uses(facts, logins, lead).select(logins.columns)])
    return (
        uses.join(facts.holder_of, on="account")
        .join(persons.collect(), on="holder", how="semi")
        .sort("account", "at", "source", "row")
    )


def _ties(facts: Facts) -> pl.DataFrame:
    users = _users(facts).lazy()
    bound = facts.tables.scan("BOUND_TO").filter(pl.col("from_type") == "NetAccount")
    chats = (
        facts.tables.scan("LOGGED_IN")
        .filter(pl.col("from_type") == "NetAccount")
        .join(bound.select("from_key", sim="to_key").unique(), on="from_key")
        .join(users, on="sim")
        .select(*_columns("chat", pl.col("ip"), pl.col("at"), pl.col("at")))
    )
    used = (
        facts.tables.scan("USED_IN")
        .rename({"from_key": "sim"})
        .join(users, on="sim")
        .select(*_columns("sim", pl.lit(None, dtype=pl.String), pl.col("valid_from_at"), _LAST))
    )
    both = pl.concat([chats.collect(), used.collect()]).cast(TIE)  # type: ignore[arg-type]
    real = both.join(_real(facts).collect(), on="device", how="semi")
    return real.sort("person", "device", "first_at", "source", "row")


_LAST = pl.coalesce("valid_to_at", "valid_from_at")


def _columns(kind: str, ip: pl.Expr, first: pl.Expr, last: pl.Expr) -> list[pl.Expr]:
    ends = [first.alias("first_at"), last.alias("last_at"), pl.col("source"), pl.col("row")]
    return [
        pl.col("person"),
        pl.col("sole"),
        pl.col("to_key").alias("device"),
        pl.lit(kind).alias("kind"),
        ip.alias("ip"),
        *ends,
    ]


def _users(facts: Facts) -> pl.DataFrame:
    """sim, person, sole: the registered holder of a SIM and whoever states its number as their own."""
    holders = facts.sim_holder.rename({"holder": "person"})
    stated = facts.tables.scan("Person").select(person="key", number="phone").drop_nulls().collect()
    number = pl.col("sim").str.split("@").list.first().alias("number")
    # A number that was given out anew is stated by its last holder, not by the holder before.
    last = holders.with_columns(number).sort("sim").group_by("number", maintain_order=True).last()
    more = last.select("sim", "number").join(stated, on="number").select("sim", "person")
    both = pl.concat([holders, more]).unique()
    return both.with_columns((pl.len().over("sim") == 1).alias("sole")).sort("sim", "person")
