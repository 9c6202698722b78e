"""Who held a number when: numbers are re-issued, so an event belongs to the holding of its time."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

INSTANT = pl.Datetime("us", "UTC")
_LOCAL = timedelta(hours=8)  # holdings are named by the day in China, wherever the program runs


@dataclass(frozen=True, slots=True)
class Holdings:
    """Known holdings. spans: number, start, end (null: running), holder, key; sorted by number, start."""

    spans: pl.DataFrame

    def resolve(self, numbers: pl.Series, at: pl.Series) -> pl.Series:
        """The Sim key of each number at each instant: `number@day` of its holding, else the bare number."""
        asked = pl.DataFrame({"number": numbers, "at": at.cast(INSTANT)}).with_row_index("i")
        if self.spans.is_empty():
            return numbers.rename("key")
        usable = asked.filter(pl.col("number").is_not_null() & pl.col("at").is_not_null()).sort("at")
        held = usable.join_asof(
            self.spans.sort("start"),
            left_on="at",
            right_on="start",
            by="number",
            strategy="backward",
            check_sortedness=False,
        ).filter(pl.col("key").is_not_null() & (pl.col("end").is_null() | (pl.col("at") < pl.col("end"))))
        keys = asked.join(held.select("i", "key"), on="i", how="left", maintain_order="left")
        return keys.select(pl.coalesce("key", "number").alias("key")).to_series()

    def of_holder(self, numbers: pl.Series, holders: pl.Series) -> pl.Series:
        """The Sim key of each number's latest holding by that person, null where the register has none."""
        latest = (
            self.spans.filter(pl.col("holder").is_not_null())
            .group_by("number", "holder")
            .agg(pl.col("key").sort_by("start").last())
        )
        asked = pl.DataFrame({"number": numbers, "holder": holders})
        return asked.join(latest, on=["number", "holder"], how="left", maintain_order="left")["key"]


def find_holdings(register: pl.DataFrame) -> Holdings:
    """Holdings stated by `sim_register` rows: a holding ends when the number is given up or held anew."""
    start = pl.col("opened")
    stated = (
        register.filter(pl.col("number").is_not_null() & start.is_not_null())
        .select("number", start=start, closed="closed", holder="holder_id")
        .group_by("number", "start")
        .agg(pl.max("closed"), pl.min("holder"))
        .sort("number", "start")
    )
    following = pl.col("start").shift(-1).over("number")
    spans = stated.select(
        "number",
        "start",
        "holder",
        end=pl.min_horizontal("closed", following),
        key=sim_key(pl.col("number"), pl.col("start")),
    )
    return Holdings(spans)


def sim_key(number: pl.Expr, start: pl.Expr) -> pl.Expr:
    """`<number>@<yyyy-mm-dd>` of the local day a holding starts."""
    return number + "@" + (start + _LOCAL).dt.strftime("%Y-%m-%d")
