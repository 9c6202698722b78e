"""Identifiers that more accounts, persons or numbers share than one user plausibly would."""

import polars as pl

from ingest.clean.network import is_placeholder_device, never_identifies_ip
from ingest.settle.sources import Sources

SCHEMA: dict[str, pl.DataType] = {
    "kind": pl.String(),
    "value": pl.String(),
    "users": pl.Int64(),
    "never_identifies": pl.Boolean(),
}
# kind, template, column, whose distinct values are the users, how many are still plausible (our own bounds).
_PLAUSIBLE = (
    ("device", "login_log", "device", "account", 10),
    ("mac", "login_log", "mac", "account", 10),
    ("ip", "login_log", "ip", "account", 20),
    ("mac", "bank_sheet", "mac", "own_account", 10),
    ("ip", "bank_sheet", "ip", "own_account", 20),
    ("phone", "account_register", "reserved_phone", "holder_id", 5),
    ("phone", "person_register", "phone", "id", 5),
    ("imei", "call_records", "own_imei", "own_number", 10),
    ("address", "person_register", "address", "id", 20),
)
SHOWN = 200


def widely_shared(sources: Sources) -> pl.DataFrame:
    """Values with more users than is plausible (SCHEMA), most users first, at most SHOWN of each kind.

    never_identifies: the value is a known placeholder or a private address, so no edge is made of it. The
    others do tie their users together, damped by how common they are.
    """
    wanted: dict[str, list[str]] = {}
    for _, template, *columns, _ in _PLAUSIBLE:
        wanted.setdefault(template, []).extend(str(column) for column in columns)
    rows_of = {name: sources.rows(name, list(dict.fromkeys(columns))) for name, columns in wanted.items()}
    parts = []
    for kind, template, column, user, plausible in _PLAUSIBLE:
        parts.append(
            rows_of[template]
            .filter(pl.col(column).is_not_null())
            .group_by(value=pl.col(column))
            .agg(users=pl.col(user).n_unique().cast(pl.Int64))
            .filter(pl.col("users") > plausible)
            .select(kind=pl.lit(kind), value="value", users="users", never_identifies=_never(kind))
        )
    # The same value may stand in two kinds of files: the larger count stays.
    both = pl.concat(parts).sort("users", descending=True).unique(["kind", "value"], keep="first")
    ordered = both.sort("users", "kind", "value", descending=[True, False, False])
    return ordered.filter(pl.int_range(pl.len()).over("kind") < SHOWN).select(list(SCHEMA))


def _never(kind: str) -> pl.Expr:
    value = pl.col("value")
    if kind == "ip":
        return never_identifies_ip(value)
    if kind in ("device", "mac", "imei"):
        return is_placeholder_device(value if kind == "device" else f"{kind}:" + value)
    return pl.lit(False)
