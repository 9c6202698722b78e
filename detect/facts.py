"""What detectors read: the lake's tables with the few joins that many rules share, each made once a run."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Generic, Self, TypeVar, cast, overload

import polars as pl

from detect.money import Money, load_money
from funds.levels import counting_transfers
from graph.lake.same import as_one
from graph.lake.tables import LakeTables
from graph.lake.watched import Watched, watched

PROOF = ["source", "row", "other_source", "other_row"]
"""Columns that name the row of an event and, where both sides reported, its mirror row."""

# Sheets put an occupation such as 农民 or 外卖员 into the employer's column; it names no common employer.
_EMPLOYER = pl.col("employer").str.len_chars() > 3


T = TypeVar("T")


class _Shared(Generic[T]):
    """A property of facts that is made once; whoever asks for it has read what it was made from."""

    def __init__(self, make: Callable[["Facts"], T]) -> None:
        self._make, self.__doc__ = make, make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, facts: None, owner: type) -> Self: ...

    @overload
    def __get__(self, facts: "Facts", owner: type) -> T: ...

    def __get__(self, facts: "Facts | None", owner: type) -> T | Self:
        return self if facts is None else facts.once(self._name, partial(self._make, facts))


class Facts:
    """The tables of one lake state with shared joins, made when first asked for.

    Exists so that a run over all rules reads and encodes each table once, and so that it is known which
    tables a rule has read.
    """

    def __init__(self, tables: LakeTables) -> None:
        """Nothing is read yet."""
        self._open: list[set[str]] = [set()]
        self.tables: Watched = watched(tables, lambda name: self._open[-1].add(name))
        self._known: dict[str, tuple[Any, frozenset[str]]] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made the first time that this name is asked for."""
        if name not in self._known:
            with self.reading() as read:
                made = make()
            self.hold(name, made, read)
        made, needed = self._known[name]
        self._open[-1] |= needed
        return cast(T, made)

    def hold(self, name: str, made: Any, read: Iterable[str]) -> None:
        """Keep what is known under a name, and the tables it was made from."""
        self._known[name] = (made, frozenset(read))

    def held(self, name: str) -> tuple[Any, frozenset[str]] | None:
        """What was kept under a name with the tables it was made from; None when nobody asked for it."""
        return self._known.get(name)

    @contextmanager
    def reading(self) -> Iterator[set[str]]:
        """The set that the names of all tables come into that are read inside, shared joins included."""
        read: set[str] = set()
        self._open.append(read)
        try:
            yield read
        finally:
            self._open.pop()
            self._open[-1] |= read

    @_Shared
    def holder_of(self) -> pl.DataFrame:
        """account, holder (text, one row an account, sorted): the first registered holder, ties by key.

        Records that people judged to be one holder have one key.
        """
        return self._holders("Account").rename({"thing": "account"})

    @_Shared
    def sim_holder(self) -> pl.DataFrame:
        """sim, holder (text, one row a SIM, sorted): the first registered holder, ties by key."""
        return self._holders("Sim").rename({"thing": "sim"})

    @_Shared
    def money(self) -> Money:
        """Transfers and withdrawals as arrays."""
        return load_money(self.tables, self.holder_of)

    @_Shared
    def transfers(self) -> pl.DataFrame:
        """Every transfer as what innocent explanations read, with its ends as an Enum of all accounts moved.

        Columns: from_key, to_key (Enum), at, amount_fen, memo, merchant_no. Joined and counted as numbers.
        """
        rows = self.tables.scan("TRANSFER").select(
            "from_key", "to_key", "at", "amount_fen", "memo", "merchant_no"
        )
        frame = rows.collect()
        accounts = pl.Enum(pl.concat([frame["from_key"], frame["to_key"].alias("from_key")]).unique().sort())
        return frame.with_columns(pl.col("from_key", "to_key").cast(accounts))

    def as_moved(self, key: str) -> pl.Expr:
        """A column of account keys as the Enum of `transfers`, null where the account moved nothing."""
        return pl.col(key).cast(self.transfers.schema["from_key"], strict=False)

    @_Shared
    def trades(self) -> pl.DataFrame:
        """Each account's rows with somebody else, cash included: account, at, fen_in, proof; by account, at.

        account, source: Enum, in order of text. fen_in: the amount where it came in, else 0. Moves between
        accounts of one holder and rows known only by day are left out.
        """
        moved = self._timed("TRANSFER").filter(pl.col("from_key") != pl.col("to_key"))
        for end in ("from", "to"):
            holder = self.holder_of.lazy().select(
                pl.col("account").alias(f"{end}_key"), pl.col("holder").alias(end)
            )
            moved = moved.join(holder, on=f"{end}_key", how="left")
        moved = moved.filter(pl.col("from").ne_missing(pl.col("to")) | pl.col("from").is_null())
        nothing, fen = pl.lit(0, dtype=pl.Int64), pl.col("amount_fen")
        sides = [
            self._side(moved, "from_key", nothing),
            self._side(moved, "to_key", fen),
            self._side(self._timed("CASH_OUT"), "from_key", nothing),
            self._side(self._timed("CASH_IN"), "to_key", fen),
        ]
        rows = pl.concat(sides).collect()
        # Sorted by places in sorted lists, not by text: a third of the time.
        ranked = [pl.col(name).cast(pl.Enum(rows[name].unique().sort())) for name in ("account", "source")]
        return rows.with_columns(ranked).sort("account", "at", "source", "row")

    def carrying(self, share: float) -> pl.DataFrame:
        """The transfers that carry at least `share` of a case's victim money, with at and PROOF of each.

        Columns and order of `funds.levels.counting_transfers`, which is run once for each share.
        """

        def follow() -> pl.DataFrame:
            proof = self.tables.scan("TRANSFER").select("event_key", "at", *PROOF)
            steps = counting_transfers(self.tables, share).lazy()
            return steps.join(proof, on="event_key", maintain_order="left").collect()

        return self.once(f"carrying {share}", follow)

    def _timed(self, name: str) -> pl.LazyFrame:
        return self.tables.scan(name).filter(pl.col("precision").ne_missing("day"))

    @staticmethod
    def _side(rows: pl.LazyFrame, account: str, fen_in: pl.Expr) -> pl.LazyFrame:
        return rows.select(pl.col(account).alias("account"), "at", fen_in.alias("fen_in"), *PROOF)

    @_Shared
    def kin(self) -> pl.DataFrame:
        """person, home, employer (text): what makes two persons related (DOMAIN 5, *unrelated*).

        home: the register's address, else the key of a LIVES_AT address; employer as stated, where it
        is no mere occupation. A missing value is the person's own key, so that it is shared with nobody.
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
                pl.coalesce(pl.when(_EMPLOYER).then("employer"), "key").alias("employer"),
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
            .with_columns(as_one(self.tables, "holder"))
            .sort("thing")
            .collect()
        )
