"""What the ledger knows of the source files, read anew for each run of a screen."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from graph.lake.home import LakeHome
from ingest.ledger import FileRecord, Ledger

T = TypeVar("T")


def file_records(home: LakeHome) -> list[FileRecord]:
    """Every file on record; none before the first load."""
    return _of_ledger(home, Ledger.files, [])


def grades_by_file(home: LakeHome) -> dict[str, str]:
    """sha256 -> grade A to D of each file in force, as of the last settling."""
    return _of_ledger(home, _grades, {})


def rejects_by_file(home: LakeHome) -> dict[str, dict[str, int]]:
    """sha256 -> reason code -> rejected rows."""
    return _of_ledger(home, Ledger.rejects, {})


def settled_until(home: LakeHome) -> int:
    """Number of the last judgement that the tables in force take into account, 0 for none."""
    return _of_ledger(home, lambda ledger: int(_report(ledger).get("judged", {}).get("until", 0)), 0)


def _grades(ledger: Ledger) -> dict[str, str]:
    from ingest.settle.grades import file_grades

    graded = file_grades(ledger.files(), _report(ledger).get("links", {}))
    return dict(graded.select("sha256", "grade").iter_rows())


def _report(ledger: Ledger) -> Mapping[str, Any]:
    # Settling brings numba and scipy: too much for a screen that only counts files.
    from ingest.settle.outcome import REPORT

    return ledger.report(REPORT)


def _of_ledger(home: LakeHome, question: Callable[[Ledger], T], before_the_first_load: T) -> T:
    """The ledger's answer; looking at a home must not make a ledger there."""
    if not home.ledger.exists():
        return before_the_first_load
    ledger = Ledger(home)
    try:
        return question(ledger)
    finally:
        ledger.close()
