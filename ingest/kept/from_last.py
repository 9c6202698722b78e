"""What settling keeps beside the tables, so that the next few sheets can be settled without the others."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graph.durable import remove
from graph.lake.home import LakeHome
from graph.lake.seal import read_sealed, write_sealed
from ingest.judgements import Judgements
from ingest.kept.keyed import Keyed, new_keyed
from ingest.kept.stored import is_whole
from ingest.ledger import Ledger

# To be raised whenever settling the same rows gives other tables than before: old ones are then made anew.
METHOD = 1
_STORES = {"accounts": "key", "merchants": "key", "pairs": "card"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a full run found.

    accounts, merchants: as of `Collector.statements`. pairs: as of `cards.stated_pairs`. rows_by_file: sha256
    -> rows that stand in ledgers.
    """

    accounts: pl.DataFrame
    merchants: pl.DataFrame
    pairs: pl.DataFrame
    rows_by_file: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Base:
    """The same from an earlier run, on disk, with the batches (content) and judgements it was made of."""

    accounts: Keyed
    merchants: Keyed
    pairs: Keyed
    rows_by_file: Mapping[str, int]
    batches: frozenset[str]
    judged: str


def keep(home: LakeHome, ledger: Ledger, made_of: str, kept: Kept) -> None:
    """Keep what a full run found for the tables that will say `made_of`; nothing older is removed."""
    folder = home.settling
    frames = {"accounts": kept.accounts, "merchants": kept.merchants, "pairs": kept.pairs}
    stores = {name: new_keyed(folder, name, key, frames[name]) for name, key in _STORES.items()}
    batches = frozenset(batch.content for batch in ledger.batches())
    base = Base(**stores, rows_by_file=kept.rows_by_file, batches=batches, judged=judged(home))
    keep_base(home, made_of, base)


def keep_base(home: LakeHome, made_of: str, base: Base) -> None:
    """Keep what an increment found."""
    stores: dict[str, Keyed] = {name: getattr(base, name) for name in _STORES}
    body: dict[str, Any] = {
        "method": METHOD,
        "judged": base.judged,
        "batches": sorted(base.batches),
        "rows_by_file": dict(base.rows_by_file),
        "stores": {name: [place.name for place in keyed.places] for name, keyed in stores.items()},
    }
    write_sealed(_place(home, made_of), body)


def base_of(home: LakeHome, made_of: str) -> Base | None:
    """What was kept with the tables that say `made_of`; None if missing, damaged or of another method."""
    try:
        body = read_sealed(_place(home, made_of))
    except (OSError, ValueError):
        return None
    if body is None or body["method"] != METHOD:
        return None
    stores = {
        name: Keyed(name, key, [home.settling / file for file in body["stores"][name]])
        for name, key in _STORES.items()
    }
    if not all(is_whole(place) for keyed in stores.values() for place in keyed.places):
        return None
    return Base(
        **stores, rows_by_file=body["rows_by_file"], batches=frozenset(body["batches"]), judged=body["judged"]
    )


def judged(home: LakeHome) -> str:
    """A hash of the judgements in force."""
    said = [f"{j.seq} {j.type} {j.key_a} {j.key_b} {j.verdict}" for j in Judgements(home).in_force()]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def remove_older(home: LakeHome, made_of: str) -> None:
    """Remove what was kept with tables that are not in force any more."""
    base = base_of(home, made_of)
    if base is None:
        return
    named = {_place(home, made_of)}
    named |= {place for name in _STORES for place in getattr(base, name).places}
    for path in sorted(home.settling.glob("*")):
        if path.is_file() and path not in named:
            remove(path)


def _place(home: LakeHome, made_of: str) -> Path:
    # Without the count of ledger entries in front: the same batches and judgements keep the same.
    return home.settling / f"state-{hashlib.sha256(made_of.partition(':')[2].encode()).hexdigest()[:20]}.json"
