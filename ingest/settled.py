"""Says whether the canonical tables in force were made of what the ledger has in force now."""

import hashlib

from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from ingest.judgements import Judgements
from ingest.ledger import Ledger

_NOTHING = hashlib.sha256().hexdigest()


def made_of(home: LakeHome, ledger: Ledger) -> str:
    """What settling would read now: how many entries the ledger has, and a hash of batches and judgements."""
    read = hashlib.sha256()
    for batch in ledger.batches():
        read.update(f"{batch.sha256} {batch.template} {batch.content}\n".encode())
    for made in Judgements(home).in_force():
        read.update(f"{made.seq} {made.type} {made.key_a} {made.key_b} {made.verdict}\n".encode())
    return f"{ledger.entries()}:{read.hexdigest()}"


def made_of_last(home: LakeHome) -> int:
    """How many entries the ledger had when the tables in force were made; 0 when they do not say."""
    entries = in_force(home).partition(":")[0]
    return int(entries) if entries.isdecimal() else 0


def is_settled(home: LakeHome) -> bool:
    """Whether `settle` would find nothing to do; False after a run that was interrupted before its end."""
    ledger = Ledger(home)
    try:
        now = made_of(home, ledger)
    finally:
        ledger.close()
    # Entries that brought no batch into force or out of it (refused files) change no table.
    return now.partition(":")[2] == (in_force(home).partition(":")[2] or _NOTHING)


def in_force(home: LakeHome) -> str:
    """What the tables in force say they were made of; empty when there are none that are whole."""
    try:
        tables = open_tables(home)
    except UnreadableSource:
        return ""
    return tables.made_of if tables.intact else ""
