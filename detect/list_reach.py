"""Steps from listed persons and things to those around them, each taken while the list entry was in force."""

from dataclasses import dataclass

import polars as pl

from detect.facts import PROOF, Facts
from graph.lake.same import as_one
from graph.schema.catalog import RELATION_TYPES

_ZONE = "Asia/Shanghai"
_ROWS = pl.List(pl.Struct({"source": pl.String(), "row": pl.Int64()}))
REACHED: dict[str, pl.DataType] = {
    "root": pl.Int64(), "type": pl.String(), "key": pl.String(), "hops": pl.Int64(), "contacts": pl.Int64(),
    "since": pl.Datetime("us", "UTC"), "until": pl.Datetime("us", "UTC"), "rows": _ROWS,
}  # fmt: skip
_STEPS: dict[str, pl.DataType] = {**REACHED, "from_key": pl.String()}
# Repeated dealings that make a contact; a single payment or call is chance.
_DEALINGS = (("TRANSFER",), ("CALLED", "SMS"))
# One such row is a tie already: a register, a sign-in, an agent's signature.
_TIES = ("HOLDS", "BOUND_TO", "OPENED_BY_AGENT", "LOGGED_IN", "USED_IN")
_END = ("type", "key")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far and how wide is searched: steps, dealings that make a contact, partners of one node."""

    hops: int
    contacts: int
    partners: int


def listed(facts: Facts) -> pl.DataFrame:
    """Entries that count, with the span in which they do: columns of REACHED, entry, one row an entry.

    root: number of the entry. Entries that were successfully appealed and entries without a first day never
    count; without a last day they go on. A person's records that are judged to be one have one key.
    """
    entry = facts.tables.scan("ListEntry").select("key", "valid_from_on", "valid_to_on", "appeal")
    start = _midnight(pl.col("valid_from_on"))
    end = _midnight(pl.col("valid_to_on") + pl.duration(days=1))
    rows = (
        facts.tables.scan("LISTED_AS")
        .select("from_type", "from_key", "to_key", "valid_from_at", "valid_to_at", "source", "row")
        .join(entry, left_on="to_key", right_on="key")
        .filter(pl.col("appeal").fill_null("") != "申诉成功")
        .with_columns(since=pl.coalesce("valid_from_at", start), until=pl.coalesce("valid_to_at", end))
        .filter(pl.col("since").is_not_null())
        .with_columns(as_one(facts.tables, "from_key"))
        .sort("to_key", "from_type", "from_key")
        .collect()
    )
    return rows.select(
        root=pl.int_range(pl.len()), type="from_type", key="from_key", hops=pl.lit(0), contacts=pl.lit(0),
        since="since", until="until", rows=pl.concat_list(pl.struct("source", "row")), entry="to_key",
    ).cast(REACHED)  # type: ignore[arg-type] # fmt: skip


def reach(facts: Facts, start: pl.DataFrame, bounds: Bounds) -> tuple[pl.DataFrame, int]:
    """Nodes at 1 to `hops` steps of each entry (columns of REACHED), and how many busy nodes were passed by.

    start: of `listed`. Every step lies in the entry's span, narrowed by the registers used on the way; of
    several ways the shortest with most dealings is kept. Nodes with more partners than the bound (shops,
    service lines, public terminals) and placeholder devices are neither reached nor passed.
    """
    front = start.select(list(REACHED))
    seen, found = front.select("root", *_END), []
    passed = 0
    for hop in range(1, bounds.hops + 1):
        steps = pl.concat(
            [_by_dealings(facts, front, names, bounds.contacts) for names in _DEALINGS]
            + [_by_tie(facts, front, name) for name in _TIES]
        ).join(seen, on=["root", *_END], how="anti")
        busy = _busy(facts, steps.select(_END).unique(), bounds.partners)
        passed += busy.height
        front = (
            steps.join(busy, on=list(_END), how="anti")
            .sort("root", *_END, pl.col("contacts").neg(), pl.col("rows").list.len(), "from_key")
            .unique(["root", *_END], keep="first", maintain_order=True)
            .with_columns(hops=pl.lit(hop, dtype=pl.Int64))
            .select(list(REACHED))
        )
        seen = pl.concat([seen, front.select("root", *_END)])
        found.append(front)
    return pl.concat(found), passed


def _by_dealings(facts: Facts, front: pl.DataFrame, names: tuple[str, ...], least: int) -> pl.DataFrame:
    """Nodes that a node of the front dealt with at least `least` times inside its span."""
    both = [side for name in names for side in _sides(name, facts.tables.scan(name), ["at", *PROOF], front)]
    if not both:
        return _none()
    dealt = (
        pl.concat(both)
        .join(_keys(front), on=["own", "own_type"])
        .filter(pl.col("own") != pl.col("key"), pl.col("at") >= pl.col("since"))
        .filter(pl.col("until").is_null() | (pl.col("at") < pl.col("until")))
        .with_columns(rows_of=_rows_of())
        .group_by("place", *_END)
        .agg(
            pl.len().cast(pl.Int64).alias("dealings"),
            pl.col("rows_of").list.explode(keep_nulls=False, empty_as_null=False),
        )
        .filter(pl.col("dealings") >= least)
        .collect()
    )
    return _stepped(
        front, dealt.with_columns(pl.lit(None, pl.Datetime("us", "UTC")).alias(c) for c in ("f", "u"))
    )


def _by_tie(facts: Facts, front: pl.DataFrame, name: str) -> pl.DataFrame:
    """Nodes that one row of a register or of use joins to a node of the front inside its span."""
    table = facts.tables.scan(name)
    event = "at" in table.collect_schema().names()
    first, last = (pl.col("at"), pl.col("at")) if event else (pl.col("valid_from_at"), pl.col("valid_to_at"))
    other = pl.col("other_source"), pl.col("other_row")
    if not event:
        other = pl.lit(None, pl.String).alias("other_source"), pl.lit(None, pl.Int64).alias("other_row")
    if name == "HOLDS":
        table = table.with_columns(as_one(facts.tables, "from_key"))
    rows = table.with_columns(first.alias("f"), last.alias("u"), *other)
    both = _sides(name, rows, ["f", "u", *PROOF], front)
    if not both:
        return _none()
    tied = (
        pl.concat(both)
        .join(_keys(front), on=["own", "own_type"])
        .filter(pl.col("u").is_null() | (pl.col("u") >= pl.col("since")))
        .filter(pl.col("f").is_null() | pl.col("until").is_null() | (pl.col("f") < pl.col("until")))
        .sort("place", *_END, "f", "source", "row")
        .with_columns(rows_of=_rows_of())
        .group_by("place", *_END, maintain_order=True)
        .agg(pl.lit(0, pl.Int64).alias("dealings"), pl.col("rows_of").first(), pl.first("f"), pl.first("u"))
        .collect()
    )
    if event or name == "USED_IN":  # an event is over at once: it does not narrow what follows
        tied = tied.with_columns(pl.lit(None, pl.Datetime("us", "UTC")).alias(c) for c in ("f", "u"))
    return _stepped(front, tied)


def _sides(name: str, rows: pl.LazyFrame, columns: list[str], front: pl.DataFrame) -> list[pl.LazyFrame]:
    """A relation read from each end that the front has nodes of: own, own_type, type, key, `columns`."""
    there = set(front["type"].unique().to_list())
    ends = RELATION_TYPES[name].ends
    return [
        rows.select(*columns, own=f"{one}_key", own_type=f"{one}_type", key=f"{two}_key", type=f"{two}_type")
        for place, (one, two) in enumerate((("from", "to"), ("to", "from")))
        if there & {pair[place] for pair in ends}
    ]


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=_STEPS)


def _keys(front: pl.DataFrame) -> pl.LazyFrame:
    return front.lazy().select(
        "since", "until", own="key", own_type="type", place=pl.int_range(pl.len(), dtype=pl.Int64)
    )


def _rows_of() -> pl.Expr:
    other = pl.struct(source="other_source", row="other_row")
    both = pl.concat_list(pl.struct("source", "row"), other)
    return (
        pl.when(pl.col("other_source").is_null())
        .then(pl.concat_list(pl.struct("source", "row")))
        .otherwise(both)
    )


def _stepped(front: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Steps as rows of REACHED with `from_key`: spans narrowed, proofs and dealings of the way added."""
    way = front.select(
        "root", "since", "until", "rows", "contacts", "hops",
        from_key="key", place=pl.int_range(pl.len(), dtype=pl.Int64),
    )  # fmt: skip
    joined = steps.select("place", *_END, "dealings", "rows_of", "f", "u").join(way, on="place")
    return joined.select(
        "root", *_END, "hops",
        (pl.col("contacts") + pl.col("dealings")).alias("contacts"),
        pl.max_horizontal("since", "f").alias("since"),
        pl.min_horizontal("until", "u").alias("until"),
        pl.col("rows").list.concat("rows_of").alias("rows"),
        "from_key",
    ).cast(_STEPS)  # type: ignore[arg-type] # fmt: skip


def _busy(facts: Facts, nodes: pl.DataFrame, most: int) -> pl.DataFrame:
    """Those of the nodes that deal with more than `most` others over all time, and placeholder devices."""
    ends = [
        side.select(type="own_type", key="own", other="key")
        for name in ("TRANSFER", "CALLED", "SMS", "LOGGED_IN", "USED_IN")
        for side in _sides(name, facts.tables.scan(name), [], nodes)
    ]
    none = pl.LazyFrame(schema={"type": pl.String, "key": pl.String, "other": pl.String})
    partners = (
        pl.concat([none, *ends])
        .join(nodes.lazy(), on=list(_END), how="semi")
        .group_by(_END)
        .agg(pl.col("other").n_unique().alias("partners"))
        .filter(pl.col("partners") > most)
        .select(_END)
    )
    dummy = facts.tables.scan("Device").filter(pl.col("placeholder").fill_null(False))
    dummies = dummy.select(type=pl.lit("Device"), key="key").join(nodes.lazy(), on=list(_END), how="semi")
    return pl.concat([partners, dummies]).collect()


def _midnight(day: pl.Expr) -> pl.Expr:
    """The instant a local day begins."""
    local = day.cast(pl.Datetime("us")).dt.replace_time_zone(_ZONE)
    return local.dt.convert_time_zone("UTC")
