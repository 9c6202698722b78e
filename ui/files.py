"""What the ledger knows of the source files, read anew for each run of a screen."""

from graph.lake.home import LakeHome
from ingest.ledger import FileRecord, Ledger
from ingest.settle.grades import file_grades
from ingest.settle.run import REPORT


def file_records(home: LakeHome) -> list[FileRecord]:
    """Every file on record; none before the first load."""
    if not home.ledger.exists():
        return []
    ledger = Ledger(home)
    try:
        return ledger.files()
    finally:
        ledger.close()


def grades_by_file(home: LakeHome) -> dict[str, str]:
    """sha256 -> grade A to D of each file in force, as of the last settling."""
    if not home.ledger.exists():
        return {}
    ledger = Ledger(home)
    try:
        graded = file_grades(ledger.files(), ledger.report(REPORT).get("links", {}))
    finally:
        ledger.close()
    return dict(graded.select("sha256", "grade").iter_rows())


def rejects_by_file(home: LakeHome) -> dict[str, dict[str, int]]:
    """sha256 -> reason code -> rejected rows."""
    if not home.ledger.exists():
        return {}
    ledger = Ledger(home)
    try:
        return ledger.rejects()
    finally:
        ledger.close()


def settled_until(home: LakeHome) -> int:
    """Number of the last judgement that the tables in force take into account, 0 for none."""
    if not home.ledger.exists():
        return 0
    ledger = Ledger(home)
    try:
        return int(ledger.report(REPORT).get("judged", {}).get("until", 0))
    finally:
        ledger.close()
