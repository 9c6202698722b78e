"""The one writer of a home: lock held, ledger checked, what interrupted runs left behind removed."""

from collections.abc import Iterator
from contextlib import contextmanager

from graph.durable import remove
from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.spill import spill_into
from graph.lake.tables import remove_old_tables
from ingest.batch import remove_orphans
from ingest.kept.from_last import remove_older
from ingest.kept.lookup import remove_lookups
from ingest.ledger import UNLOADED, Ledger
from ingest.lock import writing
from ingest.settled import in_force, made_of_last


@contextmanager
def one_writer(home: LakeHome, *, ledger_may_be_behind: bool = False) -> Iterator[Ledger]:
    """The ledger for writing. InputError names who holds the lock, or says that the ledger lost entries.

    ledger_may_be_behind: settling makes the tables anew from whatever the ledger knows.
    """
    with writing(home):
        spill_into(home)
        ledger = Ledger(home)
        try:
            ledger.check()
            if not ledger_may_be_behind:
                _refuse_if_behind(home, ledger)
                _remove_leftovers(home, ledger)
            yield ledger
        finally:
            ledger.close()


def _refuse_if_behind(home: LakeHome, ledger: Ledger) -> None:
    """A ledger that lost its last entries would have their batches removed as nobody's."""
    lost = made_of_last(home) - ledger.entries()
    if lost > 0:
        raise InputError(
            f"The ledger lacks {lost} entries that the lake's tables were made of; put ledger.sqlite back"
            " together with its -wal file, or run `python -m ingest rebuild` and load the files again.",
            code="LEDGER_BEHIND",
        )


def _remove_leftovers(home: LakeHome, ledger: Ledger) -> None:
    """Batches and quarantine lines that no ledger row names, old tables, files that never got their name."""
    remove_orphans(home, ledger.batches())
    remove_old_tables(home)
    remove_older(home, in_force(home))
    remove_lookups(home, ledger.batches())
    known = {record.sha256 for record in ledger.files() if record.state != UNLOADED}
    lines = [path for path in home.quarantine.glob("*.jsonl") if path.stem not in known]
    unnamed = [
        path
        for folder in (home.quarantine, home.vault, home.tables, home.settling)
        for path in folder.glob("*.tmp")
    ]
    for path in (*lines, *(path for path in unnamed if path.is_file())):
        remove(path)
