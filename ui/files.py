"""What the ledger knows of the source files, read anew for each run of a screen."""

from graph.lake.home import LakeHome
from ingest.ledger import FileRecord, Ledger


def file_records(home: LakeHome) -> list[FileRecord]:
    """Every file on record; none before the first load."""
    if not home.ledger.exists():
        return []
    ledger = Ledger(home)
    try:
        return ledger.files()
    finally:
        ledger.close()


def rejects_by_file(home: LakeHome) -> dict[str, dict[str, int]]:
    """sha256 -> reason code -> rejected rows."""
    if not home.ledger.exists():
        return {}
    ledger = Ledger(home)
    try:
        return ledger.rejects()
    finally:
        ledger.close()
