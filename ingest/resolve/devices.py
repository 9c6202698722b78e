"""Devices that may be one: an identifier in two spellings, or the same hardware address in logins."""

import math

import polars as pl

from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables
from ingest.clean.network import is_placeholder_device
from ingest.ledger import Ledger
from ingest.resolve.records import POPULAR
from ingest.resolve.signs import Sign
from ingest.resolve.spelling import device_form
from ingest.settle.sources import Sources

# Share of true pairs that agree in an exact identifier; the rest is one of its misreadings.
_M = 0.95


def device_records(home: LakeHome, tables: LakeTables) -> pl.DataFrame:
    """Devices that may identify, sorted by key: key, source, row, model, form (one spelling), mac (list of
    hardware addresses that logins show beside it; its own for a `mac:` device).
    """
    nodes = tables.frame("Device").filter(~pl.col("placeholder").fill_null(False)).sort("key")
    base = nodes.select("key", "source", "row", "model").with_columns(form=device_form(nodes["key"]))
    own = base.filter(pl.col("form").str.starts_with("mac:")).select("key", mac=pl.col("form").str.slice(4))
    beside = pl.concat([_beside(home), own]).join(base.select("key"), on="key", how="semi")
    usable = beside.filter(~is_placeholder_device("mac:" + pl.col("mac"))).unique()
    macs = usable.sort("key", "mac").group_by("key", maintain_order=True).agg("mac")
    empty = pl.lit([], dtype=pl.List(pl.String()))
    return base.join(macs, on="key", how="left", maintain_order="left").with_columns(
        pl.col("mac").fill_null(empty)
    )


def device_pairs(records: pl.DataFrame) -> pl.DataFrame:
    """Pairs that agree in an exact identifier: key_a, key_b, weight, signs (list of text), sorted by keys.

    weight: log2 of m / u over what agrees (Fellegi and Sunter 1969), u being the share of other devices that
    bear the same value. Two devices with different IMEI are two devices, whatever else agrees.
    """
    others = max(records.height - 1, 1)
    found: dict[tuple[str, str], list[tuple[Sign, float]]] = {}
    forms = records.select("key", value="form")
    macs = records.select("key", value="mac").explode("value").drop_nulls()
    for sign, pairs in ((Sign.SAME_DEVICE_TEXT, forms), (Sign.SAME_MAC, macs)):
        groups = pairs.group_by("value").agg(pl.col("key").sort()).sort("value")
        for keys in groups["key"].to_list():
            if 1 < len(keys) <= POPULAR:
                weight = math.log2(_M * others / (len(keys) - 1))
                for place, one in enumerate(keys):
                    for other in keys[place + 1 :]:
                        found.setdefault((one, other), []).append((sign, weight))
    form = dict(forms.iter_rows())
    rows = [
        (one, other, round(sum(weight for _, weight in agreed), 2), [str(sign) for sign, _ in agreed])
        for (one, other), agreed in sorted(found.items())
        if not _two_imeis(form[one], form[other])
    ]
    schema = {
        "key_a": pl.String(),
        "key_b": pl.String(),
        "weight": pl.Float64(),
        "signs": pl.List(pl.String()),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _two_imeis(one: str, other: str) -> bool:
    return one != other and one.startswith("imei:") and other.startswith("imei:")


def _beside(home: LakeHome) -> pl.DataFrame:
    """Device key and hardware address that one login row shows together."""
    if not home.ledger.exists():
        return pl.DataFrame(schema={"key": pl.String(), "mac": pl.String()})
    ledger = Ledger(home)
    try:
        rows = Sources(home, ledger.batches()).rows("login_log", ("device", "fingerprint", "mac"))
    finally:
        ledger.close()
    keyed = rows.select(key=pl.coalesce("device", "fingerprint"), mac="mac")
    return keyed.drop_nulls().unique()
