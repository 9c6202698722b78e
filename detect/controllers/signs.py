"""Signs of use: whose device and address an account is used from, and where its holder is meanwhile."""

import polars as pl

from detect.controllers.hands import Hands
from detect.controllers.uses import Uses
from detect.controllers.weights import ControlWeights

SIGN = {
    "account": pl.String(),
    "person": pl.String(),
    "sign": pl.String(),
    "source": pl.String(),
    "row": pl.Int64(),
}
"""Columns of a sign: one row a proving row; person is null where the sign points to nobody."""
_NEAR = pl.duration(days=7)
_KIND = pl.col("device").str.split(":").list.first().alias("of_kind")


def as_signs(rows: pl.DataFrame, sign: str, person: str | None = "person") -> pl.DataFrame:
    """`rows` (account, source, row and maybe person) as signs of one name, each row once."""
    whose = pl.col(person) if person else pl.lit(None, dtype=pl.String)
    named = rows.select("account", whose.alias("person"), pl.lit(sign).alias("sign"), "source", "row")
    return named.cast(SIGN).unique()  # type: ignore[arg-type]


def handed(uses: Uses, hands: Hands, weights: ControlWeights) -> pl.DataFrame:
    """Logins of accounts on a hand's devices: `strange` with the hand.

    Further columns: hand, holders, owner (person or null), handed_at and left_at (first and last such login),
    count (how many). An owner who is the holder or related (home, employer) is left out. A single use
    counts where nothing else is seen on the account after it, and on devices of nobody known at least half of
    the later uses must be theirs (`kept`): a terminal in a hall is used once and left.
    """
    rows = (
        uses.strange.join(hands.device, on="device")
        .join(hands.owner.select("hand", owner="person"), on="hand", how="left")
        .join(uses.homes, left_on="holder", right_on="person", how="left")
        .join(uses.homes, left_on="owner", right_on="person", how="left", suffix="_there")
    )
    kin = (pl.col("owner") == pl.col("holder")) | (pl.col("home") == pl.col("home_there"))
    kin |= pl.col("employer") == pl.col("employer_there")
    own = rows.filter(~kin.fill_null(False)).drop("home", "home_there", "employer", "employer_there")
    of_hand = ["account", "hand"]
    times = own.with_columns(
        pl.col("at").min().over(of_hand).alias("handed_at"),
        pl.col("at").max().over(of_hand).alias("left_at"),
        pl.struct("source", "row").n_unique().over(of_hand).alias("count"),
    )
    # What other devices, the holder's own among them, do with the account from that moment on.
    later = (
        times.select("account", "hand", "handed_at", "count").unique()
        .join(uses.logins.select("account", now="at"), on="account")
        .filter(pl.col("now") >= pl.col("handed_at"))
        .group_by("account", "hand").agg((pl.col("count").first() / pl.len()).alias("kept"))
    )  # fmt: skip
    shown = (pl.col("count") >= weights.least_logins) & (
        pl.col("owner").is_not_null() | (pl.col("kept") >= 0.5)
    )
    return (
        times.join(later, on=of_hand)
        .filter(shown | (pl.col("kept") >= 1.0))
        .sort("account", "at", "source", "row")
    )


def device_signs(uses: Uses, hands: Hands, used: pl.DataFrame, weights: ControlWeights) -> list[pl.DataFrame]:
    """The account is used on a device in which the named person is seen, on a linked one, on one of many.

    Linked: the person is seen on another device of the hand, or is the owner of another hand and uses an
    account of their own on this one.
    """
    named = used.filter(pl.col("owner").is_not_null()).with_columns(person="owner")
    seen = uses.ties.join(hands.device, on="device").select("person", "device", "hand", "source", "row")
    owns = seen.select("person", "device").unique()
    direct = named.join(owns, on=["person", "device"], how="semi")
    linked = named.join(direct.select("account", "person").unique(), on=["account", "person"], how="anti")
    own_use = uses.strange.join(hands.device, on="device").select("hand", "source", "row", person="holder")
    owners = seen.join(hands.owner, on=["hand", "person"], how="semi")
    many = used.filter(pl.col("holders") >= weights.many_holders)
    return [
        as_signs(_with_proof(direct, seen, ["person", "device"]), "own_device"),
        as_signs(
            pl.concat(
                [_with_proof(linked, owners, ["person"]), _with_proof(linked, own_use, ["person", "hand"])]
            ),
            "linked_device",
        ),
        as_signs(many, "device_of_many", None),
    ]


def _with_proof(rows: pl.DataFrame, seen: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """The account's rows, and the rows of the person's own use that agree in `on`."""
    columns = ["account", "person", "source", "row"]
    own = rows.select("account", *on).unique().join(seen.select(*on, "source", "row"), on=on)
    return pl.concat([rows.select(columns), own.select(columns)])


def network_signs(
    uses: Uses, used: pl.DataFrame, ips: pl.DataFrame, weights: ControlWeights
) -> list[pl.DataFrame]:
    """The account's address: the person is seen there on another device, or mostly handed accounts are.

    ips: addresses that tell people apart. Where a device alone ties both sides, nothing new is said: the
    person's row must be of a device that the account was not used on. Where the holder's home uses the
    address too, it says nothing either.
    """
    there = used.join(ips, on="ip", how="semi")
    seen = uses.ties.drop_nulls("ip").join(uses.homes, on="person", how="left")
    at_home = seen.select("ip", "home").unique()
    homes = there.join(uses.homes, left_on="holder", right_on="person", how="left")
    there = homes.join(at_home, on=["ip", "home"], how="anti")
    pairs = (
        there.filter(pl.col("owner").is_not_null())
        .select("account", "ip", pl.col("owner").alias("person"), "source", "row")
        .join(
            seen.select("ip", "person", "device", source_there="source", row_there="row"), on=["ip", "person"]
        )
        .join(used.select("account", "device").unique(), on=["account", "device"], how="anti")
    )
    own = pl.concat(
        [pairs.select("account", "person", "source", "row"),
         pairs.select("account", "person", source="source_there", row="row_there")]
    )  # fmt: skip
    # Most who are seen at the address are handed accounts: a carrier's or an office's address is not.
    everybody = pl.concat(
        [uses.logins.join(uses.homes, left_on="holder", right_on="person").select("ip", "home"), at_home]
    )
    crowd = everybody.group_by("ip").agg(pl.col("home").n_unique().alias("everybody"))
    there = there.join(crowd, on="ip", how="left")
    handed_over = pl.col("home").n_unique().over("ip")
    enough = (handed_over >= weights.many_holders) & (2 * handed_over >= pl.col("everybody"))
    return [as_signs(own, "own_address"), as_signs(there.filter(enough), "address_of_many", None)]


def holder_signs(uses: Uses, used: pl.DataFrame) -> list[pl.DataFrame]:
    """The holder's own SIM or network account is in another device in the weeks of the strange logins."""
    spans = used.select("account", "holder", "handed_at", "left_at").unique()
    own = (
        spans.join(uses.ties.with_columns(_KIND), left_on="holder", right_on="person")
        .join(used.select("account", "device").unique(), on=["account", "device"], how="anti")
        # A fingerprint and an IMEI may be one phone: only names of one kind tell two devices apart.
        .join(used.select("account", _KIND).unique(), on=["account", "of_kind"], how="semi")
        .filter(
            pl.col("first_at") <= pl.col("left_at") + _NEAR, pl.col("last_at") >= pl.col("handed_at") - _NEAR
        )
    )
    return [as_signs(own, "holder_elsewhere", None)]
