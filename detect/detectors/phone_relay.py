"""S05: one phone holds a long call while another beside it dials strangers; many SIMs a day in one phone."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from detect.phone_use import device_sights, once, with_sim
from graph.contract import Ref

_LONG_PROOF = {name: f"talk_{name}" for name in PROOF}


def phone_relay(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Numbers that dialled beside a long call (sign `relay`), devices with many SIMs a day (`many_sims`).

    parameters: min_talk, known (timedelta), min_strangers, min_sims. No calls give nothing.
    """
    relays = [_relay_hit(rows, int(parameters["min_strangers"])) for rows in _relays(facts, parameters)]
    least = int(parameters["min_sims"])
    phones = [_phone_hit(rows, least) for rows in _full_phones(facts, least)]
    return DetectorResult(in_order(relays + phones))


def _relays(facts: Facts, parameters: Mapping[str, Any]) -> list[pl.DataFrame]:
    """Calls to strangers beside long calls, a frame for each dialling number, by time."""
    least = int(parameters["min_strangers"])
    known = parameters["known"]
    assert isinstance(known, timedelta)  # noqa: S101 - rule files type it
    talks = _long_calls(facts, parameters["min_talk"])
    each = ["number", "talker", "talk_at"]
    beside = (
        facts.tables.scan("CALLED")
        .filter(pl.col("from_cell").is_not_null())
        .select("at", *PROOF, number="from_key", callee="to_key", device="from_device", cell="from_cell")
        .join(talks.lazy(), on="cell")
        .filter(pl.col("at") >= pl.col("talk_at"), pl.col("at") <= pl.col("talk_until"))
        .filter(pl.col("number") != pl.col("talker"), pl.col("number") != pl.col("peer"))
        .filter(pl.col("device").ne_missing(pl.col("talker_device")) | pl.col("device").is_null())
        .filter(pl.col("callee").n_unique().over(each) >= least)
        .collect()
    )
    dialled = _strangers(facts, beside, known).filter(pl.col("callee").n_unique().over(each) >= least)
    return dialled.sort("number", "at", "talker", "source", "row").partition_by("number", maintain_order=True)


def _long_calls(facts: Facts, least: timedelta) -> pl.DataFrame:
    """Each end of a long call that is on a known cell, with its proof."""
    lasted = pl.coalesce(pl.duration(seconds="duration_s"), pl.col("ended_at") - pl.col("at"))
    long = facts.tables.scan("CALLED").with_columns(lasted=lasted).filter(pl.col("lasted") >= least)
    talk_proof = {new: old for old, new in _LONG_PROOF.items()}
    ends = [
        long.select(
            talker=f"{one}_key", talker_device=f"{one}_device", cell=f"{one}_cell", peer=f"{two}_key",
            talk_at="at", talk_until=pl.col("at") + pl.col("lasted"), **talk_proof,
        )
        for one, two in (("from", "to"), ("to", "from"))
    ]  # fmt: skip
    return pl.concat(ends).filter(pl.col("cell").is_not_null()).collect()


def _strangers(facts: Facts, dialled: pl.DataFrame, known: timedelta) -> pl.DataFrame:
    """The calls to somebody without contact in the time before, as far as records cover all that time.

    Records cover a number from the first row of the files that name it, or from its activation if later.
    """
    numbers = dialled.lazy().select("number").unique()
    both = [
        facts.tables.scan(name).select(number=f"{one}_key", callee=f"{two}_key", met_at="at", source="source")
        for name in ("CALLED", "SMS")
        for one, two in (("from", "to"), ("to", "from"))
    ]
    contacts = pl.concat(both)
    own = contacts.join(numbers, on="number", how="semi")
    began = contacts.group_by("source").agg(began_at=pl.col("met_at").min())
    opened = facts.tables.scan("Sim").select(number="key", opened_at="opened_at")
    covered = (
        own.select("number", "source")
        .unique()
        .join(began, on="source")
        .group_by("number")
        .agg(began_at=pl.col("began_at").min())
        .join(opened, on="number", how="left")
    )
    met = (
        dialled.lazy()
        .join(own.select("number", "callee", "met_at"), on=["number", "callee"])
        .filter(pl.col("met_at") < pl.col("at"), pl.col("met_at") >= pl.col("at") - known)
        .select("number", "callee", "at")
        .unique()
    )
    enough = (pl.col("began_at") <= pl.col("at") - known) | (pl.col("opened_at") >= pl.col("began_at"))
    return (
        dialled.lazy()
        .join(covered, on="number")
        .filter(enough)
        .join(met, on=["number", "callee", "at"], how="anti")
        .collect()
    )


def _full_phones(facts: Facts, least: int) -> list[pl.DataFrame]:
    """Uses on the days on which a device had many SIMs, a frame for each device, by time."""
    day = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date().alias("day")
    sights = device_sights(facts).with_columns(day)
    key = ["device", "number", "imsi", "day"]
    pairs = with_sim(facts, sights.select(key).unique().collect())
    full = pairs.filter(pl.col("sim").n_unique().over("device", "day") >= least)
    uses = once(sights.join(full.lazy(), on=key, nulls_equal=True).collect())
    return uses.partition_by("device", maintain_order=True)


def _relay_hit(rows: pl.DataFrame, least: int) -> Hit:
    talks = rows.group_by("talker", "talk_at").agg(pl.col("callee").n_unique().alias("strangers"))
    most = int(talks["strangers"].max())  # type: ignore[arg-type] # a column of counts
    talk_rows = rows.select(_LONG_PROOF.values()).iter_rows()
    talkers, cells = sorted(set(rows["talker"].to_list())), sorted(set(rows["cell"].to_list()))
    return Hit(
        subject=Ref("Sim", rows["number"][0]),
        score=graded(most, least, 3 * least),
        first_at=rows["at"][0],
        last_at=rows["at"][-1],
        values={"sign": "relay", "most": most, "times": talks.height},
        rows=proof_rows([*rows.select(PROOF).iter_rows(), *talk_rows]),
        others=(*(Ref("Sim", key) for key in talkers), *(Ref("Cell", key) for key in cells)),
    )


def _phone_hit(rows: pl.DataFrame, least: int) -> Hit:
    days = rows.group_by("day").agg(pl.col("sim").n_unique().alias("sims"))
    most = int(days["sims"].max())  # type: ignore[arg-type] # a column of counts
    return Hit(
        subject=Ref("Device", rows["device"][0]),
        score=graded(most, least, 3 * least),
        first_at=rows["at"].min(),  # type: ignore[arg-type] # the column holds instants
        last_at=rows["at"].max(),  # type: ignore[arg-type] # the column holds instants
        values={"sign": "many_sims", "most": most, "times": days.height},
        rows=proof_rows(rows.select(PROOF).iter_rows()),
        others=tuple(Ref("Sim", key) for key in sorted(set(rows["number"].to_list()))),
    )
