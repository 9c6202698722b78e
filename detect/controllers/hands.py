"""Which devices one hand uses after the other, and whose hand it is by that person's own use of them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from detect.controllers.uses import Uses
from detect.controllers.weights import ControlWeights

UNRELATED = pl.min_horizontal(pl.col("home").n_unique(), pl.col("employer").n_unique())
"""How many of a group are unrelated at most (DOMAIN.md 5, *Unrelated*)."""


@dataclass(frozen=True, slots=True)
class Hands:
    """device: device, hand (least device of the group, text), holders (unrelated, of the hand); by device.

    owner: hand, person, days - the person who has by `lead` the most days of own use on the hand's devices; a
    hand where several people are seen alike has no row, nor one where a number of several people is seen
    most. Where nobody is seen, it is the only owner of another hand whose own account is used here too.
    """

    device: pl.DataFrame
    owner: pl.DataFrame


def find_hands(uses: Uses, weights: ControlWeights) -> Hands:
    """Groups of devices on which accounts of others are used. No such logins give no hands.

    Two devices are one hand's when the accounts of `linking_holders` unrelated holders were used on both.
    """
    lived = uses.strange.join(uses.homes, left_on="holder", right_on="person")
    used = lived.select("device", "home", "employer", "account", "holder").unique()
    crowd = used.group_by("device").agg(pl.col("holder").n_unique().alias("n"))
    used = used.join(crowd.filter(pl.col("n") <= weights.most_holders), on="device", how="semi")
    pairs = (
        used.join(used.select("account", other="device"), on="account")
        .filter(pl.col("device") < pl.col("other"))
        .group_by("device", "other")
        .agg(UNRELATED.alias("homes"))
        .filter(pl.col("homes") >= weights.linking_holders)
    )
    device = _grouped(used["device"].unique().sort(), pairs)
    homes = used.join(device, on="device").group_by("hand").agg(UNRELATED.alias("holders"))
    device = device.join(homes, on="hand").sort("device")
    owner = _owners(uses.ties, device, weights.lead)
    busy = device.filter(pl.col("holders") >= weights.many_holders)
    return Hands(device, pl.concat([owner, _by_own_account(uses, busy, owner)]).sort("hand"))


def _grouped(devices: pl.Series, pairs: pl.DataFrame) -> pl.DataFrame:
    """device, hand: components of the pairs, named by their least device."""
    from scipy.sparse import coo_array  # half of scipy's imports, for this alone
    from scipy.sparse.csgraph import connected_components

    place = pl.DataFrame({"device": devices, "n": np.arange(len(devices), dtype=np.int64)})
    ends = pairs.join(place, on="device").join(place.rename({"device": "other", "n": "m"}), on="other")
    size = (len(devices), len(devices))
    matrix = coo_array((np.ones(ends.height, bool), (ends["n"].to_numpy(), ends["m"].to_numpy())), size)
    labels = connected_components(matrix, False)[1] if len(devices) else np.zeros(0, np.int32)
    return pl.DataFrame({"device": devices, "label": labels}).select(
        "device", pl.col("device").min().over("label").alias("hand")
    )


def _owners(ties: pl.DataFrame, device: pl.DataFrame, lead: float) -> pl.DataFrame:
    day = pl.col("first_at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    days = (
        ties.join(device, on="device")
        .group_by("hand", "person")
        .agg(pl.struct("device", "kind", day.alias("day")).n_unique().alias("days"), pl.col("sole").any())
        .sort("hand", "days", "person", descending=[False, True, False])
        .with_columns(pl.col("days").shift(-1).over("hand").alias("next"))
    )
    first = days.group_by("hand", maintain_order=True).first()
    clear = pl.col("next").is_null() | (pl.col("days") >= lead * pl.col("next"))
    return first.filter(clear & pl.col("sole")).select("hand", "person", "days")


def _by_own_account(uses: Uses, busy: pl.DataFrame, owner: pl.DataFrame) -> pl.DataFrame:
    """Owners of one busy hand whose own account is used on another where nobody is seen; days of that use."""
    day = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    known = owner.join(busy, on="hand", how="semi").select("person").unique()
    nobody = busy.join(uses.ties, on="device", how="anti").join(owner, on="hand", how="anti")
    return (
        uses.strange.join(nobody, on="device")
        .join(known, left_on="holder", right_on="person", how="semi")
        .group_by("hand", person="holder")
        .agg(day.n_unique().alias("days"))
        .filter(pl.len().over("hand") == 1)
        .select("hand", "person", "days")
    )
