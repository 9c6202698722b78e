"""Takes a named person's judgement about two records, checks it against the lake, and takes it back."""

from dataclasses import replace
from datetime import datetime

import polars as pl

from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables
from ingest.judgements import JUDGED_TYPES, Judgement, Judgements, judgement
from ingest.ledger import Ledger
from ingest.settle.moved import content_of


def judge(
    home: LakeHome,
    keys: tuple[str, str],
    verdict: str,
    judged_by: str,
    reason: str,
    at: datetime,
    type_name: str | None = None,
) -> Judgement:
    """Store `same`, `different` or `unsure` about two records; the next settling puts it into the graph.

    type_name: needed only where both keys exist in more than one type. InputError when a record is not
    loaded, a name or reason is missing, or a device is a placeholder that identifies nobody.
    """
    tables = open_tables(home)
    kind = type_name or _only_type(tables, keys)
    made = judgement(kind, *keys, verdict, judged_by, reason, at)
    found = _rows(tables, kind, keys)
    if found.height < 2:
        raise InputError(
            f"The lake does not hold both records as {kind}; `python -m ingest resolve` lists pairs."
        )
    if kind == "Device" and verdict == "same" and found["placeholder"].fill_null(False).any():
        raise InputError("One of the devices is a placeholder that many share; it identifies nobody.")
    return Judgements(home).add(_with_contents(home, made))


def take_back(home: LakeHome, seq: int, judged_by: str, reason: str, at: datetime) -> Judgement:
    """Undo a judgement by a new one: what held about the pair before it, else `unsure`; nothing is erased.

    InputError when there is no such judgement or a later one about the same pair stands.
    """
    kept = Judgements(home)
    history = kept.history()
    undone = next((made for made in history if made.seq == seq), None)
    of_pair = [made for made in history if undone is not None and made.pair == undone.pair]
    if undone is None or of_pair[-1].seq != seq:
        raise InputError("That judgement is not the last one about its records; take back the last one.")
    before = of_pair[-2].verdict if len(of_pair) > 1 else "unsure"
    made = judgement(*undone.pair, before, judged_by, reason, at)
    return kept.add(replace(made, content_a=undone.content_a, content_b=undone.content_b))


def _with_contents(home: LakeHome, made: Judgement) -> Judgement:
    """The judgement with what its records without a number say, so that they are found again."""
    ledger = Ledger(home)
    try:
        records = ledger.batches()
    finally:
        ledger.close()
    contents = [content_of(home, records, key) for key, _ in made.ends]
    return replace(made, content_a=contents[0], content_b=contents[1])


def _rows(tables: LakeTables, kind: str, keys: tuple[str, str]) -> pl.DataFrame:
    return tables.scan(kind).filter(pl.col("key").is_in(keys)).collect()


def _only_type(tables: LakeTables, keys: tuple[str, str]) -> str:
    found = [kind for kind in JUDGED_TYPES if _rows(tables, kind, keys).height == len(set(keys))]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"Both keys exist as {' and as '.join(found)}; say which with --type.")
    raise InputError(
        "The lake does not hold two records of one type with these keys;"
        " `python -m ingest resolve --show-keys` lists keys."
    )
