"""The records that resolution compares: one row a node, with what identifies it and what is said of it."""

from collections.abc import Mapping

import polars as pl

from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables
from ingest.ledger import Ledger
from ingest.resolve.spelling import address_parts, firm_names, holes, plain_names, sounds
from ingest.settle.persons import with_party
from ingest.settle.sources import Sources, flagged

# A value that more records share than this identifies nobody: a hotline, a dormitory, a collection point.
POPULAR = 10
# Where files name a person or unit by certificate number: template -> (number field, name field).
_PARTIES = {
    "person_register": ("id", "name"),
    "account_register": ("holder_id", "holder_name"),
    "sim_register": ("holder_id", "holder_name"),
    "cases": ("victim_id", "victim"),
}
_TEXTS = pl.List(pl.String())


def person_records(home: LakeHome, tables: LakeTables) -> pl.DataFrame:
    """Person nodes as `parties` describes, with birth (text), sex (m, f), paper (id, other)."""
    people = tables.frame("Person")
    number = pl.col("number")
    resident = number.str.contains(r"^[0-9]{17}[0-9X]$")
    of_number = pl.when(resident).then(number.str.slice(16, 1).cast(pl.Int64, strict=False) % 2)
    born = pl.when(resident).then(number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False))
    man = pl.col("sex").str.contains("男|^M") | (pl.col("sex").is_null() & (of_number == 1))
    woman = pl.col("sex").str.contains("女|^F") | (pl.col("sex").is_null() & (of_number == 0))
    paper = pl.when(resident).then(pl.lit("id")).otherwise(pl.lit("other"))
    stated = people.select("key", "sex", birth="birth_on")
    found = parties(home, tables, people, "Person").join(stated, on="key", how="left", maintain_order="left")
    return found.with_columns(
        paper=pl.when(pl.col("firm").is_not_null()).then(paper),
        near=number.str.slice(0, 14),
        birth=pl.coalesce("birth", born).cast(pl.String),
        sex=pl.when(man).then(pl.lit("m")).when(woman).then(pl.lit("f")),
    )


def organization_records(home: LakeHome, tables: LakeTables) -> pl.DataFrame:
    """Organization nodes as `parties` describes, names without their legal form; paper is `code` or null."""
    units = tables.frame("Organization")
    found = parties(home, tables, units, "Organization")
    names = firm_names(units.sort("key")["name"])
    return found.with_columns(
        name=names,
        sound=sounds(names),
        holes=holes(names),
        paper=pl.when(pl.col("firm").is_not_null()).then(pl.lit("code")),
    )


def address_records(tables: LakeTables) -> pl.DataFrame:
    """Address nodes, sorted by key: the columns of `spelling.address_parts`, source, row, phones and names
    (as they sound) of who lives there, sends from there or receives there; popular values left out.
    """
    nodes = tables.frame("Address").sort("key").select("key", "source", "row")
    named = []
    for relation, sim in (("SENT", "from_key"), ("RECEIVED", "to_key")):
        events = tables.frame(relation).select(
            key="address", phone=pl.col(sim).str.extract(r"^([^@]+)"), name="name"
        )
        named.append(events)
    people = tables.frame("Person").select("name", "phone", person="key")
    lives = tables.frame("LIVES_AT").select(key="to_key", person="from_key")
    named.append(lives.join(people, on="person").select("key", "phone", "name"))
    who = pl.concat(named).unique().sort("key", "phone", "name")
    who = who.with_columns(name=sounds(who["name"]))
    parts = address_parts(nodes["key"])
    parts = parts.with_columns(holes=holes(parts["words"]))
    result = nodes.join(parts, on="key", how="left", maintain_order="left")
    for column, values in (("phone", "phones"), ("name", "names")):
        lists = _lists([who.select("key", column)], column).rename({"values": values})
        result = result.join(lists, on="key", how="left", maintain_order="left")
        result = result.with_columns(pl.col(values).fill_null(pl.lit([], dtype=_TEXTS)))
    return result


def parties(home: LakeHome, tables: LakeTables, nodes: pl.DataFrame, kind: str) -> pl.DataFrame:
    """One row a node, sorted by key: key, name (plain), sound, firm (its number where it is right), number
    (right or doubtful), phones, homes (address words and numbers), accounts; popular values left out.
    """
    local = pl.col("key").str.starts_with("local:")
    numbers = doubtful_numbers(home)
    held = _held(tables, kind)
    base = nodes.sort("key").select(
        "key",
        "source",
        "row",
        name=pl.Series(plain_names(nodes.sort("key")["name"])),
        firm=pl.when(~local).then("key"),
    )
    base = base.with_columns(
        sound=sounds(base["name"]),
        holes=holes(base["name"]),
        number=pl.coalesce("firm", _mapped(base["key"], numbers)),
    )
    own_phone = nodes.select("key", phone="phone") if "phone" in nodes.columns else None
    phones = _lists([held["phones"], own_phone], "phone")
    lives = tables.frame("LIVES_AT").select(key="from_key", text="to_key") if kind == "Person" else None
    homes = _homes([nodes.select("key", text="address"), lives])
    result = base
    for name, values in (
        ("phones", phones),
        ("homes", homes),
        ("accounts", _lists([held["accounts"]], "account")),
    ):
        result = result.join(values.rename({"values": name}), on="key", how="left", maintain_order="left")
        result = result.with_columns(pl.col(name).fill_null(pl.lit([], dtype=_TEXTS)))
    return result.with_columns(phone=pl.col("phones").list.first())


def doubtful_numbers(home: LakeHome) -> dict[str, str]:
    """Local key -> certificate number as written, of rows whose number has a wrong check digit."""
    if not home.ledger.exists():
        return {}
    ledger = Ledger(home)
    try:
        sources = Sources(home, ledger.batches())
    finally:
        ledger.close()
    found: dict[str, str] = {}
    for template, (number, name) in sorted(_PARTIES.items()):
        rows = sources.rows(template, (number, name))
        some = rows.filter(flagged("CHECK_DIGIT", number) & pl.col(number).is_not_null())
        keyed = with_party(some, number, name) if some.height else some
        if keyed.height:
            found.update(keyed.select("party", number).sort("party").iter_rows())
    return found


def _held(tables: LakeTables, kind: str) -> dict[str, pl.DataFrame]:
    """Accounts that registers say each party holds, and phones of those accounts and of the SIMs held."""
    holds = tables.frame("HOLDS").filter(pl.col("from_type") == kind)
    accounts = holds.filter(pl.col("to_type") == "Account").select(key="from_key", account="to_key")
    reserved = tables.frame("Account").select(account="key", phone="reserved_phone")
    of_accounts = accounts.join(reserved, on="account").select("key", "phone")
    sims = holds.filter(pl.col("to_type") == "Sim").select(key="from_key", sim="to_key")
    numbers = tables.frame("Sim").select(sim="key", phone="number")
    of_sims = sims.join(numbers, on="sim").select("key", "phone")
    return {"accounts": accounts, "phones": pl.concat([of_accounts, of_sims])}


def _homes(frames: list[pl.DataFrame | None]) -> pl.DataFrame:
    """Addresses in the form that spellings agree in; an address without any number names no home."""
    texts = pl.concat([frame for frame in frames if frame is not None]).drop_nulls().unique()
    parts = address_parts(texts["text"].unique().sort())
    named = parts.filter(pl.col("numbers") != "").select(
        text="key", home=pl.col("words") + "|" + pl.col("numbers")
    )
    return _lists([texts.join(named, on="text").select("key", "home")], "home")


def _lists(frames: list[pl.DataFrame | None], column: str) -> pl.DataFrame:
    """One row a key with its different values, sorted; values of more than POPULAR keys are left out."""
    pairs = pl.concat([frame for frame in frames if frame is not None]).drop_nulls().unique()
    bearers = pairs.group_by(column).agg(n=pl.len())
    usable = pairs.join(bearers.filter(pl.col("n") <= POPULAR), on=column, how="semi")
    return usable.sort("key", column).group_by("key", maintain_order=True).agg(values=pl.col(column))


def _mapped(keys: pl.Series, table: Mapping[str, str]) -> pl.Series:
    return keys.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.String)
