"""Keys of persons and units from cleaned certificate numbers, and what a person register says."""

import hashlib

import polars as pl

from ingest.clean.person_ids import is_credit_code
from ingest.settle.collect import Collector
from ingest.settle.holdings import INSTANT
from ingest.settle.sources import flagged

_STATED = ["sex", "phone", "address", "employer"]


def with_party(rows: pl.DataFrame, field: str, name: str) -> pl.DataFrame:
    """Add `party_type` (Person or Organization) and `party` (its key) from an id column.

    A number with a wrong check digit joins rows only together with an equal name: alone it never joins two
    persons. No number: `local:<sha256>:<row>`, so that a name never joins anybody.
    """
    number = pl.col(field)
    unit = is_credit_code(number).fill_null(False)
    local = "local:" + pl.col("source") + ":" + pl.col("row").cast(pl.String)
    keyed = rows.with_columns(
        party_type=pl.when(unit).then(pl.lit("Organization")).otherwise(pl.lit("Person")),
        party=pl.coalesce(number, local),
    )
    wrong = keyed.select(pl.arg_where(flagged("CHECK_DIGIT", field) & number.is_not_null())).to_series()
    if wrong.is_empty():
        return keyed
    doubtful = keyed[wrong]
    keys = [
        _doubtful_key(number_text, name_text)
        for number_text, name_text in zip(doubtful[field].to_list(), doubtful[name].to_list(), strict=True)
    ]
    return keyed.with_columns(party=keyed["party"].scatter(wrong, pl.Series(keys, dtype=pl.String)))


def _doubtful_key(number: str, name: str | None) -> str:
    return "local:" + hashlib.sha256(f"{number}\x1f{name or ''}".encode()).hexdigest()[:32]


def add_persons(register: pl.DataFrame, found: Collector) -> None:
    """Person and Organization nodes of `person_register` rows, with LIVES_AT where an address is given."""
    rows = with_party(register, "id", "name")
    people = rows.filter(pl.col("party_type") == "Person").select(
        "row_key", "source", "row", "name", *_STATED,
        key="party", id_type="id_type",
        birth_on=pl.coalesce("birth", birth_of(pl.col("id"))),
        home_region="household",
    )  # fmt: skip
    found.add_nodes("Person", people, 0)
    units = rows.filter(pl.col("party_type") == "Organization")
    found.add_nodes(
        "Organization", units.select("row_key", "source", "row", "name", "address", key="party"), 0
    )
    homes = rows.filter((pl.col("party_type") == "Person") & pl.col("address").is_not_null())
    found.add_relations(
        "LIVES_AT", homes.select("row_key", "source", "row", from_key="party", to_key="address")
    )


def birth_of(number: pl.Expr) -> pl.Expr:
    """The day of birth inside an 18-digit id number, null where it holds none."""
    digits = pl.when(number.str.contains(r"^[0-9]{17}[0-9X]$")).then(number.str.slice(6, 8))
    return digits.str.to_date("%Y%m%d", strict=False)


def add_named(rows: pl.DataFrame, name: str, found: Collector, rank: int) -> None:
    """Nodes for the parties of rows that only give a name (rows as of `with_party`)."""
    for kind in ("Person", "Organization"):
        some = rows.filter(pl.col("party_type") == kind)
        stated = some.select("row_key", "source", "row", key="party", name=name)
        if kind == "Person":
            stated = stated.with_columns(birth_on=birth_of(pl.col("key")))
        found.add_nodes(kind, stated, rank)


def add_holdings(
    rows: pl.DataFrame, held: str, held_type: str, since: str, until: str, found: Collector
) -> None:
    """HOLDS edges from register rows (as of `with_party`): registers are the only source of HOLDS."""
    found.add_relations(
        "HOLDS",
        rows.select(
            "row_key", "source", "row",
            from_type="party_type", from_key="party",
            to_type=pl.lit(held_type), to_key=held,
            valid_from_at=pl.col(since).cast(INSTANT), valid_to_at=pl.col(until).cast(INSTANT),
        ),
    )  # fmt: skip
