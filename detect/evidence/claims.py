"""Claims: one source row saying that an actor and a thing (or two actors) belong together."""

from collections.abc import Iterable

import polars as pl

# actor_*: the person, account or SIM. thing_*: what it shares, or the other actor of a direct tie.
# part: which slot, window or day of the thing ("" where the whole thing counts).
# strength: 0 to 1, how much of the kind's weight this row can carry.
CLAIM: dict[str, pl.DataType] = {
    "kind": pl.String(),
    "actor_type": pl.String(),
    "actor_key": pl.String(),
    "thing_type": pl.String(),
    "thing_key": pl.String(),
    "part": pl.String(),
    "strength": pl.Float64(),
    "source": pl.String(),
    "row": pl.Int64(),
}


def claims_from(
    frame: pl.LazyFrame | pl.DataFrame,
    kind: str,
    part: pl.Expr | None = None,
    strength: pl.Expr | None = None,
) -> pl.DataFrame:
    """Claims out of relation rows: the from end is the actor, the to end the thing.

    frame: from_type, from_key, to_type, to_key, source, row and whatever `part` and `strength` read.
    No rows give no claims.
    """
    lazy = frame.lazy()
    return lazy.select(
        pl.lit(kind).alias("kind"),
        pl.col("from_type").alias("actor_type"),
        pl.col("from_key").alias("actor_key"),
        pl.col("to_type").alias("thing_type"),
        pl.col("to_key").alias("thing_key"),
        (pl.lit("") if part is None else part.cast(pl.String)).alias("part"),
        (pl.lit(1.0) if strength is None else strength.cast(pl.Float64)).alias("strength"),
        pl.col("source"),
        pl.col("row"),
    ).collect()


def joined(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All claims of the parts in one frame; no parts give an empty frame with the columns of CLAIM."""
    return pl.concat([pl.DataFrame(schema=CLAIM), *parts], how="vertical")
