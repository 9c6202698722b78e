"""The SIMs and devices that a pasted text names: numbers, IMSIs, ICCIDs, IMEIs, MACs, in any mixture."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from graph.contract import Ref
from graph.lake.tables import LakeTables

MOST_NAMED = 2_000
MOST_TEXT = 200_000
_APART = re.compile(r"[\s,;，；、|/]+")
# Full-width digits and letters as their plain ones; signs inside a number say nothing.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = re.compile(r"[-()·.\u200b\ufeff\u00a0]")
_ABROAD = re.compile(r"(?:\+|00)?86(1\d{10})")
_IMEI = re.compile(r"(\d{14})\d{1,2}")
_KINDS = ("imei", "mac", "fp")


@dataclass(frozen=True, slots=True)
class Named:
    """sims, devices: in the order they were named, each once. unknown: what names nothing in the lake.

    several: numbers that stand for more than one SIM (issued again to another holder), with how many. cut:
    how many further words were left out.
    """

    sims: tuple[Ref, ...] = ()
    devices: tuple[Ref, ...] = ()
    unknown: tuple[str, ...] = ()
    several: tuple[tuple[str, int], ...] = ()
    cut: int = 0


def named_phones(tables: LakeTables, text: str) -> Named:
    """What a text names; the first MOST_NAMED words count. An empty text names nothing.

    A number stands for each SIM it was ever issued as; `+86` before it is left away. An IMEI of 15 or 16
    digits is found by its first 14, as the lake keeps them.
    """
    words = list(dict.fromkeys(word for word in map(_plain, _APART.split(text[:MOST_TEXT])) if word))
    kept = words[:MOST_NAMED]
    if not kept:
        return Named()
    sims, devices = _sims(tables, kept), _devices(tables, kept)
    found_sims = [Ref("Sim", key) for word in kept for key in sims.get(word, ())]
    found_devices = [Ref("Device", key) for word in kept for key in devices.get(word, ())]
    return Named(
        tuple(dict.fromkeys(found_sims)),
        tuple(dict.fromkeys(found_devices)),
        tuple(word for word in kept if word not in sims and word not in devices),
        tuple((word, len(sims[word])) for word in kept if len(sims.get(word, ())) > 1),
        len(words) - len(kept),
    )


def _plain(word: str) -> str:
    short = word.translate(_PLAIN).strip()
    if "@" in short or ":" in short:
        return short
    bare = _SIGNS.sub("", short)
    abroad = _ABROAD.fullmatch(bare)
    return abroad[1] if abroad else bare


def _sims(tables: LakeTables, words: list[str]) -> Mapping[str, list[str]]:
    """Word -> keys of the SIMs it names, sorted."""
    ways = ("key", "number", "imsi", "iccid")
    rows = tables.scan("Sim").select(*ways).with_columns(own=pl.col("key"))
    parts = [rows.filter(pl.col(way).is_in(words)).select(word=way, key="own") for way in ways]
    return _grouped(parts)


def _devices(tables: LakeTables, words: list[str]) -> Mapping[str, list[str]]:
    """Word -> keys of the devices it names; placeholders name nobody's device and are found all the same."""
    asked = [(word, key) for word in words for key in _device_keys(word)]
    named = pl.LazyFrame(asked, schema={"word": pl.String, "key": pl.String}, orient="row")
    return _grouped([tables.scan("Device").select("key").join(named, on="key").select("word", "key")])


def _device_keys(word: str) -> list[str]:
    if ":" in word:
        return [
            word.lower() if word.lower().startswith(_KINDS) else word,
            word,
            f"mac:{word.replace(':', '').lower()}",
        ]
    imei = _IMEI.fullmatch(word)
    ids = [word, *([imei[1]] if imei else [])]
    return [f"{kind}:{one}" for one in ids for kind in _KINDS] + [f"mac:{word.lower()}"]


def _grouped(parts: list[pl.LazyFrame]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, key in pl.concat(parts).unique().sort("word", "key").collect().iter_rows():
        found.setdefault(word, []).append(key)
    return found
