"""What detectors read: the lake's tables with the few joins that many rules share, each made once a run."""

from functools import cached_property

import polars as pl

from detect.money import Money, load_money
from graph.lake.tables import LakeTables


class Facts:
    """The tables of one lake state with shared joins, made when first asked for.

    Exists so that a run over all rules reads and encodes each table once.
    """

    def __init__(self, tables: LakeTables) -> None:
        """Nothing is read yet."""
        self.tables = tables

    @cached_property
    def holder_of(self) -> pl.DataFrame:
        """account, holder (text, one row an account, sorted): the first registered holder, ties by key."""
        return self._holders("Account").rename({"thing": "account"})

    @cached_property
    def sim_holder(self) -> pl.DataFrame:
        """sim, holder (text, one row a SIM, sorted): the first registered holder, ties by key."""
        return self._holders("Sim").rename({"thing": "sim"})

    @cached_property
    def money(self) -> Money:
        """Transfers and withdrawals as arrays."""
        return load_money(self.tables, self.holder_of)

    @cached_property
    def kin(self) -> pl.DataFrame:
        """person, home, employer (text): what makes two persons related (DOMAIN 5, *unrelated*).

        home: the register's address, else the key of a LIVES_AT address; employer as stated. A missing
        value is the person's own key, so that it is shared with nobody.
        """
        lives = (
            self.tables.scan("LIVES_AT")
            .group_by(pl.col("from_key").alias("key"))
            .agg(pl.col("to_key").min().alias("lives_at"))
        )
        return (
            self.tables.scan("Person")
            .select("key", "address", "employer")
            .join(lives, on="key", how="left")
            .select(
                pl.col("key").alias("person"),
                pl.coalesce("lives_at", "address", "key").alias("home"),
                pl.coalesce("employer", "key").alias("employer"),
            )
            .sort("person")
            .collect()
        )

    def _holders(self, type_name: str) -> pl.DataFrame:
        return (
            self.tables.scan("HOLDS")
            .filter(pl.col("to_type") == type_name)
            .sort("to_key", "valid_from_at", "from_key", nulls_last=True)
            .group_by(pl.col("to_key").alias("thing"), maintain_order=True)
            .agg(pl.col("from_key").first().alias("holder"))
            .sort("thing")
            .collect()
        )
